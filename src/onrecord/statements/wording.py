"""The words of a statement as quotations are told by them: stems, values, what is negated, what an editor put in or left out.

Direct and indirect speech, two translations and two house styles differ in pronouns, auxiliaries, tense, spelling and punctuation. What they
share are the stems of the telling words in about the same order; what sets two statements apart although they share them are numbers,
negations and opposites.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from onrecord.articles.differences import QUOTE, folded_words

__all__ = ["Term", "opposites", "plain_words", "terms"]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a statement."""

    #: One form for the forms of a word.
    stem: str
    #: `word`; `light`, a word that most topics share; `number`, `weekday`, `month`: two that differ contradict each other; `polar`, counted
    #: only against its opposite; `silent`, a pronoun, an auxiliary or another word of grammar, in one form for direct and indirect speech.
    kind: str = "word"
    #: 0 if not negated, 1 for the telling word right after a negation, 2 for the next after that.
    negated: int = 0
    #: Inside brackets: an editor's word, which the speaker need not have said.
    inserted: bool = False
    #: How many ellipses stand before it.
    segment: int = 0

    @property
    def telling(self) -> bool:
        """Whether it says something by itself."""
        return self.kind not in ("silent", "polar")


#: Words of grammar. The first of a row stands for all of it, as speech turns `I will` into `she would`.
_ROWS = (
    "i me my mine myself we us our ours ourselves he him his himself she her hers herself they them their theirs themselves you your yours",
    "it its itself",
    "will would shall",
    "can could",
    "may might",
    "be is am are was were been being",
    "have has had having",
    "do does did doing done",
    "the a an",
    "that this these those",
    "who whom whose which",
    "any anyone anybody anything",
    "going gonna",
)
_SINGLE = (
    "should must ought what where when why how and or but nor so if as at by for from in into of off on onto to toward towards with within about against "
    "between among through during over under upon than then there here also too very just only even still already yet again each either both such same "
    "own one ones because while whether although though since per via let lets said say says told tell tells well oh yes okay please amid"
)
_GRAMMAR = {word: _words(row)[0] for row in (*_ROWS, *_words(_SINGLE)) for word in _words(row)}
#: Words that statements on any topic share: the most frequent in statements of 13,167 news articles, less those that have a topic.
_LIGHT = frozenset(
    _words(
        "person think mak know want tim tak lik see need work year new som com other thing now right way go look really believ lot try giv back many "
        "day good first last happen much talk cal put every help someth find end question week today feel ask hear plac show continu part point get "
        "important mean clear start keep kind great better fact mov hop around understand number sur abl big next month stand hold use another becom "
        "bring put long out"
    )
)
_NEGATIONS = frozenset(_words("not no never nobody nothing none neither nor without cannot nowhere hardly barely"))
#: Stems that deny what follows them, and say something themselves.
_DENYING = frozenset(_words("refus reject deny declin fail lack impossibl unabl stop avoid prevent"))
_POLAR = frozenset(_words("before after up down more less fewer most least above below inside outside all always never until"))
_OPPOSED = (
    "before after|up down|more less|more fewer|most least|above below|inside outside|accept reject|accept refus|support oppos|back oppos|rise fall|rise drop"
    "|increas decreas|increas reduc|grow shrink|win lose|begin end|start end|start stop|begin stop|open clos|allow ban|allow forbid|allow block|lift impos"
    "|confirm deny|admit deny|agre disagre|true false|right wrong|good bad|better worse|best worst|strong weak|safe danger|guilty innocent|legal illegal"
    "|possibl impossibl|likely unlikely|first last|north south|east west|northern southern|eastern western|left right|war peac|friend enemy|rich poor"
    "|buy sell|give take|arriv leav|enter leav|join leav|rais lower|high low|higher lower|early lat|earlier later|success failur|victory defeat"
    "|advanc retreat|attack defend|hir fir|enabl disabl|includ exclud|trust distrust|approv disapprov|satisfi dissatisfi|for against|keep break|liv di"
    "|all none|always never|everybody nobody|everyone nobody"
)
_IRREGULAR = (
    "go went gone|see saw seen|take took taken|give gave given|come came|make made|know knew known|think thought|find found|leave left|feel felt|bring brought"
    "|begin began begun|keep kept|hold held|write wrote written|stand stood|hear heard|mean meant|meet met|run ran|pay paid|sit sat|speak spoke spoken"
    "|lead led|grow grew grown|lose lost|fall fell fallen|send sent|build built|understand understood|draw drew drawn|break broke broken|spend spent"
    "|rise rose risen|drive drove driven|buy bought|wear wore worn|choose chose chosen|win won|fight fought|teach taught|catch caught|sell sold|seek sought"
    "|freeze froze frozen|steal stole stolen|throw threw thrown|show shown|sing sang sung|swear swore sworn|forget forgot forgotten|forgive forgave forgiven"
    "|withdraw withdrew withdrawn|strike struck stricken|shoot shot|hide hid hidden|fly flew flown|lie lay lain|lay laid|ride rode ridden|shake shook shaken"
    "|bear bore borne|bind bound|bleed bled|blow blew blown|deal dealt|dig dug|eat ate eaten|feed fed|flee fled|hang hung|overcome overcame|become became"
    "|sink sank sunk|sleep slept|swim swam swum|tear tore torn|wake woke woken|weep wept|wind wound|say said|tell told|sweep swept"
    "|percent cent|man men|woman women|child children|foot feet|person people|life lives|wife wives|no-one nobody"
)
_TENS = {w: 10 * n for n, w in enumerate(_words("twenty thirty forty fifty sixty seventy eighty ninety"), 2)}
_NUMERALS = {
    w: n
    for n, w in enumerate(
        _words(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
        )
    )
} | _TENS
_SCALES = {"hundred": 100, "thousand": 1000}
_UNITS = {"m": "million", "mn": "million", "bn": "billion", "k": "thousand", "tn": "trillion"}
_WEEKDAYS = frozenset(_words("monday tuesday wednesday thursday friday saturday sunday"))
_MONTHS = frozenset(_words("january february march april june july august september october november december"))
_NUMBER = re.compile(r"(-?\d+(?:[.,:/]\d+)*)([a-z]*)")
_ELLIPSIS = re.compile(r"\[\s*(?:\.{3}|…)\s*\]|\(\s*(?:\.{3}|…)\s*\)|…|\.{3,}|\. \. \.")
_BRACKETS = re.compile(r"\[[^\[\]\n]{1,200}\]|\([^()\n]{1,60}\)")
_ALONE = {"cannot": ("can", "not"), "%": ("percent",)}
_APOSTROPHE = re.compile("['’ʼ´`]")
_PAUSE = re.compile(r"[,;:.!?—–]")


def opposites(stem: str) -> frozenset[str]:
    """Stems that say the opposite."""
    return _opposites().get(stem, frozenset())


@lru_cache(maxsize=1 << 12)
def plain_words(text: str) -> tuple[str, ...]:
    """All words in order, in the form in which only words count, contractions written out, without quotation marks and an editor's insertions."""
    bare = _BRACKETS.sub(" ", text)
    return tuple(part for word in folded_words(bare) if word.folded != QUOTE for part in _parts(bare[word.start : word.end], word.folded))


@lru_cache(maxsize=1 << 12)
def terms(text: str) -> tuple[Term, ...]:
    """The words of a text in order, in the form in which wordings are compared."""
    return tuple(_with_values(list(_negated(text))))


def _negated(text: str) -> Iterator[Term]:
    """The words with what a negation before them says."""
    negation, last = 0, 0
    for start, end, term in _bare(text):
        if _PAUSE.search(text, last, start):
            # "No, we will sign": an answer, which denies nothing in what follows.
            negation = 0
        last = end
        if term.stem in ("not", "never", "without") and term.kind == "silent":
            negation = 1
            yield term
        elif not term.telling or not negation:
            yield term
        else:
            yield replace(term, negated=negation)
            negation = negation + 1 if negation < 2 else 0  # noqa: PLR2004 - the first and the second word
        if term.stem in _DENYING:
            negation = 1


def _bare(text: str) -> Iterator[tuple[int, int, Term]]:
    """Each word with its place, an ellipsis before it and brackets around it."""
    gaps = [m.start() for m in _ELLIPSIS.finditer(text)]
    brackets = [m.span() for m in _BRACKETS.finditer(text)]
    loud, before, segment, bracket = text.isupper(), "", 0, 0
    for word in folded_words(text):
        while segment < len(gaps) and gaps[segment] < word.start:
            segment += 1
        while bracket < len(brackets) and brackets[bracket][1] <= word.start:
            bracket += 1
        inserted = bracket < len(brackets) and brackets[bracket][0] <= word.start
        raw = text[word.start : word.end]
        for part in _parts(raw, word.folded) if word.folded != QUOTE else ():
            # The US is no us.
            stem, kind = _read(part, named=not loud and len(raw) > 1 and raw.isupper())
            if part == "one" and before in _TENS:
                stem, kind = "one", "numeral"
            before = part
            yield word.start, word.end, Term(stem, kind, 0, inserted, segment)


@lru_cache(maxsize=1 << 15)
def _read(part: str, *, named: bool) -> tuple[str, str]:
    """Stem and kind of a word."""
    if part in _NEGATIONS:
        return (part if part in ("never", "without") else "not"), "silent"
    kind = "word" if named and part.isalpha() else _kind(part)
    if kind == "silent":
        return _GRAMMAR[part], kind
    if kind in ("number", "numeral", "polar"):
        return part, kind
    stem = _stem(part)
    return stem, "light" if kind == "word" and stem in _LIGHT else kind


def _kind(part: str) -> str:
    if part in _POLAR:
        return "polar"
    if part in _GRAMMAR:
        return "silent"
    if part in _WEEKDAYS:
        return "weekday"
    if part in _MONTHS:
        return "month"
    if part in _NUMERALS or part in _SCALES:
        return "numeral"
    return "number" if part[-1].isdigit() else "word"


@lru_cache(maxsize=1 << 15)
def _parts(raw: str, folded: str) -> tuple[str, ...]:
    """A word as one or two: `do not` for `don’t`, `we` for `we’ll`, `2.5 million` for `2.5m`."""
    number = _NUMBER.fullmatch(folded)
    if number:
        return (number[1], _UNITS[number[2]]) if number[2] in _UNITS else (folded,)
    if folded in _ALONE:
        return _ALONE[folded]
    cut = _APOSTROPHE.split(raw.casefold())
    if len(cut) == 2 and cut[0]:  # noqa: PLR2004 - before and after the apostrophe
        head, tail = cut
        if tail == "t" and head.endswith("n"):
            return {"won": "will", "can": "can", "shan": "shall"}.get(head, head[:-1]), "not"
        if tail in ("s", "ll", "re", "ve", "d", "m"):
            return (head,)
    return (folded,)


def _with_values(words: Sequence[Term]) -> Iterator[Term]:
    """Numerals in a row as one number: `two hundred` is 200; `thirty or forty` stays two."""
    at = 0
    while at < len(words):
        word = words[at]
        if word.kind != "numeral":
            yield word
            at += 1
            continue
        total, current, room = 0, 0, 1000
        while at < len(words) and words[at].kind == "numeral" and words[at].segment == word.segment:
            stem = words[at].stem
            value = _NUMERALS.get(stem)
            if value is None:
                current, room = max(current, 1) * _SCALES[stem], 100
                if stem == "thousand":
                    total, current, room = total + current, 0, 1000
                at += [t.stem if t.kind == "silent" else t.kind for t in words[at + 1 : at + 3]] == ["and", "numeral"]
            elif value >= room:
                break
            else:
                current, room = current + value, 10 if stem in _TENS else 1
            at += 1
        yield replace(word, stem=str(total + current), kind="number")


# Stems ------------------------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1 << 14)
def _stem(word: str) -> str:
    """One form for the forms of a word: irregular verbs by a table, endings by rules, British and American spelling as one."""
    word = _bases().get(word, word)
    word = _without_plural(word)
    for ending in ("ing", "ed"):
        core = word.removesuffix(ending)
        if core != word and len(core) > 2 and re.search("[aeiouy]", core):  # noqa: PLR2004 - `ring` and `red` are whole
            word = core[:-1] if core[-1] == core[-2] and core[-1] not in "lsz" else core
            break
    word = _bases().get(word, word)
    if len(word) > 3:  # noqa: PLR2004
        word = word.removesuffix("e")
    word = re.sub("our$", "or", word) if len(word) > 4 else word  # noqa: PLR2004 - harbour, but not four
    word = re.sub("(?<=[^aeiou])is$", "iz", word) if len(word) > 5 else word  # noqa: PLR2004 - organis, but not crisis
    word = re.sub("(?<=[nat])tr$", "ter", word)
    return re.sub("(.)\\1$", "\\1", word) if word.endswith(("mm", "ll")) else word


def _without_plural(word: str) -> str:
    if len(word) <= 3 or word.endswith(("ss", "us", "is")):  # noqa: PLR2004
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("oes", "ches", "shes", "xes", "sses", "zes")):
        return word[:-2]
    if word.endswith("ied"):
        return word[:-3] + "y"
    return word.removesuffix("s")


@lru_cache(maxsize=1)
def _bases() -> dict[str, str]:
    return {form: row.split()[0] for row in _IRREGULAR.split("|") for form in row.split()[1:]}


@lru_cache(maxsize=1)
def _opposites() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in _OPPOSED.split("|"):
        one, other = row.split()
        one, other = (w if _kind(w) == "polar" else _stem(w) for w in (one, other))
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return {stem: frozenset(others) for stem, others in found.items()}
