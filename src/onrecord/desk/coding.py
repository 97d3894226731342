"""Coding teaches: from the codings of an issue its stances are refitted, and the positions that the machine found on it are scored again.

A refit is never kept beside the codings it came from: from the same codings and the same machine it can be made again at any time, and is the same.

It scores again what the machine found, and finds nothing new. A position that it no longer believes keeps its place with a low score, which does not
count: the next refit, or a person, may think otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from onrecord.entry import Entry
from onrecord.errors import UsageError
from onrecord.ledger import Ledger
from onrecord.ledger.coding import Coding
from onrecord.ledger.examining import Examined, Uncoded
from onrecord.ledger.standing import PositionQuery
from onrecord.ledger.texts import texts_of
from onrecord.positions import Issue, Position, Stance
from onrecord.positions.coder import Coder
from onrecord.positions.comparing import NONE
from onrecord.positions.conditions import find_conditions
from onrecord.positions.inputs import before_of, said_of
from onrecord.positions.refitting import FEWEST, LABELS, Refit, refit
from onrecord.text import Span

__all__ = ["Asked", "Codes", "CodesOfModel", "Taught", "is_due", "labelled", "labels_in", "learn", "teach"]

#: Codings after which a refit is made anew.
_EVERY = 10
#: Readings that are written in one transaction.
_BATCH = 32

#: A statement and the text it stands in.
Asked = tuple[Entry, str]


class Codes(Protocol):
    """What a refit needs of a machine that codes positions."""

    @property
    def name(self) -> str:
        """Name and version, such as `positions-1.0.0`."""
        ...

    def features(self, asked: Sequence[Asked], issue: Issue) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """What it computes of statements and an issue.

        Args:
            asked: Statements with their texts.
            issue: The issue.

        Returns:
            Embeddings, a row a statement; logits, a row a statement and a column for each of `onrecord.positions.refitting.LABELS`.
        """
        ...

    def conditions(self, asked: Asked) -> tuple[Span, ...]:
        """What must hold first, if the statement is conditional."""
        ...


@dataclass(frozen=True, slots=True)
class CodesOfModel:
    """The trained model as what a refit needs."""

    coder: Coder
    #: Issues that a statement may be on instead.
    rivals: tuple[Issue, ...] = ()

    @property
    def name(self) -> str:
        """Name and version."""
        return self.coder.name

    def features(self, asked: Sequence[Asked], issue: Issue) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """Places of the statements among others; logarithms of the model's calibrated probabilities."""
        said = [said_of(entry.statement) for entry, _ in asked]
        rows = [(issue, words, before_of(entry.statement, text)) for words, (entry, text) in zip(said, asked, strict=True)]
        return self.coder.vectors(said), np.log(np.maximum(self.coder.stances(rows, rivals=self.rivals), np.float32(1e-6)))

    def conditions(self, asked: Asked) -> tuple[Span, ...]:
        """By the rules that the model's own positions have them by."""
        entry, text = asked
        return find_conditions(text, entry.statement.content)


@dataclass(frozen=True, slots=True)
class Taught:
    """What the codings of an issue taught."""

    issue: str
    #: Codings that it was learned from.
    codings: int
    #: None if they could not teach.
    refit: Refit | None = None
    #: Why nothing was learned.
    why: str | None = None
    #: What the positions name as their coder now; None if they stay as they were.
    coder: str | None = None
    #: Positions that were scored again.
    positions: int = 0

    def __str__(self) -> str:
        if self.refit is None:
            return f"{self.issue}: not refitted: {self.why}"
        again = f"; {self.positions:,} position{'' if self.positions == 1 else 's'} scored again by {self.coder}" if self.coder else ""
        return f"{self.issue}: {self.refit}{again}"

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        made = self.refit.to_json() if self.refit else None
        return {"issue": self.issue, "codings": self.codings, "refit": made, "why": self.why, "coder": self.coder, "positions": self.positions}


def is_due(before: int, after: int) -> bool:
    """Whether a refit is to be made, now that so many statements are coded: at the 20th, and then at every tenth.

    Example:
        >>> [is_due(n, n + 1) for n in (18, 19, 20, 28, 29)]
        [False, True, False, False, True]
    """
    return after >= FEWEST and (before < FEWEST or after // _EVERY > before // _EVERY)


def labelled(ledger: Ledger, issue: str) -> list[tuple[Coding, str]]:
    """What people say of the speakers' own positions, a label a statement. Those that are unsure, and statements on which coders differ, are left out.

    Args:
        ledger: Where the codings are.
        issue: Id of the issue.
    """
    return labels_in(ledger.codings(issue=issue))


def labels_in(codings: Iterable[Coding]) -> list[tuple[Coding, str]]:
    """The same of codings of one issue, each coder's last ones."""
    found: dict[str, tuple[Coding, set[str]]] = {}
    for coding in codings:
        if coding.statement is not None and coding.holder is None and not coding.unsure:
            _, labels = found.get(coding.statement, (coding, set()))
            found[coding.statement] = coding, labels | {str(coding.stance or NONE)}
    return [(coding, labels.pop()) for coding, labels in found.values() if len(labels) == 1]


def learn(ledger: Ledger, codes: Codes, issue: Issue) -> Refit:
    """Fit the machine's stances on an issue to what people coded.

    Args:
        ledger: Where the codings are.
        codes: The machine.
        issue: The issue.

    Raises:
        UsageError: There are fewer than 20 codings, or all are the same.
    """
    rows = labelled(ledger, issue.id)
    if len(rows) < FEWEST:
        raise UsageError(f"{len(rows)} codings are too few to learn from", item=issue.id, hint=f"code {FEWEST - len(rows)} more")
    embeddings, logits = codes.features(_asked(ledger, [coding for coding, _ in rows]), issue)
    return refit(embeddings, logits, [label for _, label in rows])


def teach(ledger: Ledger, codes: Codes, issue: Issue, *, progress: Callable[[int, int], None] = lambda done, total: None) -> Taught:  # noqa: ARG005
    """Fit the machine's stances on an issue, and score its positions on it again if that is surely better. It may be stopped at any time.

    Args:
        ledger: Where the codings are, and where the positions go. The older positions stay, superseded.
        codes: The machine.
        issue: The issue.
        progress: Told how many readings are done, and how many there are.
    """
    count = len(labelled(ledger, issue.id))
    try:
        made = learn(ledger, codes, issue)
    except UsageError as error:
        return Taught(issue.id, count, why=error.message)
    if not made.better:
        return Taught(issue.id, count, made)
    coder, new = f"{codes.name}+{made.name}", 0
    found, scorer = _found(ledger, issue.id), _Scorer(codes, made, coder)
    total, done = ledger.count_uncoded(issue.id, coder), 0
    for some in _some(ledger.uncoded(issue.id, coder)):
        new += ledger.write_positions(coder, _examined(some, found, issue, scorer))
        done += len(some)
        progress(done, total)
    return Taught(issue.id, count, made, coder=coder, positions=new)


def _found(ledger: Ledger, issue: str) -> dict[str, list[Position]]:
    """What the machine found on an issue, whatever people said of it since: by id of the statement."""
    found: dict[str, list[Position]] = {}
    for evidence in ledger.positions(PositionQuery(issues=(issue,), min_score=0.0, reported=True)):
        if evidence.hit is not None and evidence.machine is not None:
            found.setdefault(evidence.hit.id, []).append(evidence.machine)
    # Where a person found no position, none counts, and none is listed.
    for name in {c.statement for c in ledger.codings(issue=issue) if c.statement is not None} - set(found):
        of = [e.machine for e in ledger.evidence_of(name, issue) if e.machine is not None]
        found |= {name: of} if of else {}
    return found


@dataclass(frozen=True, slots=True)
class _Scorer:
    codes: Codes
    refit: Refit
    name: str

    def score(self, position: Position, asked: Asked, probabilities: npt.NDArray[Any]) -> Position:
        """A position as the refit sees it: the likeliest stance, and the probability that the statement takes it."""
        best = max((n for n, label in enumerate(LABELS) if label != NONE), key=lambda n: float(probabilities[n]))
        stance = Stance(LABELS[best])
        condition = (position.condition or self.codes.conditions(asked)) if stance is Stance.CONDITIONAL else ()
        return replace(position, stance=stance, score=float(probabilities[best]), condition=condition, coder=self.name)


def _examined(some: Sequence[Uncoded], found: Mapping[str, Sequence[Position]], issue: Issue, scorer: _Scorer) -> list[Examined]:
    asked = [(reading.reading, (hit.entry, reading.text)) for reading in some for hit in reading.hits if hit.id in found]
    again: dict[int, dict[str, tuple[Position, ...]]] = {}
    if asked:
        probabilities = scorer.refit.probabilities(*scorer.codes.features([one for _, one in asked], issue))
        for (reading, one), row in zip(asked, probabilities, strict=True):
            name = one[0].id
            again.setdefault(reading, {})[name] = tuple(scorer.score(p, one, row) for p in found[name])
    return [Examined(reading.reading, issue.id, issue.digest, again.get(reading.reading, {})) for reading in some]


def _some(every: Iterable[Uncoded]) -> Iterator[list[Uncoded]]:
    """So many at a time as go into one transaction."""
    rest = iter(every)
    while some := list(islice(rest, _BATCH)):
        yield some


def _asked(ledger: Ledger, codings: Iterable[Coding]) -> list[Asked]:
    """The statements of codings, as they were when they were coded."""
    hits = []
    for coding in codings:
        same = ledger.statement(coding.statement or "")
        hits.append(next((h for h in same if h.where.article == coding.article), same[0]))
    with ledger.database.reading() as connection:
        texts = texts_of(connection, (h.where.revision for h in hits))
    return [(h.entry, texts[h.where.revision]) for h in hits]
