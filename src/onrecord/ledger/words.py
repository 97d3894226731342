"""What a user types into a search: words, phrases, `OR`, `-`, `*`; and what the two databases are asked.

    ceasefire talks       both words
    "prisoner exchange"   these words next to each other
    ceasefire OR truce    either; binds closer than the blank between words
    ceasefire -Gaza       without that word
    cease*                words that begin so

Nothing a user types can be an error of the database: the query is taken apart here, and every word goes in quoted. The databases take accents off
Latin letters and leave most others alone, so a word with accents is asked for as it is written, and as it is without them.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from onrecord.errors import UsageError

__all__ = ["Phrase", "Terms", "folded", "for_fts5", "for_tsquery", "name_words", "parse", "tokens", "word_spans"]

_PIECES = re.compile(r'(-?)"([^"]*)"?(\*?)|(\S+)')
#: More than this is no question but a text, and databases have limits on the depth of theirs.
MOST_WORDS = 64
#: Letters of a word. PostgreSQL keeps no longer ones (2 KiB), and takes them in no query.
_LONGEST = 255
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"})


#: Letters of a word in `actor_words`.
_NAME_WORD = 64


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words next to each other; one, as a rule."""

    #: As they are written, in lower case.
    words: tuple[str, ...]
    #: Whether the last may go on.
    prefix: bool = False

    @property
    def spellings(self) -> tuple[tuple[str, ...], ...]:
        """The words as they are written, and without accents where that differs."""
        return tuple(dict.fromkeys((self.words, tuple(folded(w) for w in self.words))))


@dataclass(frozen=True, slots=True)
class Terms:
    """A query taken apart: of each of `all` one must be there, and none of `none`."""

    all: tuple[tuple[Phrase, ...], ...]
    none: tuple[Phrase, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.all)


def tokens(text: str) -> list[str]:
    """The words of a text: letters and digits, folded."""
    return [folded(text[start:end]) for start, end in word_spans(text)]


def word_spans(text: str) -> list[tuple[int, int]]:
    """Where the words of a text are: half-open offsets of runs of letters, digits and the marks that go with them."""
    return [m.span() for m in re.finditer("m*a[am]*", "".join(map(_sort, text)))]


def _sort(character: str) -> str:
    return "a" if character.isalnum() else "m" if unicodedata.category(character)[0] == "M" else " "


def name_words(name: str) -> set[str]:
    """The words of a name that an actor is found by, as `actor_words` holds them."""
    return {word[:_NAME_WORD] for word in tokens(name)}


def folded(text: str) -> str:
    """A text without case and accents; letters that are Latin ones with something added (`ł`, `ß`) become those."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    # Korean syllables come apart as well, and are put together again.
    return unicodedata.normalize("NFC", bare).translate(_LETTERS)


def parse(query: str) -> Terms:
    """Take a query apart.

    Raises:
        UsageError: It has signs only, or words to leave out and none to look for; too many words, or too long a one.
    """
    groups: list[list[Phrase]] = []
    none: list[Phrase] = []
    either = False
    for match in _PIECES.finditer(query):
        quoted, bare = match[2], match[4]
        if bare == "OR":
            either = bool(groups)
            continue
        minus = match[1] == "-" if quoted is not None else bare.startswith("-") and len(bare) > 1
        said = quoted if quoted is not None else bare
        phrase = Phrase(_written(said), prefix=bool(match[3]) or (bare or "").endswith("*"))
        if not phrase.words:
            continue
        if minus:
            none.append(phrase)
        elif either:
            groups[-1].append(phrase)
        else:
            groups.append([phrase])
        either = False
    if none and not groups:
        raise UsageError("a search for what is not there", item=query, hint="say also which words to look for")
    if query.strip() and not groups:
        raise UsageError("no words to look for", item=query[:60], hint="letters and digits can be looked for, other signs cannot")
    words = [w for p in (*(p for g in groups for p in g), *none) for w in p.words]
    if len(words) > MOST_WORDS:
        raise UsageError(f"more than {MOST_WORDS} words", item=query[:60], hint="search for a few of them")
    if any(len(w) > _LONGEST for w in words):
        raise UsageError(f"a word of more than {_LONGEST} letters", item=query[:60], hint="search for its beginning: `begin*`")
    return Terms(tuple(tuple(g) for g in groups), tuple(none))


def _written(text: str) -> tuple[str, ...]:
    text = unicodedata.normalize("NFC", text.lower())
    return tuple(text[start:end] for start, end in word_spans(text))


def for_fts5(terms: Terms, columns: str) -> str:
    """The query in SQLite's FTS5 form.

    Args:
        terms: What to look for.
        columns: Names of columns to look in, apart by blanks.
    """
    asked = " AND ".join("(" + " OR ".join(_fts5(p) for p in group) + ")" for group in terms.all)
    if terms.none:
        asked = f"({asked}) NOT ({' OR '.join(_fts5(p) for p in terms.none)})"
    return f"{{{columns}}} : ({asked})"


def _fts5(phrase: Phrase) -> str:
    return " OR ".join('"' + " ".join(words) + '"' + ("*" if phrase.prefix else "") for words in phrase.spellings)


def for_tsquery(terms: Terms) -> str:
    """The query in PostgreSQL's `to_tsquery` form."""
    asked = [" | ".join(_tsquery(p) for p in group) for group in terms.all]
    return " & ".join([*(f"({a})" for a in asked), *(f"!({_tsquery(p)})" for p in terms.none)])


def _tsquery(phrase: Phrase) -> str:
    end = ":*" if phrase.prefix else ""
    return " | ".join("(" + " <-> ".join(f"'{w}'" for w in words) + f"{end})" for words in phrase.spellings)
