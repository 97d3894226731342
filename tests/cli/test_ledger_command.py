import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from commanding import Run

from onrecord.cli import app

COMMANDS = [
    "init", "add", "follow", "unfollow", "update", "status", "search", "actor", "article", "quotation", "statement", "judge", "sql", "reread", "upgrade",
    "backup", "check", "actors list", "actors show", "actors merge", "actors split", "actors undo", "actors log", "roster add",
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_examples_and_names_the_ledger(command: str, run: Run) -> None:
    done = run(*command.split(), "--help", columns=200)
    assert done.code == 0
    assert f"onrecord {command}" in done.out.split("Examples:")[1]
    assert all(w in done.out for w in ("--ledger", "ONRECORD_LEDGER", "--debug"))


def test_every_example_in_the_help_is_a_command_line_that_can_be_read() -> None:
    import shlex

    root = typer.main.get_command(app)
    examples = [
        line.strip()
        for command in COMMANDS
        for line in (_callback(root, command).__doc__ or "").splitlines()
        if line.strip().startswith("onrecord ") and "|" not in line
    ]
    assert len(examples) > 40
    for example in examples:
        name, *arguments = shlex.split(example)[1:]
        command = root.commands[name]
        while hasattr(command, "commands"):
            command = command.commands[arguments.pop(0)]
        with command.make_context(name, arguments):
            pass


def _callback(command: object, name: str) -> object:
    for part in name.split():
        command = command.commands[part]
    return command.callback


def test_the_program_starts_without_the_database() -> None:
    code = "import sys; from onrecord.cli import main\ntry:\n    main()\nexcept SystemExit:\n    print([m for m in ('sqlalchemy', 'alembic', 'onnxruntime', 'trafilatura', 'sqlite3') if m in sys.modules])"
    for arguments in (["--help"], ["search", "--help"], ["--version"]):
        done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
        assert done.stdout.splitlines()[-1] == "[]"


def test_the_environment_names_the_ledger_and_the_option_goes_before_it(run: Run, shared: Path, tmp_path: Path) -> None:
    done = run("status", ONRECORD_LEDGER=str(shared))
    assert (done.code, done.err) == (0, f"ledger: {shared}\n")
    other = tmp_path / "other.db"
    run("init", "--ledger", other)
    assert run("status", "--ledger", other, ONRECORD_LEDGER=str(shared)).err == f"ledger: {other}\n"


def test_without_either_it_is_the_one_in_the_data_folder(run: Run, tmp_path: Path) -> None:
    done = run("init", XDG_DATA_HOME=str(tmp_path), HOME=str(tmp_path))
    assert done.code == 0
    assert done.err.startswith(f"ledger: {tmp_path}")
    assert list(tmp_path.rglob("ledger.db"))
    assert run("actors", "list", XDG_DATA_HOME=str(tmp_path), HOME=str(tmp_path)).out == "no actors\n"


def test_a_password_is_never_shown(run: Run) -> None:
    done = run("status", "--ledger", "postgresql://desk:hunter2@127.0.0.1:1/news")
    assert (done.code, len(done.err.splitlines())) == (2, 1)
    assert "hunter2" not in done.err
    done = run("status", "--ledger", "mysql://desk:hunter2@127.0.0.1:1/news")
    assert (done.code, "hunter2" in done.err) == (2, False)


def test_debug_shows_where_an_error_came_from(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from onrecord.cli import main; main()", "status", "--ledger", str(tmp_path / "none.db")]
    quiet = subprocess.run(command, capture_output=True, text=True, check=False)
    loud = subprocess.run([*command, "--debug"], capture_output=True, text=True, check=False)
    assert (quiet.returncode, "Traceback" in quiet.stderr) == (2, False)
    assert "Traceback" in loud.stderr


def test_who_reads_our_output_may_stop(shared: Path) -> None:
    command = [sys.executable, "-c", "from onrecord.cli import main; main()", "search", "--all", "--format", "jsonl", "--ledger", str(shared)]
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as out:
        done = subprocess.run(command, stdout=out, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, f"ledger: {shared}\n")


def test_a_strange_name_cannot_break_the_line(run: Run, tmp_path: Path) -> None:
    done = run("status", "--ledger", tmp_path / "a\nb\x1b[31m.db")
    assert done.code == 2
    assert len(done.err.splitlines()) == 1
    assert "\x1b" not in done.err
