"""Variants of a labelled article: other quotation marks, lost marks, captions and bylines between its paragraphs."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from onrecord.reading.marks import find_quoted


@dataclass(frozen=True)
class Labelled:
    """A text with its attributions: each a dict of role to spans."""

    text: str
    attributions: tuple[dict[str, list[tuple[int, int]]], ...]


#: Opening and closing mark of the outer and of the inner quotation.
STYLES = {
    "double": ('"', '"', "'", "'"),
    "curly": ("“", "”", "‘", "’"),
    "single": ("'", "'", '"', '"'),
    "curly single": ("‘", "’", "“", "”"),
    "guillemets": ("«", "»", "‹", "›"),
    "low-high": ("„", "“", "‚", "‘"),
    "low-high closing right": ("„", "”", "‚", "’"),
}
_WEIGHTS = {"double": 0.15, "curly": 0.15, "single": 0.36, "curly single": 0.2, "guillemets": 0.06, "low-high": 0.05, "low-high closing right": 0.03}
_SINGLES = "'‘’`´‚‛"


def restyle(text: str, style: str) -> str:
    """Rewrite the quotation marks of a text in another style; every character keeps its offset.

    Marks of depth 1 take the outer pair, deeper ones the inner pair, whatever they were. Single marks of depth 1 are
    left alone, since they may be scare quotes or an apostrophe that the finder took for a mark.
    """
    outer_open, outer_close, inner_open, inner_close = STYLES[style]
    out = list(text)
    for q in find_quoted(text):
        if q.depth == 1 and text[q.start] in _SINGLES:
            continue
        out[q.start] = outer_open if q.depth == 1 else inner_open
        if q.closed:
            out[q.end - 1] = outer_close if q.depth == 1 else inner_close
    return "".join(out)


def lose_closings(text: str, rng: random.Random, share: float) -> str:
    """Replace some closing marks by a space, as bad copying does."""
    out = list(text)
    for q in find_quoted(text):
        if q.closed and q.depth == 1 and rng.random() < share:
            out[q.end - 1] = " "
    return "".join(out)


_CAPTIONS = (
    "{A} speaks at a press conference in {P}, {D}",
    "{A} speaks to reporters in {P} on {W}. {C}",
    "{A} (pictured) {said} {B} at {P} on {W}",
    "{A} (left) and {B} (right) pose for a photograph in {P}",
    "{A}, pictured, in {P} last month. {C}",
    "{A} addresses supporters at a rally in {P}. {C}",
    "{A} gestures as he speaks during an event in {P} {D} {C}",
    "{A} answers questions during an interview in {P}",
    "{A} leaves after a meeting with {B} in {P} {C}",
    "{A} and {B} shake hands ahead of talks in {P}, {D}",
    "File photo: {A} arrives at {P} {D}. {C}",
    "FILE - In this {D}, file photo, {A} speaks in {P}. {C}",
    "This handout photograph taken and released by {A} on {D}, shows a building in {P}",
    "Demonstrators hold signs reading 'No' as {A} speaks in {P} {C}",
    "A supporter listens as {A} talks about {B} in {P} {C}",
    "Police stand guard outside the hall where {A} told a crowd about {B}, {P}, {W}",
    "Image: {A} has called for talks. Pic: {C}",
    "Image caption {A} said the talks would go on",
    "{A} warned of delays in {P}. Photograph: {C}",
    "Pictured: {A} in {P}, where {B} announced the plan",
    "{A} delivers a statement on {W} in {P}. {C}",
    "Residents of {P} look out from a damaged apartment, {D} {C}",
    "{A} aims towards positions in the {P} region, {W}, {D}",
    "{A} was seen in {P} on {W} ({C})",
    "A screengrab shows {A} as {B} speaks. {C}",
    "{A} called the idea 'nonsense' ({C})",
)
_JUNK = (
    "By {A} | {W} | {D}", "By {A} and {B}", "By {A} ({S}) | Created at {N} | Updated at {N} 3 hours ago", "By {A} for {C}",
    "Published: {D} | Updated: {D}", "Read Entire Article", "Read more: {A} in {P}", "READ MORE: {A} tells {B} to act", "Advertisement",
    "Sign up for our newsletter", "Story continues below", "{C}", "(Reporting by {A} in {P}; editing by {B})", "{P}, {D} -",
    "Additional reporting by {A}", "Follow {A} on Twitter", "RELATED: {A} says {B} will act", "Share this article", "Comments (12)",
    "Watch: {A} speaks in {P}", "Recommended: {B} and the road to {P}", "Last modified on {D}",
)
_CREDITS = ("Getty Images", "AP", "AP Photo/{B}", "REUTERS/{B}", "Reuters", "AFP/Getty Images", "AFP", "EPA", "Shutterstock", "PA", "Associated Press", "Bloomberg", "(Photo by {B}/Getty Images)", "Credit: {B}", "")
_PLACES = ("Paris", "Moscow", "Washington", "Kyiv", "Berlin", "London", "Ohio", "Brussels", "the White House", "Geneva", "Nairobi", "Beijing", "Tehran", "Jerusalem", "Delhi", "Trump Tower", "the Capitol", "parliament", "Warsaw", "Ankara")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
_SECTIONS = ("World News", "Politics", "Home", "US", "Europe", "Business")
_NAMES = ("Maria Lindqvist", "President Joseph Okello", "the foreign minister", "Prime Minister Anna Kovacs", "Senator Reed", "soldiers", "protesters", "the chancellor")


def _line(templates: tuple[str, ...], names: list[str], rng: random.Random) -> str:
    a, b = rng.choice(names), rng.choice(names)
    month, day, year = rng.choice(_MONTHS), rng.randint(1, 28), rng.randint(2009, 2026)
    number = f"{year}-{rng.randint(1, 12):02}-{day:02} {rng.randint(0, 23):02}:{rng.randint(0, 59):02}:{rng.randint(0, 59):02}"
    date = rng.choice((f"{month} {day}, {year}", f"{day} {month} {year}", f"{month} {year}"))
    credit = rng.choice(_CREDITS).format(B=b)
    said = rng.choice(("met", "criticised", "welcomed", "greeted"))
    filled = rng.choice(templates).format(A=a, B=b, P=rng.choice(_PLACES), D=date, W=rng.choice(_DAYS), C=credit, S=rng.choice(_SECTIONS), N=number, said=said)
    return filled.strip() or "Getty Images"


def insert_lines(article: Labelled, rng: random.Random) -> Labelled:
    """Put captions, bylines and page furniture between the paragraphs; labels move along, the new lines have none."""
    found = {article.text[s:e] for a in article.attributions for s, e in a.get("source", []) if article.text[s : s + 1].isupper() and e - s < 60}
    names = [*sorted(n for n in found if "\n" not in n), *_NAMES]
    gaps = [m.end() for m in re.finditer(r"\n\s*", article.text) if m.end() < len(article.text)]
    if not gaps:
        return article
    inserts: list[tuple[int, str]] = []
    if rng.random() < 0.4:
        inserts.append((gaps[0], _line(_JUNK, names, rng) + "\n\n"))
    for gap in rng.sample(gaps, min(len(gaps), rng.randint(1, 5))):
        run = "".join(_line(_CAPTIONS if rng.random() < 0.8 else _JUNK, names, rng) + "\n\n" for _ in range(rng.choice((1, 1, 1, 2, 3))))
        inserts.append((gap, run))
    inserts.sort()
    inside = [(s, e) for a in article.attributions for spans in a.values() for s, e in spans]
    inserts = [(at, line) for at, line in inserts if not any(s < at < e for s, e in inside)]
    pieces, last = [], 0
    for at, line in inserts:
        pieces += [article.text[last:at], line]
        last = at
    pieces.append(article.text[last:])

    def move(span: tuple[int, int]) -> tuple[int, int]:
        by = sum(len(line) for at, line in inserts if at <= span[0])
        return span[0] + by, span[1] + by

    moved = tuple({role: [move(s) for s in spans] for role, spans in a.items()} for a in article.attributions)
    return Labelled("".join(pieces), moved)


def vary(article: Labelled, rng: random.Random) -> Labelled:
    """One random variant of an article, as `training/attribution.py` reads it in one epoch."""
    if rng.random() < 0.35:
        article = insert_lines(article, rng)
    text = article.text
    if rng.random() < 0.5:
        text = restyle(text, rng.choices(list(_WEIGHTS), list(_WEIGHTS.values()))[0])
    if rng.random() < 0.15:
        text = lose_closings(text, rng, 0.1)
    return Labelled(text, article.attributions)
