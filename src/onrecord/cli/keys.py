"""What a user types at a queue: single keys at a terminal; lines where standard input is a file or a pipe, so that it can be scripted."""

from __future__ import annotations

import codecs
import os
import re
import sys
from collections import deque
from dataclasses import dataclass
from typing import Any, Protocol, Self

import typer

try:
    import termios
except ImportError:  # Windows: each key is fetched by itself
    termios = None  # type: ignore[assignment]

__all__ = ["END", "Keys", "Lines", "Pressed", "Terminal", "keys"]

#: Nothing more comes.
END = "\x04"
#: What arrows and function keys send.
_SEQUENCE = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|O.)?")
#: Words that stand for keys in a script.
_WORDS = {
    "accept": "a", "support": "s", "oppose": "o", "conditional": "c", "neutral": "n", "none": "x", "unsure": "u", "skip": "-", "act": "t",
    "condition": "k", "note": "m", "back": "b", "quit": "q", "help": "?",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pressed:
    """A key, and what came with it on its line."""

    key: str
    #: None where there was none: it may be asked for.
    argument: str | None = None


class Keys(Protocol):
    """Where keys come from."""

    #: Whether somebody sits there who can be asked.
    interactive: bool

    def key(self) -> Pressed:
        """The next key; `END` when nothing more comes."""
        ...

    def line(self, prompt: str) -> str | None:
        """A line of words; None when nothing more comes, or nobody can be asked."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc: object) -> None: ...


class Terminal:
    """A terminal: a key counts at once, and what is typed ahead is not lost. Use it in a `with` block, which leaves the terminal as it was."""

    interactive = True

    def __init__(self) -> None:
        self._typed: deque[str] = deque()
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._before: list[Any] | None = None

    def __enter__(self) -> Self:
        if termios is not None:
            self._before = termios.tcgetattr(sys.stdin.fileno())
            self._at_once()
        return self

    def __exit__(self, *exc: object) -> None:
        self._as_before()

    def key(self) -> Pressed:
        """The next key; arrows and the like are nothing."""
        while not self._typed:
            got = self._read()
            if got is None:
                return Pressed(END)
            self._typed.extend(_SEQUENCE.sub("", got))
        return Pressed(self._typed.popleft())

    def line(self, prompt: str) -> str | None:
        """A line; the terminal's own editing holds."""
        # What was typed ahead as keys belongs to the line, and is shown as if it had been typed there.
        ahead = "".join(self._typed)
        self._typed.clear()
        if "\r" in ahead or "\n" in ahead:
            first, _, rest = ahead.replace("\r", "\n").partition("\n")
            self._typed.extend(rest)
            sys.stdout.write(f"{prompt}{first}\n")
            sys.stdout.flush()
            return first.strip()
        # Before it asks: what is typed at the prompt is echoed, its end too, so that what comes next has a line of its own.
        self._as_before()
        sys.stdout.write(prompt + ahead)
        sys.stdout.flush()
        try:
            read = sys.stdin.readline()
        finally:
            self._at_once()
        return (ahead + read).strip() if read else None

    def _read(self) -> str | None:
        """What was typed; None when nothing more comes, and nothing while a character is not complete."""
        if termios is None:
            try:
                got = typer.getchar()
            except EOFError:
                return None
            return "" if got.startswith(("\x00", "\xe0")) else got
        read = os.read(sys.stdin.fileno(), 1024)
        return self._decoder.decode(read) if read else None

    def _at_once(self) -> None:
        if termios is not None and self._before is not None:
            mode = list(self._before)
            mode[3] &= ~(termios.ICANON | termios.ECHO)
            # A setting that waits for what is shown, and keeps what is typed.
            termios.tcsetattr(sys.stdin.fileno(), termios.TCSADRAIN, mode)

    def _as_before(self) -> None:
        if termios is not None and self._before is not None:
            termios.tcsetattr(sys.stdin.fileno(), termios.TCSADRAIN, self._before)


class Lines:
    """A file or a pipe: a decision a line, its words after the key (`k if they withdraw`); an empty line is Enter."""

    interactive = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        pass

    def key(self) -> Pressed:
        """The next line."""
        read = sys.stdin.readline()
        if not read:
            return Pressed(END)
        key, _, argument = read.strip().partition(" ")
        return Pressed(_WORDS.get(key, key) or "\r", argument.strip() or None)

    def line(self, prompt: str) -> str | None:  # noqa: ARG002 - nobody reads it
        """Nothing: what belongs to a key stands on its line."""
        return None


def keys() -> Keys:
    """Keys of whoever runs the command."""
    return Terminal() if sys.stdin.isatty() and sys.stdout.isatty() else Lines()
