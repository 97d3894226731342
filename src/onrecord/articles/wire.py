"""Which wire service wrote an article, where its text says so.

Agencies name themselves in three places: a byline ("By Ann Lee, Associated Press"), the dateline that opens the story ("VELDEN (Reuters) -"), and a
credit at its end ("Copyright 2024 The Associated Press"). A contribution ("The Associated Press contributed to this report") is not authorship, nor
is the credit of a picture. Two agencies, or an agency beside the outlet's own staff, give no answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from onrecord.articles.article import Article, Kind, Paragraph
from onrecord.text import Span

__all__ = ["AGENCIES", "Place", "Wire", "wire_of"]

#: Wire services by the name they are kept under, with what else they are printed as. Initials count only in capitals, and all of these only in the
#: forms below, where nobody else is named so: "(SPA) -" behind a place, not "a spa". Members of the European Alliance of News Agencies, of the
#: Organization of Asia-Pacific News Agencies, and the syndicates that English-language papers buy from.
AGENCIES: dict[str, tuple[str, ...]] = {
    "Reuters": ("Thomson Reuters", "REUTERS"),
    "Associated Press": ("AP",),
    "Agence France-Presse": ("Agence France Presse", "AFP"),
    "United Press International": ("UPI",),
    "PA Media": ("Press Association", "PA"),
    "Bloomberg": ("Bloomberg News",),
    "Dow Jones Newswires": ("Dow Jones",),
    "Deutsche Presse-Agentur": ("dpa", "DPA"),
    "EFE": ("Agencia EFE", "Efe"),
    "ANSA": (),
    "Austria Press Agency": ("APA",),
    "Belga": (),
    "ANP": (),
    "Ritzau": (),
    "NTB": (),
    "TT": (),
    "STT": (),
    "Lusa": (),
    "PAP": (),
    "Agerpres": ("AGERPRES",),
    "Tanjug": (),
    "Hina": ("HINA",),
    "BTA": (),
    "TASS": ("Tass", "ITAR-TASS", "Itar-Tass"),
    "Interfax": ("INTERFAX",),
    "RIA Novosti": ("Sputnik",),
    "Ukrinform": (),
    "UNIAN": (),
    "Anadolu": ("Anadolu Agency", "AA"),
    "Xinhua": ("Xinhua News Agency", "XINHUA"),
    "Kyodo": ("Kyodo News", "KYODO"),
    "Jiji Press": ("Jiji",),
    "Yonhap": ("Yonhap News Agency", "YONHAP"),
    "KCNA": (),
    "Press Trust of India": ("PTI",),
    "ANI": ("Asian News International",),
    "IANS": ("Indo-Asian News Service",),
    "Antara": ("ANTARA",),
    "Bernama": ("BERNAMA",),
    "Australian Associated Press": ("AAP",),
    "Canadian Press": ("CP",),
    "IRNA": (),
    "ISNA": (),
    "WAFA": (),
    "SANA": (),
    "MENA": (),
    "Petra": (),
    "SPA": ("Saudi Press Agency",),
    "WAM": (),
    "KUNA": (),
    "QNA": (),
    "Inter Press Service": ("IPS",),
    "Religion News Service": ("RNS",),
    "Tribune News Service": ("TNS", "Tribune Content Agency"),
    "New York Times News Service": (),
    "CNN Newsource": ("CNN Wire", "The-CNN-Wire"),
    "KFF Health News": ("Kaiser Health News", "KHN"),
}
_KNOWN = {printed: name for name, others in AGENCIES.items() for printed in (name, *others)}
_AGENCY = "(?:" + "|".join(re.escape(p) for p in sorted(_KNOWN, key=len, reverse=True)) + r")(?![\w/-])"
_NAMED = rf"(?:[Tt]he |THE )?(?P<agency>{_AGENCY})"
_DASH = r"(?:--?|[–—―])"

#: A capitalised word of a place or a day; "New Delhi [India], March 5" and "FRANKFURT/PARIS" are made of them.
_PLACED = r"[\[(]?[A-Z\d][\w.'’/-]*[\])]?,?"
_DATELINE = re.compile(rf"(?:{_PLACED}(?: (?:{_PLACED}|de|of|al|el|la)){{0,8}} ?(?:{_DASH} ?)?)?\({_NAMED}\)(?:\.? ?{_DASH}| ?:)")
#: The same inside a paragraph, where a lost line break has put a caption before it: a place in capitals alone will do.
_LATE_DATELINE = re.compile(rf"(?<![\w(])[A-Z][A-Z.'’-]+(?: [A-Z][A-Z.'’-]+){{0,3}}(?:, [A-Z][\w. ]{{1,30}}?)? \({_NAMED}\) ?{_DASH}")
_SPELLED = re.compile(rf"(?:[A-Z][\w'’-]+\. ){{1,2}}(?:[A-Z][a-z]+ \d{{1,2}}\. ){_NAMED} ?{_DASH}")

_PERSON = r"[A-Z][\w.'’-]*(?: (?:[A-Z][\w.'’-]*|de|van|von|der|bin|al|el|la|di|da)){0,4}"
_WRITER = r"(?: (?:[Nn]ews(?: [Aa]gency)?|[Ss]taff)?(?: ?(?:[Ww]riters?|[Rr]eporters?|[Cc]orrespondents?))?)?"
_REST = r"(?:[\s.]*$|\s*[|•·]| ?[,–—] ?(?=\d|[A-Z][a-z]+ \d|(?:[Uu]pdated|[Pp]ublished|[Pp]osted|Mon|Tue|Wed|Thu|Fri|Sat|Sun)))"
#: Nothing but an agency's name.
_BARE = re.compile(rf"^\W*{_NAMED}\W*$")
_BYLINES = (
    # "By Associated Press", "Reuters" on a line of its own.
    re.compile(rf"^\W*(?:[Bb][Yy]:? |[Ff]rom )?{_NAMED}{_WRITER}\W*{_REST}"),
    # "By Ann Lee, Associated Press", "By Ann Lee and Bo Ray | AP", "ANN LEE of the Associated Press", "By Ann Lee/Reuters".
    re.compile(rf"^(?:[Bb][Yy]:? )?{_PERSON}(?:(?:, | and |, and | & ){_PERSON}){{0,4}}(?:, | ?[|–—•·] ?| ?/ ?| of | \(|\s*\n\s*){_NAMED}{_WRITER}\)?{_REST}"),
)
_CREDITS = (
    re.compile(
        rf"^\W*(?:(?:©|\([Cc]\)|[Cc]opyright|COPYRIGHT)[\s,]*){{1,3}}(?:\d{{4}}[\s,]*)?(?:[Bb]y )?{_NAMED}"
        r"(?=\W*$|[.,;]? (?:\d{4}|[Aa]ll|ALL|This|[Dd]istributed))"
    ),
    re.compile(
        rf"^\W*[Tt]his (?:[\w-]+ )?(?:story|article|report|dispatch|content) (?:was|is|has been|comes|came)(?: \w+)? "
        rf"(?:written|produced|provided|published|supplied|distributed|reported|from)(?: (?:by|from))? {_NAMED}(?=\W*$|[.,;] | and (?:was|has|is)\b)"
    ),
    re.compile(rf"^\W*(?:[Tt]ext|[Ss]tory|[Aa]rticle|[Rr]eport)(?: by)?:? {_NAMED}\W*$"),
    _BARE,
)
_HELPED = re.compile(
    r"\b(?:contribut|additional|with (?:files|reporting|inputs?|reports?|wires?)|includes|material from|assist|photo|picture|image|video)", re.IGNORECASE
)
#: Where datelines and credits are looked for: paragraphs from the beginning, characters for a dateline inside one, paragraphs from the end.
_FIRST, _EARLY, _LAST = 6, 1500, 6
#: A byline stands above the second paragraph of the body.
_SIGNED_ABOVE = 2
#: Characters of a line that begins with "By" and is a byline whatever it was taken for.
_SIGNED = 120
#: A longer line tells a story.
_LINE = 300


class Place(StrEnum):
    """Where an agency is named as the author."""

    DATELINE = "dateline"
    BYLINE = "byline"
    CREDIT = "credit"


@dataclass(frozen=True, slots=True)
class Wire:
    """A wire service that wrote an article."""

    #: As in `AGENCIES`, however it is printed.
    name: str
    #: Where the revision's text names it; None if only the page's data do.
    span: Span | None
    #: In what form.
    place: Place


def wire_of(article: Article) -> Wire | None:
    """The wire service that wrote an article, by its own words; None if it names none, or more than one.

    The dateline comes before the byline, the byline before the credit, for outlets put their own name over an agency's story more often than
    they change its dateline.

    Example:
        >>> from onrecord.articles import Article, Kind, Paragraph, Revision
        >>> text = "VELDEN (Reuters) - The harbour council resigned on Monday."
        >>> wire_of(Article(Revision(text, (Paragraph(0, len(text), Kind.BODY),)), source="a.txt"))
        Wire(name='Reuters', span=Span(start=8, end=15, exact='Reuters'), place=<Place.DATELINE: 'dateline'>)
    """
    if not article.revision.of_kind(Kind.BODY):
        return None
    for found in (_datelines(article), _bylines(article), _credits(article)):
        wires = list(found)
        if wires:
            return wires[0] if len({w.name for w in wires}) == 1 else None
    return None


def _datelines(article: Article) -> Iterator[Wire]:
    text = article.revision.text
    for p in [p for p in article.revision.paragraphs if p.kind in (Kind.BODY, Kind.DATELINE, Kind.BYLINE, Kind.HEADING)][:_FIRST]:
        m = _DATELINE.match(text, p.start, p.end) or _SPELLED.match(text, p.start, p.end)
        m = m or (_LATE_DATELINE.search(text, p.start, min(p.end, _EARLY)) if p.start < _EARLY else None)
        if m:
            yield _wire(text, m, Place.DATELINE)


def _bylines(article: Article) -> Iterator[Wire]:
    text, paragraphs = article.revision.text, article.revision.paragraphs
    for i, p in enumerate(paragraphs):
        signed = p.kind is Kind.BYLINE or (i < _FIRST and p.end - p.start <= _SIGNED and text[p.start : p.start + 3].casefold() == "by ")
        if not signed or p.end - p.start > _LINE or _HELPED.search(text, p.start, p.end):
            continue
        # Between the story's paragraphs, an agency's name is what is left of a picture's credit.
        above = [q.kind for q in paragraphs[:i]]
        if i == len(paragraphs) - 1 or above.count(Kind.BODY) < _SIGNED_ABOVE:
            bare = _BARE.match(text[p.start : p.end])
            if not bare or i == len(paragraphs) - 1 or not above or above[-1] in (Kind.BYLINE, Kind.HEADLINE):
                yield from _first(text, p, _BYLINES, Place.BYLINE)
    if article.byline and not _HELPED.search(article.byline):
        for form in _BYLINES:
            if m := form.match(article.byline[:_LINE]):
                yield _named_in_data(text, _KNOWN[m["agency"]], m["agency"])
                return


def _named_in_data(text: str, name: str, printed: str) -> Wire:
    """A byline that the page's data hold; its place in the text, should the text begin with the same name."""
    m = re.compile(rf"\A\W*(?:[Bb][Yy]:? )?(?:[Tt]he )?(?P<agency>{re.escape(printed)})\b").match(text)
    return Wire(name, Span.of(text, *m.span("agency")) if m else None, Place.BYLINE)


def _credits(article: Article) -> Iterator[Wire]:
    text = article.revision.text
    told = [p for p in article.revision.paragraphs if p.kind is not Kind.CAPTION]
    for p in told[-_LAST:] if len(told) > 1 else []:
        if p.kind in (Kind.BODY, Kind.BOILERPLATE, Kind.HEADING) and p.end - p.start <= _LINE and not _HELPED.search(text, p.start, p.end):
            yield from _first(text, p, _CREDITS, Place.CREDIT)


def _first(text: str, p: Paragraph, forms: tuple[re.Pattern[str], ...], place: Place) -> Iterator[Wire]:
    for form in forms:
        # A slice, for ^ and $ mean the paragraph's ends.
        if m := form.match(text[p.start : p.end]):
            start, end = m.span("agency")
            yield Wire(_KNOWN[m["agency"]], Span.of(text, p.start + start, p.start + end), place)
            return


def _wire(text: str, m: re.Match[str], place: Place) -> Wire:
    return Wire(_KNOWN[m["agency"]], Span.of(text, *m.span("agency")), place)
