import csv
import io
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from unittest.mock import patch

import pytest

from onrecord.cli import main
from onrecord.models import find_model

EXAMPLES = Path(__file__).parents[2] / "examples" / "articles"
STORY = '"We will not sign the ferry deal," the mayor of Tarn said on Tuesday.\n\nHer deputy warned that the ice would come early.'


def run(*arguments: object, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run a command in this process, where models are loaded once."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    argv = ["onrecord", *map(str, arguments)]
    with (
        patch.dict(os.environ, {"NO_COLOR": "1"}),
        patch.object(sys, "argv", argv),
        patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin))),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        os.environ.pop("ONRECORD_DEBUG", None)
        try:
            main()
            code = 0
        except SystemExit as left:
            code = int(left.code or 0)
        out.flush()
        err.flush()
    return subprocess.CompletedProcess(argv, code, out.buffer.getvalue(), err.buffer.getvalue())


def run_alone(*arguments: object, stdin: bytes = b"", **env: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command in a process of its own."""
    command = [sys.executable, "-c", "from onrecord.cli import main; main()", *map(str, arguments)]
    return subprocess.run(command, input=stdin, capture_output=True, check=False, env={**os.environ, "NO_COLOR": "1", **env})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Some of the examples: three forms, one of them not in English."""
    path = tmp_path / "articles"
    path.mkdir()
    for name in ("halyard-first-version.ninjs.json", "le-phare.html", "solane-broadcasting.json"):
        shutil.copy(EXAMPLES / name, path)
    return path


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
    assert [r["source"][0]["exact"] for r in rows] == ["the mayor of Tarn", "Her deputy"]


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
        ["read", "x.txt", "--threads", "0"],
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


class Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/story":
            body = f"<!doctype html><html><body><article><p>{STORY}</p></article></body></html>".encode()
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        elif self.path in ("/loop", "/pool"):
            self.send_response(302)
            self.send_header("location", "/pool" if self.path == "/loop" else "/loop")
            self.send_header("content-length", "0")
            self.end_headers()
        else:
            self.send_error(404)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_page_of_the_web_among_pages_that_cannot_be_had(site: str) -> None:
    done = run("read", f"{site}/nowhere", f"{site}/loop", f"{site}/story", "--allow-private", "--format", "jsonl")
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 2
    lines = done.stderr.decode().splitlines()
    assert len(lines) == 3
    assert f"{site}/nowhere: the server says 404" in lines[0]
    assert f"{site}/loop: the page redirects in a loop" in lines[1]
    assert lines[2] == "2 of 3 inputs failed"


def test_a_missing_model_file_is_one_error(story: Path, tmp_path: Path) -> None:
    shutil.copytree(find_model(), tmp_path / "model")
    (tmp_path / "model" / "model.onnx").unlink()
    done = run("read", story, "--model", tmp_path / "model")
    assert done.returncode == 2
    assert b"missing" in done.stderr
    assert done.stderr.count(b"\n") == 1


def test_a_damaged_model_is_one_error(story: Path, tmp_path: Path) -> None:
    shutil.copytree(find_model(), tmp_path / "model")
    (tmp_path / "model" / "model.onnx").write_bytes(b"damage")
    done = run("read", story, "--model", tmp_path / "model")
    assert done.returncode == 2
    assert b"damaged" in done.stderr
    assert done.stderr.count(b"\n") == 1


def test_debug_shows_where_an_error_came_from(story: Path) -> None:
    assert b"Traceback" in run_alone("--debug", "read", story, "--engine", "abacus").stderr


def test_control_characters_do_not_reach_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text('"We will [red]not[/red] sign \x1b[31mthe deal\x07," the mayor of Tarn said on Tuesday.', encoding="utf-8")
    out = run("read", tmp_path / "a.txt").stdout
    assert b"\x1b" not in out
    assert b"\x07" not in out


def test_several_processes(folder: Path) -> None:
    done = run_alone("read", folder, "--jobs", "2", "--format", "csv")
    assert done.returncode == 0
    assert done.stdout == run("read", folder, "--format", "csv").stdout


FEED = b'{"version":"https://jsonfeed.org/version/1.1","title":"Beacon","items":[{"id":"1","title":"A","content_text":"The mayor said no."},{"id":"2","title":"B","content_text":"The mayor said yes."}]}'


def test_an_input_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(f"<p>{STORY}</p>", encoding="utf-8")
    before = (tmp_path / "a.html").read_bytes()
    for output in (tmp_path, tmp_path / "a.html"):
        done = run("read", tmp_path / "a.html", "--format", "html", "--output", output)
        assert done.returncode == 2
        assert b"over an input" in done.stderr
    assert (tmp_path / "a.html").read_bytes() == before


def test_results_are_no_articles_the_second_time(story: Path, tmp_path: Path) -> None:
    for _ in range(2):
        assert run("read", tmp_path, "--format", "json", "--output", tmp_path / "out").returncode == 0
    assert [p.name for p in (tmp_path / "out").iterdir()] == [f"{story.stem}.json"]


def test_a_feed_is_one_file_and_one_array(tmp_path: Path) -> None:
    (tmp_path / "feed.json").write_bytes(FEED)
    (tmp_path / "feed-2.txt").write_text(STORY, encoding="utf-8")
    assert len(json.loads(run("read", tmp_path / "feed.json", "--format", "json").stdout)) == 2
    run("read", tmp_path / "feed.json", tmp_path / "feed-2.txt", "--format", "jsonl", "--output", tmp_path / "o")
    assert {p.name: len(p.read_bytes().splitlines()) for p in (tmp_path / "o").iterdir()} == {"feed.jsonl": 2, "feed-2.jsonl": 2}
    run("read", tmp_path / "feed.json", tmp_path / "feed-2.txt", "--format", "html", "--output", tmp_path / "h")
    assert {p.name for p in (tmp_path / "h").iterdir()} == {"feed.html", "feed-2.html", "feed-3.html"}
    assert run("read", tmp_path / "feed.json", "--format", "html").returncode == 2


def test_a_folder_of_tables_and_a_folder_by_its_slash(folder: Path, story: Path, tmp_path: Path) -> None:
    assert run("read", folder, "--output", tmp_path / "tables").returncode == 0
    assert (tmp_path / "tables" / "solane-broadcasting.txt").read_text(encoding="utf-8").startswith("Fourth Merrow text")
    assert run("read", story, "--format", "jsonl", "--output", f"{tmp_path}/new/").returncode == 0
    assert (tmp_path / "new" / f"{story.stem}.jsonl").is_file()


def test_what_was_not_read_is_said_where_the_form_cannot() -> None:
    done = run("read", EXAMPLES / "le-phare.html", "--format", "jsonl")
    assert (done.returncode, done.stdout) == (0, b"")
    assert b"not English" in done.stderr


@pytest.mark.parametrize("name", ["x" * 5000, "http://[bad", "two\nlines.txt", "\x1b[31mred.txt"])
def test_strange_names_fail_in_one_line_each(story: Path, name: str) -> None:
    done = run("read", name, story, "--format", "jsonl")
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 2
    assert len(done.stderr.splitlines()) == 2
    assert b"\x1b" not in done.stderr


def test_an_empty_folder_does_not_stop_the_rest(story: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = run("read", story, tmp_path / "empty", "--format", "jsonl")
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 2


def test_output_is_utf_8_whatever_the_machine_speaks(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("“Nothing more,” the mayor of Tarn said, “and é.”", encoding="utf-8")
    done = run_alone("read", tmp_path / "a.txt", "--format", "jsonl", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert done.returncode == 0
    assert "“Nothing more,”" in done.stdout.decode()


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv"])
def test_a_reader_that_has_enough_is_no_error(folder: Path, form: str) -> None:
    command = f"{sys.executable} -c 'from onrecord.cli import main; main()' read {folder} --format {form} | head -c 10"
    done = subprocess.run(["/bin/bash", "-o", "pipefail", "-c", command], capture_output=True, check=False, env={**os.environ, "NO_COLOR": "1"})
    assert done.returncode == 0
    assert b"Broken pipe" not in done.stderr


def in_a_terminal(command: list[str], stdout: int | None = None) -> tuple[bytes, bytes]:
    """Run a command with standard error on a terminal of its own; standard output there, too, or in a pipe."""
    ours, theirs = os.openpty()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=stdout or theirs, stderr=theirs, env={**os.environ, "TERM": "xterm"})
    os.close(theirs)
    seen = bytearray()

    def drain() -> None:
        # A terminal that nobody reads fills up, and the program would wait for it for ever.
        while True:
            try:
                chunk = os.read(ours, 65536)
            except OSError:
                return
            if not chunk:
                return
            seen.extend(chunk)

    reading = threading.Thread(target=drain)
    reading.start()
    out = process.stdout.read() if stdout else b""
    process.wait()
    reading.join()
    os.close(ours)
    if stdout:
        process.stdout.close()
    return out, bytes(seen)


def test_in_a_terminal_the_bar_keeps_out_of_the_output() -> None:
    command = [
        sys.executable,
        "-c",
        "from onrecord.cli import main; main()",
        "read",
        str(EXAMPLES / "daily-lantern.txt"),
        str(EXAMPLES / "halyard-wire.html"),
        "-f",
        "jsonl",
    ]
    out, seen = in_a_terminal(command, stdout=subprocess.PIPE)
    assert out == run("read", EXAMPLES / "daily-lantern.txt", EXAMPLES / "halyard-wire.html", "-f", "jsonl").stdout
    assert b"reading" in seen
    assert b'"content"' not in seen


def test_in_a_terminal_a_table_stands_alone(story: Path) -> None:
    _, seen = in_a_terminal([sys.executable, "-c", "from onrecord.cli import main; main()", "read", str(story)])
    assert b"the mayor of Tarn" in seen
    assert b"reading" not in seen[seen.index(b"the mayor of Tarn") :]


def test_a_fault_of_our_own_is_one_line(story: Path) -> None:
    code = "import onrecord.cli.read as r; r.expand = None; from onrecord.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code, "read", str(story)], capture_output=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(b"onrecord itself failed: TypeError")
    assert done.stderr.count(b"\n") == 1


def test_debug_is_an_option_of_read_too(story: Path) -> None:
    assert b"Traceback" in run_alone("read", story, "--engine", "abacus", "--debug").stderr


def test_help_has_examples() -> None:
    out = run("read", "--help").stdout
    assert b"onrecord read article.html" in out
    assert b"Exit codes" in out
