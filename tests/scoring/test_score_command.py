from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

import onrecord
from onrecord.cli.score import app
from onrecord.errors import ModelError
from onrecord.reading import Reader
from onrecord.scoring.gold import parse_marked
from onrecord.scoring.variants import single_quotes
from onrecord.statements.statement import Attribution, QuoteKind, Statement
from onrecord.text import Span

MARKED = {
    "ferry.gold": "id: ferry\n---\n⟦s1 The ferry union⟧ ⟦c1 said⟧ ⟦q1 “no ship will sail”⟧ today.",
    "mine.gold": "id: mine\n---\n⟦q1 “We are waiting,”⟧ ⟦s1 a miner⟧ ⟦c1 said⟧. ⟦s2 The owner⟧ ⟦c2 denied⟧ ⟦q2 that the pit is wet⟧.",
}


@pytest.fixture
def gold(tmp_path):
    folder = tmp_path / "harbour"
    folder.mkdir()
    for name, marked in MARKED.items():
        (folder / name).write_text(marked, encoding="utf-8")
    return folder


class Desk:
    """Stands for the real desk: knows the gold by heart, and forgets as many attributions of each text as it is told to."""

    def __init__(self):
        self.forget = 0
        self.read_as = None
        self.answers = {a.text: a.attributions for a in map(parse_marked, MARKED.values())}
        self.answers |= {single_quotes(text): found for text, found in self.answers.items()}

    def __call__(self, text, *, reader):  # noqa: ARG002 - called as the desk is
        found = self.answers[text][self.forget :]
        statements = [
            Statement(
                revision="r1:0",
                content=tuple(Span.of(text, *s) for s in a.content),
                cue=tuple(Span.of(text, *s) for s in a.cue),
                source=tuple(Span.of(text, *s) for s in a.source),
                kind=QuoteKind.DIRECT,
                attribution=Attribution.CUE,
                verbatim=(),
                insertions=(),
                paragraph="body",
                score=1.0,
                reader="test-1",
            )
            for a in found
        ]
        return SimpleNamespace(article=SimpleNamespace(revision=SimpleNamespace(text=self.read_as or text)), statements=statements)


@pytest.fixture
def desk(monkeypatch):
    made = Desk()
    monkeypatch.setattr(onrecord, "read", made, raising=False)
    reader = SimpleNamespace(name="test-1", engine="abacus", manifest=SimpleNamespace(digest="0a1b", form="fp32"))
    monkeypatch.setattr(Reader, "load", lambda *_, **__: reader)
    return made


def run(*args):
    return CliRunner().invoke(app, [str(a) for a in args], env={"COLUMNS": "100"})


def test_a_table_and_a_signature(gold, desk):
    desk.forget = 1
    result = run(gold)
    assert result.exit_code == 0, result.output
    rows = {line.split()[0]: line.split()[1:] for line in result.stdout.splitlines() if line.strip()}
    assert list(rows)[:6] == ["measure", "source", "cue", "content", "joined", "joined-exact"]
    assert rows["content"][:3] == ["100.0", "33.3", "50.0"]
    assert rows["content"][-3:] == ["3", "1", "1"]
    assert result.stdout.splitlines()[-1].startswith("harbour|docs:2|sha:")
    assert "|reader:test-1|model:0a1b|engine:abacus fp32|" in result.stdout.splitlines()[-1]


@pytest.mark.usefixtures("desk")
def test_calibration(gold):
    lines = run(gold, "--calibration").stdout.splitlines()
    assert next(line.split() for line in lines if line.strip().startswith("0.95-1.00")) == ["0.95-1.00", "3", "100%"]


@pytest.mark.usefixtures("desk")
def test_json_alone_on_standard_output(gold):
    result = run("--format", "json", gold)
    assert result.exit_code == 0, result.output
    data = json.loads(result.stdout)
    assert data["measures"]["joined-exact"]["f1"] == 1
    assert data["corpus"] == "harbour"


@pytest.mark.usefixtures("desk")
def test_the_long_form_and_the_variant(gold):
    result = run("statements", gold, "--variant", "single-quotes", "--format", "json")
    assert json.loads(result.stdout)["variant"] == "single-quotes"
    assert json.loads(result.stdout)["measures"]["content"]["f1"] == 1


def test_pin_check_fall_lower(gold, desk, tmp_path):
    floors = tmp_path / "floors.json"
    assert run(gold, "--floors", floors, "--pin").exit_code == 0
    assert run(gold, "--floors", floors).exit_code == 0
    desk.forget = 1
    fallen = run(gold, "--floors", floors)
    assert fallen.exit_code == 1
    assert "content: F1 50.000 is below the floor of 100.00" in fallen.stderr
    assert "floor" in fallen.stdout.splitlines()[0]
    kept = floors.read_bytes()
    assert run(gold, "--floors", floors, "--pin").exit_code == 1
    assert floors.read_bytes() == kept
    assert run(gold, "--floors", floors, "--lower").exit_code == 2
    assert floors.read_bytes() == kept
    lowered = run(gold, "--floors", floors, "--lower", "--reason", "a smaller reader")
    assert lowered.exit_code == 0, lowered.output
    assert "a smaller reader" in floors.read_text(encoding="utf-8")
    assert run(gold, "--floors", floors).exit_code == 0


@pytest.mark.usefixtures("desk")
def test_floors_of_another_corpus_are_no_pass(gold, tmp_path):
    floors = tmp_path / "floors.json"
    run(gold, "--floors", floors, "--pin")
    (gold / "mine.gold").unlink()
    changed = run(gold, "--floors", floors)
    assert changed.exit_code == 2
    assert "no floors for the corpus harbour" in changed.stderr


@pytest.mark.parametrize(
    "options",
    [
        ["--pin"],
        ["--lower", "--reason", "x"],
        ["--pin", "--lower", "--floors", "f", "--reason", "x"],
        ["--lower", "--floors", "f"],
        ["--reason", "x"],
        ["--limit", "1", "--floors", "f"],
        ["--limit", "0"],
        ["--variant", "double"],
        ["--floors", "no-such-file.json"],
        ["--nonsense"],
    ],
)
@pytest.mark.usefixtures("desk")
def test_usage(gold, options):
    assert run(gold, *options).exit_code == 2


@pytest.mark.usefixtures("desk")
def test_limit_names_the_part(gold):
    result = run(gold, "--limit", "1")
    assert result.exit_code == 0, result.output
    assert "harbour[:1]|docs:1|" in result.stdout


@pytest.mark.usefixtures("desk")
def test_no_gold(tmp_path):
    result = run(tmp_path / "none")
    assert result.exit_code == 2
    assert "no such file or folder" in result.stderr


def test_a_missing_model_is_one_line(gold, monkeypatch):
    def load(*_, **__):
        raise ModelError("no model file in the package")

    monkeypatch.setattr(Reader, "load", load)
    result = run(gold)
    assert result.exit_code == 2
    assert "onrecord score: no model file in the package" in result.stderr


def test_a_desk_that_changes_the_text_is_caught(gold, desk):
    desk.read_as = "another text"
    result = run(gold)
    assert result.exit_code == 2
    assert "changed the text" in result.stderr


def test_help_and_nothing():
    assert "GOLD" in run("--help").output
    assert "--variant" in run("statements", "--help").output
    assert run().exit_code == 2
