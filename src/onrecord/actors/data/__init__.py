"""Tables of words, derived from WordNet, rigour, countryinfo and CLDR (see README.md here), read once when first asked for."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib import resources

import yaml

__all__ = ["country_rows", "is_noun", "kinds_of_noun", "noun_kinds", "seat_rows", "singular", "titles", "words"]

#: Plurals of persons that the `-s` rules do not undo.
_ENDINGS = (("women", "woman"), ("men", "man"), ("people", "people"), ("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x"), ("s", ""))


def words(text: str) -> frozenset[str]:
    """The words of a line, as a set."""
    return frozenset(text.split())


def _read(name: str) -> str:
    return (resources.files(__package__) / name).read_text("utf-8")


def country_rows() -> list[tuple[str, str, bool, str]]:
    """Rows of the derived table: code (two with `|` between them: undecided), kind, whether the name is doubtful, name."""
    rows = (line.split("\t") for line in _read("countries.tsv").splitlines() if not line.startswith("#"))
    return [(code, kind, doubt == "?", name) for code, kind, doubt, name in rows]


def seat_rows() -> list[tuple[str, str, bool, str, str]]:
    """Rows of the written table of seats, in the same form, and the code of the state they are in."""
    # The C loader is four times faster; a PyYAML built without it has only the other.
    found = yaml.load(_read("seats.yaml"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe loaders
    kinds = {"seats": "seat", "bodies": "body", "capitals": "capital"}
    return [(row["code"], kinds[part], bool(row.get("doubtful")), row["name"], row.get("located", row["code"])) for part, rows in found.items() for row in rows]


@cache
def titles() -> dict[str, frozenset[str]]:
    """Forms of address and letters after a name, by what they are (`address`, `office`, `after`)."""
    found = yaml.load(_read("titles.yaml"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe loaders
    return {kind: frozenset(words) for kind, words in found.items()}


@cache
def noun_kinds() -> dict[str, str]:
    """What lower-case nouns stand for: letters as in the head of `nouns.tsv`."""
    return dict(line.split("\t") for line in _read("nouns.tsv").splitlines() if not line.startswith("#"))


@lru_cache(maxsize=4096)
def singular(noun: str) -> str:
    """Undo the plural of a lower-case noun, if the noun is not a singular itself.

    Example:
        >>> singular("spokesmen"), singular("diplomats"), singular("families"), singular("police")
        ('spokesman', 'diplomat', 'family', 'police')
    """
    kinds = noun_kinds()
    if noun in kinds:
        return noun
    for plural, one in _ENDINGS:
        if noun.endswith(plural) and len(noun) > len(plural) + 1:
            # Compounds without a row of their own go by their ending: `businesswomen`.
            stem = noun[: -len(plural)] + one
            if stem in kinds or plural != "s":
                return stem
            return stem if not noun.endswith(("ss", "us", "is")) else noun
    return noun


def is_noun(noun: str) -> bool:
    """Whether it is a common noun or adjective, or its part behind a hyphen is."""
    kinds = noun_kinds()
    word = singular(noun.lower())
    return word in kinds or singular(word.rpartition("-")[2]) in kinds


@lru_cache(maxsize=4096)
def kinds_of_noun(noun: str) -> str:
    """Letters of one noun in any number and case; a compound goes by its last part: `vice-president`, `co-author`, `businesswoman`.

    Returns:
        Letters as in `noun_kinds`, "" for a word that is no such noun.
    """
    kinds = noun_kinds()
    word = singular(noun.lower())
    if word in kinds:
        return kinds[word].replace("n", "")
    last = singular(word.rpartition("-")[2])
    if last != word and last in kinds:
        return kinds[last].replace("n", "")
    for ending in ("woman", "man", "person", "people"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return "P"
    return ""
