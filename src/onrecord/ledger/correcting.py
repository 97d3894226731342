"""What people correct in a statement: its words, its kind, its day. The reader's own values stay beside it.

A correction is of the text that its offsets point into. In another text of the article its words are looked for where the edits between the two put
them; a part whose words are not there any more is left as the reader has it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from onrecord.articles.differences import Edit, differences, moved_span
from onrecord.errors import StatementError, UsageError
from onrecord.ledger.packing import JOINT, dumped
from onrecord.occasions.edtf import bounds
from onrecord.statements.statement import QuoteKind
from onrecord.text import Span

__all__ = ["PARTS", "Correction", "Texts", "as_read", "follow"]

#: What of a statement is words of the text.
PARTS = ("content", "cue", "source")
#: Columns of `statements` that show what stands: beside a correction the reader's own are kept under `read`.
_SHOWN = ("kind", "said_on")
#: More pieces than a statement has.
_MOST_PIECES = 40


@dataclass(frozen=True, slots=True)
class Correction:
    """What is right of a statement; what is None stays as it is."""

    #: What was said.
    content: tuple[Span, ...] | None = None
    #: The words that attribute it; empty: none do.
    cue: tuple[Span, ...] | None = None
    #: The words that name the speaker; empty: none do.
    source: tuple[Span, ...] | None = None
    kind: QuoteKind | None = None
    #: When it was said, EDTF.
    said_on: str | None = None
    #: The article does not say when: then `said_on` is None.
    undated: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            UsageError: It corrects nothing, has a content without words or pieces that overlap, or a date that is none.
        """
        if not self.cells():
            raise UsageError("a correction of nothing", hint="say what is right: content, cue, source, kind or the day")
        if self.content is not None and not self.content:
            raise UsageError("a statement without content", hint="judge it wrong if nobody said this")
        for name in PARTS:
            pieces: tuple[Span, ...] = getattr(self, name) or ()
            if len(pieces) > _MOST_PIECES:
                raise UsageError(f"a {name} in {len(pieces)} pieces", hint=f"give {_MOST_PIECES} at most")
            if any(a.end > b.start for a, b in pairwise(pieces)):
                raise UsageError(f"the pieces of the {name} overlap, or are not in order", item=str(pieces[0].start), hint="give each place once")
        if self.said_on is not None:
            if self.undated:
                raise UsageError("a day, and none", item=self.said_on)
            _check_day(self.said_on)

    def cells(self) -> dict[str, Any]:
        """What is corrected, with offsets alone, as the ledger keeps it."""
        out: dict[str, Any] = {n: [[s.start, s.end] for s in getattr(self, n)] for n in PARTS if getattr(self, n) is not None}
        if self.kind is not None:
            out["kind"] = str(self.kind)
        if self.said_on is not None or self.undated:
            out["said_on"] = self.said_on
        return out

    @classmethod
    def of(cls, cells: Mapping[str, Any], text: str) -> Correction:
        """What is kept, with the words of its text.

        Raises:
            StatementError: The text has no such characters.
            UsageError: It cannot be meant.
        """
        spans = {n: tuple(Span.of(text, a, b) for a, b in cells[n]) for n in PARTS if n in cells}
        kind = QuoteKind(cells["kind"]) if "kind" in cells else None
        return cls(**spans, kind=kind, said_on=cells.get("said_on"), undated="said_on" in cells and cells["said_on"] is None)

    def check(self, text: str) -> None:
        """Make sure that the text holds the words.

        Raises:
            StatementError: It does not.
        """
        for name in PARTS:
            for span in getattr(self, name) or ():
                span.check(text)
                if not span.exact.strip():
                    raise StatementError(f"no words at {span.start}:{span.end}")

    def to_json(self) -> dict[str, Any]:
        """What is corrected: `content`, `cue`, `source` as spans with their words, `kind`, `said_on`; null for a day that is not said."""
        spans = {n: [s.to_json() for s in getattr(self, n)] for n in PARTS if getattr(self, n) is not None}
        return self.cells() | spans

    @property
    def said(self) -> str | None:
        """The corrected content in one line; None if it is not corrected."""
        return JOINT.join(s.exact for s in self.content) if self.content else None


class Texts:
    """Finds the words of one text in another; each two texts are compared once.

    Args:
        texts: Older texts by id of the revision.
    """

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        self._edits: dict[tuple[str, str], Sequence[Edit]] = {}

    def carried(self, value: Mapping[str, Any], revision: str, text: str) -> dict[str, Any]:
        """The cells of a correction, for another text of the article.

        Args:
            value: What a judgement holds: the cells, and the `revision` that they are of.
            revision: Id of the other text.
            text: The other text.
        """
        was = value.get("revision")
        cells = {k: v for k, v in value.items() if k != "revision"}
        if was == revision:
            return cells
        old = self._texts.get(str(was))
        for name in PARTS:
            if name in cells:
                there = None if old is None else self._moved(str(was), old, revision, text, cells[name])
                if there is None:
                    del cells[name]
                else:
                    cells[name] = there
        return cells

    def _moved(self, was: str, old: str, revision: str, text: str, pairs: Iterable[Sequence[int]]) -> list[list[int]] | None:
        if (was, revision) not in self._edits:
            self._edits[was, revision] = differences(old, text)
        edits, out = self._edits[was, revision], []
        for start, end in pairs:
            there = moved_span(edits, start, end)
            if there is None or text[there[0] : there[1]] != old[start:end]:
                return None
            out.append(list(there))
        return out


def follow(row: dict[str, Any], cells: Mapping[str, Any]) -> None:
    """Write into a row of `statements` what stands of it by a correction, over those before it.

    Args:
        row: With `kind`, `said_on` and `corrected`.
        cells: Of the correction, for the row's own text.
    """
    kept = json.loads(row["corrected"] or "{}")
    read = kept.pop("read", {})
    for name in _SHOWN:
        if name in cells:
            read.setdefault(name, row[name])
            row[name] = cells[name]
    kept |= cells
    row["corrected"] = dumped(kept | ({"read": read} if read else {})) if kept else None


def as_read(row: Any) -> dict[str, Any]:  # noqa: ANN401 - a row, or what looks like one
    """The kind and the day as the reader has them, whatever people corrected.

    Args:
        row: With `kind`, `said_on` and `corrected`.
    """
    read = json.loads(row.corrected).get("read", {}) if row.corrected else {}
    return {"kind": row.kind, "said_on": row.said_on} | read


def _check_day(edtf: str) -> None:
    hint = "write it as EDTF: 2025-03-13, 2025-03, 2025, 2025-03-13~ for about, 2025-02-24/2025-03-02"
    try:
        first, last = bounds(edtf)
    except ValueError as error:
        raise UsageError("this is no date", item=edtf, hint=hint) from error
    if last < first:
        raise UsageError("this ends before it begins", item=edtf, hint=hint)
