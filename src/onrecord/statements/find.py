"""From a reading to statements: decode, link, join over paragraphs, add what only the marks show."""

from __future__ import annotations

import bisect
from collections.abc import Sequence

import numpy as np

from onrecord.articles.article import Article, Paragraph
from onrecord.reading.marks import Outermost
from onrecord.reading.reader import Reading, Stream
from onrecord.statements.continuation import Draft, carry_on
from onrecord.statements.decoding import Lattice, spans_of
from onrecord.statements.linking import Group, Tagged, link
from onrecord.statements.statement import Statement
from onrecord.statements.verbatim import insertions_in, kind_of, verbatim_of
from onrecord.text import Span

__all__ = ["find_statements"]


def find_statements(article: Article, reading: Reading) -> tuple[Statement, ...]:
    """Find every attributed statement of an article.

    Args:
        article: The article.
        reading: What a reader computed over the same revision.

    Returns:
        Statements in order of their content; each span holds exactly its words.

    Raises:
        StatementError: The reading is of another text.
    """
    text = article.revision.text
    found: list[Statement] = []
    for stream in reading.streams:
        outer = Outermost(stream.quoted)
        drafts = [_draft(text, stream, outer, group) for group in link(stream, _tag(stream, reading), reading.manifest.no_link)]
        found.extend(_statement(text, draft, stream, outer, reading) for draft in carry_on(text, drafts, stream))
    made = {s.id: s for s in sorted(found, key=lambda s: s.content[0].start)}
    for statement in made.values():
        statement.check(text)
    return tuple(made.values())


def _tag(stream: Stream, reading: Reading) -> list[Tagged]:
    manifest = reading.manifest
    starts = stream.offsets[:, 0]
    breaks = np.unique(np.searchsorted(starts, [p.start for p in stream.paragraphs]))
    lattice = Lattice(
        stream.emissions,
        transitions=manifest.transitions,
        start=manifest.start,
        tags=manifest.tags,
        breaks=[int(b) for b in breaks if b < len(starts)],
    )
    spans = list(spans_of(lattice.best(), manifest.tags))
    return [Tagged(role, first, last, p) for (role, first, last), p in zip(spans, lattice.probabilities(spans), strict=True)]


def _draft(text: str, stream: Stream, outer: Outermost, group: Group) -> Draft:
    def cut(tagged: Tagged) -> Span:
        return Span.of(text, int(stream.offsets[tagged.first, 0]), int(stream.offsets[tagged.last - 1, 1]))

    parts = [*group.contents, *([group.cue] if group.cue else []), *([group.source] if group.source else [])]
    return Draft(
        content=tuple(_to_the_mark(text, cut(c), outer) for c in group.contents),
        cue=(cut(group.cue),) if group.cue else (),
        source=(cut(group.source),) if group.source else (),
        score=float(group.probability * np.prod([p.probability for p in parts]) ** (1 / len(parts))),
    )


def _to_the_mark(text: str, content: Span, outer: Outermost) -> Span:
    """A content that ends inside a quotation with nothing but punctuation left of it takes that in, closing mark included."""
    for q in outer.touching(content.end - 1, content.end):
        rest = text[content.end : q.end]
        if rest and len(rest) <= _PUNCTUATION and not any(c.isalnum() or c.isspace() for c in rest.rstrip()):
            return Span.of(text, content.start, content.end + len(rest.rstrip()))
    return content


#: The most characters of punctuation that end a quotation: `?!…"` and a mark.
_PUNCTUATION = 5


def _statement(text: str, draft: Draft, stream: Stream, outer: Outermost, reading: Reading) -> Statement:
    near = [q for span in draft.content for q in outer.touching(span.start, span.end)]
    return Statement(
        revision=reading.revision,
        content=draft.content,
        cue=draft.cue,
        source=draft.source,
        kind=kind_of(text, draft.content, near),
        attribution=draft.attribution,
        verbatim=verbatim_of(text, draft.content, near),
        insertions=insertions_in(text, draft.content, near),
        paragraph=str(_paragraph(stream.paragraphs, draft.content[0].start).kind),
        score=draft.score,
        reader=reading.reader,
    )


def _paragraph(paragraphs: Sequence[Paragraph], offset: int) -> Paragraph:
    return paragraphs[max(0, bisect.bisect_right([p.start for p in paragraphs], offset) - 1)]
