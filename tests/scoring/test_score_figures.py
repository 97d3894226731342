"""Scoring of quantities and horizons: the marks, the counts, the command."""

import json

import pytest
from typer.testing import CliRunner

from onrecord.cli.score import app
from onrecord.errors import UsageError
from onrecord.scoring.figures import read_figures, score_figures

GOLD = """# Two right, one that is wrong on purpose, one that is missed.
@ 2026-03-12
The quay costs [£3 million = 3000000 GBP] and opens {next week = in 2026-03-16/2026-03-22}.
[About 30 boats = 30 boats] will wait {until the owl has spoken = until ?}.
@ 2026-03-12 US
It costs [$5 = 5 USD], [two-thirds = 2/3 share] of it at once, and [4 to 6 days = 4..6 days].
"""


@pytest.fixture
def gold(tmp_path):
    path = tmp_path / "gold.txt"
    path.write_text(GOLD, encoding="utf-8")
    return path


def test_counts(gold) -> None:
    score = score_figures(read_figures(gold))
    total = score.total("quantity")
    assert (total.gold, total.predicted, total.matched) == (5, 5, 4)
    assert score.total("horizon").gold == 2
    assert any("About 30 boats" in w for j in score.sentences for w in j.wrong)
    assert 0 <= score.interval("quantity").low <= score.interval("quantity").high <= 1


def test_the_digest_is_of_texts_and_marks(gold) -> None:
    before = score_figures(read_figures(gold)).digest
    gold.write_text("# another remark\n" + GOLD, encoding="utf-8")
    assert score_figures(read_figures(gold)).digest == before
    gold.write_text(GOLD.replace("3000000 GBP", "3000001 GBP"), encoding="utf-8")
    assert score_figures(read_figures(gold)).digest != before


@pytest.mark.parametrize("line", ["[5 boats 5 boats] left", "[5 boats = many] left", "{by May = near 2026-05} it ends"])
def test_a_damaged_mark_names_its_line(tmp_path, line: str) -> None:
    path = tmp_path / "bad.txt"
    path.write_text(f"@ 2026-03-12\n{line}\n", encoding="utf-8")
    with pytest.raises(UsageError, match="line 2"):
        read_figures(path)


def test_no_date_no_sentences_no_file(tmp_path) -> None:
    path = tmp_path / "bad.txt"
    with pytest.raises(UsageError):
        read_figures(path)
    path.write_text("Five boats left.\n", encoding="utf-8")
    with pytest.raises(UsageError, match="no date"):
        read_figures(path)
    path.write_text("# nothing\n", encoding="utf-8")
    with pytest.raises(UsageError, match="no sentences"):
        read_figures(path)


def test_the_command_prints_and_checks_floors(gold) -> None:
    run = CliRunner().invoke(app, ["quantities", str(gold)])
    assert run.exit_code == 0, run.output
    assert "quantity-exact" in run.output
    assert "|match:figures.v1|" in run.output
    out = json.loads(CliRunner().invoke(app, ["quantities", str(gold), "--json"]).stdout)
    assert out["measures"]["quantity"]["matched"] == 4
    assert CliRunner().invoke(app, ["quantities", str(gold), "--floor", "79"]).exit_code == 0
    low = CliRunner().invoke(app, ["quantities", str(gold), "--floor", "99", "--errors"])
    assert low.exit_code == 1
    assert "missed" in low.output
