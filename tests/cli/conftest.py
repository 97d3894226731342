"""What the tests of commands share: the program in this process, and one small ledger that is read once."""

import io
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from commanding import ADDRESS, EXAMPLES, FIRST, SECOND, Done, Run

import onrecord
from onrecord.cli import main


@pytest.fixture(scope="session", autouse=True)
def _nothing_of_the_user_s(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test sees or touches the ledger, the roster or the settings of whoever runs it."""
    before = dict(os.environ)
    for name in [n for n in os.environ if n.startswith("ONRECORD_")]:
        del os.environ[name]
    os.environ["XDG_DATA_HOME"] = str(tmp_path_factory.mktemp("data"))
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in this process, through the very entry point that the shell calls."""

    def _run(*arguments: object, stdin: str = "", columns: int | None = None, **env: str) -> Done:
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
        with monkeypatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            patch.setattr(sys, "argv", ["onrecord", *map(str, arguments)])
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8"))
            patch.setenv("LOGNAME", "mira")
            patch.delenv("ONRECORD_DEBUG", raising=False)
            if columns is not None:
                patch.setenv("COLUMNS", str(columns))
            for name, value in env.items():
                patch.setenv(name, value)
            code = _code(main)
            out.flush()
            err.flush()
        return Done(code, out.buffer.getvalue().decode(), err.buffer.getvalue().decode())

    return _run


def _code(call: Callable[[], None]) -> int:
    try:
        call()
    except SystemExit as left:
        return int(left.code or 0)
    return 0


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of four articles, one of them edited. To be looked at only."""
    path = tmp_path_factory.mktemp("ledger") / "news.db"
    with onrecord.open(path) as desk:
        desk.add(FIRST, url=ADDRESS, outlet="The Kestrel", published="2026-03-09")
        desk.add(SECOND, url=ADDRESS, outlet="The Kestrel", published="2026-03-09")
        desk.add(*(EXAMPLES / name for name in ("halyard-wire.html", "port-sennen-post.md", "solane-broadcasting.json")))
    return path


@pytest.fixture
def own(shared: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed."""
    return Path(shutil.copy(shared, tmp_path / "own.db"))
