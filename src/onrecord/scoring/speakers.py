"""Is the speaker the right one? Measured on GUM's attribution clauses and on hand-checked attributions of PolNeAR.

The places of the statements are given (the gold clause with its source), so that what is measured is who the source is, not whether the
statement was found. Right means the actor answered has a name that the gold chain of coreference holds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from onrecord.actors import Speaker
from onrecord.actors.actor import ActorType, MentionForm
from onrecord.actors.mentions import FORMS, form_of
from onrecord.errors import UsageError
from onrecord.reading import Reader
from onrecord.scoring.given import entries_given, given_statement, plain_article
from onrecord.scoring.gum import GumDocument, Token

__all__ = ["Case", "Judged", "SpeakerScore", "gum_cases", "judge", "judged_cases"]

_PRONOUN = FORMS.index("name")
_WORD = re.compile(r"[^\W_]+", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Case:
    """One gold attribution whose speaker is known."""

    document: str
    source: tuple[int, int]
    cue: tuple[tuple[int, int], ...]
    content: tuple[int, int]
    #: Names of the right actor, as the text has them; empty if nobody must be named.
    names: tuple[str, ...]
    #: `name`, `pronoun` or `description`.
    form: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of one case."""

    case: Case
    speaker: Speaker

    @property
    def answered(self) -> bool:
        """Whether an actor with a name was given."""
        return self.speaker.type is not ActorType.UNKNOWN and self.speaker.name is not None

    @property
    def right(self) -> bool:
        """Whether it is the right one: it holds all the words of a gold name, or most of its words are in one, the first or the last among them.

        Where nobody is to be named, right is an actor without a name, or none.
        """
        if not self.case.names:
            return (
                self.speaker.type in {ActorType.UNNAMED, ActorType.UNKNOWN, ActorType.GROUP, ActorType.DOCUMENT} or self.speaker.mention is not MentionForm.NAME
            )
        if not self.answered or self.speaker.name is None:
            return False
        mine = [w.casefold() for w in _WORD.findall(self.speaker.name)]
        for name in self.case.names:
            theirs = {w.casefold() for w in _WORD.findall(name)}
            if "".join(w[0] for w in mine) in theirs:
                return True
            if mine and theirs and (theirs <= set(mine) or (sum(w in theirs for w in mine) * 2 > len(mine) and (mine[-1] in theirs or mine[0] in theirs))):
                return True
        return False


@dataclass(frozen=True, slots=True)
class SpeakerScore:
    """Counts over cases; rates are derived."""

    judged: tuple[Judged, ...]

    def rates(self, forms: Sequence[str] = ("name", "pronoun", "description")) -> Mapping[str, float]:
        """`cases`, `answered` (share), `right` (share of all), `precision` (share of the answered)."""
        chosen = [j for j in self.judged if j.case.form in forms]
        answered, right = sum(j.answered for j in chosen), sum(j.right for j in chosen)
        n = len(chosen)
        share, sure = max(1, n), sum(j.right for j in chosen if j.answered)
        return {"cases": n, "answered": answered / share, "right": right / share, "precision": sure / max(1, answered)}


def judge(text: str, cases: Sequence[Case], reader: Reader) -> tuple[Judged, ...]:
    """Resolve the gold statements of one text among those that the reader finds.

    Args:
        text: The text; every paragraph is taken as body.
        cases: Its cases.
        reader: A loaded reader.
    """
    article = plain_article(text)
    given = [given_statement(article, reader.name, source=(c.source,), cue=c.cue, content=(c.content,)) for c in cases]
    return tuple(Judged(case, entry.speaker) for case, entry in zip(cases, entries_given(article, given, reader), strict=True))


@dataclass(slots=True)
class _Clause:
    first: int
    last: int
    subject: int = -1
    mention: tuple[int, int] | None = None
    names: list[str] = field(default_factory=list)


def gum_cases(document: GumDocument) -> Iterator[Case]:
    """Attribution clauses of one text whose speaker's chain holds a proper name.

    A clause is a discourse unit with the relation `attribution-positive`; its speaker is its subject. Clauses without a subject of their own
    are left out.
    """
    tokens = document.tokens
    starts = [i for i, t in enumerate(tokens) if t.edu]
    for first, last in zip(starts, [*starts[1:], len(tokens)], strict=True):
        if not (tokens[first].edu or "").startswith("attribution-positive"):
            continue
        subject = next((i for i in range(first, last) if tokens[i].deprel.startswith("nsubj")), None)
        if subject is None:
            continue
        chosen = _mention_of(document, subject)
        if chosen is None:
            continue
        (start, end), group = chosen
        names = tuple(n for (s, e), g, _ in document.mentions if g == group and (n := _proper(document, s, e)))
        content = _content(tokens, first, last)
        if names and content:
            form = form_of(document.text[start:end])
            proper = _proper(document, start, end)
            yield Case(
                document=document.name,
                source=(start, end),
                cue=tuple(_cue(tokens, first, last, start, end)),
                content=content,
                names=names,
                form="pronoun" if form < _PRONOUN else "name" if proper else "description",
            )


def _mention_of(document: GumDocument, subject: int) -> tuple[tuple[int, int], str] | None:
    """The smallest gold mention that the subject heads."""
    at = document.tokens[subject].start
    best = None
    for (s, e), group, _ in document.mentions:
        if s <= at < e and (best is None or e - s < best[0][1] - best[0][0]) and subject in _heads(document, s, e):
            best = ((s, e), group)
    return best


def _heads(document: GumDocument, start: int, end: int) -> list[int]:
    inside = [i for i, t in enumerate(document.tokens) if start <= t.start and t.end <= end]
    return [i for i in inside if document.tokens[i].head not in inside]


def _proper(document: GumDocument, start: int, end: int) -> str | None:
    """The proper name that heads a mention, its `flat` and `compound` words included; None if a common noun does."""
    tokens = document.tokens
    for head in _heads(document, start, end):
        if tokens[head].upos != "PROPN":
            continue
        words = [i for i, t in enumerate(tokens) if start <= t.start and t.end <= end and (i == head or (t.head == head and t.upos == "PROPN"))]
        return " ".join(tokens[i].form for i in words)
    return None


def _cue(tokens: Sequence[Token], first: int, last: int, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The words of the clause outside its subject, punctuation at the ends left out."""
    rest = [t for t in tokens[first:last] if not start <= t.start < end]
    while rest and rest[-1].upos == "PUNCT":
        rest.pop()
    while rest and rest[0].upos == "PUNCT":
        rest.pop(0)
    if rest:
        yield rest[0].start, rest[-1].end


def _content(tokens: Sequence[Token], first: int, last: int) -> tuple[int, int] | None:
    """The rest of the sentence: after the clause, else before it."""
    sentence = tokens[first].sentence
    after = [t for t in tokens[last:] if t.sentence == sentence]
    before = [t for t in tokens[:first] if t.sentence == sentence]
    chosen = after if len(after) > 1 else before
    if not chosen:
        chosen = [t for t in tokens[last:] if t.sentence == sentence + 1]
    return (chosen[0].start, chosen[-1].end) if chosen else None


def judged_cases(judgements: Path, texts: Mapping[str, str]) -> Iterator[tuple[str, Case]]:
    """Hand-judged attributions kept as offsets (`tests/actors/polnear-dev-speakers.jsonl`), with the texts they point into.

    Cases of several speakers together are left out; where the judgement is "unnamed" or "unknown" there is no name, and right is to name nobody.

    Raises:
        UsageError: A line is damaged, or its document is not among the texts.
    """
    for number, line in enumerate(judgements.read_text(encoding="utf-8").splitlines(), 1):
        try:
            record = json.loads(line)
            text = texts[record["doc"]]
        except (ValueError, KeyError) as error:
            raise UsageError(f"no such judgement: {error}", item=f"{judgements}:{number}", hint="give the corpus that the offsets were made on") from None
        if record.get("joint"):
            continue
        names = tuple(text[s:e] for s, e in record["speaker"]) if record["answer"] == "named" else ()
        form = {"pronoun": "pronoun", "description": "description", "title": "description"}.get(record["form"], "name")
        content = record["content"][0]
        yield record["doc"], Case(record["doc"], tuple(record["source"][0]), tuple(map(tuple, record.get("cue", []))), (content[0], content[1]), names, form)
