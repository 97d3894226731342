import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from onrecord.actors.actor import ActorType
from onrecord.actors.roster import actor_id

ROSTER = Path(__file__).parents[2] / "examples" / "roster.yaml"
MAIN = "from onrecord.cli import main; main()"


def run(*arguments: object, stdin: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith("ONRECORD_")}
    return subprocess.run(
        [sys.executable, "-c", MAIN, "actors", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        check=False,
        encoding="utf-8",
        env={**clean, "NO_COLOR": "1", "LOGNAME": "mira", **env},
    )


def ident(name: str, kind: str = "person") -> str:
    return actor_id(ActorType(kind), name)


def row(number: int, name: str | None, *, kind: str = "person", revision: str = "r1:1", **about) -> dict:
    named = name is not None and kind != "unknown"
    speaker = {"id": ident(name, kind) if named else None, "name": name, "type": kind, "role": None, "affiliation": None, "candidates": [], **about}
    return {"id": f"s1:{number}", "revision": revision, "speaker": speaker, "said_on": "2026-03-12"}


ROWS = [
    row(1, "Ludmila Sorev", country="XV"),
    row(2, "Sorev", revision="r1:2", country="XV"),
    row(3, "Tom Quillan", role="defence secretary"),
    row(4, "Zora Bell"),
    row(5, "Zora Belle", revision="r1:2"),
    row(6, "a senior Vaskian source", kind="unnamed"),
    row(7, None, kind="unknown"),
]


@pytest.fixture
def read(tmp_path: Path) -> Path:
    path = tmp_path / "read.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in ROWS), encoding="utf-8")
    return path


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "judgements.jsonl"


def listed(*arguments: object, **env: str) -> dict[str, dict]:
    done = run("list", *arguments, "--format", "json", **env)
    assert done.returncode == 0, done.stderr
    return {a["name"]: a for a in json.loads(done.stdout)["actors"]}


def test_a_roster_alone() -> None:
    done = run("list", "--roster", ROSTER)
    assert done.returncode == 0
    assert all(w in done.stdout for w in ("Nerys Adair-Bello", "person", "XA", "prime minister 2025-06-02/..", "Polestar Centre"))
    assert "\x1b" not in done.stdout


def test_statements_alone_are_counted(read: Path) -> None:
    done = run("list", read)
    assert done.returncode == 0
    assert re.search(r"Zora Bell +person +1 +1 +a1:", done.stdout)
    assert "unnamed speakers: 1, with statements: 1" in done.stdout
    assert "unknown speakers: 1, with statements: 1" in done.stdout
    assert "senior Vaskian" not in done.stdout


def test_the_roster_knows_the_speakers(read: Path) -> None:
    actors = listed(read, "--roster", ROSTER)
    assert actors["Ludmila Sorev"]["statements"] == 2
    assert actors["Ludmila Sorev"]["articles"] == 2
    assert actors["Ludmila Sorev"]["mentions"] == {"Ludmila Sorev": 1, "Sorev": 1}
    assert ident("Sorev") in actors["Ludmila Sorev"]["ids"]
    assert actors["Tom Quillan"]["statements"] == 1
    assert actors["Henri Lacombe"]["statements"] == 0
    assert "Sorev" not in actors


def test_the_same_statement_counts_once_and_standard_input_will_do(read: Path) -> None:
    assert listed(read, read)["Zora Bell"]["statements"] == 1
    done = run("list", "-", "--format", "json", stdin=read.read_text(encoding="utf-8"))
    assert json.loads(done.stdout)["nameless"]["unnamed"] == {"speakers": 1, "statements": 1}


def test_whole_articles_as_json_will_do(tmp_path: Path) -> None:
    path = tmp_path / "read.json"
    path.write_text(json.dumps([{"article": {}, "statements": ROWS[:1]}, {"article": {}, "statements": ROWS[3:4]}], indent=2), encoding="utf-8")
    assert set(listed(path)) == {"Ludmila Sorev", "Zora Bell"}


def test_show_by_any_spelling(read: Path) -> None:
    done = run("show", "Foreign Minister Sorev", read, "--roster", ROSTER)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Ludmila Sorev\n")
    assert all(
        w in done.stdout for w in ("foreign minister 2024-01-15/..", "2 statements in 2 articles", "named as   Ludmila Sorev (1); Sorev (1)", "country: XV")
    )


def test_show_says_whose_name_is_alike(read: Path) -> None:
    done = run("show", "Zora Bell", read, "--format", "json")
    assert [(a["name"], a["verdict"]) for a in json.loads(done.stdout)["alike"]] == []
    done = run("show", "Sorev", read, "--format", "json")
    assert [(a["name"], a["verdict"]) for a in json.loads(done.stdout)["alike"]] == [("Ludmila Sorev", "compatible")]


def test_merge_and_undo(read: Path, kept: Path) -> None:
    done = run("merge", "Zora Bell", "Zora Belle", read, "--judgements", kept, "--note", "a misprint")
    assert done.returncode == 0, done.stderr
    judgement = re.search(r"j1:[0-9a-f]{20}", done.stdout)[0]
    line = json.loads(kept.read_text(encoding="utf-8"))
    assert (line["by"], line["note"], line["verdict"]) == ("mira", "a misprint", "same")
    merged = listed(read, "--judgements", kept)
    assert merged["Zora Bell"]["statements"] == 2
    assert merged["Zora Bell"]["id"] == ident("Zora Bell")
    assert "Zora Belle" not in merged
    shown = run("show", "Zora Belle", read, "--judgements", kept).stdout
    assert all(w in shown for w in (judgement, "a misprint", "mira", ident("Zora Belle")))
    again = run("merge", "Zora Bell", "Zora Belle", read, "--judgements", kept)
    assert "one actor already" in again.stdout
    assert run("undo", judgement, "--judgements", kept, "--by", "otto").returncode == 0
    assert {"Zora Bell", "Zora Belle"} <= listed(read, "--judgements", kept).keys()
    assert len(kept.read_text(encoding="utf-8").splitlines()) == 2
    assert "(taken back)" in run("show", "Zora Bell", read, "--judgements", kept).stdout
    twice = run("undo", judgement, "--judgements", kept)
    assert (twice.returncode, "taken back already" in twice.stderr) == (2, True)


def test_split_takes_back_and_forbids(read: Path, kept: Path) -> None:
    run("merge", "Zora Bell", "Zora Belle", read, "--judgements", kept)
    done = run("split", ident("Zora Bell"), ident("Zora Belle"), read, "--judgements", kept, "--format", "json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["members"] == [ident("Zora Bell")]
    assert {"Zora Bell", "Zora Belle"} <= listed(read, "--judgements", kept).keys()
    refused = run("merge", "Zora Bell", "Zora Belle", read, "--judgements", kept)
    assert refused.returncode == 2
    assert re.search(r"judged different by mira on \d{4}-\d\d-\d\d \(if that is wrong: onrecord actors undo j1:", refused.stderr)


def test_a_judgement_has_the_last_word_over_the_roster(read: Path, kept: Path) -> None:
    sorev = listed("--roster", ROSTER)["Ludmila Sorev"]["id"]
    done = run("split", ident("Sorev"), sorev, read, "--roster", ROSTER, "--judgements", kept)
    assert done.returncode == 0, done.stderr
    actors = listed(read, "--roster", ROSTER, "--judgements", kept)
    assert actors["Ludmila Sorev"]["statements"] == 1
    assert actors["Sorev"]["statements"] == 1


def test_files_may_be_named_by_the_environment(read: Path, kept: Path) -> None:
    assert "Henri Lacombe" in listed(read, ONRECORD_ROSTER=str(ROSTER), ONRECORD_JUDGEMENTS=str(kept))


def test_a_line_cut_off_is_said(read: Path, kept: Path) -> None:
    run("merge", "Zora Bell", "Zora Belle", read, "--judgements", kept)
    with kept.open("a", encoding="utf-8") as stream:
        stream.write('{"id": "j1:')
    done = run("list", read, "--judgements", kept)
    assert done.returncode == 0
    assert "the last line (2) was cut off" in done.stderr


def test_a_file_that_fails_is_named_and_the_rest_goes_on(read: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text(json.dumps(ROWS[0]) + "\nnonsense\n", encoding="utf-8")
    done = run("list", bad, "nowhere.jsonl", read)
    assert done.returncode == 1
    assert "Zora Bell" in done.stdout
    assert f"{bad}: line 2: not JSON" in done.stderr
    assert "nowhere.jsonl: cannot be read" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["list"], "nothing to read actors from"),
        (["show", "Nobody", "READ"], "Nobody: no actor has this name"),
        (["show", "a1:00000000000000000000", "READ"], "no actor has this id here"),
        (["show", "Zora", "READ"], "2 actors have this name: Zora Bell (a1:"),
        (["merge", "Zora Bell", "Zora Belle", "READ"], "no file to keep the judgement in"),
        (["merge", "Zora Bell", "a senior Vaskian source", "READ", "--judgements", "KEPT"], "somebody without a name is never merged"),
        (["merge", "Tom Quillan", "Polestar Centre", "--roster", "ROSTER", "--judgements", "KEPT"], "not one: person and organization"),
        (["split", "Zora Bell", "Zora Bell", "READ", "--judgements", "KEPT"], "these are the names of one actor"),
        (["undo", "j1:00", "--judgements", "KEPT"], "j1:00: no such judgement"),
        (["list", "--roster", "nowhere.yaml"], "nowhere.yaml: cannot be read"),
        (["list", "--roster", "READ"], "read.jsonl: line"),
    ],
)
def test_what_is_wrong_is_one_line_and_exit_code_two(arguments: list[str], said: str, read: Path, kept: Path) -> None:
    names = {"READ": str(read), "KEPT": str(kept), "ROSTER": str(ROSTER)}
    done = run(*(names.get(a, a) for a in arguments))
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not kept.exists()


def test_help_has_examples() -> None:
    for command in ("list", "show", "merge", "split", "undo"):
        assert "onrecord actors" in run(command, "--help").stdout
