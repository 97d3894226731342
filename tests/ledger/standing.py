"""Articles with positions, for the tests of where actors stand: what each statement shows is said in the test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from invented import READER, compose, filing_of

from onrecord.articles.article import Article
from onrecord.entry import Entry
from onrecord.ledger import Filing, ReadBy
from onrecord.occasions import When
from onrecord.positions import Act, Coded, Holder, Issue, Position, Stance
from onrecord.sources import Document
from onrecord.text import Span

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
CODER = "positions-1.0.0"
PIER = Issue("pier", "Closing the old pier", aliases=("pier closure",), pro="closing it", contra="keeping it open")
FERRY = Issue("ferry", "A second ferry")


@dataclass(frozen=True)
class Said:
    """A statement, and the positions it shows."""

    words: str
    speaker: str = "Lena Orsk"
    country: str | None = "GB"
    stance: str | None = None
    issue: str = "pier"
    score: float = 0.9
    condition: str | None = None
    #: (id, name, type) and the words of the content that name them.
    holder: tuple[str | None, str, str] | None = None
    #: Words that name the speaker's organization.
    organization: str | None = None
    said_on: str | None = None
    act: str | None = None
    kind: str = "direct"
    filler: str = "The harbour was quiet"


def article(said: Sequence[Said], *, day: date = date(2026, 3, 1), name: str = "a", coder: str = CODER) -> tuple[Article, tuple[Entry, ...]]:
    told = [
        (s.kind, s.words, s.speaker, s.country or "", f"{s.filler} {n}, {s.organization}" if s.organization else f"{s.filler} {n}") for n, s in enumerate(said)
    ]
    published = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    made, entries = compose("Talks go on", told, url=f"https://lantern.example/{name}", outlet="Lantern", published=published)
    return made, tuple(coded(e, s, made.revision.text, coder) for e, s in zip(entries, said, strict=True))


def coded(entry: Entry, said: Said, text: str, coder: str) -> Entry:
    """The entry with what a machine says of it."""

    def within(words: str) -> Span:
        start = text.index(words, entry.statement.content[0].start)
        return Span.of(text, start, start + len(words))

    def anywhere(words: str) -> Span:
        start = text.lower().index(words.lower())
        return Span.of(text, start, start + len(words))

    found: tuple[Position, ...] = ()
    if said.stance is not None:
        holder = Holder(said.holder[0], said.holder[1], said.holder[2], within(said.holder[1])) if said.holder else None
        condition = (within(said.condition),) if said.condition else ()
        found = (Position(said.issue, Stance(said.stance), said.score, condition, holder, coder),)
    speaker = replace(entry.speaker, country=said.country, organization=anywhere(said.organization) if said.organization else None)
    when = When(said.said_on, None, "as the test says") if said.said_on else entry.occasion.when
    act = Coded(Act(said.act), 0.8, coder) if said.act else None
    return replace(entry, voice=replace(entry.voice, speaker=speaker), occasion=replace(entry.occasion, when=when), positions=found, act=act)


def filing(
    said: Sequence[Said],
    *,
    day: date = date(2026, 3, 1),
    name: str = "a",
    coder: str = CODER,
    hours: int = 0,
    again: bool = False,
    reader: ReadBy = READER,
    issues: Sequence[Issue] = (PIER, FERRY),
    marks: bool = False,
) -> Filing:
    """A document with one article, read and coded."""
    made, entries = article(said, day=day, name=name, coder=coder)
    document = Document(
        f"{made.revision.text}<!-- {hours} -->".encode(), made.source, url=made.url, media_type="text/html", fetched=made.published + timedelta(hours=hours)
    )
    done = filing_of(document, made, entries, marks=marks, reader=reader, again=again)
    return replace(done, examined=tuple((i.digest, coder) for i in issues))
