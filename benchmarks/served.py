"""A desk that is served as users serve it, for scripts that look at it from outside."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

__all__ = ["served"]

_ONRECORD = (str(Path(sys.executable).with_name("onrecord")),)


@contextmanager
def served(ledger: Path, *more: str, program: Sequence[str] = _ONRECORD) -> Iterator[str]:
    """The address of a desk, for as long as it is looked at.

    Args:
        ledger: What it is over.
        more: Further options of `onrecord serve`.
        program: What is run in place of `onrecord`.
    """
    command = [*program, "serve", "--ledger", str(ledger), "--port", "0", *more]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        try:
            told = ""
            for line in server.stdout or ():
                told += line
                if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                    yield found[0]
                    return
            raise SystemExit(told)
        finally:
            server.terminate()
            server.wait(60)
