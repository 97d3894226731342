"""Role, organization and country of one noun phrase: `the UK's Defence Secretary`, `a spokesman for the interior ministry`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from onrecord.actors.actor import Description
from onrecord.actors.countries import Country, is_adjective
from onrecord.actors.data import is_noun, kinds_of_noun, singular, titles
from onrecord.actors.data import words as word_set
from onrecord.actors.names import NameType
from onrecord.actors.page import BREAKS, DETERMINERS, PLACES, PREPOSITIONS, Page, Word, forms_of_title, is_body, is_office, is_plain
from onrecord.text import Span

__all__ = ["LONGEST", "fill", "find_head", "read_front", "read_phrase", "read_tail"]

#: A phrase longer than this is a clause that was misread.
LONGEST = 14
#: Words of standing that do not make an organization of what follows.
_GRADES = word_set("deputy former acting vice chief first interim ex retired outgoing incoming then assistant")
#: Offices that a field belongs to: `Minister of Education`, `Treasury Secretary`.
_MINISTERS = frozenset({"minister", "secretary"})


def find_head(words: Sequence[Word]) -> int | None:
    """Where the office stands: the last person noun before the first preposition."""
    stop = next((i for i, w in enumerate(words) if w.lower in PREPOSITIONS and i), len(words))
    # `Bank of Japan governor`: a capitalised name may hold an `of`.
    if stop < len(words) and words[stop].lower == "of" and words[stop - 1].capital and not any(is_office(w) for w in words[:stop]):
        more = next((i for i in range(stop + 1, len(words)) if words[i].lower in PREPOSITIONS), len(words))
        stop = more
    found = [at for at in range(stop) if is_office(words[at]) and not words[at].possessive and words[at].lower not in DETERMINERS]
    # Nothing but another office follows the plural of a person: `people familiar with`, `officials close to`.
    several = [at for at in found if _plural(words[at]) and (at + 1 not in found or words[at].text.islower())]
    if several or not found:
        return several[0] if several else None
    # `a new national poll`: what stands between the office and the end of the phrase is a name, or the office is none.
    behind = words[found[-1] + 1 : stop]
    return found[-1] if (all(w.capital or w.text[:1].isdigit() for w in behind) and not (behind and is_body(behind[-1]))) or _closes(behind[0]) else None


def _closes(word: Word) -> bool:
    """Whether a word behind a noun begins what is said of it: `a man named`, `an official involved in`."""
    return bool(re.search(r"(?:ed|ing|ly|ent|ar)$", word.lower)) or word.lower in {
        "there",
        "here",
        "both",
        "alike",
        "close",
        "now",
        "not",
        "known",
        "born",
        "also",
        "the",
    }


def read_phrase(page: Page, words: Sequence[Word]) -> Description:
    """Role, organization and country of one noun phrase."""
    words = list(words)[:LONGEST]
    while words and words[0].lower in DETERMINERS and not words[0].possessive:
        words = words[1:]
    head = find_head(words)
    if head is None:
        country = page.country(words[0].start, words[-1].end) if words else None
        return Description(None, None, country[1].code, country[0]) if country and len(words) <= 1 else Description()
    first = _role_start(page, words, head)
    front, role = words[:first], words[first : head + 1]
    tail = words[head + 1 :]
    extra, behind = _role_of(page, tail, singular(words[head].lower))
    if extra:
        role = [*role, *extra]
    found = read_front(page, front, head=words[head].lower)
    if behind:
        # The `police chief of Lagos` has his body already.
        owner = "" if any(is_body(w) for w in role) else singular(words[head].lower)
        found = fill(found, read_tail(page, behind[1:], behind[0].lower, head=owner))
    # A class of people holds no office: `critics`, `Syrian rebels`.
    none = is_plain(words[head]) or (_plural(words[head]) and "F" not in kinds_of_noun(words[head].stem) and words[head].text.islower() | (head == 0))
    return replace(found, role=None if none else page.cut(role))


def _role_start(page: Page, words: Sequence[Word], head: int) -> int:  # noqa: C901, PLR0912 - a list of borders
    """First word of the role: leftwards to a possessive, a state, an organization or a party."""
    known = titles()
    legislator = singular(words[head].lower).removeprefix("co-") in known["legislator"] or words[head].stem in known["legislator"]
    first = head
    for at in range(head - 1, -1, -1):
        word = words[at]
        if page.opens(word) and not words[head].capital and word.lower not in known["standing"]:
            first = at
            break
        if (
            word.possessive
            or word.lower in DETERMINERS
            or page.within(word)
            or page.country(word.start, words[head].start) is not None
            or word.text[:1].isdigit()
        ):
            break
        if word.lower in {"and", "&"}:
            if at and is_office(words[at - 1]) and not words[at - 1].possessive:
                continue
            break
        if word.lower in PREPOSITIONS or (words[head].capital and word.text.islower() and word.lower not in _GRADES):
            break
        # At the start of a sentence a capital says nothing: `Climate scientist`.
        begins = at == 0 and word.start == page.sentence.start and _plain_word(word)
        if word.capital and not words[head].capital and word.lower not in _GRADES and not (begins or (_trade(word) and words[at + 1].lower == "and")):
            break
        if word.capital and words[head].text.isupper() and not is_noun(word.stem) and word.lower not in _GRADES:
            break
        if (
            word.capital
            and legislator
            and (not words[head].capital or words[head].text.isupper() or not is_noun(word.stem))
            and word.lower not in _GRADES | {"shadow"}
            and (word.lower not in PLACES or words[head].text.isupper())
            and not _trade(word)
        ):
            break
        tag = page.named(word, NameType.ORGANIZATION)
        if tag is not None and tag.span.end <= words[head].start and singular(words[head].lower) not in _MINISTERS:
            break
        if word.capital and word.text.isupper() and len(word.text) > 1 and word.stem not in known["office"]:
            break
        if _body_at(words, at) and not _keeps_body(words, at, head):
            break
        first = at
    while first < head and words[first].lower in known["standing"]:
        first += 1
    return first


def _trade(word: Word) -> bool:
    """An office or trade in the narrow sense: no `Conservative`, no `Democrat`."""
    return is_office(word) and ("T" in kinds_of_noun(word.stem) or word.stem in forms_of_title())


def _plain_word(word: Word) -> bool:
    return word.text[1:].islower() and is_noun(word.stem)


def _keeps_body(words: Sequence[Word], at: int, head: int) -> bool:
    """Whether an organization noun belongs to the office (`police chief`, `Treasury Secretary`), or the office to it (`ministry spokeswoman`)."""
    if words[head].lower.startswith("spokes"):
        return False
    before = words[at - 1] if at else None
    modified = before is not None and not before.possessive and before.lower not in DETERMINERS | titles()["standing"] | _GRADES
    ministerial = singular(words[head].lower) in _MINISTERS
    return (words[head].capital == words[at].capital or at == 0) and (not modified or (words[head].capital and ministerial))


def _role_of(page: Page, tail: Sequence[Word], head: str) -> tuple[list[Word], list[Word]]:
    """Split what follows the head: `of energy` belongs to the role, `at the University of Ghana` does not."""
    if not tail or not (tail[0].lower == "of" or (tail[0].lower == "for" and head in _MINISTERS)):
        return [], list(tail)
    stop = next((i for i in range(1, len(tail)) if tail[i].lower in PREPOSITIONS), len(tail))
    inner = list(tail[1:stop])
    if head in _MINISTERS and inner and inner[0].lower == "the" and len(inner) > 1 and page.country(inner[0].start, inner[-1].end) is None:
        return [tail[0], *inner], list(tail[stop:])
    if not inner or inner[0].lower in DETERMINERS or any(w.possessive for w in inner) or page.country(inner[0].start, inner[-1].end) is not None:
        return [], list(tail)
    if any(page.named(w, NameType.ORGANIZATION, NameType.LOCATION, NameType.PERSON, NameType.FACILITY) for w in inner):
        return [], list(tail)
    common = all(w.text.islower() for w in inner)
    ministerial = head in _MINISTERS and all(w.capital or w.lower == "and" for w in inner)
    capital_field = all(w.capital and w.text[1:].islower() and (kinds_of_noun(w.stem) or w.lower.endswith(("ce", "th", "gy", "ty", "ry", "cs"))) for w in inner)
    if common or ministerial or (capital_field and not any(is_body(w) for w in inner)):
        return [tail[0], *inner], list(tail[stop:])
    return [], list(tail)


def read_front(page: Page, front: Sequence[Word], *, head: str) -> Description:
    """What stands before the role: state, then organization."""
    front = [w for w in front if w.lower not in DETERMINERS]
    while front and front[-1].lower in titles()["standing"]:
        front = front[:-1]
    while front and front[0].lower in titles()["standing"] | {"former", "acting", "ex", "then"}:
        front = front[1:]
    if not front:
        return Description()
    country = page.country(front[0].start, front[-1].end)
    cut = max((i + 1 for i, w in enumerate(front) if w.possessive), default=0)
    rest = front[cut:]
    if cut and not rest and country is None:
        owner = page.named(front[cut - 1], NameType.PERSON) is None and is_body(front[cut - 1])
        rest = front[:cut] if owner or page.named(front[cut - 1], NameType.ORGANIZATION) else []
    joint = max((i + 1 for i, w in enumerate(rest) if w.lower == "and"), default=0)
    head = singular(head)
    organization = None if head in titles()["relation"] else _organization(page, rest[joint:])
    if country is not None and head in titles()["topic"] and _subject(front, country[0], country[1]):
        country = None
    if country is None:
        return Description(None, organization)
    code, basis = country[1].code, country[0]
    if organization is None and (country[1].kind in {"seat", "body"} or code == "EU"):
        organization = basis
    return Description(None, organization, code, basis)


def _subject(front: Sequence[Word], span: Span, country: Country) -> bool:
    """Whether a state is what an expert or envoy deals with: its bare name, straight before the trade."""
    last = front[-1]
    return country.kind in {"name", "capital", "region"} and not span.exact.replace(".", "").isupper() and span.end == last.end and not last.possessive


def _organization(page: Page, words: Sequence[Word]) -> Span | None:  # noqa: C901, PLR0911 - a decision list
    """The organization in the words before a role."""
    words = list(words)
    tagged = next((n for w in words for n in [page.named(w, NameType.ORGANIZATION)] if n), None)
    if tagged is not None and words and tagged.span.start >= words[0].start and tagged.span.end <= words[-1].end:
        return tagged.span
    demonym: list[Word] = []
    while words:
        state = page.country(words[0].start, words[-1].end)
        if state is None or state[0].start != words[0].start or state[1].kind in {"seat", "body"}:
            break
        length = sum(w.start < state[0].end for w in words)
        demonym = words[:length] if state[1].kind == "demonym" else []
        words = words[length:]
    while words and (is_adjective(words[0].text) or page.named(words[0], NameType.NATIONALITY)) and not (len(words) > 1 and words[-1].capital):
        words = words[1:]
    if not words or any(page.named(w, NameType.PERSON, NameType.LOCATION) for w in words):
        return None
    if words[-1].lower in PREPOSITIONS or words[-1].lower in PLACES:
        return None
    ends = _body_at(words, len(words) - 1)
    if any(w.capital for w in words):
        while not words[0].capital and not ends:
            words = words[1:]  # `billionaire Dallas Mavericks`
        while not words[-1].capital and not ends:
            words = words[:-1]
        if re.search(r"-[a-z]+(?:ed|ing|born)$", words[0].text) or words[0].stem in titles()["address"]:
            return None
        return page.cut([*demonym, *words] if demonym and ends else words)
    if ends:
        return page.cut([*demonym, *words])
    return None


def read_tail(page: Page, words: Sequence[Word], preposition: str, *, head: str) -> Description:  # noqa: PLR0911 - a decision list
    """What follows a head and its preposition: an organization, a state, or neither."""
    known = titles()
    if preposition == "to" and (head in known["sent"] or not any(is_body(w) for w in words[:4])):
        return Description()
    if preposition not in {"of", "for", "at", "with", "to", "in", "from"} or head in known["relation"]:
        return Description()
    phrase = _noun_phrase(page, words)
    if not phrase:
        return Description()
    bare = [w for w in phrase if w.lower not in DETERMINERS]
    if not bare:
        return Description()
    country = page.country(bare[0].start, bare[-1].end)
    only_state = country is not None and country[0].start == bare[0].start and country[0].end == bare[-1].end
    if only_state and country is not None and country[1].kind != "body" and country[1].code != "EU":
        fits = preposition in {"of", "from", "for"} and not (country[1].kind == "capital" and country[1].ambiguous)
        return Description(None, country[0] if country[1].kind == "seat" else None, country[1].code, country[0]) if fits else Description()
    cut = max((i + 1 for i, w in enumerate(bare[:-1]) if w.possessive), default=0)
    inner = bare[cut:]
    if inner[-1].lower in PLACES and len(inner) == 1:
        return Description()
    tagged = [n for w in inner for n in [page.named(w, NameType.ORGANIZATION)] if n is not None]
    place = any(page.named(w, NameType.LOCATION, NameType.PERSON) for w in inner) and not tagged
    organization: Span | None = None
    body = any(is_body(w) for w in inner if w.lower not in PREPOSITIONS) or (only_state and country is not None)
    if (
        (tagged and inner[0].start <= tagged[0].span.start)
        or (body and (not place or inner[0].capital))
        or (
            inner[0].capital
            and not place
            and inner[0].stem not in known["address"]
            and (
                preposition in {"for", "at", "with"}
                or inner[0].text.isupper()
                or (preposition == "of" and (phrase[0].lower == "the" or (head and head not in known["territorial"])))
            )
        )
    ):
        organization = page.cut(inner)
    if organization is None and (preposition == "in" or country is None):
        return Description()
    if country is None:
        return Description(None, organization)
    return Description(None, organization, country[1].code, country[0])


def _noun_phrase(page: Page, words: Sequence[Word]) -> list[Word]:
    """The noun phrase at the front of some words: a capitalised run, or lower-case words up to the last noun known."""
    taken: list[Word] = []
    for at, word in enumerate(words):
        gap = page.text[words[at - 1].end : word.start] if at else " "
        if at and not re.fullmatch(r"(?:['’]s?)?[ .]{1,2}", gap):
            break
        if word.lower in BREAKS or (word.lower in DETERMINERS and at and words[at - 1].lower not in PREPOSITIONS):
            break
        if word.lower in PREPOSITIONS or word.lower == "and":
            joined = (
                at
                and at + 1 < len(words)
                and words[at - 1].capital
                and (words[at + 1].capital or (words[at + 1].lower == "the" and at + 2 < len(words) and words[at + 2].capital))
            )
            if not joined or word.lower not in {"of", "for", "and", "on"}:
                break
        elif (
            word.text.islower()
            and taken
            and taken[-1].capital
            and not taken[-1].possessive
            and not is_body(word)
            and page.country(taken[-1].start, taken[-1].end) is None
        ) or (word.text.islower() and taken and re.search(r"(?:ed|s)$", word.text) and not kinds_of_noun(word.text)):
            break
        taken.append(word)
    while taken and (taken[-1].lower in PREPOSITIONS or taken[-1].lower in DETERMINERS):
        taken.pop()
    return taken


def fill(first: Description, second: Description) -> Description:
    """The first, and from the second what it lacks."""
    country = (first.country, first.country_basis) if first.country else (second.country, second.country_basis)
    return Description(first.role or second.role, first.organization or second.organization, *country)


def _plural(word: Word) -> bool:
    return singular(word.lower) != word.lower or word.lower == "people"


def _body_at(words: Sequence[Word], at: int) -> bool:
    """Whether an organization's name may end here; two words may be one noun: `coast guard`."""
    return is_body(words[at]) or (at > 0 and "O" in kinds_of_noun(f"{words[at - 1].lower} {words[at].lower}"))
