"""Single values of feeds: dates in every form, titles with markup in them, addresses, texts as HTML."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from types import MappingProxyType
from urllib.parse import urljoin, urlsplit

from onrecord.sources.feed_bounds import LONGEST_ADDRESS
from onrecord.sources.feed_text import clean

__all__ = ["absolute", "as_html", "has_markup", "moment", "one_line", "plain", "with_absolute_links"]

_LONGEST_DATE = 80
_EPOCH = re.compile(r"\d{10}(?:\d{3})?")
_THOUSANDTHS = 13
_ZONE_APART = re.compile(r"\s+(?=[+-]\d{2}:?\d{2}$|Z$)")
_BAD_ZONE = re.compile(r"\s*(?:[+-]\d{2}:?\d{2}|[+-]\d{1,6})$")
#: Day and month cannot be told apart; unless one is above 12, there is no answer.
_SLASHED = re.compile(r"^\D{0,12}(\d{1,2})[/.-](\d{1,2})[/.-]\d{2,4}\b")
_YEAR_FIRST = re.compile(r"\d{4}")
_MONTHS = 12
#: Dates outside are what programs write who know none: 0001-01-01, 1970-01-01, 9999-12-31.
_YEARS = range(1990, 2100)
#: Seconds east of Greenwich of the abbreviations that mean one zone in news (RFC 5322 for America). IST means several, and is left out.
_ZONES = MappingProxyType(
    {name: round(3600 * hours) for hours, names in {
        0: "UTC UT GMT Z WET", 1: "BST CET MEZ WEST WAT", 2: "CEST MESZ EET SAST CAT", 3: "EEST MSK EAT TRT", 4: "GST", 5: "PKT", 7: "WIB ICT",
        8: "SGT HKT AWST PHT", 9: "JST KST", 9.5: "ACST", 10: "AEST", 10.5: "ACDT", 11: "AEDT", 12: "NZST", 13: "NZDT",
        -3: "ADT BRT ART", -3.5: "NST", -2.5: "NDT", -4: "EDT AST", -5: "EST CDT", -6: "CST MDT", -7: "MST PDT", -8: "PST AKDT", -9: "AKST", -10: "HST",
    }.items() for name in names.split()}
)  # fmt: skip
#: Two days that differ in everything: what a date leaves open, it takes from them, and the two readings differ.
_FILL = (datetime(2000, 1, 1), datetime(2001, 2, 2))  # noqa: DTZ001 - the feed states no zone, and neither do we
_RFC_822 = re.compile(
    r"(?:[A-Za-z]{3,9},? )?(?P<day>\d{1,2}) (?P<month>[A-Za-z]{3}) (?P<year>\d{4}) (?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?"
    r" (?P<zone>[A-Za-z]{1,5}|[+-]\d{4})",
    re.ASCII,
)
_MONTH_NAMES = {name: number for number, name in enumerate(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)}
_WIDEST = timedelta(hours=15)

_INLINE = "a abbr acronym b bdi bdo big cite code del dfn em font i img ins kbd mark q s samp small span strike strong sub sup time tt u var wbr"
_BLOCK = (
    "address article aside blockquote br center dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table"
    " tbody td tfoot th thead tr ul"
)
_DROPPED = ("script", "style", "template", "iframe", "object", "embed", "noscript")
_BLOCKS = frozenset(_BLOCK.split())
_MARKUP = re.compile(rf"</?(?:{'|'.join(f'{_INLINE} {_BLOCK}'.split())}|{'|'.join(_DROPPED)})(?:\s[^<>]{{0,2000}})?/?>|<!--", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
#: Times that a title is unescaped: some feeds escape what is escaped already, few do so thrice.
_ROUNDS = 3
_TAG = re.compile(r"<[A-Za-z][^<>]{0,4000}>")
_LINK = re.compile(r"""(?P<before>(?<![\w-])(?:href|src)\s*=\s*)(?P<mark>["'])(?P<link>[^"'<>]*)(?P=mark)""", re.IGNORECASE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_BREAKS = re.compile(r"[\t\r\n]+")


def one_line(value: object) -> str | None:
    """A string on one line without space at its ends; None for an empty one and for anything else."""
    return " ".join(value.split()) or None if isinstance(value, str) else None


@lru_cache(maxsize=4096)
def moment(text: str) -> datetime | None:
    """Read a date: ISO 8601, RFC 822 with the zones people write, seconds since 1970, a date written out in English.

    Returns:
        With a zone where one is stated, without where not (the caller decides), in the years 1990 to 2099; None for a day that does
        not exist, for day and month that could be exchanged (`03/04/2025`), and for less than a day (`2025-03`).
    """
    text = " ".join(text.split())
    if not text or len(text) > _LONGEST_DATE:
        return None
    found = _seconds(text) or _iso(text) or _standard(text) or _written(text)
    if found is None and (bare := _BAD_ZONE.sub("", text)) != text:
        # A zone that does not exist (`+9900`) costs the zone, not the day.
        found = _iso(bare) or _written(bare)
    return found if found and found.year in _YEARS else None


def _seconds(text: str) -> datetime | None:
    if not _EPOCH.fullmatch(text):
        return None
    return datetime.fromtimestamp(int(text) / (1000 if len(text) == _THOUSANDTHS else 1), UTC)


def _standard(text: str) -> datetime | None:
    """RFC 822 as it should be, the form of nearly all dates in RSS, without the cost of the general parser."""
    m = _RFC_822.fullmatch(text)
    if m is None:
        return None
    zone = m["zone"]
    if zone[0] in "+-":
        seconds: int | None = (-1 if zone[0] == "-" else 1) * (int(zone[1:3]) * 3600 + int(zone[3:5]) * 60)
    else:
        seconds = _ZONES.get(zone.upper())
    month = _MONTH_NAMES.get(m["month"].lower())
    if month is None or seconds is None:
        return None
    try:
        offset = timezone(timedelta(seconds=seconds)) if seconds else UTC
        return _with_plain_zone(datetime(int(m["year"]), month, int(m["day"]), int(m["hour"]), int(m["minute"]), int(m["second"] or 0), tzinfo=offset))
    except ValueError:
        return None


def _iso(text: str) -> datetime | None:
    if not text[:4].isdigit():
        return None
    try:
        return _with_plain_zone(datetime.fromisoformat(_ZONE_APART.sub("", text).upper()))
    except (ValueError, OverflowError):
        return None


def _with_plain_zone(at: datetime) -> datetime | None:
    offset = at.utcoffset()
    if offset is None:
        return at.replace(tzinfo=None)
    if abs(offset) > _WIDEST or (at.year not in _YEARS):
        return None
    return at.replace(tzinfo=timezone(offset) if offset else UTC)


def _written(text: str) -> datetime | None:
    from dateutil import parser

    slashed = _SLASHED.match(text)
    if slashed and max(int(slashed[1]), int(slashed[2])) <= _MONTHS:
        return None
    first = bool(_YEAR_FIRST.match(text))
    try:
        one, other = (parser.parse(text, default=fill, tzinfos=_zone, dayfirst=bool(slashed), yearfirst=first) for fill in _FILL)
        return _with_plain_zone(one) if one == other else None
    except (ValueError, OverflowError, TypeError, AttributeError, IndexError, ArithmeticError):
        return None


def _zone(name: str | None, offset: int | None) -> int | None:
    return offset if offset is not None else _ZONES.get((name or "").upper())


def has_markup(text: str) -> bool:
    """Whether a text holds an element of HTML that is not escaped."""
    return bool(_MARKUP.search(text))


def plain(text: object, *, longest: int) -> str | None:
    """Plain text on one line of a value that may hold HTML, escaped once, twice or not at all.

    Args:
        text: As the feed gives it; anything but a string is None.
        longest: Code points; what is longer is cut there.

    Returns:
        None where nothing is left. Signs that begin no element of HTML (`5 < 6`) stay.
    """
    if not isinstance(text, str):
        return None
    # Markup takes room that the words do not.
    text = clean(text[: 8 * longest])
    for _ in range(_ROUNDS):
        before = text
        if _MARKUP.search(text):
            text = _words_of(text)
        elif _REFERENCE.search(text):
            text = clean(html.unescape(text))
        if text == before:
            break
    return one_line(one_line(text[: 2 * longest] if len(text) > longest else text or "") and " ".join(text.split())[:longest])


def _words_of(text: str) -> str:
    from lxml import etree

    root = etree.fromstring(
        f"<div>{text}</div>".encode(), etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True)
    )
    if root is None:
        return ""
    etree.strip_elements(root, *_DROPPED, with_tail=False)
    for element in root.iter(*_BLOCKS):
        element.text = f" {element.text or ''}"
        element.tail = f" {element.tail or ''}"
    return clean("".join(str(piece) for piece in root.itertext()))


def absolute(link: object, base: str | None) -> str | None:
    """The http or https address that a link means; None where it means none.

    Args:
        link: As written; anything but a string is None.
        base: What a relative one is relative to.
    """
    if not isinstance(link, str):
        return None
    link = _BREAKS.sub("", link.strip()).replace(" ", "%20")
    if not link or len(link) > LONGEST_ADDRESS or "\ufffd" in link:
        return None
    if link[:5].lower() == "feed:":
        link = link[5:] if link[5:].lower().startswith(("http:", "https:")) else f"http:{link[5:]}"
    if link[:4].lower() == "www.":
        link = f"https://{link}"
    if link.startswith("//") and not base:
        link = f"https:{link}"
    try:
        joined = urljoin(base, link) if base else link
        parts = urlsplit(joined)
        host = parts.hostname
    except ValueError:
        return None
    return joined if parts.scheme.lower() in ("http", "https") and host and len(joined) <= LONGEST_ADDRESS else None


def with_absolute_links(markup: str, base: str | None) -> str:
    """HTML whose relative `href` and `src` are absolute; all else stays as it is."""
    if not base:
        return markup

    def joined(m: re.Match[str]) -> str:
        link = html.unescape(m["link"]).strip()
        if not link or link.startswith("#") or _SCHEME.match(link):
            return m[0]
        found = absolute(link, base)
        return f"{m['before']}{m['mark']}{html.escape(found, quote=True)}{m['mark']}" if found else m[0]

    return _TAG.sub(lambda tag: _LINK.sub(joined, tag[0]), markup)


def as_html(text: str) -> str:
    """Plain text as HTML: an empty line parts paragraphs, a line's end is a break."""
    paragraphs = [p.strip() for p in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").replace("\r", "\n"))]
    return "".join(f"<p>{html.escape(p, quote=False).replace(chr(10), '<br>')}</p>" for p in paragraphs if p)
