"""Judgements: who decided that two actors are one, or two, and when. Nothing else makes two actors one.

Judgements are added and never changed; one that was wrong is revoked, by an entry of its own, and both stay. What they amount to at a
time is a view computed from them. The idea is nomenklatura's (resolver, judgements); how this differs stands in docs/design/roster.md.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from onrecord.errors import UsageError
from onrecord.text import stable_id

__all__ = ["Conflict", "Decision", "Identity", "Judgement", "JudgementFile", "Log", "Revocation", "Ruling", "dumps", "loads"]


class Ruling(StrEnum):
    """What was decided of two actors."""

    SAME = "same"
    DIFFERENT = "different"
    #: Looked at, and left open.
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A decision about two actors."""

    #: Id of an actor; where the two are one, they are known under the id that this one is known under.
    left: str
    #: Id of the other.
    right: str
    verdict: Ruling
    #: Who decided: a login, a program with its version.
    by: str
    #: When, with a time zone.
    on: datetime
    #: Why.
    note: str | None = None

    def __post_init__(self) -> None:
        """Refuse what could not be acted on.

        Raises:
            UsageError: One actor alone, nobody who decided, or no time zone.
        """
        if self.left == self.right:
            raise UsageError("a judgement is about two actors", item=self.left, hint="name two different ids")
        _check(self.by, self.on)

    @property
    def id(self) -> str:
        """`j1:` and a hash of the pair in either order, verdict, who and when."""
        return stable_id("j1", *sorted((self.left, self.right)), str(self.verdict), self.by, _moment(self.on))


@dataclass(frozen=True, slots=True)
class Revocation:
    """A judgement, or a revocation, is taken back."""

    #: Id of what is taken back.
    judgement: str
    by: str
    on: datetime
    note: str | None = None

    def __post_init__(self) -> None:
        """Refuse what nobody answers for.

        Raises:
            UsageError: Nobody who decided, or no time zone.
        """
        _check(self.by, self.on)

    @property
    def id(self) -> str:
        """`j1:` and a hash of what is taken back, who and when."""
        return stable_id("j1", "revoke", self.judgement, self.by, _moment(self.on))


Decision = Judgement | Revocation


@dataclass(frozen=True, slots=True)
class Conflict:
    """A `same` that is not followed, because a `different` forbids it."""

    same: Judgement
    different: Judgement

    def __str__(self) -> str:
        s, d = self.same, self.different
        return (
            f"{s.id} (same: {s.left}, {s.right}; by {s.by}) is not followed: {d.id} (different: {d.left}, {d.right}; by {d.by}) forbids it; undo one of the two"
        )


class Identity:
    """Which actors are one, by the judgements that stand. The order in which entries are given makes no difference.

    `same` judgements are followed from the oldest on. One that would make two actors one that a `different` keeps apart, be it older or
    newer, is not followed, and is a conflict: to miss that two are one does less harm than to make two people one.
    """

    def __init__(self, entries: Iterable[Decision] = ()) -> None:
        known = {e.id: e for e in entries}
        self._revoked_by: defaultdict[str, list[str]] = defaultdict(list)
        for entry in known.values():
            if isinstance(entry, Revocation):
                self._revoked_by[entry.judgement].append(entry.id)
        judgements = sorted((e for e in known.values() if isinstance(e, Judgement) and self.stands(e.id)), key=lambda j: (j.on, j.id))
        #: Judgements that stand, oldest first.
        self.judgements = tuple(judgements)
        self._cluster: dict[str, list[str]] = {}
        self._apart = [j for j in judgements if j.verdict is Ruling.DIFFERENT]
        conflicts = [c for j in judgements if j.verdict is Ruling.SAME and (c := self._join(j))]
        #: Judgements that are not followed.
        self.conflicts = tuple(conflicts)

    def stands(self, entry: str) -> bool:
        """Whether an entry has not been taken back, or its taking back has been taken back."""
        # No circles: an id is a hash of, among others, the id that is taken back.
        return not any(self.stands(r) for r in self._revoked_by.get(entry, ()))

    def canonical(self, actor: str) -> str:
        """The id that an actor is known under: its own, or that of the left side of the judgement that joined it."""
        return self._cluster.get(actor, [actor])[0]

    def members(self, actor: str) -> tuple[str, ...]:
        """All ids of the same actor, the canonical one first."""
        return tuple(self._cluster.get(actor, [actor]))

    def forbids(self, left: str, right: str) -> Judgement | None:
        """The judgement that keeps two actors, or others joined with them, apart."""
        ones, others = set(self.members(left)), set(self.members(right))
        return next((j for j in self._apart if (j.left in ones and j.right in others) or (j.left in others and j.right in ones)), None)

    def _join(self, judgement: Judgement) -> Conflict | None:
        if self.canonical(judgement.left) == self.canonical(judgement.right):
            return None
        against = self.forbids(judgement.left, judgement.right)
        if against is not None:
            return Conflict(judgement, against)
        ones, others = (self._cluster.get(a, [a]) for a in (judgement.left, judgement.right))
        joined = ones + others
        self._cluster.update(dict.fromkeys(joined, joined))
        return None


# Lines of JSON ----------------------------------------------------------------------------------------------------------------------

#: Ends a line that was cut off while it was written, so that what follows can be told from it.
_TORN = " #torn"


@dataclass(frozen=True, slots=True)
class Log:
    """What a file of judgements holds."""

    entries: tuple[Decision, ...] = ()
    #: What could not be read, and why it is left out.
    notes: tuple[str, ...] = ()


def dumps(entries: Iterable[Decision]) -> str:
    """Entries as lines of JSON, in the order given."""
    return "".join(_line(e) for e in entries)


def loads(text: str, *, source: str = "judgements") -> Log:
    """Read lines of JSON. A last line that was cut off is left out, and said.

    Raises:
        UsageError: Another line is not an entry; says the line.
    """
    entries, notes = [], []
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        if line.endswith(_TORN):
            notes.append(f"{source}: line {number} was cut off when it was written, and is left out")
            continue
        try:
            entries.append(_entry(line))
        except (ValueError, TypeError, KeyError, AttributeError, UsageError) as error:
            if number == len(lines):
                notes.append(f"{source}: the last line ({number}) was cut off when it was written, and is left out; it stays in the file")
                continue
            said = error.message if isinstance(error, UsageError) else f"not a judgement ({error})"
            raise UsageError(f"line {number}: {said}", item=source, hint="entries are not to be edited; mend the line from a copy, or take it out") from error
    return Log(tuple(entries), tuple(notes))


class JudgementFile:
    """A file that judgements are added to, one a line; nothing in it is ever changed.

    Args:
        path: It need not be there yet.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)

    def read(self) -> Log:
        """All entries.

        Raises:
            UsageError: It cannot be read, or holds a line that is no entry.
        """
        try:
            text = self.path.read_bytes().decode("utf-8", "surrogateescape")
        except FileNotFoundError:
            return Log()
        except OSError as error:
            raise UsageError(f"cannot be read: {error.strerror or error}", item=str(self.path), hint="check --judgements") from error
        return loads(text, source=str(self.path))

    def append(self, *entries: Decision) -> Self:
        """Add entries: all in one write, on the disk when this returns.

        Raises:
            UsageError: It cannot be written.
        """
        try:
            new = not self.path.exists()
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o666)
            try:
                data = (_ending(self.path) + dumps(entries)).encode("utf-8", "surrogateescape")
                if os.write(handle, data) != len(data):
                    raise UsageError("only a part could be written", item=str(self.path), hint="is the disk full? The part is marked as torn by the next entry")
                os.fsync(handle)
            finally:
                os.close(handle)
            if new:
                _keep_name(self.path.parent)
        except OSError as error:
            raise UsageError(f"cannot be written: {error.strerror or error}", item=str(self.path), hint="check --judgements") from error
        return self


def _ending(path: Path) -> str:
    """What ends the last line of a file, if nothing does; a line that is no entry is marked."""
    last = path.read_bytes().rpartition(b"\n")[2].decode("utf-8", "surrogateescape")
    if not last:
        return ""
    return "\n" if loads(last).entries else f"{_TORN}\n"


def _keep_name(folder: Path) -> None:
    """A new file's name is on the disk, too, where folders can be synced."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _line(entry: Decision) -> str:
    if isinstance(entry, Judgement):
        row = {"id": entry.id, "left": entry.left, "right": entry.right, "verdict": str(entry.verdict)}
    else:
        row = {"id": entry.id, "revokes": entry.judgement}
    return json.dumps(row | {"by": entry.by, "on": _moment(entry.on), "note": entry.note}) + "\n"


def _entry(line: str) -> Decision:
    row: dict[str, Any] = json.loads(line)
    made: Decision
    texts = [row[k] for k in (("revokes",) if "revokes" in row else ("left", "right"))] + [row["by"]] + ([row["note"]] if row.get("note") is not None else [])
    if not all(isinstance(t, str) for t in texts):
        raise UsageError("a field that should be a text is not one")
    rest = {"by": row["by"], "on": datetime.fromisoformat(row["on"]), "note": row.get("note")}
    made = Revocation(row["revokes"], **rest) if "revokes" in row else Judgement(row["left"], row["right"], Ruling(row["verdict"]), **rest)
    if row.get("id", made.id) != made.id:
        raise UsageError("its id is not the id of what it says")
    return made


def _moment(on: datetime) -> str:
    return on.astimezone(UTC).isoformat()


def _check(by: str, on: datetime) -> None:
    if not by.strip():
        raise UsageError("a judgement needs somebody who made it", hint="say who: by")
    if on.tzinfo is None or on.utcoffset() is None:
        raise UsageError(f"a moment without a time zone: {on}", hint="give one, such as UTC")
