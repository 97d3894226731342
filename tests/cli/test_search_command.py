import csv
import io
import json
import re
from pathlib import Path

import pytest
from commanding import Done, Run
from rich.console import Console

import onrecord
from onrecord.cli.found import highlighted, hits_table
from onrecord.ledger.words import parse

HEADER = "id,day,said_on,speaker,actor_id,type,country,kind,content,cue,source,outlet,title,url,score,quotation,verdict,reader,revision"


def ids(done: Done) -> list[str]:
    assert done.code == 0, done.err
    return [s["id"] for s in json.loads(done.out)["statements"]]


def test_a_table_says_when_where_who_how_and_what(run: Run, shared: Path) -> None:
    done = run("search", "levy", "--ledger", shared)
    assert done.code == 0
    assert all(w in done.out for w in ("2026-03-09", "The Kestrel", "Ilsa Brandt", "mixed", "dredged", "s1:"))
    assert done.out.splitlines()[-1] == "1 statement"
    assert done.err == f"ledger: {shared}\n"
    assert "\x1b" not in done.out


def test_more_than_are_shown_are_counted(run: Run, shared: Path) -> None:
    done = run("search", "--ledger", shared, "--limit", "3", "--offset", "1")
    assert done.out.splitlines()[-1].startswith("3 of ")
    assert done.out.splitlines()[-1].endswith(", after the first 1; --limit, --offset for more")


def test_nothing_found_is_no_error(run: Run, shared: Path) -> None:
    done = run("search", "xylophone", "--ledger", shared)
    assert (done.code, done.out) == (0, "no statements found\n")


def test_filters_narrow_and_go_together(run: Run, shared: Path) -> None:
    def found(*more: str) -> list[dict]:
        return json.loads(run("search", "--ledger", shared, "--limit", "500", "--format", "json", *more).out)["statements"]

    every = found()
    assert {s["kind"] for s in found("--kind", "direct", "--kind", "mixed")} == {"direct", "mixed"}
    assert {s["article"]["outlet"] for s in found("--outlet", "kestrel")} == {"The Kestrel"}
    assert {s["actor"]["name"] for s in found("--actor", "Vale", "--actor", "Brandt")} == {"Jorun Vale", "Ilsa Brandt"}
    assert {s["speaker"]["type"] for s in found("--type", "unnamed")} == {"unnamed"}
    assert all(s["score"] >= 0.9 for s in found("--min-score", "0.9"))
    assert all(s["article"]["published"] < "2026-03-10" for s in found("--until", "2026-03-09"))
    assert found("--since", "2027") == []
    assert 0 < len(found("--actor", "Vale", "--kind", "direct")) < len(every)
    assert [s["id"] for s in found("--sort", "oldest")] == [s["id"] for s in every][::-1]


def test_all_shows_what_was_replaced(run: Run, shared: Path) -> None:
    arguments = ("search", "autumn", "--ledger", shared)
    assert "no statements found" in run(*arguments).out
    done = run(*arguments, "--all")
    assert "Pavel Ost" in done.out
    assert "not current" in done.out


def test_a_page_and_the_next_are_the_whole(run: Run, shared: Path) -> None:
    arguments = ("search", "--ledger", shared, "--format", "json")
    whole = ids(run(*arguments, "--limit", "8"))
    assert ids(run(*arguments, "--limit", "5")) + ids(run(*arguments, "--limit", "3", "--offset", "5")) == whole


def test_csv_has_the_documented_header_and_everything(run: Run, shared: Path) -> None:
    done = run("search", "--ledger", shared, "--format", "csv")
    assert done.out.startswith(HEADER + "\r\n")
    rows = list(csv.DictReader(io.StringIO(done.out, newline="")))
    total = json.loads(run("search", "--ledger", shared, "--format", "json", "--limit", "1").out)["total"]
    assert len(rows) == total > 20
    row = next(r for r in rows if "dredged" in r["content"])
    assert row["speaker"] == "Ilsa Brandt"
    assert row["url"] == "https://kestrel.example/harbour-levy"
    assert row["source"] == "Mayor Ilsa Brandt"
    assert row["actor_id"].startswith("a1:")
    assert len(run("search", "--ledger", shared, "--format", "csv", "--limit", "2").out.splitlines()) == 3


def test_a_cell_that_a_spreadsheet_would_calculate_is_made_safe(run: Run, tmp_path: Path) -> None:
    ledger = tmp_path / "l.db"
    story = "Levy\n\n+49 per cent is what they want, said Mayor Ilsa Brandt on Monday in the harbour.\n"
    assert run("add", "-", "--ledger", ledger, "--outlet", "=cmd()", stdin=story).code == 0
    rows = list(csv.DictReader(io.StringIO(run("search", "--ledger", ledger, "--format", "csv").out, newline="")))
    assert rows
    assert all(r["outlet"] == "'=cmd()" for r in rows)
    assert not any(cell.startswith(("=", "+", "-", "@")) for r in rows for cell in r.values())


def test_jsonl_is_a_statement_a_line(run: Run, shared: Path) -> None:
    rows = [json.loads(line) for line in run("search", "--ledger", shared, "--format", "jsonl").out.splitlines()]
    assert len(rows) > 20
    assert all({"id", "content", "speaker", "actor", "article", "quotation", "verdict", "context"} <= r.keys() for r in rows)


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv"])
def test_a_file_holds_what_standard_output_would(form: str, run: Run, shared: Path, tmp_path: Path) -> None:
    target = tmp_path / "out"
    arguments = ("search", "harbour", "--ledger", shared, "--format", form)
    done = run(*arguments, "--output", target)
    assert (done.code, done.out) == (0, "")
    assert target.read_bytes().decode() == run(*arguments).out
    assert list(tmp_path.iterdir()) == [target]


def test_a_file_that_cannot_be_written_is_said(run: Run, shared: Path, tmp_path: Path) -> None:
    done = run("search", "harbour", "--ledger", shared, "--output", tmp_path / "no" / "such" / "out.csv")
    assert done.code == 2
    assert done.said[0].endswith("cannot be written: No such file or directory (check --output)")


def test_a_wrong_question_leaves_no_file(run: Run, shared: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    assert run("search", "--actor", "Nobody", "--ledger", shared, "--format", "csv", "--output", target).code == 2
    assert list(tmp_path.iterdir()) == []


def test_articles_are_found_by_their_words(run: Run, shared: Path) -> None:
    done = run("search", "levy", "--articles", "--ledger", shared)
    assert "Harbour levy divides the council" in done.out
    assert done.out.splitlines()[-1] == "1 article"
    found = json.loads(run("search", "levy", "--articles", "--ledger", shared, "--format", "json").out)
    assert found["total"] == 1
    assert found["articles"][0]["url"] == "https://kestrel.example/harbour-levy"
    assert run("search", "--articles", "--ledger", shared, "--format", "csv").out.startswith("id,day,outlet,title,url,statements,revision\r\n")
    assert len(run("search", "--articles", "--ledger", shared, "--format", "jsonl").out.splitlines()) == 4


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--actor", "Nobody Atall"], "Nobody Atall: nobody in the ledger is called so"),
        (["--outlet", "Nowhere"], "Nowhere: no outlet in the ledger is called so"),
        (["--kind", "loud"], "there is no kind 'loud'"),
        (["--since", "yesterday"], "'yesterday' is no day"),
        (["--since", "2026-03", "--until", "2026-02"], "nothing is since 2026-03-01"),
        (["--articles", "--actor", "Vale"], "articles are found by words, outlets and days"),
        (["--", "-Geneva"], "a search for what is not there"),
    ],
)
def test_what_cannot_be_meant_is_one_line_and_exit_code_two(arguments: list[str], said: str, run: Run, shared: Path) -> None:
    done = run("search", "--ledger", shared, *arguments)
    assert done.code == 2
    assert len(done.said) == 1
    assert said in done.said[0]
    assert done.out == ""


def test_a_narrow_screen_keeps_everything(shared: Path) -> None:
    out = io.StringIO()
    with onrecord.open(shared) as desk:
        Console(file=out, width=80, color_system=None).print(hits_table(desk.search("dredged"), parse("dredged"), Console(width=80)))
    assert max(map(len, out.getvalue().splitlines())) <= 80
    assert all(w in out.getvalue() for w in ("2026-03-09", "mixed", "Ilsa Brandt", "The Kestrel", "dredged"))
    assert re.search(r"s1:[0-9a-f]{20}", out.getvalue())


def test_words_that_were_looked_for_stand_out() -> None:
    shown = highlighted("The Crème is dear, \x1b[31m creme\x07 is.", parse("creme"))
    assert "\x1b" not in shown.plain
    assert [shown.plain[s.start : s.end] for s in shown.spans] == ["Crème", "creme"]
