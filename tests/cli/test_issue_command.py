"""The agenda on the command line: added, said otherwise, retired, listed, carried in files, and filled."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from commanding import Run
from positioned import fill

from onrecord.desk import Desk
from onrecord.desk.standing import Examining, issue_named
from onrecord.errors import UsageError
from onrecord.positions import Agenda, Issue

AGENDA = """\
issues:
- id: ceasefire-30d
  label: 30-day ceasefire
  aliases: [truce]
  for: accepting the proposal
- id: grain
  label: Grain corridor
"""


@pytest.fixture
def ledger(run: Run, tmp_path: Path) -> Path:
    path = tmp_path / "l.db"
    done = run("issue", "add", "ceasefire-30d", "30-day ceasefire", "--alias", "truce", "--for", "accepting the proposal", "--ledger", path, "--note", "talks")
    assert (done.code, done.out) == (0, "ceasefire-30d: new, version 1\n")
    return path


def shown(run: Run, ledger: Path, name: str = "ceasefire-30d") -> dict:
    return json.loads(run("issue", "show", name, "--ledger", ledger, "--format", "json").out)


def test_an_issue_is_added_once(run: Run, ledger: Path) -> None:
    again = run("issue", "add", "ceasefire-30d", "30-day ceasefire", "--alias", "truce", "--for", "accepting the proposal", "--ledger", ledger)
    assert (again.code, again.out) == (0, "ceasefire-30d: as it was, version 1\n")
    assert shown(run, ledger)["aliases"] == ["truce"]
    assert [(v["by"], v["note"]) for v in shown(run, ledger)["versions"]] == [("mira", "talks")]


def test_an_edit_is_another_version_and_leaves_the_rest(run: Run, ledger: Path) -> None:
    done = run("issue", "edit", "truce", "--alias", "truce", "--alias", "pause in fighting", "--against", "fighting on", "--by", "tom", "--ledger", ledger)
    assert (done.code, done.out) == (0, "ceasefire-30d: another version, version 2\n")
    now = shown(run, ledger)
    assert (now["label"], now["aliases"], now["for"], now["against"]) == (
        "30-day ceasefire",
        ["truce", "pause in fighting"],
        "accepting the proposal",
        "fighting on",
    )
    assert [(v["version"], v["by"]) for v in now["versions"]] == [(1, "mira"), (2, "tom")]
    emptied = json.loads(run("issue", "edit", "ceasefire-30d", "--alias", "", "--against", "", "--ledger", ledger, "--format", "json").out)
    assert emptied["changed"]
    assert {"aliases", "against"} & set(emptied) == set()
    assert run("issue", "edit", "ceasefire-30d", "--ledger", ledger).out == "ceasefire-30d: as it was, version 3\n"


def test_a_retired_issue_comes_back_when_it_is_added(run: Run, ledger: Path) -> None:
    assert run("issue", "retire", "30-day ceasefire", "--ledger", ledger).out == "ceasefire-30d: followed no more, version 2\n"
    assert run("issue", "list", "--ledger", ledger).out.startswith("no issue is followed")
    assert "30-day ceasefire (retired)" in run("issue", "list", "--retired", "--ledger", ledger).out
    assert "followed no more" in run("issue", "show", "ceasefire-30d", "--ledger", ledger).out
    assert run("issue", "retire", "ceasefire-30d", "--ledger", ledger).code == 2
    assert run("issue", "add", "ceasefire-30d", "Ceasefire", "--ledger", ledger).out == "ceasefire-30d: another version, version 3\n"
    assert run("issue", "list", "--ledger", ledger).out.split()[:6] == ["id", "label", "also", "positions", "ceasefire-30d", "Ceasefire"]


def test_a_file_goes_in_and_comes_out(run: Run, ledger: Path, tmp_path: Path) -> None:
    file = tmp_path / "agenda.yaml"
    file.write_text(AGENDA, encoding="utf-8")
    assert run("issue", "import", file, "--ledger", ledger).out == "1 new, 0 changed, 1 as they were\n"
    assert run("issue", "import", "-", "--ledger", ledger, stdin=AGENDA.replace("Grain corridor", "Grain deal")).out == "0 new, 1 changed, 1 as they were\n"
    target = tmp_path / "out.yaml"
    assert run("issue", "export", "--output", target, "--ledger", ledger).out == ""
    exported = Agenda.from_yaml(target.read_text(encoding="utf-8"))
    assert [i.label for i in exported] == ["30-day ceasefire", "Grain deal"]
    other = tmp_path / "other.db"
    assert json.loads(run("issue", "import", target, "--ledger", other, "--format", "json").out) == {"new": 2, "changed": 0}
    assert run("issue", "export", "--ledger", other).out == target.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["add", "Cease Fire", "A ceasefire"], "an issue's id has only a-z"),
        (["add", "ceasefire", " "], "an issue needs a label"),
        (["edit", "lighthouse", "--label", "x"], "no such issue is followed (there are ceasefire-30d)"),
        (["show", "lighthouse"], "no such issue is followed"),
        (["import", "no-such-file.yaml"], "the agenda cannot be read"),
        (["read", "lighthouse"], "no such issue is followed"),
    ],
)
def test_what_cannot_be_is_one_line_and_exit_code_two(arguments: list[str], said: str, run: Run, ledger: Path) -> None:
    done = run("issue", *arguments, "--ledger", ledger)
    assert (done.code, done.out, len(done.said)) == (2, "", 1)
    assert said in done.said[0]


def test_a_wrong_file_adds_nothing(run: Run, ledger: Path) -> None:
    done = run("issue", "import", "-", "--ledger", ledger, stdin=AGENDA + "- id: grain\n  label: twice\n")
    assert done.code == 2
    assert "two issues have one id" in done.said[0]
    assert "grain" not in run("issue", "list", "--ledger", ledger).out


def test_the_list_counts_positions_by_stance(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "quarrel.db"
    fill(path)
    rows = {line.split()[0]: line.split()[-4:] for line in run("issue", "list", "--ledger", path).out.splitlines()}
    assert rows["pier"] == ["+4", "-2", "~1", "o1"]
    listed = json.loads(run("issue", "list", "--ledger", path, "--format", "json").out)["issues"]
    assert {i["id"]: sum(i["positions"].values()) for i in listed} == {"pier": 8, "ferry": 2, "northern-toll-road": 0, "night-train": 3, "bell": 0}
    assert "4 support, 2 oppose, 1 conditional, 1 neutral" in run("issue", "show", "pier", "--ledger", path).out
    assert "`onrecord issue read bridge` looks for positions" in run("issue", "add", "bridge", "A bridge", "--ledger", path).out


def test_an_issue_is_meant_by_id_label_alias_or_words_that_only_one_has() -> None:
    agenda = Agenda(
        (Issue("pier", "Closing the old pier", aliases=("pier closure",)), Issue("ferry", "A second ferry"), Issue("old-road", "Tolls on the old road"))
    )
    assert [issue_named(agenda, n).id for n in ("pier", " PIER ", "closing the OLD pier", "Pier Closure", "second", "old road")] == [
        "pier", "pier", "pier", "pier", "ferry", "old-road",
    ]  # fmt: skip
    with pytest.raises(UsageError, match="2 issues may be meant"):
        issue_named(agenda, "old")
    for nothing in ("", "  ", "lighthouse"):
        with pytest.raises(UsageError, match="no such issue"):
            issue_named(agenda, nothing)


def test_reading_shows_what_was_examined(run: Run, ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def examine(self: Desk, issue_ids: Sequence[str] | None = None) -> Iterator[Examining]:
        asked.append(issue_ids)
        for n in range(1, 4):
            yield Examining("ceasefire-30d", n, 3, 2 * n)

    monkeypatch.setattr(Desk, "examine", examine)
    assert run("issue", "read", "truce", "--ledger", ledger).out == "3 readings examined, 6 positions found; `onrecord positions` shows them\n"
    told = json.loads(run("issue", "read", "--ledger", ledger, "--format", "json").out)
    assert told == {"issues": ["ceasefire-30d"], "readings": 3, "positions": 6}
    assert asked == [["ceasefire-30d"]] * 2


def test_reading_can_be_stopped(run: Run, ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def examine(self: Desk, issue_ids: Sequence[str] | None = None) -> Iterator[Examining]:
        yield Examining("ceasefire-30d", 1, 3, 2)
        raise KeyboardInterrupt

    monkeypatch.setattr(Desk, "examine", examine)
    done = run("issue", "read", "--ledger", ledger)
    assert (done.code, done.said) == (
        130,
        ["so far: 1 reading examined, 2 positions found", "stopped; what was found stays, and the same command goes on from there"],
    )


def test_without_issues_there_is_nothing_to_read(run: Run, tmp_path: Path) -> None:
    ledger = tmp_path / "empty.db"
    assert run("init", "--ledger", ledger).code == 0
    assert run("issue", "read", "--ledger", ledger).out.startswith("no issue is followed")
