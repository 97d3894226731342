"""Invented news at any scale: articles with statements whose spans are known because the text was made around them. No model is needed.

Shared by the tests and by `benchmarks/ledger.py`. Words, names and outlets follow Zipf's law, as they do in news; a part of the articles are copies of
one text in another outlet, cut or with another headline; a part of the quotations are carried by several outlets.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from onrecord.actors import ActorType, MentionForm, Speaker, Voice
from onrecord.actors.voice import Reason
from onrecord.articles.article import Article, Kind, Paragraph, Revision
from onrecord.entry import Entry
from onrecord.ledger import Filing, Part, ReadBy
from onrecord.occasions import Occasion, When, Where
from onrecord.sources import Document
from onrecord.statements.statement import Attribution, QuoteKind, Statement
from onrecord.text import Span, stable_id

READER = ReadBy("invented-1.0.0", "m1:invented")
FIRST_DAY = datetime(2022, 1, 3, tzinfo=UTC)

_SYLLABLES = [
    c + v + e
    for c in ("b", "br", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "st", "t", "tr", "v", "w")
    for v in "aeiou"
    for e in ("", "n", "r", "l", "s")
]
_SMALL = [
    "the",
    "of",
    "and",
    "to",
    "in",
    "a",
    "that",
    "is",
    "for",
    "on",
    "with",
    "as",
    "it",
    "be",
    "at",
    "by",
    "not",
    "have",
    "are",
    "from",
    "or",
    "an",
    "which",
    "will",
    "would",
    "there",
    "their",
    "what",
    "about",
    "when",
    "who",
    "more",
    "no",
    "can",
    "out",
    "up",
    "into",
    "than",
    "some",
    "could",
    "time",
    "only",
    "other",
    "new",
    "them",
    "two",
    "may",
    "then",
    "do",
    "first",
    "any",
]
_TOPICS = [
    "ceasefire",
    "truce",
    "harbour",
    "treaty",
    "border",
    "grain",
    "pipeline",
    "election",
    "budget",
    "strike",
    "vaccine",
    "tariff",
    "summit",
    "hostage",
    "inquiry",
    "reform",
    "drought",
    "railway",
    "embargo",
    "refugee",
]
_GIVEN = [
    "Aurel",
    "Birgit",
    "Cosmin",
    "Dorota",
    "Emeka",
    "Farid",
    "Greta",
    "Hanno",
    "Ines",
    "Jolan",
    "Katya",
    "Leif",
    "Mirela",
    "Nuno",
    "Odile",
    "Petra",
    "Quirin",
    "Rosa",
    "Selim",
    "Tova",
    "Ulf",
    "Vera",
    "Wim",
    "Xenia",
    "Yusuf",
    "Zora",
]
_CUES = ("said", "told reporters", "warned", "insisted", "added", "argued")


def _cumulative(count: int) -> list[float]:
    return list(accumulate(1 / (n + 3) for n in range(count)))


class News:
    """Invented news.

    Args:
        seed: The same seed gives the same news.
        days: How many days it is spread over.
        outlets: How many outlets.
        people: How many speakers with a name.
        words: How many words there are.
        statements: Statements in an article, on average.
    """

    def __init__(self, seed: int = 1, *, days: int = 730, outlets: int = 150, people: int = 4000, words: int = 30_000, statements: int = 10) -> None:
        self.rng = rng = random.Random(seed)
        made = dict.fromkeys([*_SMALL, *_TOPICS])
        while len(made) < words:
            made["".join(rng.choices(_SYLLABLES, k=rng.choice((2, 2, 3, 3, 4))))] = None
        # Nearly half of the words of English text are small ones.
        self._words = list(made)
        small, rest = _cumulative(len(_SMALL)), _cumulative(len(made) - len(_SMALL))
        self._word_weights = [w / small[-1] * 0.45 for w in small] + [0.45 + w / rest[-1] * 0.55 for w in rest]
        self._outlets = [f"The {rng.choice(_TOPICS).title()} {''.join(rng.choices(_SYLLABLES, k=2)).title()}" for _ in range(outlets)]
        self._outlet_weights = _cumulative(outlets)
        self._people = [f"{rng.choice(_GIVEN)} {''.join(rng.choices(_SYLLABLES, k=3)).title()}" for _ in range(people)]
        self._people_weights = _cumulative(people)
        self._countries = ["GB", "FR", "DE", "PL", "UA", "TR", "CN", "IN", "BR", "ZA"]
        self._days, self._statements = days, statements
        self._recent: list[tuple[str, str]] = []
        self._stories: list[list[tuple[str, str, str, str, str]]] = []
        self._number = 0

    def filings(self, count: int, *, marks: bool = True) -> Iterator[Filing]:
        """So many documents of one article each, in the order of time, ready to be filed.

        Args:
            count: How many.
            marks: Also the bands and prints that copies and quotations are found by.
        """
        for n in range(count):
            yield self._filing(FIRST_DAY + timedelta(days=self._days * n / max(count, 1)), marks=marks)

    def filing(self, *, moment: datetime = FIRST_DAY, marks: bool = True) -> Filing:
        """One document."""
        return self._filing(moment, marks=marks)

    def _phrase(self, low: int, high: int) -> str:
        return " ".join(self.rng.choices(self._words, cum_weights=self._word_weights, k=self.rng.randint(low, high)))

    def _filing(self, moment: datetime, *, marks: bool) -> Filing:
        rng = self.rng
        self._number += 1
        if self._stories and rng.random() < 0.12:
            said = rng.choice(self._stories)
            said = said[: rng.randint(max(1, len(said) * 2 // 3), len(said))]
        else:
            said = [self._said() for _ in range(max(1, round(rng.gauss(self._statements, self._statements / 3))))]
            self._stories = [*self._stories[-40:], said]
        outlet = rng.choices(self._outlets, cum_weights=self._outlet_weights)[0]
        host = outlet.lower().replace("the ", "").replace(" ", "")
        url = f"https://{host}.example/news/{self._number}"
        title = f"{rng.choice(_TOPICS).title()}: {self._phrase(4, 9)}"
        article, entries = compose(title, said, url=url, outlet=outlet, published=moment)
        body = article.revision.text
        document = Document(
            f"<html><title>{title}</title><p>{body}</p></html>".encode(),
            url,
            url=url,
            media_type="text/html",
            charset="utf-8",
            fetched=moment + timedelta(minutes=20),
        )
        return filing_of(document, article, entries, marks=marks)

    def _said(self) -> tuple[str, str, str, str, str]:
        """(kind, words, speaker, country, filler)."""
        rng = self.rng
        filler = self._phrase(18, 45)
        if self._recent and rng.random() < 0.08:
            words, speaker = rng.choice(self._recent)
        else:
            words = f"{self._phrase(3, 8)} {rng.choice(_TOPICS)} {self._phrase(3, 12)}"
            speaker = rng.choices(self._people, cum_weights=self._people_weights)[0]
            self._recent = [*self._recent[-60:], (words, speaker)]
        kind = rng.choice(("direct", "direct", "indirect", "unnamed"))
        return kind, words, speaker, self._countries[hash_of(speaker) % len(self._countries)], filler


def hash_of(name: str) -> int:
    """A number for a name, the same in every process."""
    return int(stable_id("h", name)[2:10], 16)


def compose(
    title: str, said: list[tuple[str, str, str, str, str]], *, url: str, outlet: str | None, published: datetime | None
) -> tuple[Article, tuple[Entry, ...]]:
    """An article around statements, and its entries.

    Args:
        title: The headline.
        said: For each paragraph: kind (`direct`, `indirect`, `unnamed`), words, speaker, country, further words.
        url: Its address.
        outlet: Who publishes it.
        published: When.
    """
    parts, spans, at = [title], [], len(title) + 2
    paragraphs = [Paragraph(0, len(title), Kind.HEADLINE)]
    for number, (kind, words, speaker, _, filler) in enumerate(said):
        cue = _CUES[number % len(_CUES)]
        source = "a senior official" if kind == "unnamed" else speaker
        quoted = f"“{words},”" if kind != "indirect" else words
        text = f"{source} {cue} that {quoted}. {filler.capitalize()}." if kind == "indirect" else f"{quoted} {source} {cue}. {filler.capitalize()}."
        paragraphs.append(Paragraph(at, at + len(text), Kind.BODY))
        spans.append(tuple((at + text.index(w), at + text.index(w) + len(w)) for w in (quoted, cue, source)))
        parts.append(text)
        at += len(text) + 2
    text = "\n\n".join(parts)
    revision = Revision(text, tuple(paragraphs))
    article = Article(
        revision,
        source=url,
        url=url,
        outlet=outlet,
        title=title,
        published=published,
        published_precision="minute" if published else None,
        language="en",
        language_score=0.99,
    )
    entries = tuple(_entry(revision, where, what) for where, what in zip(spans, said, strict=True))
    return article, entries


def _entry(revision: Revision, where: tuple[tuple[int, int], ...], said: tuple[str, str, str, str, str]) -> Entry:
    (content, cue, source), (kind, words, speaker, country, _), text = where, said, revision.text
    whole = Span.of(text, *content)
    verbatim = () if kind == "indirect" else (Span.of(text, content[0] + 1, content[0] + 1 + len(words)),)
    statement = Statement(
        revision.id, (whole,), (Span.of(text, *cue),), (Span.of(text, *source),), QuoteKind.INDIRECT if kind == "indirect" else QuoteKind.DIRECT,
        Attribution.CUE, verbatim, (), "body", 0.5 + (hash_of(words) % 500) / 1000, READER.name,
    )  # fmt: skip
    named = kind != "unnamed"
    type_ = ActorType.PERSON if named else ActorType.UNNAMED
    id_ = stable_id("a1", "person", speaker) if named else stable_id("a1", "unnamed", revision.id, str(source[0]))
    who = Speaker(
        id_, speaker if named else "a senior official", type_, Span.of(text, *source), MentionForm.NAME if named else MentionForm.DESCRIPTION, 0.9, country=country,
        reasons=(Reason("the name is the subject of the cue"),),
    )  # fmt: skip
    return Entry(statement, Voice(who), Occasion(When(None, None, "the text does not say when"), Where()))


def filing_of(document: Document, article: Article, entries: tuple[Entry, ...], *, marks: bool = True, reader: ReadBy = READER, again: bool = False) -> Filing:
    """What the desk makes of a document that was read."""
    from onrecord.articles.duplicates import bands, body_of, signature
    from onrecord.ledger.quoting import witness_of
    from onrecord.statements.quotations import prints

    signed = signature(body_of(article.revision)) if marks else None
    found = tuple(prints(witness_of(0, e, moment=None, outlet=None)) for e in entries) if marks else ()
    part = Part(article, entries, bands(signed) if signed else (), found)
    return Filing(document, (part,), reader, again=again)
