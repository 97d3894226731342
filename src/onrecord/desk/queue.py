"""The queue of a coder: what is to be coded on an issue, in order, without what the coder has coded already."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from onrecord.errors import UsageError
from onrecord.ledger import Hit, Ledger, Query
from onrecord.ledger.coding import Coding
from onrecord.ledger.proposing import Proposed
from onrecord.ledger.standing import Evidence, Order, PositionQuery
from onrecord.ledger.texts import texts_of
from onrecord.positions import Act, Issue, Position, Stance
from onrecord.text import Span, stable_id

__all__ = ["Draw", "Item", "Made", "Queue"]

#: Positions that are fetched at a time.
_PAGE = 40


class Draw(StrEnum):
    """In which order a queue comes."""

    #: What the machine is least sure of first: it learns most from that.
    UNCERTAIN = "uncertain"
    #: The newest first.
    NEW = "new"
    #: By lot, and the same lot for every coder.
    RANDOM = "random"


@dataclass(frozen=True, slots=True)
class Item:
    """One statement to be coded on an issue."""

    hit: Hit
    #: The whole text it stands in.
    text: str
    #: Whose position: id of the actor, or the name of one without; None for the speaker's own.
    holder: str | None
    #: Their name, where it is not the speaker's.
    holder_name: str | None
    #: What the machine says; None if it found no position.
    machine: Position | None
    #: What people say, each coder's last one.
    codings: tuple[Coding, ...] = ()

    @property
    def unit(self) -> tuple[str, str | None]:
        """What it is told by: statement and holder."""
        return self.hit.id, self.holder

    def of(self, coder: str) -> Coding | None:
        """What a coder has said of it."""
        return next((c for c in reversed(self.codings) if c.by == coder), None)

    def find(self, words: str) -> Span | None:
        """The span of words in what was said, however they are spaced and capitalised; None if they are not there, or not at one place alone."""
        wanted = words.casefold().split()
        if not wanted:
            return None
        places = [p for part in self.hit.entry.statement.content for p in _places(self.text, part, wanted)]
        return Span.of(self.text, *places[0]) if len(places) == 1 else None


def _places(text: str, part: Span, wanted: list[str]) -> Iterator[tuple[int, int]]:
    words: list[tuple[str, int, int]] = []
    at = part.start
    for word in part.exact.split():
        start = text.index(word, at)
        at = start + len(word)
        words.append((word, start, at))
    for n in range(len(words) - len(wanted) + 1):
        ends = [_within(word, asked) for (word, _, _), asked in zip(words[n : n + len(wanted)], wanted, strict=True)]
        if all(e is not None for e in ends):
            first, last = words[n], words[n + len(wanted) - 1]
            yield first[1] + (ends[0] or (0, 0))[0], last[1] + (ends[-1] or (0, 0))[1]


def _within(word: str, asked: str) -> tuple[int, int] | None:
    """Where in a word of the text a word that was typed stands: the marks around either may be left out."""
    if word.casefold() == asked:
        return 0, len(word)
    low, high = _bare(word)
    first, last = _bare(asked)
    return (low, high) if low < high and word[low:high].casefold() == asked[first:last] else None


def _bare(word: str) -> tuple[int, int]:
    """A word without the marks around it."""
    places = [n for n, c in enumerate(word) if c.isalnum()]
    return (places[0], places[-1] + 1) if places else (0, 0)


@dataclass(frozen=True, slots=True)
class Made:
    """A coding that was made at the queue."""

    item: Item
    coding: Coding


@dataclass(slots=True)
class Queue:
    """A coder's queue on one issue. It may be left at any time, and taken up again: what is coded is written at once."""

    ledger: Ledger
    issue: Issue
    coder: str
    order: Draw = Draw.UNCERTAIN
    #: Which positions; issue, order and coder are filled in.
    query: PositionQuery = field(default_factory=PositionQuery)
    #: Statements with these words, whether or not the machine found a position.
    words: str | None = None
    #: Another coder: what that one has coded, in the order in which it was.
    as_coded_by: str | None = None
    #: Whether the coder sees neither the machine's coding nor others'.
    blind: bool = False
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    #: Statements of the other coder that are in the ledger no more.
    gone: int = 0
    _waiting: deque[Item] = field(default_factory=deque)
    _seen: set[tuple[str, str | None]] = field(default_factory=set)
    _source: Iterator[Item] | None = None
    #: Codings of this sitting: what is coded is not fetched again.
    _written: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            UsageError: A coder is to code what he coded himself; or both words and another coder are given.
        """
        if self.as_coded_by == self.coder:
            raise UsageError("this is what you coded yourself", item=self.coder, hint="name the other coder, and yourself with --coder")
        if self.as_coded_by and self.words:
            raise UsageError("words and another coder's codings do not go together", hint="give one of them")

    def next(self) -> Item | None:
        """The next item; None when all is coded or passed over."""
        while True:
            item = self._waiting.popleft() if self._waiting else next(self._items(), None)
            if item is None or item.unit not in self._seen:
                break
        if item is not None:
            self._seen.add(item.unit)
        return item

    def proposed(self, item: Item) -> list[Proposed]:
        """What language models propose of an item, oldest first; nothing of it counts until a person codes it. Nothing if the coder is to be blind."""
        if self.blind:
            return []
        return [p for p in self.ledger.proposals(issue=self.issue.id, statement=item.hit.id) if p.holder == item.holder]

    def of_statement(self, name: str, *, article: str | None = None) -> Iterator[Item]:
        """A statement's positions on the issue, also those that are coded; the speaker's own is there even if the machine found none.

        Args:
            name: Its id.
            article: Id of the article, where several hold it.

        Raises:
            UsageError: There is no such statement.
        """
        found = [e for e in self.ledger.evidence_of(name, self.issue.id) if e.hit]
        items = list(self._opened(found))
        if not any(i.holder is None for i in items):
            hits = self.ledger.statement(name)
            hit = next((h for h in hits if h.where.article == article), hits[0])
            items.insert(0, Item(hit, self._texts([hit])[hit.where.revision], None, None, None, _codings(self.ledger, hit, self.issue.id)))
        yield from items

    def again(self, *items: Item) -> None:
        """Put items before all others, the first first."""
        for item in reversed(items):
            self._seen.discard(item.unit)
            self._waiting.appendleft(item)

    def code(
        self, item: Item, stance: Stance | None, *, act: Act | None = None, condition: tuple[Span, ...] = (), note: str | None = None, unsure: bool = False
    ) -> Made:
        """Write a coding.

        Args:
            item: What is coded.
            stance: None: it takes no position on the issue.
            act: What is done by saying it; None: not coded.
            condition: What must hold first.
            note: Whatever the coder wants to say.
            unsure: Looked at, and left open.

        Raises:
            UsageError: Statement or issue is in the ledger no more.
        """
        coding = Coding(
            item.hit.where.article,
            item.hit.id,
            item.hit.content,
            self.issue.id,
            stance,
            self.coder,
            self.now(),
            unsure=unsure,
            note=note,
            act=act,
            condition=condition if stance is Stance.CONDITIONAL else (),
            holder=item.holder,
            revision=item.hit.where.revision,
            blind=self.blind,
        )
        self._written += self.ledger.code(coding)
        return Made(item, coding)

    def take_back(self, made: Made) -> None:
        """Take a coding back: what the coder said before stands again."""
        self.ledger.take_back_coding(made.coding.id, by=self.coder)
        self._written -= 1

    def _items(self) -> Iterator[Item]:
        if self._source is None:
            self._source = self._of_coder(self.as_coded_by) if self.as_coded_by else self._of_words(self.words) if self.words else self._of_positions()
        return self._source

    # Where items come from ----------------------------------------------------------------------------------------------------------

    def _of_positions(self) -> Iterator[Item]:
        order = Order.UNCERTAIN if self.order is Draw.UNCERTAIN else Order.DATE
        query = self.query.but(issues=(self.issue.id,), not_coded_by=self.coder, order=order, min_score=0.0, reported=True)
        if self.order is Draw.RANDOM:
            lots = sorted((stable_id("q1", self.issue.id, e.hit.id), e.key) for e in self.ledger.positions(query) if e.hit)
            for at in range(0, len(lots), _PAGE):
                yield from self._opened(self.ledger.evidence([key for _, key in lots[at : at + _PAGE]]))
            return
        # Page by page, each from the ledger as it is then: others may be coding, too, and nothing is kept open while the coder thinks.
        while True:
            page = list(self.ledger.positions(query, limit=len(self._seen) - self._written + _PAGE))
            new = [e for e in page if e.hit and (e.hit.id, _holder(e)[0]) not in self._seen]
            if not new:
                return
            yield from self._opened(new[:_PAGE])

    def _of_words(self, words: str) -> Iterator[Item]:
        q = self.query
        query = Query(words, actors=q.actors, since=q.since, until=q.until)
        keys = [hit.id for hit in self.ledger.search(query)]
        for name in sorted(keys, key=lambda k: stable_id("q1", self.issue.id, k)) if self.order is Draw.RANDOM else keys:
            yield from (i for i in self.of_statement(name) if i.of(self.coder) is None)

    def _of_coder(self, other: str) -> Iterator[Item]:
        for coding in list(self.ledger.codings(issue=self.issue.id, by=other)):
            if coding.statement is None:
                continue
            try:
                items = list(self.of_statement(coding.statement, article=coding.article))
            except UsageError:
                items = []
            own = [i for i in items if i.holder == coding.holder]
            if not own and items:
                own = [Item(items[0].hit, items[0].text, coding.holder, coding.holder, None)]
            self.gone += not own
            yield from (i for i in own[:1] if i.of(self.coder) is None)

    def _opened(self, found: Iterable[Evidence]) -> Iterator[Item]:
        rows = [(e, e.hit) for e in found if e.hit]
        texts = self._texts([hit for _, hit in rows])
        for evidence, hit in rows:
            holder, name = _holder(evidence)
            codings = tuple(c for c in evidence.codings if c.holder == holder)
            yield Item(hit, texts[hit.where.revision], holder, name, evidence.machine, codings)

    def _texts(self, hits: Iterable[Hit]) -> dict[str, str]:
        with self.ledger.database.reading() as connection:
            return texts_of(connection, (h.where.revision for h in hits))


def _holder(evidence: Evidence) -> tuple[str | None, str | None]:
    """As codings name whose position it is, and as people do."""
    if evidence.machine is not None:
        holder = evidence.machine.holder
        return (holder.id or holder.name, holder.name) if holder else (None, None)
    named = next((c.holder for c in evidence.codings if c.holder), None)
    return named, evidence.who.name if named else None


def _codings(ledger: Ledger, hit: Hit, issue: str) -> tuple[Coding, ...]:
    return tuple(c for c in ledger.codings(issue=issue, statement=hit.id) if c.holder is None and c.article == hit.where.article)
