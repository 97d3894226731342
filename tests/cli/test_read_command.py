import csv
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from onrecord.models import find_model

EXAMPLES = Path(__file__).parents[2] / "examples" / "articles"
STORY = '"We will not sign the ferry deal," the mayor of Tarn said on Tuesday.\n\nHer deputy warned that the ice would come early.'


def run(*arguments: object, stdin: bytes = b"", **env: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-c", "from onrecord.cli import main; main()", *map(str, arguments)]
    return subprocess.run(command, input=stdin, capture_output=True, check=False, env={**os.environ, "NO_COLOR": "1", **env})


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "story.txt"
    path.write_text(STORY, encoding="utf-8")
    return path


def test_a_table(story: Path) -> None:
    done = run("read", story)
    out = done.stdout.decode()
    assert done.returncode == 0
    assert all(w in out for w in ("the mayor of Tarn", "direct", "Her deputy", "indirect", "revision  r1:"))
    assert "\x1b" not in out


def test_standard_input_as_lines_of_json() -> None:
    done = run("read", "-", "--format", "jsonl", stdin=STORY.encode())
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [r["speaker"]["name"] for r in rows] == ["the mayor of Tarn", "Her deputy"]


def test_json_of_several_is_one_array() -> None:
    done = run("read", EXAMPLES / "daily-lantern.txt", EXAMPLES / "le-phare.html", "--format", "json")
    found = json.loads(done.stdout)
    assert [f["article"]["outlet"] for f in found] == ["Daily Lantern", "Le Phare"]


def test_csv_of_a_folder_has_one_header() -> None:
    done = run("read", EXAMPLES, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout.decode())))
    assert len(rows) > 50
    assert sum(r["id"] == "id" for r in rows) == 0


def test_a_folder_gives_one_file_each(tmp_path: Path) -> None:
    done = run("read", EXAMPLES, "--format", "jsonl", "--output", tmp_path / "out")
    assert done.returncode == 0
    assert {p.stem for p in EXAMPLES.iterdir()} == {p.stem for p in (tmp_path / "out").iterdir()}
    assert (tmp_path / "out" / "le-phare.jsonl").read_bytes() == b""


def test_a_page(story: Path, tmp_path: Path) -> None:
    assert run("read", story, "--format", "html", "--output", tmp_path / "a.html").returncode == 0
    assert "We will not sign" in (tmp_path / "a.html").read_text(encoding="utf-8")


def test_a_failed_item_is_named_and_the_rest_goes_on(story: Path) -> None:
    done = run("read", "nowhere.txt", story, "--format", "jsonl")
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 2
    assert b"error: nowhere.txt: no such file" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["read", "x.txt", "--format", "nope"],
        ["read"],
        ["read", "x.txt", "--published", "yesterday"],
        ["read", "x.txt", "--engine", "abacus"],
        ["read", "x.txt", "--model", "xx-9"],
        ["read", "a.txt", "b.txt", "--format", "html"],
        ["read", "x.txt", "--min-score", "7"],
    ],
)
def test_a_wrong_command_line_is_2(arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stderr
    assert b"Traceback" not in done.stderr


def test_a_folder_without_articles_is_2(tmp_path: Path) -> None:
    done = run("read", tmp_path)
    assert done.returncode == 2
    assert b".html" in done.stderr


@pytest.mark.parametrize(("name", "data"), [("a.txt", b"%PDF-1.4"), ("b.html", bytes(range(32)) * 40), ("c.json", b'{"a"'), ("d.txt.gz", b"no gzip")])
def test_bad_bytes_are_one_clear_error(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    done = run("read", tmp_path / name)
    assert done.returncode == 1
    assert name.encode() in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("data", [b"", b"<html>", b"\xff\xfe", "“Non”, dit-il.".encode("cp1252"), b"<p>cut <b"])
def test_odd_bytes_are_no_error(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.html").write_bytes(data)
    assert run("read", tmp_path / "a.html").returncode == 0


def test_a_private_address_is_refused() -> None:
    done = run("read", "http://127.0.0.1:9/x")
    assert done.returncode == 1
    assert b"--allow-private" in done.stderr


def test_a_damaged_model_is_one_error(story: Path, tmp_path: Path) -> None:
    shutil.copytree(find_model(), tmp_path / "model")
    (tmp_path / "model" / "model.onnx").write_bytes(b"damage")
    done = run("read", story, "--model", tmp_path / "model")
    assert done.returncode == 2
    assert b"damaged" in done.stderr
    assert done.stderr.count(b"\n") == 1


def test_debug_shows_where_an_error_came_from(story: Path) -> None:
    assert b"Traceback" in run("--debug", "read", story, "--engine", "abacus").stderr


def test_control_characters_do_not_reach_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text('"We will [red]not[/red] sign \x1b[31mthe deal\x07," the mayor of Tarn said on Tuesday.', encoding="utf-8")
    out = run("read", tmp_path / "a.txt").stdout
    assert b"\x1b" not in out
    assert b"\x07" not in out


def test_several_processes() -> None:
    done = run("read", EXAMPLES, "--jobs", "2", "--format", "csv")
    assert done.returncode == 0
    assert done.stdout == run("read", EXAMPLES, "--format", "csv").stdout


def test_help_has_examples() -> None:
    out = run("read", "--help").stdout
    assert b"onrecord read article.html" in out
    assert b"Exit codes" in out
