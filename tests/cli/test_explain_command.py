"""`onrecord explain` answers why, and says so when there is nothing to explain."""

import json
import os
import subprocess
import sys
from pathlib import Path

TEXT = 'Foreign minister Ana Sousa said on Tuesday that the talks had failed.\n\n"We waited for two days," she said.\n'


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from onrecord.cli import main; main()", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "200"},
    )


def test_it_says_why(tmp_path: Path) -> None:
    path = tmp_path / "story.txt"
    path.write_text(TEXT, encoding="utf-8")
    done = run("explain", "2", "--in", str(path), "--published", "2026-03-12")
    assert done.returncode == 0, done.stderr
    assert "Ana Sousa (person" in done.stdout
    assert "“she” refers back to" in done.stdout
    data = json.loads(run("explain", "1", "--in", str(path), "--published", "2026-03-12", "--format", "json").stdout)
    assert data["said_on"] == "2026-03-10"
    again = json.loads(run("explain", data["id"][:9], "--in", str(path), "--published", "2026-03-12", "--format", "json").stdout)
    assert again == data


def test_no_such_statement(tmp_path: Path) -> None:
    path = tmp_path / "story.txt"
    path.write_text(TEXT, encoding="utf-8")
    done = run("explain", "s1:nothing", "--in", str(path))
    assert done.returncode == 2
    assert "no statement" in done.stderr
    assert "Traceback" not in done.stderr
