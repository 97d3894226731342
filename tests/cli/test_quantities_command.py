"""`onrecord quantities`, `onrecord due`, `onrecord outcome`."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from commanding import Run
from invented import compose, filing_of

from onrecord.entry import with_figures
from onrecord.ledger import Ledger
from onrecord.sources import Document

DAY = datetime(2026, 3, 12, 9, tzinfo=UTC)
SAID = [
    ("direct", "We will spend £4.5 billion on the quay before 2027", "Lena Orsk", "GB", "The harbour was quiet"),
    ("indirect", "the fleet would be home within ten days", "Tomas Brandt", "FR", "Gulls were counted"),
    ("direct", "Between 30 and 40 boats were lost", "Tomas Brandt", "FR", "It creaked"),
    ("direct", "It will reopen before the election", "Lena Orsk", "GB", "Nobody laughed"),
]


@pytest.fixture
def figured(tmp_path: Path) -> Path:
    path = tmp_path / "news.db"
    article, entries = compose("Quay", SAID, url="https://lantern.example/a", outlet="Lantern", published=DAY)
    document = Document(article.revision.text.encode(), article.source, url=article.url, fetched=DAY)
    with Ledger.open(path, create=True) as ledger:
        ledger.write([filing_of(document, article, with_figures(article, entries))], now=DAY)
    return path


@pytest.mark.parametrize("columns", [80, 160])
def test_a_table_of_figures(run: Run, figured: Path, columns: int) -> None:
    done = run("quantities", "--ledger", figured, columns=columns)
    assert done.code == 0, done.err
    said = " ".join(done.out.split())
    assert "4,500,000,000" in said
    assert all(w in said for w in ("GBP", "30 to 40 boats", "Lena Orsk", "2026-03-12", "s1:", "2 figures"))


def test_figures_by_unit_and_size(run: Run, figured: Path) -> None:
    done = run("quantities", "--unit", "gbp", "--min", "4bn", "--ledger", figured, "--format", "json")
    out = json.loads(done.out)
    assert out["total"] == 1
    assert out["figures"][0]["low"] == "4500000000"
    assert out["figures"][0]["statement"]["quantities"][0]["span"]["exact"] == "£4.5 billion"
    assert run("quantities", "--unit", "GBP", "--min", "5bn", "--ledger", figured).out == "no figures found\n"
    assert json.loads(run("quantities", "boats", "--max", "35", "--ledger", figured, "--format", "jsonl").out)["unit"] == "boats"
    assert run("quantities", "--sort", "size", "--limit", "1", "--ledger", figured).out.splitlines()[-1].startswith("1 of 2")


def test_figures_as_csv(run: Run, figured: Path, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    assert run("quantities", "--ledger", figured, "--format", "csv", "--sort", "oldest", "--output", path).code == 0
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    assert [(r["low"], r["high"], r["unit"], r["bound"], r["speaker"]) for r in rows] == [
        ("4500000000", "4500000000", "GBP", "exact", "Lena Orsk"),
        ("30", "40", "boats", "between", "Tomas Brandt"),
    ]


def test_what_cannot_be_meant(run: Run, figured: Path) -> None:
    for wrong in (["--min", "lots"], ["--min", "2", "--max", "1"], ["--issue", "quay"], ["--actor", "Quilliam"], ["--since", "soon"], ["--min", "nan"]):
        done = run("quantities", "--ledger", figured, *wrong)
        assert (done.code, done.out) == (2, "")
        assert "onrecord" in done.err


@pytest.mark.parametrize("columns", [80, 160])
def test_what_is_due(run: Run, figured: Path, columns: int) -> None:
    assert run("due", "--on", "2026-03-21", "--ledger", figured).out == "no dates found\n"
    said = " ".join(run("due", "--on", "2026", "--ledger", figured, columns=columns).out.split())
    assert said.index("2026-03-22") < said.index("2026-12-31")
    assert "2 dates" in said
    undated = run("due", "--undated", "--ledger", figured, "--format", "json")
    assert [d["span"]["exact"] for d in json.loads(undated.out)["due"]] == ["before the election"]


def test_an_outcome_is_noted_and_taken_back(run: Run, figured: Path) -> None:
    def listed(*more: str) -> list[dict]:
        return json.loads(run("due", "--on", "2026", "--ledger", figured, "--format", "json", *more).out)["due"]

    fleet, quay = (d["statement"]["id"] for d in listed())
    done = run("outcome", fleet, "broken", "--note", "half of it sank", "--ledger", figured)
    assert done.code == 0, done.err
    assert done.out.startswith(f"{fleet} is broken\njudgement o1:")
    assert [d["statement"]["id"] for d in listed()] == [quay]
    (mine, other) = listed("--all")
    assert (mine["outcome"]["verdict"], mine["outcome"]["by"], mine["outcome"]["note"], other["outcome"]) == ("broken", "mira", "half of it sank", None)
    row = next(csv.DictReader(io.StringIO(run("due", "--all", "--on", "2026", "--ledger", figured, "--format", "csv").out)))
    assert (row["due"], row["relation"], row["outcome"], row["horizon"]) == ("2026-03-22", "within", "broken", "within ten days")
    assert json.loads(run("outcome", fleet, "open", "--ledger", figured, "--format", "json").out)["verdict"] == "open"
    assert len(listed()) == 2
    assert run("outcome", quay, "kept", "--horizon", "2031", "--ledger", figured).code == 2
    assert run("outcome", "s1:none", "kept", "--ledger", figured).code == 2
