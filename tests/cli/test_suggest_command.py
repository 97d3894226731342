"""Suggested issues on the command line: listed, accepted, refused, asked about."""

import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from commanding import Run
from standing import Said, filing

from onrecord.desk import suggesting
from onrecord.errors import ModelError
from onrecord.ledger import Ledger

sys.path.insert(0, str(Path(__file__).parents[1] / "positions"))
from proposals import Words

ORSK, BRANDIS, VEGA = "Lena Orsk", "Otto Brandis", "Maren Vega"
WEEKS = [
    [Said("Close the old pier before winter", act="demand"), Said("A second ferry should sail on holidays", VEGA, act="propose"), Said("Pay the bell ringers", act="demand")],
    [Said("The old pier must be closed at once", VEGA, act="demand"), Said("Give the islanders their second ferry", VEGA, act="demand")],
    [Said("We shall never agree to closing the old pier", BRANDIS, act="reject"), Said("Bread belongs into every school canteen", act="support")],
    [Said("Closing the old pier is theft from anglers", BRANDIS, act="reject"), Said("We want a second ferry with room for lorries", act="demand")],
]  # fmt: skip


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(suggesting, "coder_named", lambda *_: Words())
    path = tmp_path / "l.db"
    with Ledger.open(path, create=True) as made:
        made.write([filing(said, day=date(2026, 3, 2 + n), name=str(n), issues=()) for n, said in enumerate(WEEKS)])
    return path


def listed(run: Run, ledger: Path, *more: str) -> list[dict]:
    return json.loads(run("issue", "suggest", "--ledger", ledger, "--format", "json", *more).out)["suggestions"]


def test_suggestions_are_listed_with_what_they_are_made_of(run: Run, ledger: Path) -> None:
    done = run("issue", "suggest", "--ledger", ledger)
    assert done.code == 0, done.err
    assert "(second-ferry)" in done.out
    assert "contested: 2 speakers for something, 1 against; 4 statements, 4 days" in done.out
    assert "Closing the old pier is theft from anglers" in done.out or "We shall never agree to closing the old pier" in done.out
    assert "closing the old pier  (closing-old-pier)" in done.out
    assert done.out.rstrip().endswith("2 of 2 suggestions; --accept N follows one, --refuse N suggests it no more")
    first, second = listed(run, ledger)
    assert (first["contested"], second["contested"]) == (True, False)
    assert second["issue"] == {"id": "second-ferry", "label": "second ferry"}
    assert [s["issue"]["id"] for s in listed(run, ledger, "--limit", "1")] == [first["issue"]["id"]]
    assert listed(run, ledger, "--min-statements", "4") == [first]
    assert listed(run, ledger, "--since", "2026-03-04") == []


def test_an_accepted_one_is_followed_and_suggested_no_more(run: Run, ledger: Path) -> None:
    done = run(
        "issue", "suggest", "--accept", "1", "--id", "pier", "--label", "Closing the old pier", "--alias", "pier closure", "--drafts", "--ledger", ledger
    )
    assert (done.code, done.out) == (0, "pier: new, version 1; `onrecord issue read pier` looks for positions on it\n")
    shown = json.loads(run("issue", "show", "pier", "--ledger", ledger, "--format", "json").out)
    assert (shown["label"], shown["aliases"], shown["versions"][0]["by"]) == ("Closing the old pier", ["pier closure"], "mira")
    assert shown["versions"][0]["note"] == "suggested from 4 statements"
    assert shown["for"].strip("“”,") in {s.words for week in WEEKS for s in week}
    assert [s["issue"]["id"] for s in listed(run, ledger)] == ["second-ferry"]
    assert run("issue", "suggest", "--accept", "second-ferry", "--ledger", ledger).code == 0
    plain = json.loads(run("issue", "show", "second-ferry", "--ledger", ledger, "--format", "json").out)
    assert "for" not in plain
    assert "nothing that recurs" in run("issue", "suggest", "--ledger", ledger).out


def test_a_refused_one_is_suggested_no_more_until_it_is_reopened(run: Run, ledger: Path) -> None:
    done = run("issue", "suggest", "--refuse", "second-ferry", "--note", "settled", "--ledger", ledger)
    assert (done.code, done.out) == (0, "refused: second ferry\n")
    assert [s["issue"]["label"] for s in listed(run, ledger)] != []
    assert "second-ferry" not in [s["issue"]["id"] for s in listed(run, ledger)]
    assert run("issue", "suggest", "--refused", "--ledger", ledger).out.startswith("second ferry")
    assert run("issue", "suggest", "--reopen", "second ferry", "--ledger", ledger).out == "nothing was refused\n"
    assert len(listed(run, ledger)) == 2
    assert run("issue", "suggest", "--reopen", "second ferry", "--ledger", ledger).code == 2


def test_a_script_decides_line_by_line(run: Run, ledger: Path) -> None:
    done = run("issue", "suggest", "--ask", "--ledger", ledger, stdin="what\na old-pier\nrefuse\n")
    assert (done.code, done.out.splitlines()[-1]) == (1, "1 accepted, 1 refused")
    assert "'what' means nothing here" in done.err
    assert "old-pier" in run("issue", "list", "--ledger", ledger).out
    again = run("issue", "suggest", "--ask", "--ledger", ledger, stdin="")
    assert (again.code, "nothing that recurs" in again.out) == (0, True)


def test_skipping_and_leaving_decide_nothing(run: Run, ledger: Path) -> None:
    done = run("issue", "suggest", "--ask", "--ledger", ledger, stdin="skip\nq\n")
    assert (done.code, done.out.splitlines()[-1]) == (0, "0 accepted, 0 refused")
    assert len(listed(run, ledger)) == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--accept", "7"], "there is no such suggestion (give a number from 1 to 2)"),
        (["--accept", "1", "--refuse", "1"], "cannot be accepted and refused"),
        (["--label", "x"], "go with --accept"),
        (["--accept", "1", "--id", "Two Words"], "an issue's id has only"),
        (["--since", "yesterday"], "is no day"),
    ],
)
def test_what_cannot_be_is_one_line_and_exit_code_two(arguments: list[str], said: str, run: Run, ledger: Path) -> None:
    done = run("issue", "suggest", *arguments, "--ledger", ledger)
    assert (done.code, done.out, len(done.said)) == (2, "", 1)
    assert said in done.said[0]


def test_without_a_model_it_says_so(run: Run, ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object) -> None:
        raise ModelError("the model is missing", item="positions")

    monkeypatch.setattr(suggesting, "coder_named", missing)
    done = run("issue", "suggest", "--ledger", ledger)
    assert (done.code, done.said) == (2, ["onrecord: positions: the model is missing"])
