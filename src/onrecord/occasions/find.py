"""The occasions of an article's statements, in order: what each sentence says, and what carries on from the statement before."""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass

from onrecord.actors import Cast, Voice
from onrecord.articles.article import Article, Kind
from onrecord.occasions.when import When, carried_on, said_on, scene
from onrecord.occasions.where import Where, where_said
from onrecord.statements import Attribution, Statement
from onrecord.text import Span

__all__ = ["Occasion", "find_occasions"]

_PRESENT = re.compile(r"\b(?:says|say|adds|insists|thinks|believes|now|today)\b")
_UNSAID = When(None, None, "no cue: the text does not say when")


@dataclass(frozen=True, slots=True)
class Occasion:
    """When and where the words of one statement were spoken."""

    when: When
    where: Where

    def check(self, text: str) -> None:
        """Make sure every span holds what it claims.

        Raises:
            StatementError: One does not.
        """
        for span in (self.when.basis, self.where.venue, self.where.place):
            if span is not None:
                span.check(text)


def find_occasions(article: Article, statements: Sequence[Statement], cast: Cast) -> tuple[Occasion, ...]:
    """Find when and where each statement of an article was made.

    Args:
        article: The article; its publication is what days are counted from.
        statements: Its statements, in order of their content.
        cast: Their speakers, and the names of the article.

    Returns:
        An occasion for each statement, in their order.
    """
    text = article.revision.text
    story = [p.start for p in article.revision.paragraphs if p.kind is not Kind.CAPTION]
    names = [(n.span, str(n.type)) for n in cast.names]
    starts = [s.start for s, _ in names]
    out: list[Occasion] = []
    last: tuple[Voice, When, int, Statement] | None = None
    for statement, voice in zip(statements, cast.voices, strict=True):
        place = bisect.bisect_right(story, statement.content[0].start)
        if not statement.cue:
            when, where = _UNSAID, Where()
        else:
            sentence = cast.sentences.at(statement.cue[0].start)
            near = names[bisect.bisect_left(starts, sentence.start) : bisect.bisect_left(starts, sentence.end)]
            when = said_on(text, statement, sentence=sentence, published=article.published)
            if when.edtf is None and not _PRESENT.search(text[statement.cue[0].start : statement.cue[0].end + 4]):
                when = carried_on(when, previous=_scene_before(article, cast, sentence, voice), same_speaker=True)
            where = where_said(text, statement, sentence=sentence, names=near)
        if last is not None:
            same = statement.attribution is Attribution.CONTINUATION or (voice.speaker.id is not None and voice.speaker.id == last[0].speaker.id)
            previous = last[1] if when.edtf or not _elsewhen(text, last[3], statement) else _UNSAID
            when = carried_on(when, previous=previous, same_speaker=same, paragraphs_apart=place - last[2])
        occasion = Occasion(when, where)
        occasion.check(text)
        out.append(occasion)
        if statement.paragraph != Kind.CAPTION:
            last = (voice, when, place, statement)
    return tuple(out)


def _elsewhen(text: str, before: Statement, after: Statement) -> bool:
    """Whether the tense moves between two statements: `had warned in October` or `said in 2019`, and then `says now`."""
    cue, following = (s.cue[0] if s.cue else s.content[0] for s in (before, after))
    past_perfect = re.search(r"\bhad\b", text[max(0, cue.start - 12) : cue.end]) is not None
    now = _PRESENT.search(text[following.start : following.end + 8]) is not None
    said = _PRESENT.search(cue.exact) is not None
    return past_perfect or (now and not said)


def _scene_before(article: Article, cast: Cast, sentence: Span, voice: Voice) -> When:
    """The date of the sentence before, if that one tells of this speaker's speaking."""
    index = cast.sentences.index(sentence.start)
    if index <= 0 or voice.speaker.name is None:
        return When(None, None, "no sentence before")
    before = Span.of(article.revision.text, *cast.sentences.ranges[index - 1])
    if voice.speaker.name.split()[-1] not in before.exact:
        return When(None, None, "the sentence before is not about the speaker")
    return scene(article.revision.text, sentence=before, published=article.published)
