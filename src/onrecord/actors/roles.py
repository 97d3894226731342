"""What the words around a mention say of who somebody is: role, organization, country. Nothing is guessed: what is not said is None.

There is no parser here. A noun phrase is read from its shape: nouns for persons and organizations come from WordNet
(`data/nouns.tsv`), names from the model's tags, and, where those are absent, from capital letters.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from onrecord.actors.actor import Description
from onrecord.actors.countries import find_countries, stands_for_government
from onrecord.actors.data import kinds_of_noun, titles
from onrecord.actors.data import words as word_set
from onrecord.actors.names import Name, NameType
from onrecord.actors.page import BREAKS, DETERMINERS, PREPOSITIONS, Page, Word, forms_of_title, is_body, is_office, is_titled
from onrecord.actors.phrases import LONGEST, fill, find_head, read_front, read_phrase, read_tail
from onrecord.text import Span

__all__ = ["describe", "person_name"]

#: Small words inside names.
_PARTICLES = word_set("de al bin von van der den da do dos du di el ben ibn del la le ter")
#: Where the words before a name or behind it begin.
_STOP = re.compile(r",| who | whose | of | for | at | in | from | to | with | by | on | \(")
#: Words further from a mention say nothing of it.
_REACH = 160


def describe(text: str, mention: Span, *, names: Sequence[Name] = (), sentence: Span) -> Description:
    """Read role, organization and country of whoever a mention refers to.

    Args:
        text: The text.
        mention: The words that refer to the actor.
        names: The names of the sentence; may be empty or wrong.
        sentence: The sentence around the mention.

    Returns:
        Spans inside the sentence, each None where the words do not say it.
    """
    made = _described(text, mention, names=names, sentence=sentence)
    standing = titles()["standing"] | titles()["plain"]
    if made.role is not None and all(w.lower() in standing for w in made.role.exact.split()):
        # `a senior source` holds no office.
        return replace(made, role=None)
    return made


def _described(text: str, mention: Span, *, names: Sequence[Name], sentence: Span) -> Description:
    start, end = max(sentence.start, 0), min(sentence.end, len(text))
    if not start <= mention.start < mention.end <= end:
        return Description()
    inside = tuple(n for n in names if start <= n.span.start and n.span.end <= end)
    near = find_countries(text, max(start, mention.start - _REACH), min(end, mention.end + _REACH))
    page = Page(text, sentence, inside, near)
    whole = _whole_country(page, mention)
    if whole is not None:
        return whole
    name = _name_in(page, mention)
    if name is None:
        return _alone(page, mention)
    parts = [_before(page, name), _after(page, name), *_apposed(page, mention, name)]
    return _merge(page, parts)


def _whole_country(page: Page, mention: Span) -> Description | None:
    words = [w for w in page.words(mention.start, mention.end) if w.lower not in DETERMINERS]
    for span, country in page.countries:
        if words and span.start == words[0].start and span.end >= words[-1].end:
            place = country.located is not None and stands_for_government(page.text, span).use == "place"
            return Description(None, None, country.located if place else country.code, span)
    return None


# Where the name is


def person_name(text: str, mention: Span, *, names: Sequence[Name] = ()) -> Span | None:
    """The name of a person in a mention, without title and letters behind it: as tagged, else from capital letters."""
    return _name_in(Page(text, mention, tuple(names), find_countries(text, mention.start, mention.end)), mention)


def _name_in(page: Page, mention: Span) -> Span | None:
    """The person's name in a mention: as tagged, else the capitalised run that no office closes."""
    tagged = [n.span for n in page.names if n.type is NameType.PERSON and n.span.start < mention.end and mention.start < n.span.end]
    own = [span for span in tagged if not re.match(r"['’]s\b", page.text[span.end : span.end + 2]) or span.end >= mention.end]
    if own:
        span = own[0]
        words = page.words(max(span.start, page.sentence.start), span.end)
        while len(words) > 1 and (words[0].text.endswith(".") or len(words) > 2) and words[0].stem in forms_of_title():  # noqa: PLR2004 - `King` may be a name
            words = words[1:]
        while len(words) > 1 and words[-1].stem in titles()["after"]:
            words = words[:-1]
        return page.cut(words)
    if any(n.span.start < mention.end and mention.start < n.span.end for n in page.names if n.type is NameType.ORGANIZATION):
        rest = [n for n in page.names if n.type is NameType.ORGANIZATION and n.span.start <= mention.start and n.span.end >= mention.end]
        if rest:
            return None
    return _capitals(page, mention)


def _capitals(page: Page, mention: Span) -> Span | None:  # noqa: C901, PLR0912 - one walk over the run
    head = _STOP.split(mention.exact, maxsplit=1)[0]
    longer = re.split(r",| who | \(", mention.exact, maxsplit=1)[0]
    words = page.words(mention.start, mention.start + len(head))
    if len(longer) > len(head) and words and words[0].capital and not any(is_office(w) for w in words):
        more = page.words(mention.start, mention.start + len(longer))
        # `Bank of Japan governor Kazuo Ueda`: an office in lower case parts the name from what it is `of`.
        if any(is_office(w) and w.text.islower() for w in more):
            words = more
    if not words or words[-1].possessive:
        return _capitals_after_comma(page, mention)
    known = titles()
    while len(words) > 1 and words[-1].stem in known["after"]:
        words = words[:-1]
    run: list[Word] = []
    for word in reversed(words):
        particle = run and word.lower in _PARTICLES
        if word.possessive or not (word.capital or particle) or word.lower in DETERMINERS:
            break
        run.insert(0, word)
    while run and not run[0].capital:
        run = run[1:]
    addressed = bool(run) and len(run) > 1 and run[0].stem in known["address"]
    while addressed and len(run) > 1 and run[0].stem in forms_of_title():
        run = run[1:]
    # What an office, a form of address or a state closes is no part of the name.
    for at in range(len(run) - 1, -1, -1) if not addressed else ():
        country = page.country(run[at].start, run[-1].end)
        is_state = country is not None and country[0].start == run[at].start and country[1].kind in {"demonym", "body", "seat"}
        office = run[at].stem in forms_of_title() or (is_office(run[at]) and "T" in kinds_of_noun(run[at].stem) and not (at and run[at - 1].text.endswith(".")))
        if office or run[at].stem in known["address"] or is_state:
            closed = not is_state and at == len(run) - 1 and len(run) > 1 and not is_titled(run)
            if not closed:
                run = run[at + 1 :]
            break
    first_is_sentence = bool(words) and words[0].start == page.sentence.start and len(words) > 1 and len(run) == len(words)
    if not run or (first_is_sentence and len(run) == 1):
        return _capitals_after_comma(page, mention)
    if any(is_body(word) for word in run[-1:]) or (words[0].lower in DETERMINERS and len(run) >= len(words) - 1):
        return None
    if len(run) == 1 and not addressed and (run[0].text.isupper() or kinds_of_noun(run[0].stem)):
        return None
    return page.cut(run)


def _capitals_after_comma(page: Page, mention: Span) -> Span | None:
    """The name in `The president of Chile, Gabriel Boric`."""
    match = re.search(r", ((?:[^\W\d_][\w.'’-]* ?){1,5})$", page.text[mention.start : mention.end].rstrip(", "))
    if match is None:
        return None
    start = mention.start + match.start(1)
    words = page.words(start, start + len(match[1]))
    if not words or not all(word.capital or len(word.text) <= 3 for word in words) or any(is_body(w) for w in words):  # noqa: PLR2004 - `de`, `al`, `van`
        return None
    return page.cut(words)


# Phrases


def _before(page: Page, name: Span) -> Description:
    """The words straight before a name: `Kremlin aide`, `the UK's Defence Secretary`."""
    words = page.words(max(page.sentence.start, name.start - 120), name.start)
    taken: list[Word] = []
    edge = name.start
    for word in reversed(words):
        gap = page.text[word.end : edge]
        if not re.fullmatch(r"['’]?s?\.? ?", gap) or word.lower in BREAKS:
            break
        if word.lower in DETERMINERS or word.text[:1].isdigit() or (word.lower in PREPOSITIONS and not (word.lower == "of" and taken)):
            break
        taken.insert(0, word)
        edge = word.start
    while taken and taken[0].lower == "of":
        taken = taken[1:]
    taken = _without_verb(taken)
    known = titles()
    while taken and taken[-1].stem in known["address"]:
        taken = taken[:-1]
    ranks = next((i for i in range(len(taken), 0, -1) if taken[i - 1].stem not in known["rank"] | {"and"}), 0)
    compound = 0 < ranks < len(taken) and taken[ranks].text == "General" and taken[ranks - 1].capital  # `Secretary General`
    if 0 < ranks < len(taken) and is_office(taken[ranks - 1]) and not compound:
        taken = taken[:ranks]
    head = find_head(taken) if taken else None
    # `secretary of state Ann Hale` has its office before the `of`.
    if head is None or not (is_office(taken[-1]) or taken[head + 1].lower == "of"):
        return Description()
    return read_phrase(page, taken)


def _without_verb(words: list[Word]) -> list[Word]:
    """Cut off what cannot belong to a phrase before a name: `said foreign minister X`."""
    for at in range(len(words) - 1, -1, -1):
        word = words[at]
        verb = (
            word.text.islower()
            and re.search(r"(?:ed|ly)$", word.text)
            and not kinds_of_noun(word.text)
            and word.lower not in {"retired", "united", "self-proclaimed"}
        )
        if (verb and at < len(words) - 1 and not is_office(word) and at == 0) or (
            word.lower in {"and", "as", "then", "not"} and (at == 0 or not is_office(words[at - 1]))
        ):
            return words[at + 1 :]
    return words


def _after(page: Page, name: Span) -> Description:
    """What follows a name without a comma: `MP`, `of the World Health Organization`, `(R-Ky.)`."""
    rest = page.text[name.end : min(name.end + 90, page.sentence.end)]
    letters = re.match(r",? ((?:[A-Z][A-Za-z]{1,2}|Senator)\b)", rest)
    role = None
    at = name.end
    if letters and letters[1] in titles()["after"]:
        role = Span.of(page.text, name.end + letters.start(1), name.end + letters.end(1))
        at = role.end
    party = re.match(r"(?: ?\(|, )([A-Z])[a-z]*[.,]?[-–—]\s?([A-Z][A-Za-z.]{1,12})(?:\)|,)", page.text[at : min(at + 30, page.sentence.end)])
    if party:
        basis = Span.of(page.text, at + party.start(2), at + party.end(2))
        return Description(role, None, "US", basis)
    if re.match(r" (?:of|from|at) ", page.text[at : at + 6]):
        words = page.words(at, min(at + 90, page.sentence.end))
        found = read_tail(page, words[1:], "of", head="")
        if found.organization is not None:
            return replace(found, role=role)
    return Description(role)


def _apposed(page: Page, mention: Span, name: Span) -> list[Description]:
    """Phrases set off by commas behind and before a name."""
    found = []
    after = re.match(r"(?: [A-Z]{2,3})?(?: \([^()]{1,20}\))?, (?:\d{2}, )?", page.text[name.end : min(name.end + 40, page.sentence.end)])
    if after:
        start = name.end + after.end()
        found.append(_apposition(page, start))
    before = re.sub(
        r"(?<=, )(?:[A-Z]\w{0,7}\.? )+$",
        lambda m: "" if set(re.findall(r"\w+", m[0])) <= forms_of_title() else m[0],
        page.text[page.sentence.start : name.start],
    )
    if before.rstrip().endswith(","):
        stop = page.sentence.start + len(before.rstrip()) - 1
        start = mention.start if mention.start < stop else max(page.sentence.start, stop - 100)
        clause = re.split(r"[,;:\"“”()]", page.text[start:stop])[-1]
        words = page.words(stop - len(clause), stop)
        # Only a definite phrase stands before its name so, and what is before it is the sentence's verb.
        at = next((i for i, w in enumerate(words) if w.lower in {"the", "a", "an"} or w.possessive), None)
        if mention.start < stop:
            at = 0
        elif not re.match(r"[,.;:”\"]|$| (?:said|says|told)\b", page.text[name.end : page.sentence.end]):
            at = None  # `After hearing from the speaker, Ruiz left`
        if at is not None and not any(word.lower in BREAKS for word in words[at:]):
            found.append(read_phrase(page, words[at:]))
    return found


def _apposition(page: Page, start: int) -> Description:
    """The phrase behind a comma: `the finance minister of Portugal`, `who heads the institute`."""
    end = min(page.sentence.end, start + 140)
    stop = re.search(r"[,;:\"“”()]|\.(?:\s|$)", page.text[start:end])
    end = start + stop.start() if stop else end
    words = page.words(start, end)
    if words and words[0].lower in {"of", "from", "at"}:
        return read_tail(page, words[1:], words[0].lower, head="")
    relative = re.match(r"who (?:now |also |currently )?(?:heads|leads|runs|chairs|directs|owns|manages|edits|founded|co-founded) ", page.text[start:end])
    if relative:
        rest = page.words(start + relative.end(), end)
        return read_tail(page, rest, "of", head="")
    for at, word in enumerate(words):
        if word.lower in BREAKS:
            words = words[:at]
            break
    words = words[:LONGEST]
    if not words or words[0].lower in PREPOSITIONS:
        return Description()
    head = find_head(words)
    if head is None or (words[0].text.islower() and words[0].text.endswith("ed")):
        return Description()
    # A phrase of capitals alone behind a comma is the next name in a list, unless somebody owns the office or it is a title.
    owned = any(w.possessive for w in words[:head]) or page.country(words[0].start, words[head].start) is not None if head else False
    if words[0].capital and words[head].capital and not (owned or words[head].text.isupper() or is_titled(words[: head + 1])):
        return Description()
    return read_phrase(page, words)


# Putting together


def _merge(page: Page, parts: Sequence[Description]) -> Description:
    before, after, *apposed = parts
    order = [before, after, *apposed]
    ranked = before.role is not None and all(w.stem in titles()["rank"] for w in page.words(before.role.start, before.role.end))
    if ranked and any(part.role for part in apposed):
        order = [*apposed, before, after]
    found = Description()
    for part in order:
        found = fill(found, part)
    return found


def _alone(page: Page, mention: Span) -> Description:
    """A mention without a name: `the UK's Defence Secretary`, `a spokesman for the interior ministry`."""
    stop = mention.end
    if mention.end < page.sentence.end and re.match(r" (?:of|for|at) ", page.text[mention.end : mention.end + 5]):
        stop = min(page.sentence.end, mention.end + 80)
    cut = re.search(r"[,;:\"“”()]", page.text[mention.start : stop])
    words = page.words(mention.start, mention.start + cut.start() if cut else stop)
    for at, word in enumerate(words):
        if word.lower in BREAKS and at:
            words = words[:at]
            break
    if not words:
        return Description()
    comma = re.match(r", (?:\d{2}, )?", page.text[words[-1].end : words[-1].end + 6])
    if comma and all(w.capital for w in words) and words[0].lower not in DETERMINERS:
        found = _apposition(page, words[-1].end + comma.end())
        if found.role is not None:
            return found
    if find_head(words) is not None:
        return read_phrase(page, words)
    # An organization or a paper: `Kenya's Supreme Court`, `a memo from Canada's transport ministry`.
    at = next((i for i, w in enumerate(words) if i and w.lower in {"by", "from", "of", "at"}), len(words))
    country = page.country(words[0].start, words[at - 1].end)
    own = Description(None, None, country[1].code, country[0]) if country else Description()
    paper = "d" in kinds_of_noun(words[at - 1].stem).lower()
    if paper and "O" not in kinds_of_noun(words[at - 1].stem):
        front = read_front(page, words[: at - 1], head=words[at - 1].lower)
        # `a court filing` is a kind of paper, `a UN report` has an author.
        own = fill(front, own) if front.organization is not None and not front.organization.exact.islower() else own
    if at == len(words):
        return own
    behind = read_tail(page, words[at + 1 :], "of" if words[at].lower == "by" else words[at].lower, head="")
    return fill(own, behind if paper else replace(behind, organization=None))
