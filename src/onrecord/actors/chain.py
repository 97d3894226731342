"""The road the words took: intermediaries outermost first, and whom they were said to.

`told Reuters` is a chain, `told parliament` an addressee. Both stand in the sentence of the cue, outside what was said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from onrecord.actors.actor import ActorType
from onrecord.actors.countries import lookup
from onrecord.actors.entities import named_by
from onrecord.actors.names import Name, NameType, without_article
from onrecord.actors.outlets import is_outlet
from onrecord.actors.voice import Intermediary
from onrecord.statements import Statement
from onrecord.text import Span

__all__ = ["Surroundings", "addressee_of", "carriers_of", "nested_speaker"]

# Verbs whose object is whom the words were said to.
_TOLD = re.compile(
    r"\b(?:told|tells?|telling|asked|asks?|asking|urged|urges?|urging|warned|warns?|warning|assured|assures?|informed|informs?|reminded|reminds?|advised|advises?|"
    r"called (?:on|upon)|calls (?:on|upon)|calling (?:on|upon)|pressed|begged|implored|promised|thanked|accused|replied to|responded to|wrote to|said to|"
    r"speaking to|spoke to|speaks to|talking to|complained to|admitted to|confirmed to|explained to|briefed)\s*$",
    re.IGNORECASE,
)
_SPOKEN_TO = re.compile(
    r"\b(?:speaking to|spoke to|talking to|talked to|in remarks to|in comments to|in a (?:letter|message|speech|statement|memo) to|addressing|briefing)\s+",
    re.IGNORECASE,
)
_CARRIED = re.compile(
    r"\b(?:interview(?:s|ed)? (?:with|to|by|on|for|in)|told|speaking (?:to|on|with)|appearing on|appearance on|spoke (?:to|on|with)|"
    r"(?:quoted|cited|reported|carried|published|broadcast|aired|relayed|distributed|seen|obtained|reviewed|viewed|shared|leaked)(?: as saying)? (?:by|on|in|to)|"
    r"in (?:an? )?(?:[\w-]+ ){0,3}(?:op-ed|column|article|comments?|remarks|statement|post|interview|essay|piece) (?:to|for|in|on|carried by|published (?:by|in))|"
    r"(?:wrote|writing|posted|posting|said|tweeted|published) (?:on|in|via|for)|via|through|citing|quoting|according to|on)\s+",
    re.IGNORECASE,
)
# What may stand between such a phrase and the name: `the Russian state news agency TASS`.
_LEAD_IN = re.compile(r"(?:(?:the|a|an|its|his|her|their)\s+)?(?:[\w’'-]+\s+){0,5}?$", re.IGNORECASE)
_REPORTING = re.compile(
    r"(?:that\s+)?(?P<who>.{2,120}?)\s+(?:(?:also|had|has|have|then|later|\w+ly)\s+){0,2}(?:said|says?|told|argue[sd]?|warn(?:s|ed)?|claim(?:s|ed)?|state[sd]?|add(?:s|ed)?|"
    r"suggest(?:s|ed)?|insist(?:s|ed)?|den(?:y|ies|ied)|believe[sd]?|describe[sd]?|call(?:s|ed)|note[sd]?|conclude[sd]?|recommend(?:s|ed)?|propose[sd]?|reject(?:s|ed)?|"
    r"confirm(?:s|ed)?|announce[sd]?|reveal(?:s|ed)?|demand(?:s|ed)?|predict(?:s|ed)?)\b",
    re.IGNORECASE | re.DOTALL,
)
_WORD = re.compile(r"[\w’'-]+")
_OCCASION = re.compile(r"^(?:interviews?|briefings?|conferences?|programmes?|programs?|shows?|podcasts?|broadcasts?|phone-in|q&a)$", re.IGNORECASE)
_WHERE = re.compile(r"\s+(?:at|in|on|as|during|after|before|outside|inside|aboard|near|while|when|via|by)\s|,")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What chain and addressee are read from."""

    text: str
    #: The cue's sentence.
    sentence: Span
    #: Names of the sentence, in order.
    names: Sequence[Name]
    #: Half-open offsets of the sentence's noun phrases, by start.
    phrases: Sequence[tuple[int, int]]
    #: Half-open offsets of the cues of the other statements of the sentence: what stands with one of them is not this one's.
    cues: Sequence[tuple[int, int]]
    #: Names of outlets known from elsewhere: the article's own, those that the article cites as reporting.
    outlets: Sequence[str]


def carriers_of(statement: Statement, around: Surroundings) -> tuple[Intermediary, ...]:
    """The outlets, agencies and platforms through which a statement came, in the order of the text.

    Args:
        statement: The statement.
        around: What stands around its cue.
    """
    found: dict[str, Intermediary] = {}
    for name in _outside(statement, around):
        if name.type not in {NameType.ORGANIZATION, NameType.PRODUCT, NameType.OTHER} or not is_outlet(name.span.exact, known=around.outlets):
            continue
        if any(s.start <= name.span.start < s.end for s in statement.source):
            continue
        before = around.text[around.sentence.start : name.span.start]
        carried = [m for m in _CARRIED.finditer(before) if _LEAD_IN.fullmatch(before[m.end() :])]
        if carried and _mine(statement, around, around.sentence.start + carried[-1].start(), name.span.end):
            found.setdefault(name.span.exact, Intermediary(without_article(name.span.exact), ActorType.ORGANIZATION, name.span))
    for start in _object_starts(statement, around):
        phrase = _phrase_at(start, statement, around)
        if phrase is not None and _printed(phrase, around):
            found.setdefault(phrase.exact, Intermediary(without_article(phrase.exact), ActorType.ORGANIZATION, phrase))
    return tuple(found.values())


def _printed(phrase: Span, around: Surroundings) -> bool:
    """Whether a phrase is an outlet's name, tagged or not: `The Courier`."""
    bare = without_article(phrase.exact)
    return bare[:1].isupper() and " of " not in bare and "'" not in bare and "’" not in bare and is_outlet(phrase.exact, known=around.outlets)


def addressee_of(statement: Statement, around: Surroundings) -> Intermediary | None:
    """Whom a statement was said to, where the text says so; an outlet is none, see `carriers_of`.

    Args:
        statement: The statement.
        around: What stands around its cue.
    """
    for start in _object_starts(statement, around):
        phrase = _phrase_at(start, statement, around)
        if phrase is None:
            continue
        named = named_by(around.text, phrase.start, phrase.end, around.names)
        if _printed(phrase, around) or any(n.type is NameType.ORGANIZATION and is_outlet(n.span.exact, known=around.outlets) for n in named):
            continue
        return Intermediary(
            named[0].span.exact if len(named) == 1 and named[0].type is NameType.PERSON else without_article(phrase.exact), _type(named, phrase), phrase
        )
    return None


def nested_speaker(statement: Statement, around: Surroundings) -> tuple[int, int] | None:
    """Where an outlet reports that somebody else said it (`The Post reported that the memo argues ...`): offsets of that somebody, inside the content.

    Args:
        statement: A statement whose source is an outlet.
        around: What stands around its cue.
    """
    content = statement.content[0]
    match = _REPORTING.match(content.exact)
    if match is None or match.start("who") > len("that "):
        return None
    start, end = content.start + match.start("who"), content.start + match.end("who")
    # `who` must be one noun phrase, nothing more: else another clause stands between.
    return (start, end) if any((start, end) == p or (start == p[0] and around.text[p[1] : end].startswith(",")) for p in around.phrases) else None


def _outside(statement: Statement, around: Surroundings) -> Iterator[Name]:
    for name in around.names:
        inside = around.sentence.start <= name.span.start and name.span.end <= around.sentence.end
        if inside and not any(c.start <= name.span.start < c.end for c in statement.content):
            yield name


def _object_starts(statement: Statement, around: Surroundings) -> Iterator[int]:
    """Offsets where an addressee may begin: after the cue's verb, or after `speaking to`."""
    text, sentence = around.text, around.sentence
    for cue in statement.cue:
        if _TOLD.search(text[cue.start : cue.end]) and (match := _WORD.search(text, cue.end, sentence.end)) and not text[cue.end : match.start()].strip():
            yield match.start()
    for match in _SPOKEN_TO.finditer(text, sentence.start, sentence.end):
        if not any(c.start <= match.start() < c.end for c in statement.content) and _mine(statement, around, match.start(), match.end()):
            yield match.end()


def _mine(statement: Statement, around: Surroundings, start: int, end: int) -> bool:
    """Whether no other statement's cue stands in a stretch, or between it and this statement's cue."""
    for cue in statement.cue:
        low, high = min(start, cue.start), max(end, cue.end)
        if not any(low <= s and e <= high for s, e in around.cues):
            return True
    return not statement.cue


def _phrase_at(start: int, statement: Statement, around: Surroundings) -> Span | None:
    limit = min((c.start for c in statement.content if c.start > start), default=around.sentence.end)
    if any(c.start == start for c in statement.content):
        # `urged {the mayor to resign}`: the content begins with whom it is said to.
        ends = [e for s, e in around.phrases if s == start and re.match(r"\s+(?:to|not to)\s", around.text[e : e + 8])]
        return Span.of(around.text, start, min(ends)) if ends else None
    if any(c.start < start < c.end for c in statement.content):
        return None
    ends = [e for s, e in around.phrases if s == start and e <= limit]
    if not ends:
        return None
    end = max(ends)
    # `reporters at his estate`: where it was said is not whom it was said to.
    if cut := _WHERE.search(around.text, start, end):
        end = cut.start()
    words = _WORD.findall(around.text[start:end])
    if words and _OCCASION.search(words[-1]):
        # `told a late-night interview`: that is where it was said.
        return None
    if not words or (words[0].lower() in {"that", "it", "this", "me", "us"} and len(words) == 1):
        return None
    return Span.of(around.text, start, end)


def _type(named: Sequence[Name], phrase: Span) -> ActorType:
    country = lookup(phrase.exact)
    if country is not None:
        return ActorType.STATE
    if named and named[0].type is NameType.PERSON:
        return ActorType.PERSON if len(named) == 1 else ActorType.GROUP
    if named and named[0].type is NameType.ORGANIZATION:
        return ActorType.ORGANIZATION
    return ActorType.GROUP if re.search(r"(?:s|people|men|women|children|police)\b\W*$", phrase.exact) else ActorType.UNKNOWN
