"""From words to a state: names, adjectives and people, capitals, and buildings that stand for a government.

The tables are derived from CLDR, WordNet and two libraries, see `data/README.md`. Former states, peoples without a state and parts of states
are left out. Parts of states are read as their state where rigour lists them (the countries of the United Kingdom, states of the USA, provinces).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import islice, pairwise
from typing import Literal, NamedTuple

from onrecord.actors.data import country_rows, kinds_of_noun, seat_rows, words
from onrecord.text import Span

__all__ = ["Country", "Use", "find_countries", "is_adjective", "lookup", "stands_for_government", "state_name"]

#: `body`: a parliament or department by a name that one state alone has. `region`: a first-level part of a state.
CountryKind = Literal["name", "demonym", "capital", "seat", "body", "region"]

_TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}|(?:[^\W\d_]|[\u0300-\u036f])+\.?(?:['’](?:[^\W\d_]|[\u0300-\u036f])+)*|\d+")
#: A word that may begin a name: no lower-case letter first.
_BEGIN = re.compile(r"(?<!\w)(?:(?:[^\W\d_]\.){2,}|[^\W\d_a-z](?:[^\W\d_]|[\u0300-\u036f])*)")
_POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)
_GAP = re.compile(r"[ \u00a0]|-|\u2011")
#: No name is longer.
_WIDEST = 64
#: Shorter names in capitals are abbreviations, longer ones a headline: `MOSCOW`.
_SHOUTED = 5


@dataclass(frozen=True, slots=True)
class Country:
    """A state that words stand for."""

    #: ISO 3166-1 alpha-2 code, `EU`, or `XK` for Kosovo (user-assigned, as in CLDR).
    code: str
    #: The state's English short name (CLDR).
    name: str
    #: What the words are.
    kind: CountryKind
    #: The words name something else, too: `Georgia`, `Jordan`, `Washington`, `Brussels`.
    ambiguous: bool = False
    #: Code of the state where it lies, if that is another one: `BE` for Brussels.
    located: str | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """How a capital, a country or a building is used."""

    use: Literal["actor", "place", "unclear"]
    #: In words, for `onrecord explain`.
    reason: str


class _Token(NamedTuple):
    start: int
    end: int
    words: str


def _plain(text: str) -> str:
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text.replace("’", "'")) if not unicodedata.combining(c))


def _key(token: str) -> str:
    """A token as the table spells it: no accents; no dots in an abbreviation."""
    plain = _plain(token)
    return plain.replace(".", "") if "." in plain else plain


def _tokens(text: str, start: int, end: int, *, most: int | None = None) -> list[_Token]:
    found: list[_Token] = []
    for match in islice(_TOKEN.finditer(text, start, end), most):
        at, word = match.end(), match[0]
        possessive = _POSSESSIVE.search(word)
        if possessive and len(possessive[0]) < len(word):
            at, word = at - len(possessive[0]), word[: possessive.start()]
        if word.endswith(".") and word.count(".") == 1:
            at, word = at - 1, word[:-1]
        found.append(_Token(match.start(), at, _key(word)))
    return found


class _Entry(NamedTuple):
    code: str
    kind: CountryKind
    ambiguous: bool
    located: str | None = None


class _Tables(NamedTuple):
    #: By first token: how many tokens a name that begins so may have, longest first.
    lengths: dict[str, tuple[int, ...]]
    entries: dict[tuple[str, ...], _Entry]
    short: dict[str, str]
    #: Capitalised adjectives of no state: `European`, `Catholic`.
    adjectives: frozenset[str]


@cache
def _tables() -> _Tables:
    entries: dict[tuple[str, ...], _Entry] = {}
    order = {"name": 0, "capital": 1, "demonym": 2, "region": 3}
    rows = country_rows()
    short = {code: name for code, kind, _, name in rows if kind == "short"}
    ranked = sorted((row for row in rows if row[1] in order), key=lambda row: order[row[1]])
    for code, kind, doubtful, name, located in [*seat_rows(), *((*row, row[0]) for row in ranked)]:
        key = tuple(token.words for token in _tokens(name, 0, len(name)))
        if key and key not in entries:
            entries[key] = _Entry(code, kind, doubtful, located if located != code else None)  # type: ignore[arg-type]
    lengths: dict[str, set[int]] = {}
    for key in entries:
        lengths.setdefault(key[0], set()).add(len(key))
    return _Tables(
        {first: tuple(sorted(sizes, reverse=True)) for first, sizes in lengths.items()},
        entries,
        short,
        frozenset(row[3] for row in rows if row[1] == "adjective"),
    )


def _entry(words: tuple[str, ...]) -> _Entry | None:
    entries = _tables().entries
    if words in entries:
        return entries[words]
    *front, last = words
    for plural, one in (("women", "woman"), ("men", "man"), ("s", "")):
        if last.endswith(plural) and len(last) > len(plural) + 2:
            entry = entries.get((*front, last[: -len(plural)] + one))
            if entry is not None and entry.kind == "demonym":
                return entry
    return None


def is_adjective(word: str) -> bool:
    """Whether a capitalised word is an adjective of a place or creed that is no state: `European`, `Arab`, `Catholic`."""
    return word in _tables().adjectives


def state_name(code: str) -> str | None:
    """The English short name of a state in CLDR, None for a code that is not in the table."""
    return _tables().short.get(code)


def find_countries(text: str, start: int, end: int) -> tuple[tuple[Span, Country], ...]:
    """Find the words of a range that name a state, longest first, from left to right.

    A name of two states (`Congolese`, `Dominican`) is none: an open question is better than a wrong answer.

    Args:
        text: The text.
        start: First character of the range.
        end: Past the last one.

    Returns:
        Spans, without an article or a possessive, and what each stands for.
    """
    tables = _tables()
    start, end = max(start, 0), min(end, len(text))
    found: list[tuple[Span, Country]] = []
    if text[start:end].islower():
        return ()
    past = start
    for match in _BEGIN.finditer(text, start, end):
        first = _key(match[0])
        if match.start() < past or not first:
            continue
        shouted = len(first) >= _SHOUTED and first.isupper()
        head = first.title() if shouted else first
        sizes = tables.lengths.get(head, ())
        if head.endswith(("s", "men")):
            one = head[:-1] if head[-1] == "s" else f"{head[:-3]}man"
            sizes = tuple(sorted({*sizes, *tables.lengths.get(one, ())}, reverse=True))
        if not sizes and "'" not in text[match.end() : match.end() + 1] and "’" not in text[match.end() : match.end() + 1]:
            continue
        hit = _longest(text, match.start(), end, sizes or (2, 1), shouted=shouted)
        if hit is not None:
            past = hit[0].end
            if "|" not in hit[1].code:
                found.append(hit)
    return tuple(found)


def _longest(text: str, start: int, end: int, sizes: tuple[int, ...], *, shouted: bool) -> tuple[Span, Country] | None:
    """The longest name that begins here."""
    tokens = _tokens(text, start, min(end, start + _WIDEST), most=sizes[0])
    for size in sizes:
        run = tokens[:size]
        if len(run) < size or any(not _GAP.fullmatch(text[a.end : b.start]) for a, b in pairwise(run)):
            continue
        entry = _entry(tuple(token.words.title() if shouted and token.words.isupper() else token.words for token in run))
        if entry is not None:
            name = _tables().short.get(entry.code, entry.code)
            return Span.of(text, run[0].start, run[-1].end), Country(entry.code, name, entry.kind, entry.ambiguous, entry.located)
    return None


def lookup(phrase: str) -> Country | None:
    """The state that a phrase names as a whole, with or without an article.

    Example:
        >>> lookup("the Kremlin").code, lookup("Frenchmen").kind, lookup("us")
        ('RU', 'demonym', None)
    """
    found = find_countries(phrase, 0, len(phrase)) if len(phrase) <= _WIDEST else ()
    if len(found) != 1:
        return None
    span, country = found[0]
    rest = (phrase[: span.start] + phrase[span.end :]).strip().lower()
    return country if rest in {"", "the", "'s", "’s", "the 's", "the ’s", "'", "’", "."} else None


# How it is used

_PLACE_BEFORE = words("in at near outside inside into around across through via throughout within toward towards over beneath beside")
_ACTOR_BEFORE = frozenset({"by", "against", "between", "with"})
_MOTION = re.compile(
    r"\b(?:fl(?:y|ies|ew|own|ying)|travel\w*|went|go|goes|going|gone|drove|drive\w*|arriv\w*|return\w*|mov\w+|com(?:e|es|ing)|came|head\w*|"
    r"landed|flights?|trips?|visit\w*|train|road|trains|sent|journey|miles|kilomet\w+|km|tour|departed|left|fled|escaped)\b[^.;]{0,20}$",
    re.IGNORECASE,
)
_AUXILIARY = words(
    "is was are were has had have will would can could may might must shall should did does do says said tells told wants sees seeks insists "
    "thinks believes knows fears hopes made makes gave gives took takes sent sends held holds began begins kept keeps"
)
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ARTICLES = frozenset({"the", "a", "an"})


def stands_for_government(text: str, span: Span) -> Use:  # noqa: C901, PLR0911 - a decision list
    """Tell the use of a capital, country or building as an actor from its use as a place.

    No parser is at hand, so the words on both sides decide; meant for spans that are a source already, or might be one.

    Args:
        text: The text.
        span: The words, such as `Moscow` or `the Kremlin`.
    """
    found = find_countries(text, span.start, span.end)
    kind = found[0][1].kind if found else None
    before = [m[0].lower() for m in _WORD.finditer(text, max(span.start - 60, 0), span.start)]
    if before and before[-1] in _ARTICLES:
        before.pop()
    previous = before[-1] if before and not re.search(r"[.!?;:]['’”\"]?\s", text[max(span.start - 3, 0) : span.start]) else ""
    rest = text[span.end : span.end + 60]
    possessive = re.match(r"['’]s?\s+", rest)
    following = _WORD.match(rest[possessive.end() :] if possessive else rest.lstrip(" "))
    after = following[0].lower() if following else ""
    if kind == "demonym":
        return Use("unclear", "a people or an adjective, not a place or a government")
    if rest[:1] in {"-", "\u2011"} and len(rest) > 1 and rest[1].isalpha():
        led = re.match(r".(?:led|backed|appointed|installed|funded|sponsored|aligned|brokered|imposed|controlled|run|linked)\b", rest)
        return Use("actor", "does what the hyphenated word says") if led else Use("place", "part of a hyphenated word")
    if previous == "to" and len(before) > 1 and before[-2] == "according":
        return Use("actor", "after `according to`")
    if previous in _PLACE_BEFORE:
        return Use("place", f"after `{previous}`")
    if previous in {"to", "from"} and _MOTION.search(text[max(span.start - 45, 0) : span.start].rsplit(previous, 1)[0] if previous else ""):
        return Use("place", f"movement and `{previous}`")
    if possessive or _attributive(text, span, after):
        return _belonging(after, possessive=possessive is not None)
    if previous in _ACTOR_BEFORE or (previous == "and" and re.search(r"\bbetween\b[^.;]{0,40}$", text[max(span.start - 60, 0) : span.start])):
        return Use("actor", f"after `{previous}`: talks, deeds and quarrels have governments on both sides")
    if after in _AUXILIARY or (after.endswith("ed") and after != "united") or (rest[:1] == " " and after.endswith("ly")):
        return Use("actor", f"does something: `{after}`")
    joint = re.match(r" and (?:the )?[^\W\d_][\w.]+ ([^\W\d_]+)", rest)
    if joint and (joint[1] in _AUXILIARY or joint[1].endswith("ed")) and previous not in {"to", "from", "of", "for"}:
        return Use("actor", f"does something with another: `{joint[1]}`")
    if rest[:1] == " " and after.endswith("s") and not kinds_of_noun(after) and not after.endswith(("ss", "us", "is")):
        return Use("actor", f"does something: `{after}`")
    if kind in {"seat", "body"}:
        return Use("actor", "a seat of government without a word that makes it a place")
    return Use("unclear", "nothing near it tells")


def _attributive(text: str, span: Span, after: str) -> bool:
    kinds = kinds_of_noun(after)
    return text[span.end : span.end + 1] == " " and bool(kinds) and after not in _AUXILIARY and not after.endswith("ed")


def _belonging(after: str, *, possessive: bool) -> Use:
    kinds = kinds_of_noun(after)
    if "L" in kinds:
        return Use("place", f"`{after}` is a place")
    if possessive:
        return Use("actor", "has or does what follows")
    if any(kind in kinds for kind in "PODG"):
        return Use("actor", f"whose `{after}` it is")
    return Use("unclear", f"`{after}` tells nothing")
