"""What the tests of commands are written with: an invented story in two texts, and what a command did."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

EXAMPLES = Path(__file__).parents[2] / "examples" / "articles"
ADDRESS = "https://kestrel.example/harbour-levy"
FIRST = """Harbour levy divides the council

Mayor Ilsa Brandt said on Monday that the levy "will not rise this year or the next".

"We have read every letter that the fishermen sent us," Brandt told reporters.

Councillor Pavel Ost said that the fleet would leave the harbour by autumn.

"Nobody asked the fishermen what they could pay," said Ost.
"""
SECOND = """Harbour levy divides the council

Mayor Ilsa Brandt said on Monday that the levy "will not rise before the harbour is dredged".

"We have read every letter that the fishermen sent us", Brandt told reporters.

"Nobody asked the fishermen what they could pay," said harbour master Jorun Vale.

"I have the receipts in my drawer," said Vale.
"""


@dataclass(frozen=True, slots=True)
class Done:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> list[str]:
        """Lines of standard error but the one that names the ledger."""
        return [line for line in self.err.splitlines() if not line.startswith("ledger: ")]


Run = Callable[..., Done]


def program(*arguments: object, before: str = "") -> list[str]:
    """The command line of a process of its own, to be interrupted."""
    return [sys.executable, "-c", f"{before}\nfrom onrecord.cli import main; main()", *map(str, arguments)]


@contextmanager
def going(*arguments: object, before: str = "") -> Iterator[subprocess.Popen[str]]:
    """A command that is under way, as the first of a group of its own; it is gone afterwards, whatever happens."""
    command = program(*arguments, before=before)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        try:
            yield process
        finally:
            process.kill()
