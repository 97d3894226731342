"""Sources without a name, and what kind of actor other words stand for: people, groups, bodies, states, papers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from onrecord.actors.actor import ActorType
from onrecord.actors.countries import find_countries, is_adjective, lookup
from onrecord.actors.data import is_noun, kinds_of_noun, singular, titles, words
from onrecord.actors.names import Name, NameType
from onrecord.actors.page import BODIES
from onrecord.actors.roles import person_name
from onrecord.text import Span

__all__ = ["DocumentFacts", "Unnamed", "classify", "describe_document", "describe_unnamed"]

_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|\d[\d,.]*|[^\W\d_]+(?:['’-][^\W\d_]+)*")
#: No count of people has as many digits.
_LONG = 9
_NUMBERS = {w: n for n, w in enumerate(("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"))}
_ONE = frozenset({"a", "an", "one", "another"})
_MANY = words("several some many few multiple various numerous dozens hundreds thousands most all other certain both these those")
#: `47 percent of voters` are voters.
_PARTS = words("percent majority number handful dozen dozens hundreds thousands half third quarter scores minority couple")
_DEFINITE = words("the this that his her its their our my your")
_STOPS = words(
    "of for at to in with from by on near who whose whom which that where when while said says told has have had is was were are after before "
    "under inside outside about and or but as because speaking close familiar"
)
#: What makes unnamed people a source, and not a class of people.
_INSIDE = re.compile(
    r"^,? ?(?:(?:who (?:is|are|was|were|has|have|had) )?(?:directly |closely |also |been |with )*"
    r"(?:familiar with|briefed|close to|involved in|aware of|knowledge of|direct knowledge|present at|informed)"
    r"|who (?:ask|spoke|speak|declin|request|insist|gave|want|refus|was not|were not|is not|are not|wasn|weren)\w*)",
)
_REST = r"[^.;\"“”]*"
_SHORT = r"[^.;,\"“”]*"
_ALLOWED = r"(?:authori[sz]ed|allowed|permitted|cleared|supposed) to (?:speak|talk|comment|discuss|be|brief|share|disclose)"
_ASKED = r"(?:anonymity|not to be (?:named|identified|quoted)|to remain anonymous|that (?:his|her|their) names? (?:not )?be)"
_GROUND = re.compile(
    r"(?:(?:speaking|spoke|speaks?|talked|talking|told [\w ]{2,30}?|interviewed|commented|said) )?(?:only )?"
    rf"(?:on|under|with) (?:the )?(?:strict )?(?:condition|guarantee|promise|grant(?:ed)?) (?:of|that|they|he|she)\b{_REST}"
    rf"|(?:insist|request|ask|grant|demand)\w* (?:on |for )?{_ASKED}{_REST}"
    rf"|(?:declin|refus)\w* to be (?:named|identified|quoted){_REST}"
    rf"|(?:(?:was|were|is|are)(?: not|n['’]t)|not) {_ALLOWED}{_SHORT}"
    rf"|(?:spoke|speaking) anonymously{_REST}"
    rf"|(?:whose|did not want (?:his|her|their)) names? {_SHORT}(?:withheld|used|published|printed|revealed){_SHORT}",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:because(?: of)?|for fear(?: of)?|out of fear|fearing|citing|given|due to|in order to|owing to|since"
    r"|to (?:discuss|describe|speak|talk|avoid|protect|share|be candid)|as (?:he|she|they|the)|so (?:that|as))"
    rf"\b{_REST}|not {_ALLOWED}{_SHORT}",
    re.IGNORECASE,
)
_OBTAINED = re.compile(
    r"\b(?i:obtained|seen|viewed|reviewed|read|leaked|released|published|shared|provided|made public|acquired|intercepted|hacked|declassified|unsealed|filed)"
    r"(?: (?:exclusively )?(?:by|to|with|in|on) (?:the |this )?(?:[a-z]+(?= |[,.;:]|$)|[A-Z][\w.’'&-]*(?: (?:and )?(?:the )?[A-Z][\w.’'&-]*)*))?",
)
_AUTHOR = re.compile(
    r"\b(?:by|from|written by|drafted by|prepared by|authored by|compiled by|commissioned by|sent by|signed by|drawn up by|issued by|published by) "
)
_RECIPIENT = re.compile(
    r"\b(?:(?:prepared|written|drafted|compiled|drawn up|produced|intended|commissioned|made) for|(?:sent|addressed|submitted|delivered|presented) to"
    r"|(?<=letter )to|(?<=memo )to|(?<=email )to|(?<=report )(?:to|for)) ",
)
_LEAKED = re.compile(r"\b(?:leaked|hacked|intercepted|declassified|stolen|unsealed)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Unnamed:
    """Somebody the article does not name."""

    #: How they are described: `a senior Russian source`.
    description: Span
    #: State they are said to be of, None where it is not said.
    country: str | None
    country_basis: Span | None
    #: How many: a number where the words give it, else `one` or `several`.
    number: str
    #: The words that give the ground for leaving the name out, the reason if one is given.
    ground: Span | None


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """Where a paper comes from, as far as the sentence says."""

    author: Span | None = None
    recipient: Span | None = None
    #: How it was obtained: `seen by Reuters`, `leaked`.
    obtained: Span | None = None


@dataclass(frozen=True, slots=True)
class _Phrase:
    """The core of a noun phrase: its determiner, number and head."""

    determiner: str
    number: int | None
    head: str
    #: Past the head.
    end: int
    bare: bool
    capital: bool


def _phrase(text: str, mention: Span) -> _Phrase | None:  # noqa: C901 - one walk over the words
    words = list(_WORD.finditer(text, mention.start, mention.end))
    if not words:
        return None
    determiner, at = "", 0
    number: int | None = None
    while at < len(words):
        word = words[at][0].lower()
        if word in _ONE | _MANY | _DEFINITE:
            determiner = determiner or word
        elif not (word in _NUMBERS or word[0].isdigit() or word in {"more", "than", "least", "about", "nearly", "half", "a", "at"}):
            break
        if word in _NUMBERS or word[0].isdigit():
            digits = word.replace(",", "")
            number = _NUMBERS.get(word, int(digits) if digits.isascii() and digits.isdigit() and len(digits) < _LONG else None)
        at += 1
    rest = words[at:]
    parts = _PARTS if len(rest) > 1 and rest[0][0].lower() in _PARTS and rest[1][0].lower() == "of" else None
    if parts:
        rest = rest[1:]
    if (parts or determiner in {"some", "many", "several", "few", "most", "all", "one", "both"}) and rest and rest[0][0].lower() == "of":
        return _phrase(text, Span.of(text, rest[0].end(), mention.end)) if rest[0].end() < mention.end else None
    core: list[re.Match[str]] = []
    for match in rest:
        joint = match[0].lower() in {"and", "or"} and not kinds_of_noun(core[-1][0]) if core else False
        if match[0].lower() in _STOPS and core and not joint:
            break
        if core and re.search(r"[,;:()]", text[core[-1].end() : match.start()]):
            break
        core.append(match)
    if not core:
        return None
    last = next((w for w in reversed(core) if kinds_of_noun(w[0]) or w[0][:1].isupper()), core[-1])
    head = next((w for w in core if _several(w[0]) and (w[0].islower() or w in (core[0], core[-1]))), last)
    possessive = any(re.search(r"['’]s?$", w[0]) for w in core[:-1])
    return _Phrase(determiner or ("'s" if possessive else ""), number, head[0].lower(), head.end(), not determiner and not possessive, head[0][:1].isupper())


def _several(word: str) -> bool:
    lower = word.lower()
    return (
        lower == "people"
        or (singular(lower) != lower and singular(lower) in titles()["plain"])
        or (singular(lower) != lower and bool(set(kinds_of_noun(lower)) & set("Pp")) and "L" not in kinds_of_noun(lower))
        or lower == "sources"
    )


def _person_noun(head: str) -> bool:
    kinds = kinds_of_noun(head)
    return "P" in kinds or singular(head) in titles()["plain"] or head == "chair" or ("p" in kinds and not set(kinds) & set("OGDL"))


def classify(text: str, mention: Span, *, names: Sequence[Name] = ()) -> tuple[ActorType, str]:  # noqa: PLR0911 - a decision list reads best as one
    """Say what kind of actor a mention stands for.

    Args:
        text: The text.
        mention: Words that refer to an actor; a name is known only by its tag.
        names: Names as tagged.

    Returns:
        The type, and in words why.
    """
    country = lookup(re.sub(r"^(?:the|a|an) |,.*$", "", mention.exact, flags=re.IGNORECASE | re.DOTALL))
    if country is not None and country.kind == "body":
        return ActorType.ORGANIZATION, "a body that one state has by that name"
    if country is not None and country.kind == "demonym":
        return ActorType.GROUP, "a people"
    if country is not None:
        return ActorType.STATE, f"a {country.kind} that stands for a state"
    tagged = [n for n in names if n.span.start < mention.end and mention.start < n.span.end]
    if any(n.type is NameType.PERSON and not _owner(text, n.span, mention) for n in tagged):
        return ActorType.PERSON, "holds a person's name"
    phrase = _phrase(text, mention)
    first = mention.exact.split(" ", 1)
    if len(first) > 1 and first[0].rstrip(".") in titles()["address"] and first[1][:1].isupper():
        return ActorType.PERSON, "a form of address, and a name"
    named = not tagged and phrase is not None and not phrase.determiner and not mention.exact.islower()
    name = person_name(text, mention) if named else None
    if name is not None and (" " in name.exact or name.start > mention.start):
        return ActorType.PERSON, "capitalised words behind an office, or two that no organization closes"
    if phrase is None:
        return ActorType.UNKNOWN, "no words"
    if phrase.capital and phrase.bare and re.match(r",? who\b", text[phrase.end : phrase.end + 6]):
        return ActorType.PERSON, "a name, and `who`"
    return _by_head(text, mention, phrase, tagged)


def _owner(text: str, name: Span, mention: Span) -> bool:
    """Whether a name only says whose somebody is: `Clinton's aides`, `a spokesman for Ms Ruiz`."""
    behind = name.end < mention.end and re.match(r"['’]s?\b|['’]s? ", text[name.end : name.end + 3]) is not None
    modifier = name.end < mention.end and re.match(r" [a-z]+(?:s|$| )", text[name.end : mention.end]) is not None
    before = (
        re.search(
            r"\b(?:of|for|to|with|by|from|against|about|on|concerning|regarding) (?:the |former |President |Mr\.? |Ms\.? |Mrs\.? )*$",
            text[mention.start : name.start],
        )
        is not None
    )
    return behind or modifier or before


def _by_head(text: str, mention: Span, phrase: _Phrase, tagged: Sequence[Name]) -> tuple[ActorType, str]:  # noqa: C901, PLR0911, PLR0912 - a decision list
    kinds = kinds_of_noun(phrase.head)
    after = text[phrase.end : mention.end]
    people = lookup(text[phrase.end - len(phrase.head) : phrase.end]) if phrase.capital else None
    if people is not None and people.kind == "demonym":
        one = phrase.determiner in _ONE
        return (ActorType.UNNAMED, "one person, without a name") if one else (ActorType.GROUP, "a people")
    if phrase.capital and is_adjective(phrase.head.capitalize()) and phrase.determiner in _ONE:
        return ActorType.UNNAMED, "one person, without a name"
    if _several(phrase.head):
        inside = _INSIDE.match(text[phrase.end : phrase.end + 60]) is not None
        if phrase.head == "sources" or "F" in kinds or inside or (phrase.number is not None and phrase.determiner not in _DEFINITE):
            return ActorType.UNNAMED, "people who speak without a name"
        return ActorType.GROUP, "a class of people"
    if singular(phrase.head) == "government" or (singular(phrase.head) in {"administration", "regime"} and "O" in kinds):
        return ActorType.STATE, "a government"
    person = _person_noun(phrase.head)
    if person and (phrase.determiner in _ONE or phrase.number == 1) and not re.match(r",? ?(?:named|called) ", after):
        return ActorType.UNNAMED, "one person, without a name"
    if person and phrase.head == "source":
        return ActorType.UNNAMED, "a source, without a name"
    if person and not phrase.capital:
        return ActorType.PERSON, "a certain person, by office or description"
    if any(n.type is NameType.ORGANIZATION for n in tagged) and (phrase.capital or not kinds):
        return ActorType.ORGANIZATION, "an organization's name"
    if "D" in kinds and not ("O" in kinds and phrase.capital):
        return ActorType.DOCUMENT, f"`{phrase.head}` is a paper"
    if "O" in kinds or ("o" in kinds and set(kinds) & set("GL")) or ("L" in kinds and phrase.determiner in _DEFINITE and "o" in kinds):
        return ActorType.GROUP if singular(phrase.head) == "family" else ActorType.ORGANIZATION, f"`{phrase.head}` is a body"
    if singular(phrase.head) in BODIES:
        return ActorType.ORGANIZATION, f"`{phrase.head}` is a body"
    if "G" in kinds:
        return ActorType.GROUP, f"`{phrase.head}` are people"
    if phrase.capital:
        return _capital(text, mention, phrase, person=person)
    if "d" in kinds:
        return ActorType.DOCUMENT, f"`{phrase.head}` can be a paper"
    return ActorType.UNKNOWN, f"`{phrase.head}` tells nothing"


def _capital(text: str, mention: Span, phrase: _Phrase, *, person: bool) -> tuple[ActorType, str]:
    """A capitalised phrase without a tag: an office, an organization with an article or in capitals, else a person's name of two words."""
    words = _WORD.findall(text[mention.start : phrase.end])
    if person:
        return ActorType.PERSON, "an office"
    if len(words) == 1 and is_noun(phrase.head) and not words[0].isupper():
        return ActorType.UNKNOWN, "a common noun that begins a sentence"
    if phrase.determiner or words[-1].isupper() or len(words) == 1:
        return ActorType.ORGANIZATION if len(words[-1]) > 1 else ActorType.UNKNOWN, "a name with an article, in capitals, or of one word: no person's"
    return ActorType.PERSON, "capitalised words that no organization closes"


def describe_unnamed(text: str, mention: Span, sentence: Span) -> Unnamed | None:
    """Describe an unnamed speaker.

    Args:
        text: The text.
        mention: The words that refer to somebody.
        sentence: The sentence around them.

    Returns:
        None if the mention is no unnamed speaker.
    """
    if not 0 <= sentence.start <= mention.start < mention.end <= sentence.end <= len(text):
        return None
    if classify(text, mention)[0] is not ActorType.UNNAMED:
        return None
    phrase = _phrase(text, mention)
    if phrase is None:
        return None
    number = str(phrase.number) if phrase.number not in {None, 1} else "several" if _several(phrase.head) or phrase.determiner in _MANY else "one"
    country = basis = None
    found = find_countries(text, mention.start, phrase.end)
    behind = re.match(r" (?:from|of|in|at) (?:the )?", text[phrase.end : mention.end])
    if not found and behind and behind[0].split()[0] != "in":
        found = find_countries(text, phrase.end, mention.end)
    if not found and behind:
        found = tuple(f for f in find_countries(text, phrase.end, mention.end) if f[1].kind in {"demonym", "seat", "body"})
    if found:
        basis, country = found[0][0], found[0][1].code
    return Unnamed(mention, country, basis, number, _ground(text, mention, sentence))


def _ground(text: str, mention: Span, sentence: Span) -> Span | None:
    """The ground given for anonymity: its reason where there is one, else the words that ask for it."""
    best = None
    for match in _GROUND.finditer(text, sentence.start, sentence.end):
        distance = match.start() - mention.end if match.start() >= mention.end else mention.start - match.end() + len(text)
        if best is None or distance < best[0]:
            best = (distance, match)
    if best is None:
        return None
    match = best[1]
    reason = _REASON.search(text, match.start(), match.end())
    start, end = (reason.start(), reason.end()) if reason else (match.start(), match.end())
    end = _clause_end(text, start, end)
    return Span.of(text, start, end)


def _clause_end(text: str, start: int, end: int) -> int:
    """Cut a run of words before the next clause: `..., said a deal was close`."""
    cut = re.search(r",? (?:said|says|told|added|adds|warned|described)\b|, (?:and|but|who|which)\b|,\s*$", text[start:end])
    stop = start + cut.start() if cut and cut.start() else end
    comma = text.find(", ", start, stop)
    stop = comma if comma > start else stop
    while stop > start + 1 and text[stop - 1] in " ,.;:":
        stop -= 1
    return stop


def describe_document(text: str, mention: Span, sentence: Span) -> DocumentFacts:
    """Say who wrote a paper, for whom, and how it was obtained, as far as its own words do.

    Args:
        text: The text.
        mention: The words that refer to the paper.
        sentence: The sentence around them.
    """
    if not 0 <= sentence.start <= mention.start < mention.end <= sentence.end <= len(text):
        return DocumentFacts()
    end = _paper_end(text, mention, sentence)
    author = recipient = obtained = None
    start = mention.start
    possessive = re.match(r"((?:the |a )?(?:[^\W\d_][\w.-]*(?: (?=[^ ]))){0,4}?[^\W\d_][\w.-]*)['’]s? ", mention.exact, re.IGNORECASE)
    obtained_match = _LEAKED.search(text, start, mention.end) or next(
        (m for m in _OBTAINED.finditer(text, mention.start, end) if " by " in m[0].lower() or _LEAKED.match(m[0]) or m[0].lower().startswith("made public")),
        None,
    )
    full = next(
        (m for m in _OBTAINED.finditer(text, mention.end - 1, end) if re.search(r" (?:by|to|with) ", m[0]) and not _AUTHOR.match(text, m.start())), None
    )
    obtained_match = full or obtained_match
    if obtained_match:
        obtained = Span.of(text, obtained_match.start(), obtained_match.end())
    for match in _AUTHOR.finditer(text, start, end):
        if obtained is None or not obtained.start <= match.start() < obtained.end:
            author = author or _actor(text, match.end(), end)
    for match in _RECIPIENT.finditer(text, start, end):
        recipient = recipient or _actor(text, match.end(), end)
    behind = re.match(r" for ", text[author.end : end]) if author is not None else None
    if recipient is None and author is not None and behind:
        recipient = _actor(text, author.end + behind.end(), end)
    if author is None and possessive:
        author = Span.of(text, start + possessive.start(1), start + possessive.end(1))
    return DocumentFacts(author, recipient, obtained)


_MORE = re.compile(
    r",? (?:and |also |which (?:was|were) |that (?:was|were) )?(?:written|drafted|prepared|authored|compiled|commissioned|sent|signed|drawn up|issued|published"
    r"|obtained|seen|viewed|reviewed|read|leaked|released|shared|provided|addressed|submitted|acquired|intercepted|produced|intended|by|from|for|to) [^,.;:]*",
)


def _paper_end(text: str, mention: Span, sentence: Span) -> int:
    """How far the words that belong to the paper go: behind the mention, while participles and commas lead on."""
    end = mention.end
    while more := _MORE.match(text, end, sentence.end):
        end = more.end()
    return end


_NO_NAME = r"(?:for|to|by|from|and|in|on|at|that|which|who|seen|obtained|said|says|warn\w*|was|is|has|close|linked)\b"
_ACTOR = re.compile(rf"(?:(?:the|an?|its|his|her|their) )?[^\W\d_][\w.’'&-]*(?: (?!{_NO_NAME})[^\W\d_][\w.’'&-]*| of (?:the )?[A-Z][\w.’'&-]*)*")


def _actor(text: str, start: int, end: int) -> Span | None:
    """The noun phrase at the front of some words."""
    match = _ACTOR.match(text, start, end)
    if not match:
        return None
    phrase = re.sub(r"[.’'&-]+$", "", match[0])
    return Span.of(text, start, start + len(phrase)) if phrase else None
