"""What a number counts: the words after it as a unit, by the head of their noun phrase.

No tagger is at hand here, and none is needed: what is counted in more than one is written in the plural, so the head is the first plural
after the number, with nothing before it that cannot stand inside a noun phrase.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType

from onrecord.actors.countries import lookup

__all__ = ["TIMES", "Counted", "counted", "plural"]

#: Spellings of measures: how they are written after a figure, and the unit.
_MEASURES = MappingProxyType(
    {
        **dict.fromkeys(("km", "kms", "kilometer", "kilometers", "kilometre", "kilometres"), "kilometres"),
        **dict.fromkeys(("metre", "metres", "meter", "meters"), "metres"),
        **dict.fromkeys(("cm", "centimetre", "centimetres", "centimeter", "centimeters"), "centimetres"),
        **dict.fromkeys(("mm", "millimetre", "millimetres", "millimeter", "millimeters"), "millimetres"),
        **dict.fromkeys(("kg", "kgs", "kilo", "kilos", "kilogram", "kilograms", "kilogramme", "kilogrammes"), "kilograms"),
        **dict.fromkeys(("litre", "litres", "liter", "liters"), "litres"),
        **dict.fromkeys(("tonne", "tonnes"), "tonnes"),
        **dict.fromkeys(("ton", "tons"), "tons"),
        **dict.fromkeys(("ft", "foot", "feet"), "feet"),
        **dict.fromkeys(("mile", "miles"), "miles"),
        **dict.fromkeys(("ha", "hectare", "hectares"), "hectares"),
        **dict.fromkeys(("mw", "megawatt", "megawatts"), "megawatts"),
        **dict.fromkeys(("gw", "gigawatt", "gigawatts"), "gigawatts"),
        **dict.fromkeys(("kwh", "kilowatt-hour", "kilowatt-hours"), "kilowatt-hours"),
        **dict.fromkeys(("mph",), "miles per hour"),
        **dict.fromkeys(("km/h", "kmh", "kph"), "kilometres per hour"),
        **dict.fromkeys(("sec", "secs", "second", "seconds"), "seconds"),
        **dict.fromkeys(("min", "mins", "minute", "minutes"), "minutes"),
        **dict.fromkeys(("hr", "hrs", "hour", "hours"), "hours"),
        **dict.fromkeys(("day", "days"), "days"),
        **dict.fromkeys(("week", "weeks"), "weeks"),
        **dict.fromkeys(("month", "months"), "months"),
        **dict.fromkeys(("yr", "yrs", "year", "years"), "years"),
        **dict.fromkeys(("decade", "decades"), "decades"),
        **dict.fromkeys(("century", "centuries"), "centuries"),
        **dict.fromkeys(("pts", "point", "points"), "points"),
        **dict.fromkeys(("degree", "degrees"), "degrees"),
        **dict.fromkeys(("bps", "basis point", "basis points"), "basis points"),
        **dict.fromkeys(("per cent", "percent", "pct", "%"), "percent"),
        **dict.fromkeys(("percentage point", "percentage points"), "percentage points"),
        **{f"{w}{e}": f"{w}s" for w in ("acre", "yard", "gallon", "barrel", "bushel", "ounce", "carat", "knot", "watt", "volt", "calorie") for e in ("", "s")},
        **dict.fromkeys(("inch", "inches"), "inches"),
        **dict.fromkeys(("person", "persons", "people"), "people"),
    }
)
#: Units of time.
TIMES = frozenset({"seconds", "minutes", "hours", "days", "weeks", "months", "years", "decades", "centuries"})
_MEASURE = re.compile(
    r"(?P<gap>[ -]?)(?P<word>%|(?:percentage|basis)[ -]points?\b|per ?cent\b|(?:sq(?:uare)?|cubic)\.? ?(?:km|kilomet(?:re|er)s?|met(?:re|er)s?|miles?|feet|foot)\b"
    rf"|(?:{'|'.join(sorted((re.escape(m) for m in _MEASURES if m.isascii() and ' ' not in m and m != '%'), key=len, reverse=True))})\b)",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"(?P<gap>[ -])(?P<word>[\w’'-]+\.?(?=\s|\b|$))")
#: Plurals without an s.
_PLURALS = frozenset(
    "men women children people police troops cattle sheep fish aircraft spacecraft personnel staff feet mice teeth geese oxen criteria phenomena media data"
    " dice lice livestock poultry clergy gentry elderly infantry cavalry fighters dead wounded injured missing others series species crew half-million".split()
)
_ENDINGS = ("men", "women", "children", "people", "folk")
#: Words with an s that are no plurals.
_NOT_PLURAL = frozenset(
    "as was is has this thus his hers its us yes perhaps always across towards afterwards besides less plus versus minus sometimes nevertheless nonetheless"
    " does says goes unless whereas its gas bus loss class press process access progress congress business illness crisis basis analysis thesis virus campus"
    " census focus bonus status surplus mass pass cross address mess stress success princess witness fitness wilderness darkness news politics economics"
    " ourselves themselves yourselves regardless doubtless nowadays upstairs downstairs indoors outdoors overseas backwards forwards upwards downwards".split()
)
#: Words that end a noun phrase, or begin another.
_STOP = frozenset(
    "a an the and or but nor of to in on at by for from with without within into onto upon over under above below between among amid amidst through during"
    " before after since until till while when where who whom whose which that what why how if unless though although because than then as so such"
    " is are was were be been being am has have had having do does did done will would shall should can could may might must ought need"
    " not no never ever also too just only even still yet already again now here there today tomorrow yesterday tonight ago later earlier away apart"
    " he she it they we you i him her them us me his hers its their theirs our ours your yours my mine this these those each every both either neither"
    " said says say told tells tell added adds warned asked announced reported reports claimed killed died dies die left leave leaves wounded-in came come went go goes"
    " voted vote abstained fell rose fled remain remains remained per out up down off about around near across against along alongside behind beside beyond"
    " like via plus versus per-cent except including included includes following despite once whether inside outside toward towards".split()
)
_HURT = frozenset({"dead", "wounded", "injured", "missing"})
_NUMBERS = frozenset("one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty hundred thousand million billion".split())
_LONGEST = 5
#: What stands after a hyphen and is no unit: `45-year-old`, `one-off`, `two-way`.
_NO_UNIT = frozenset(
    "off sided time way fold old strong odd tier star legged pronged edged faced minded dimensional piece plus something thirds quarters fifths party"
    " all half up down to in on and a by over under nil".split()
)


@dataclass(frozen=True, slots=True)
class Counted:
    """A unit after a number."""

    unit: str
    #: Offset past its last character.
    end: int
    #: Whether it is a measure or a span of time, which is written with any figure.
    measure: bool = False


def counted(text: str, at: int, end: int, *, one: bool = False) -> Counted | None:
    """Read what a number counts.

    Args:
        text: The text.
        at: Offset past the number.
        end: Offset to stop before.
        one: The number is one, whose noun is in the singular: only measures and people are taken then.
    """
    measure = _MEASURE.match(text, at, end)
    if measure and not re.match(r"-\w+-old|-old|[ -](?:mark|line)\b", text[measure.end() : measure.end() + 12]):
        word = re.sub(r"[ -]+", " ", measure["word"].lower())
        unit = _MEASURES.get(word) or _MEASURES.get(word.replace("percent ", "per cent ")) or _area(word)
        if measure["gap"] or not word[0].isalpha() or text[at - 1].isdigit():
            # Minutes and seconds are also adjectives and ordinals; those have no figure before them.
            return _per(text, measure.end(), end, unit)
    if measure and re.match(r"-\w+-old|-old", text[measure.end() : measure.end() + 12]):
        return None
    return None if one else _noun(text, at, end)


def _area(word: str) -> str:
    kind, _, of = word.replace(".", "").partition(" ")
    return f"{'square' if kind.startswith('sq') else kind} {_MEASURES.get(of, plural(of))}"


def _per(text: str, at: int, end: int, unit: str) -> Counted:
    speed = re.compile(r" (?:per|an) hour\b").match(text, at, end) if unit in ("miles", "kilometres") else None
    heat = re.compile(r" (?:Celsius|Fahrenheit|C\b|F\b)").match(text, at, end) if unit == "degrees" else None
    if speed:
        return Counted(f"{unit} per hour", speed.end(), measure=True)
    if heat:
        return Counted(f"degrees {'Celsius' if heat[0].strip()[0] == 'C' else 'Fahrenheit'}", heat.end(), measure=True)
    return Counted(unit, at, measure=True)


def _noun(text: str, at: int, end: int) -> Counted | None:
    position, found, named = at, None, False
    for number in range(_LONGEST):
        token = _TOKEN.match(text, position, end)
        if token is None or (token["gap"] == "-" and number):
            break
        word = token["word"].rstrip(".'’-")
        low = word.lower().removesuffix("'s").removesuffix("’s")
        if token["gap"] == "-":
            return _compound(low, token.start() + 1 + len(word))
        if not low or low in _STOP or low in _NUMBERS or (low != word.lower() and not found) or (low[0].isdigit() and not named):
            break
        # The 2 of `14 Leopard 2 tanks` is a part of a name.
        named = word[0].isupper()
        if found and not _is_plural(low):
            break
        if _is_plural(low) and (found is None or low not in _PLURALS):
            found = Counted(word if word[0].isupper() and lookup(word) else low, token.start() + 1 + len(word))
        elif found:
            break
        position = token.start() + 1 + len(word)
        if low in _HURT and number == 0 and not _follows_noun(text, position, end):
            return Counted(low, position)
        if text[position : position + 1] not in (" ", "-") or word != token["word"].rstrip("."):
            break
    return found


def _follows_noun(text: str, at: int, end: int) -> bool:
    token = _TOKEN.match(text, at, end)
    return token is not None and _is_plural(token["word"].lower())


def _compound(word: str, at: int) -> Counted | None:
    """`12-nation`, `five-man`: what the hyphen joins to the number, in the plural; `45-year-old` is nobody's figure."""
    first, *rest = word.split("-")
    if first in _NO_UNIT or not first.isalpha() or len(first) < 3 or rest[-1:] == ["old"]:  # noqa: PLR2004 - a letter or two name a type
        return None
    return Counted(plural(first), at - len(word) + len(first))


def _is_plural(word: str) -> bool:
    if word in _PLURALS or word.endswith(_ENDINGS):
        return True
    return len(word) > 2 and word.endswith("s") and not word.endswith(("ss", "'s", "’s", "us", "is")) and word not in _NOT_PLURAL  # noqa: PLR2004


def plural(word: str) -> str:
    """The plural of an English noun, as a unit is written."""
    if word in _MEASURES:
        return _MEASURES[word]
    for ending, many in (("woman", "women"), ("man", "men"), ("child", "children"), ("person", "people"), ("foot", "feet")):
        if word.endswith(ending):
            return word.removesuffix(ending) + many
    if _is_plural(word):
        return word
    if re.search(r"[^aeiou]y$", word):
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "x", "z", "ch", "sh")) else f"{word}s"
