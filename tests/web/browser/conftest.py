"""A real browser before a real server over the demo ledger, which is read once for all workers."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[3]
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
#: Read here: a fixture of the desk's tests clears the variables of whoever runs them.
REQUIRED = os.environ.get("ONRECORD_REQUIRE_BROWSER") == "1"


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo ledger, to be copied. Where tests run in several processes, the first to come reads it, and the others wait."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    path = shared / "demo-desk" / "news.db"
    with (shared / "demo-desk.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            subprocess.run([sys.executable, ROOT / "examples/negotiation/build.py", path], check=True, stdout=subprocess.DEVNULL)
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for a module. It closes with it: Playwright keeps a loop running in this thread, which other tests may not have."""
    if not Path(CHROMIUM).exists():
        message = "no chromium on this machine: apt-get install chromium"
        if REQUIRED:
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield made
        made.close()
