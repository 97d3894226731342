import json
import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from commanding import EXAMPLES, Run, going, program

from onrecord.models.manifest import find_model

STORY = 'Harbour levy\n\n"We will not sign," Mayor Ilsa Brandt said on Monday.\n'


def test_init_makes_a_ledger_and_leaves_one_that_is_there(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "deep" / "news.db"
    first, second = run("init", "--ledger", path), run("init", "--ledger", path)
    assert (first.code, first.out) == (0, "the ledger is made\n")
    assert (second.code, second.out) == (0, "the ledger is there already\n")
    assert first.err == second.err == f"ledger: {path}\n"


def test_init_where_something_else_is_touches_nothing(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Ms Brandt", encoding="utf-8")
    done = run("init", "--ledger", path)
    assert (done.code, len(done.err.splitlines())) == (2, 1)
    assert path.read_text(encoding="utf-8") == "Dear Ms Brandt"


def test_adding_twice_changes_nothing(run: Run, tmp_path: Path) -> None:
    ledger, story = tmp_path / "l.db", tmp_path / "story.txt"
    story.write_text(STORY, encoding="utf-8")
    done = run("add", story, "--ledger", ledger, "--outlet", "The Kestrel", "--published", "2026-03-09")
    assert (done.code, done.out) == (0, "1 document, 1 new article, 1 statement\n")
    assert done.err == f"ledger: {ledger} (new)\n"
    again = run("add", story, "--ledger", ledger, "--outlet", "The Kestrel", "--published", "2026-03-09", "--format", "json")
    assert json.loads(again.out) == {"documents": 0, "known": 1, "articles": 0, "revisions": 0, "statements": 0, "unchanged": 0, "errors": []}
    found = json.loads(run("search", "--ledger", ledger, "--format", "json").out)["statements"][0]
    assert (found["article"]["outlet"], found["article"]["published"]) == ("The Kestrel", "2026-03-09")


def test_standard_input_and_a_folder(run: Run, tmp_path: Path) -> None:
    ledger, folder = tmp_path / "l.db", tmp_path / "articles"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.txt").write_text(STORY.replace("levy", f"levy {number}"), encoding="utf-8")
    assert run("add", folder, "--ledger", ledger).out == "3 documents, 3 new articles, 3 statements\n"
    assert run("add", "-", "--ledger", ledger, stdin=STORY).out == "1 document, 1 new article, 1 statement\n"
    assert run("add", folder, "--ledger", ledger).out == "0 documents, 0 new articles, 0 statements, 3 known already\n"


def test_an_edited_article_is_a_new_text(run: Run, tmp_path: Path) -> None:
    arguments = ("add", "-", "--ledger", tmp_path / "l.db", "--url", "https://kestrel.example/a")
    run(*arguments, stdin=STORY)
    assert (
        run(*arguments, stdin=STORY.replace("not sign", "sign nothing")).out == "1 document, 0 new articles, 1 statement, 1 new text of articles known before\n"
    )


def test_a_table_with_named_columns(run: Run, tmp_path: Path) -> None:
    table, ledger = tmp_path / "table.csv", tmp_path / "l.db"
    table.write_text('Kopf,Rumpf,Blatt\nHarbour levy,"""We will not sign,"" Mayor Ilsa Brandt said on Monday.",The Kestrel\n', encoding="utf-8")
    done = run("add", table, "--ledger", ledger, "--columns", "title=Kopf,text=Rumpf,outlet=Blatt")
    assert done.code == 0, done.err
    assert json.loads(run("search", "--ledger", ledger, "--format", "json").out)["statements"][0]["article"]["outlet"] == "The Kestrel"


def test_what_fails_is_named_and_the_rest_is_filed(run: Run, tmp_path: Path) -> None:
    ledger, story, empty = tmp_path / "l.db", tmp_path / "story.txt", tmp_path / "empty.html"
    story.write_text(STORY, encoding="utf-8")
    empty.write_bytes(b"\x00\xff" * 40)
    done = run("add", tmp_path / "nowhere.html", empty, story, "--ledger", ledger)
    assert done.code == 1
    assert done.out == "1 document, 1 new article, 1 statement, 2 failed\n"
    assert [line.split(": ")[1] for line in done.said] == [str(tmp_path / "nowhere.html"), str(empty)]
    assert all(line.startswith("error: ") for line in done.said)
    told = json.loads(run("add", empty, "--ledger", ledger, "--format", "json").out)
    assert told["errors"][0]["item"] == str(empty)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["", "STORY"], "an empty name"),
        (["STORY", "--published", "some day"], "some day"),
        (["STORY", "--model", "no-such-model"], "no-such-model"),
        (["STORY", "--engine", "steam"], "steam"),
        (["STORY", "--ledger", "mysql://desk@db.example/news"], "onrecord keeps no ledgers in mysql"),
        (["STORY", "--ledger", " "], "--ledger without a name"),
    ],
)
def test_a_wrong_command_line_is_one_line_and_makes_nothing(arguments: list[str], said: str, run: Run, tmp_path: Path) -> None:
    story = tmp_path / "story.txt"
    story.write_text(STORY, encoding="utf-8")
    done = run("add", *(str(story) if a == "STORY" else a for a in ["--ledger", str(tmp_path / "l.db"), *arguments]))
    assert (done.code, done.out) == (2, "")
    assert len(done.err.splitlines()) == 1
    assert said in done.err
    assert [p.name for p in tmp_path.iterdir()] == ["story.txt"]


def test_workers_file_what_one_would(run: Run, tmp_path: Path) -> None:
    sources = [EXAMPLES / "le-phare.html", EXAMPLES / "strait-letter.feed-item.json", EXAMPLES / "cookie-wall.html"]
    one, two = tmp_path / "one.db", tmp_path / "two.db"
    assert run("add", *sources, "--ledger", one).code == 0
    done = subprocess.run(program("add", *sources, "--ledger", two, "--workers", 2), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rows = [[s["id"] for s in json.loads(run("search", "--ledger", at, "--format", "json", "--limit", 99).out)["statements"]] for at in (one, two)]
    assert rows[0] == rows[1] != []


@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_ends_cleanly_and_the_next_run_goes_on(workers: int, run: Run, tmp_path: Path) -> None:
    folder, ledger = tmp_path / "articles", tmp_path / "l.db"
    folder.mkdir()
    for number in range(1500):
        (folder / f"{number:04}.txt").write_text(STORY.replace("levy", f"levy {number}"), encoding="utf-8")
    with going("add", folder, "--ledger", ledger, "--workers", workers) as process:
        for _ in range(1200):
            seen = run("status", "--ledger", ledger, "--format", "json")
            if seen.code == 0 and json.loads(seen.out)["articles"]:
                break
            time.sleep(0.1)
        # As a terminal does: the workers get it, too.
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=60)
    said = err.splitlines()
    assert (process.returncode, out, len(said)) == (130, "", 3), err
    assert re.fullmatch(r"so far: [\d,]+ documents?, [\d,]+ new articles?, [\d,]+ statements?", said[1])
    assert said[2] == "stopped; what was filed stays, and the same command goes on from there"
    kept = json.loads(run("status", "--ledger", ledger, "--format", "json").out)["articles"]
    assert 0 < kept < 1500
    assert run("check", "--ledger", ledger).code == 0


def test_reread_reads_nothing_twice(run: Run, shared: Path) -> None:
    done = run("reread", "--ledger", shared)
    assert (done.code, done.out) == (0, "nothing to read: this model has read every text\n")
    assert json.loads(run("reread", "--ledger", shared, "--format", "json").out)["documents"] == 0
    assert run("reread", "--compare", "--ledger", shared).out == "nothing to compare: no text was read twice\n"


def test_another_model_reads_everything_again_and_the_two_are_compared(run: Run, tmp_path: Path) -> None:
    ledger, model = tmp_path / "l.db", tmp_path / "model"
    run("add", "-", "--ledger", ledger, stdin=STORY)
    shutil.copytree(find_model(), model)
    manifest = model / "manifest.json"
    told = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps(told | {"version": "9.9.9"}), encoding="utf-8")
    done = run("reread", "--ledger", ledger, "--model", model)
    assert done.code == 0, done.err
    assert done.out == "1 document read again, 1 statement\n"
    compared = run("reread", "--compare", "--ledger", ledger)
    assert compared.out == "1 text read again: 1 the same\n"
    assert json.loads(run("reread", "--compare", "--ledger", ledger, "--format", "json").out)["counts"] == {"same": 1}


def test_the_bar_is_for_terminals_only(run: Run, tmp_path: Path) -> None:
    done = run("add", "-", "--ledger", tmp_path / "l.db", stdin=STORY, NO_COLOR="1", TERM="xterm")
    assert "\x1b" not in done.out + done.err
    assert os.linesep.join(done.err.split("\n")[1:]) == ""
