"""Floors: the F1 that a corpus must reach, in a file that says who may go below it and why.

The file is JSON, one entry for each corpus (by digest), variant and measure:

    {"format": 1, "floors": [{"corpus": "harbour", "digest": "0f…", "variant": "plain", "measure": "content", "floor": 0.70,
      "pinned": "2025-03-14", "signature": "harbour|docs:2|…", "lowered": [{"from": 0.72, "to": 0.70, "reason": "…", "on": "2025-03-14"}]}]}

Raising a floor is free. Lowering one takes a reason, and the reason stays in the file.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

from onrecord.errors import NotFoundError, UsageError
from onrecord.scoring.measure import MEASURES, Score

__all__ = ["Floor", "Lowered", "Shortfall", "check", "known", "lower", "packaged_floors", "pin", "read_floors", "write_floors"]

_FORMAT = 1
#: Floors are kept to a hundredth of a point, rounded down.
_STEPS = 10_000
#: Less than one attribution in a million: what floating point may lose between setting a floor and checking it.
_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Lowered:
    """One time that a floor was lowered."""

    #: The floor before.
    before: float
    #: The floor after.
    after: float
    #: Why, in words.
    reason: str
    #: The day, as YYYY-MM-DD.
    on: str


@dataclass(frozen=True, slots=True)
class Floor:
    """The F1 that one measure must reach on one corpus in one variant."""

    #: Name of the corpus, for people.
    corpus: str
    #: Digest of the corpus; what the floor is looked up by.
    digest: str
    #: Name of the variant.
    variant: str
    #: One of `MEASURES`.
    measure: str
    #: Least F1, 0 to 1.
    floor: float
    #: The day it was set, as YYYY-MM-DD.
    pinned: str
    #: Signature of the score it was set from.
    signature: str
    #: Every time it was lowered, oldest first.
    lowered: tuple[Lowered, ...] = ()

    @property
    def key(self) -> tuple[str, str, str]:
        """What the floor is looked up by."""
        return self.digest, self.variant, self.measure


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A measure that is below its floor."""

    #: One of `MEASURES`.
    measure: str
    #: F1 reached, 0 to 1.
    reached: float
    #: F1 asked for, 0 to 1.
    floor: float

    def __str__(self) -> str:
        return f"{self.measure}: F1 {100 * self.reached:.3f} is below the floor of {100 * self.floor:.2f}"


def check(score: Score, floors: Iterable[Floor], *, file: str = "floors.json") -> list[Shortfall]:
    """Say which measures of a score are below their floors.

    Args:
        score: What was measured.
        floors: From `read_floors`.
        file: What to call the file in messages.

    Raises:
        UsageError: No floor is for this corpus and variant, or one is for a measure that the corpus does not define.
    """
    mine = known(score, floors)
    if not mine:
        raise _unknown(score, floors, file)
    totals = score.totals
    missing = [floor.measure for floor in mine if floor.measure not in totals]
    if missing:
        msg = f"floors for {', '.join(missing)}, which {score.corpus} does not define"
        raise UsageError(msg, item=file, hint=f"it defines {', '.join(totals)}")
    return [Shortfall(floor.measure, totals[floor.measure].f1, floor.floor) for floor in mine if totals[floor.measure].f1 < floor.floor - _SAME]


def known(score: Score, floors: Iterable[Floor]) -> list[Floor]:
    """The floors for a score's corpus and variant, in the order of `MEASURES`."""
    mine = [floor for floor in floors if (floor.digest, floor.variant) == (score.digest, score.variant)]
    return sorted(mine, key=lambda floor: MEASURES.index(floor.measure))


def _unknown(score: Score, floors: Iterable[Floor], file: str) -> UsageError:
    there = sorted({f"{floor.corpus} {floor.digest} ({floor.variant})" for floor in floors})
    message = f"no floors for the corpus {score.corpus} with digest {score.digest} ({score.variant})"
    hint = f"the file has floors for {', '.join(there) or 'nothing'}; if the gold was changed on purpose, pin it anew with --pin"
    return UsageError(message, item=file, hint=hint)


def pin(score: Score, floors: Iterable[Floor], *, on: date, margin: float = 0.0) -> list[Floor]:
    """Set floors from a score: new ones where there are none, higher ones where the score is higher. None is lowered.

    Args:
        score: What was measured.
        floors: The floors so far.
        on: The day.
        margin: F1 to leave between score and floor, 0 to 1, for processors that round otherwise.

    Returns:
        All floors, other corpora's included.

    Raises:
        UsageError: The score is below a floor.
    """
    floors = list(floors)
    _refuse_below(score, floors)
    return _set(score, floors, on=on, margin=margin, reason=None)


def lower(score: Score, floors: Iterable[Floor], *, reason: str, on: date, margin: float = 0.0) -> list[Floor]:
    """Set floors from a score that may be below them; each floor that goes down keeps the reason.

    Args:
        score: What was measured.
        floors: The floors so far.
        reason: Why, in words.
        on: The day.
        margin: As in `pin`.

    Returns:
        All floors, other corpora's included.

    Raises:
        UsageError: The reason is empty.
    """
    if not reason.strip():
        raise UsageError("lowering a floor takes a reason", hint="say why in a sentence: --reason …")
    return _set(score, list(floors), on=on, margin=margin, reason=reason.strip())


def _refuse_below(score: Score, floors: list[Floor]) -> None:
    below = check(score, floors) if known(score, floors) else []
    if below:
        msg = f"the score is below its floors, which stay: {'; '.join(map(str, below))}"
        raise UsageError(msg, item=score.corpus, hint="to lower them: --lower --reason …")


def _set(score: Score, floors: list[Floor], *, on: date, margin: float, reason: str | None) -> list[Floor]:
    table = {floor.key: floor for floor in floors}
    for measure, prf in score.totals.items():
        key = (score.digest, score.variant, measure)
        wanted = _rounded_down(max(0.0, prf.f1 - margin))
        old = table.get(key)
        if old is None:
            table[key] = Floor(score.corpus, *key, wanted, on.isoformat(), score.signature)
        elif wanted > old.floor:
            table[key] = replace(old, floor=wanted, pinned=on.isoformat(), signature=score.signature)
        elif prf.f1 < old.floor - _SAME and reason is not None:
            step = Lowered(old.floor, wanted, reason, on.isoformat())
            table[key] = replace(old, floor=wanted, pinned=on.isoformat(), signature=score.signature, lowered=(*old.lowered, step))
    return list(table.values())


def _rounded_down(value: float) -> float:
    return math.floor((value + _SAME) * _STEPS) / _STEPS


def packaged_floors() -> Path:
    """The file of floors that travels with the package."""
    return Path(str(resources.files("onrecord.scoring"))) / "floors.json"


def read_floors(path: Path) -> list[Floor]:
    """Read a file of floors.

    Raises:
        NotFoundError: There is no such file.
        UsageError: It is not a file of floors; the message says what is wrong.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NotFoundError("no such file", item=str(path), hint="make one with --pin") from None
    except (OSError, ValueError, RecursionError) as error:
        msg = f"cannot be read: {error}"
        raise UsageError(msg, item=str(path), hint="floors are a JSON file that --pin writes") from error
    if not isinstance(data, dict) or data.get("format") != _FORMAT or not isinstance(data.get("floors"), list):
        msg = f"not a file of floors of format {_FORMAT}"
        raise UsageError(msg, item=str(path), hint="floors are a JSON file that --pin writes")
    floors = []
    for number, entry in enumerate(data["floors"], start=1):
        try:
            floors.append(_floor(entry))
        except (KeyError, TypeError, ValueError) as error:
            msg = f"entry {number} is damaged: {type(error).__name__}: {error}"
            raise UsageError(msg, item=str(path)) from error
    keys = [floor.key for floor in floors]
    if twice := next((key for key in keys if keys.count(key) > 1), None):
        msg = f"two floors for {' '.join(twice)}"
        raise UsageError(msg, item=str(path), hint="remove one")
    return floors


def _floor(entry: Mapping[str, Any]) -> Floor:
    texts = {name: str(entry[name]) for name in ("corpus", "digest", "variant", "measure", "pinned", "signature")}
    if texts["measure"] not in MEASURES:
        msg = f"no measure {texts['measure']!r}; there are {', '.join(MEASURES)}"
        raise ValueError(msg)
    value = float(entry["floor"])
    if not 0 <= value <= 1:
        msg = f"a floor runs from 0 to 1, not {value}"
        raise ValueError(msg)
    steps = tuple(Lowered(float(s["from"]), float(s["to"]), str(s["reason"]), str(s["on"])) for s in entry.get("lowered", ()))
    return Floor(**texts, floor=value, lowered=steps)


def write_floors(path: Path, floors: Iterable[Floor]) -> None:
    """Write a file of floors, whole or not at all, in an order that keeps differences small.

    Raises:
        UsageError: The file cannot be written.
    """
    entries = []
    for floor in sorted(floors, key=lambda f: (f.corpus, f.digest, f.variant, MEASURES.index(f.measure))):
        entry: dict[str, Any] = {name: getattr(floor, name) for name in ("corpus", "digest", "variant", "measure", "floor", "pinned", "signature")}
        if floor.lowered:
            entry["lowered"] = [{"from": s.before, "to": s.after, "reason": s.reason, "on": s.on} for s in floor.lowered]
        entries.append(entry)
    text = json.dumps({"format": _FORMAT, "floors": entries}, indent=2, ensure_ascii=False) + "\n"
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        beside.write_text(text, encoding="utf-8", newline="\n")
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        msg = f"cannot be written: {error.strerror or error}"
        raise UsageError(msg, item=str(path)) from error
