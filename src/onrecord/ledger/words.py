"""What a user types into a search: words, phrases, `OR`, `-`, `*`; and what the two databases are asked.

    ceasefire talks       both words
    "prisoner exchange"   these words next to each other
    ceasefire OR truce    either; binds closer than the blank between words
    ceasefire -Gaza       without that word
    cease*                words that begin so

Nothing a user types can be an error of the database: the query is taken apart here, and every word goes in quoted.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from onrecord.errors import UsageError

__all__ = ["Phrase", "Terms", "folded", "for_fts5", "for_tsquery", "parse", "tokens"]

_PIECES = re.compile(r'(-?)"([^"]*)"?(\*?)|(\S+)')
#: More than this is no question but a text, and databases have limits on the depth of theirs.
MOST_WORDS = 64


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words next to each other; one, as a rule."""

    tokens: tuple[str, ...]
    #: Whether the last may go on.
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """A query taken apart: of each of `all` one must be there, and none of `none`."""

    all: tuple[tuple[Phrase, ...], ...]
    none: tuple[Phrase, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.all)


def tokens(text: str) -> list[str]:
    """The words of a text as the databases see them: letters and digits, folded."""
    return "".join(c if c.isalnum() or unicodedata.category(c)[0] in "LNM" else " " for c in folded(text)).split()


def folded(text: str) -> str:
    """A text without case and accents."""
    return "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))


def parse(query: str) -> Terms:
    """Take a query apart.

    Raises:
        UsageError: It has words to leave out, and none to look for; or too many words.
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
        phrase = Phrase(tuple(tokens(said)), prefix=bool(match[3]) or (bare or "").endswith("*"))
        if not phrase.tokens:
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
    if sum(len(p.tokens) for g in groups for p in g) + sum(len(p.tokens) for p in none) > MOST_WORDS:
        raise UsageError(f"more than {MOST_WORDS} words", item=query[:60], hint="search for a few of them")
    return Terms(tuple(tuple(g) for g in groups), tuple(none))


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
    return '"' + " ".join(phrase.tokens) + '"' + ("*" if phrase.prefix else "")


def for_tsquery(terms: Terms) -> str:
    """The query in PostgreSQL's `to_tsquery` form."""
    asked = [" | ".join(_tsquery(p) for p in group) for group in terms.all]
    return " & ".join([*(f"({a})" for a in asked), *(f"!({_tsquery(p)})" for p in terms.none)])


def _tsquery(phrase: Phrase) -> str:
    return " <-> ".join(f"'{t}'" for t in phrase.tokens) + (":*" if phrase.prefix else "")
