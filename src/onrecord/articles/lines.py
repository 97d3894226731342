"""What a paragraph is, from its words alone: bylines, datelines, captions, links.

Every rule is about a form that many outlets share. A line that could be the story stays the story: reading a caption as
body costs little, dropping a sentence loses a statement.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from onrecord.articles.article import Kind
from onrecord.articles.moments import Moment, parse_moment

__all__ = ["Stamp", "kind_of_line", "kinds_of_lines", "read_stamp", "signed"]

_STAMP_FIELD = re.compile(
    r"^(?P<what>created(?: at| on)?|published(?: at| on)?|posted(?: at| on)?|updated(?: at| on)?|last updated(?: at| on)?|modified(?: at| on)?)\b:?\s*(?P<when>.{6,60})$",
    re.IGNORECASE,
)
_AGO = re.compile(r"\s+(?:about |over )?(?:\d+|an?) (?:seconds?|minutes?|hours?|days?|weeks?|months?) ago$", re.IGNORECASE)
_BY = re.compile(r"^by:?\s+(?P<who>.+)$", re.IGNORECASE)
_SECTION = re.compile(r"^(?P<outlet>.+?)\s*\((?P<section>[^()]{1,60})\)$")
_NAME = r"(?:[A-Z][\w.'’-]*|de|van|von|der|den|bin|al|el|la|le|di|da|du)"
_DAY_NAME = r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September|October|November|December)"
_BYLINE = re.compile(rf"^By:? (?!{_DAY_NAME}\b){_NAME}(?:,? (?:and |& )?{_NAME}){{0,9}}(?: ?[,|–—-] ?[^.!?]{{0,60}})?\.?$")
#: Names, the roles of a newsroom and the small words between them; a line of nothing else is a credit, one with a verb is not.
_CREDITED = rf"(?>{_NAME}|in|at|and|by|for|of|from|with|the|(?:[Aa]dditional |and )?(?:[Rr]eporting|[Ww]riting|[Ee]diting|[Cc]ompiled|[Ee]dited|[Pp]roduction|[Gg]raphics)|[,;/&.()\[\]–—-]|\s)"
_CREDIT = re.compile(
    rf"^[(\[]?(?:[Aa]dditional )?(?:[Rr]eport(?:ing)?|[Ww]riting|[Ee]diting|[Cc]ompiled|[Ee]dited|[Ww]ritten|[Ww]ords)(?: and \w+)? by:? (?=[A-Z]){_CREDITED}{{2,120}}$"
    r"|^[(\[]?(?:AP|AFP|Reuters|REUTERS|PA|ANI|PTI|Xinhua|DPA|dpa|EFE|ANSA|TASS|Bloomberg)(?:/[\w ]+)?[)\]]?$"
    r"|^(?:[—–-]{1,2} ?)?(?:With|Includes) (?:reporting|files|additional reporting) (?:by|from) .{2,120}$"
)
_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
#: What a moment is written with, by the clock or by how long ago; a line of nothing else says when.
_TIMELY = (
    r"(?>\d{1,2}[:.]\d\d\S{0,20}(?!\S)|\d{1,4}(?:st|nd|rd|th)?(?=\W|$|[ap]\.?m)|[ap]\.?m\b\.?|\d{4}-\d\d-\d\dT\S{0,20}(?!\S)"
    rf"|\b{_MONTH}(?!\w)|\b(?:mon|tues?|wed|wednes|thu|thurs?|fri|sat|satur|sun)(?:day)?\b|(?-i:\b[A-Z]{{2,5}}\b)"
    r"|\b(?:ago|an?|about|over|(?:second|minute|min|hour|hr|day|week|month)s?|on|at|of|the|and|local time|today|yesterday|noon|midnight|first|last|published|updated|posted|created|modified)\b"
    r"|[\s,:./|·•()+–—-])"
)
_WHEN = re.compile(
    rf"^(?:(?:first )?published|updated|last updated|posted|created|modified|last modified)\b(?=.*\d){_TIMELY}++$"
    rf"|^(?:mon|tues|wednes|thurs|fri|satur|sun)day,? (?=.*\d{{4}}){_TIMELY}++$"
    rf"|^\d{{1,2}} {_MONTH} \d{{4}}{_TIMELY}*+$|^{_MONTH} \d{{1,2}}, \d{{4}}{_TIMELY}*+$"
    r"|^(?:\d{1,3}|an?) (?:second|minute|hour|day|week|month|year)s? ago$"
    r"|^(?:published|updated|created)(?:\s*[·|•]\s*(?:published|updated|created))*$",
    re.IGNORECASE,
)
_DATELINE = re.compile(
    r"^[A-Z][A-Z .,'’/-]{2,40}(?:,| [—–-]) ?(?:[A-Z][a-z]{2,8}\.? \d{1,2}|\d{1,2} [A-Z][a-z]{2,8})(?:,? \d{4})?(?: \([A-Z][\w ]{1,20}\))?(?: ?[—–-]{1,2})?$"
)
#: What appeals ask for; "Register every boat, the minister said" asks for none of it.
_OFFERED = r"(?:newsletters?|accounts?|e-?mails?|inbox|app|alerts?|notifications?|free|here|today|now|facebook|twitter|instagram|whatsapp|telegram|youtube|channels?|podcasts?|updates?|offers?|subscribers?|subscription|premium|unlimited|access|membership|to (?:continue|keep|read|comment|unlock)|our|us)"
_BOILERPLATE = re.compile(
    r"^(?:"
    r"(?:read|see|view|show|load)(?: the)? (?:more|entire|full|rest)(?: (?:article|story|stories|coverage|text|version|details|comments|replies|posts|photos|pictures|here|below|of this|of the (?:article|story)|on|about|at|from|in)\b[^.!?]{0,60}|\s*[:|–—-].{0,200})?"
    r"|continue reading[^.!?]{0,60}|read (?:also|next|now)(?:\s*[:|–—-].{0,200})?"
    r"|(?:related|also read|see also|more(?: on this)?|watch|listen|don['’]t miss|recommended|most read|trending|in pictures)(?: (?:articles?|stories|topics|content|video|now|live))?(?::.{0,200})?"
    r"|advertisement(?: continue reading.{0,40})?|ad|sponsored(?: content)?|story continue[sd] below.{0,40}|article continues.{0,40}|scroll (?:down )?(?:for|to)\b.{0,40}"
    rf"|(?:sign up|subscribe|register|log ?in|sign in|click here|tap here|download|follow us|join us|already an? \w+\?)(?:\W|$)(?:.{{0,80}}\b{_OFFERED}\b.{{0,80}}|.{{0,12}})"
    r"|follow [A-Z][\w. @'’-]{2,60} on (?:twitter|facebook|x|instagram|bluesky|mastodon|threads)\b.{0,40}"
    r"|(?:share|print|save|e-?mail|comment(?: on)?|copy(?: the)? link(?: to)?)(?: this(?: (?:article|story|page|video|post))?)?|leave a comment"
    r"|share this (?:article|story|page)(?: (?:share|tweet|post|e-?mail|print|copy link|via|on|facebook|twitter|whatsapp|linkedin))*"
    r"|(?:just watched|play video|watch now)\b.{0,220}|\(? ?(?:photos|video|gallery):.{0,120}\)?|.{0,120}\b(?:by signing up,? you agree|delivered (?:straight |right )?to your inbox)\b.{0,100}"
    r"|loading\.{0,3}|tweet|comments?(?: \(\d+\))?|\d+ comments?|(?:video|gallery|photos?|podcast)"
    r"|(?:©|\(c\)|copyright\b(?=\W*(?:©|\(c\)|\d{4})|.{0,60}all rights)).{0,160}|all rights reserved.{0,80}|https?://\S+"
    r")[.!…»>→]*$",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"\((?:[^()]{0,60}\b)?(?:pictured|file photo|file image|file picture)\b[^()]{0,60}\)"
    r"|\((?:(?:second|third|front|back|top|bottom)(?: from)? )?(?:left|right|l|r)\)"
    r"|^(?:(?:this|an?|in this) )?(?:[\w-]+ )?(?:handout|file|undated|combination|aerial) (?:photo(?:graph)?|picture|image|frame)\b"
    r"|\bin (?:this|an?) (?:[\w-]+ )?(?:handout|file|undated|combination|aerial) (?:photo(?:graph)?|picture|image|frame)\b"
    r"|^(?:image|media) (?:copyright|caption|source)\b|^(?:enlarge this image|toggle caption)\b"
    r"|^(?:photo|picture|image|pic|file photo|photograph|caption|credit|pictured)s?(?: (?:by|credit|courtesy of))?: ?"
    r"|\b(?:photo(?:graph)?|picture|image|photos)s?(?: by\b|:| credit| courtesy)(?:[^.]|\b[A-Z]\.){0,60}\)?\.?$"
    r"|(?:/|\bvia )(?:AP|AFP|Getty(?: Images)?|Reuters|EPA|PA|Shutterstock|Alamy)\b[^.]{0,40}\)?\.?$|^\(?(?:AP|AFP|Reuters|EPA|PA)(?: Photo|/)|\b(?:Getty Images|AP Photo|Shutterstock|Alamy)\b[^.]{0,40}$"
    r"|^pictured(?:,| (?:at|on|from|with|right|left|above|below|is|are|here|in|second|third|front|back|centre|center|together)\b)"
    r"|[.!?)] (?:photo|photograph|picture|image)s?(?: by\b|:|/).{1,60}$"
    r"|, pictured\b|\bpictured (?:on|in|at|with|above|below|left|right|here)\b|\bis pictured\b|\bare pictured\b",
    re.IGNORECASE,
)
#: In politics, too, people stand far right; two places in one line, or a line that is no sentence, and it is a picture.
_PLACED = re.compile(r"\((?:far|centre|center)[ -]?(?:left|right)?\)", re.IGNORECASE)
_DATED_END = re.compile(
    r"(?:,|\bon|\bin) (?:(?:mon|tues|wednes|thurs|fri|satur|sun)day(?:,? .{0,30})?|\d{1,2} [A-Z][a-z]+(?:,? \d{4})?|[A-Z][a-z]+\.? \d{1,2}(?:,? \d{4})?|[A-Z][a-z]+ \d{4})\.?$",
    re.IGNORECASE,
)
#: Words that captions do without: what somebody says or writes, a post from another site, a second sentence. A paragraph that has merely lost its full stop has them.
_TALK = re.compile(
    r"\b(?:I|[Ww]e|[Mm]y|[Oo]ur|[Yy]ou|[Yy]our|said|says|told|tells|according to|asked|added|argued|wrote|tweeted)\b|[“”\"]|https?:|pic\.twitter|@\w|[a-z)]{3}[.!?] +[A-Z]"
)
_ENDS = tuple(".!?…:;\"'’”»)]")
_WORDS = re.compile(r"\w+")
#: A heading is at most so many words; a longer line without a full stop, in a story whose paragraphs have them, is a caption.
_HEADING_WORDS = 9
_HEADLINE_WORDS = 40
_CAPTION_WORDS = 70
_BYLINE_WORDS = 30
#: Share of a story's paragraphs that must end like sentences before a line that does not says anything.
_REGULAR = 0.6


class Stamp:
    """What an aggregator's or outlet's byline says: `By OUTLET (SECTION) | Created at … | Updated at …`."""

    def __init__(self) -> None:
        self.outlet: str | None = None
        self.section: str | None = None
        self.created: Moment | None = None
        self.updated: Moment | None = None


def read_stamp(line: str) -> Stamp | None:
    """Read a line of fields between bars: who made it, and when it was put up and changed; None if it says no when."""
    fields = [f.strip() for f in re.split(r"\s*[|•·]\s*", line[:400]) if f.strip()]
    stamp, moments = Stamp(), 0
    for field in fields:
        if m := _STAMP_FIELD.match(field):
            moment = parse_moment(_AGO.sub("", m["when"]))
            if moment is None and not _WHEN.match(field):
                return None
            moments += 1
            if m["what"].lower().startswith(("updated", "last", "modified")):
                stamp.updated = moment
            else:
                stamp.created = moment
        elif m := _BY.match(field):
            both = _SECTION.match(m["who"])
            stamp.outlet, stamp.section = (both["outlet"], both["section"]) if both else (m["who"], None)
    return stamp if moments and (len(fields) > 1 or stamp.created or stamp.updated) else None


def signed(line: str) -> str | None:
    """Who a byline names: `By Ann Author, Tarn | 3 March` is `Ann Author`; None for one that names nobody."""
    m = _BY.match(line.strip())
    who = re.split(r"\s*[|•·]\s*|,\s|\s[–—-]\s", m["who"], maxsplit=1)[0].strip() if m else ""
    return who or None


def kind_of_line(line: str) -> Kind | None:  # noqa: PLR0911 - one return a kind is the plainest form
    """The kind that a paragraph's words alone give away; None for what may well be the story."""
    words = len(_WORDS.findall(line[:2000]))
    if not any(c.isalnum() for c in line):
        return Kind.BOILERPLATE
    if words <= _BYLINE_WORDS and (_BYLINE.match(line) or _CREDIT.match(line) or _WHEN.match(line)):
        return Kind.BYLINE
    if read_stamp(line):
        return Kind.BYLINE
    if words <= _CAPTION_WORDS and _CREDIT.match(line):
        return Kind.BYLINE
    if _DATELINE.match(line):
        return Kind.DATELINE
    if len(line) <= 240 and _BOILERPLATE.match(line):  # noqa: PLR2004 - the longest any of its branches takes
        return Kind.BOILERPLATE
    if words <= _CAPTION_WORDS and (_CAPTION.search(line) or (placed := len(_PLACED.findall(line))) > 1 or (placed and not _ends(line))):
        return Kind.CAPTION
    return None


def kinds_of_lines(lines: Sequence[str], *, title: str | None = None) -> list[Kind]:
    """The kinds of a plain text's paragraphs.

    Besides each line's own words, its company counts: in a story whose paragraphs end with full stops, a short line that
    does not is a heading, a long one the caption of a picture that the text has lost; a line that nearly repeats a caption
    next to it is one, too.

    Args:
        lines: Paragraphs in order, not empty.
        title: The title, where something else than the text says it.
    """
    kinds = [kind_of_line(line) for line in lines]
    open_ = [i for i, k in enumerate(kinds) if k is None]
    headline = _headline(lines, kinds, title)
    story = [i for i in open_ if i != headline]
    regular = sum(_ends(lines[i]) for i in story) >= max(3, _REGULAR * len(story))
    for i in story:
        if not regular or _ends(lines[i]) or i in (story[0], story[-1]):
            continue
        words = len(_WORDS.findall(lines[i]))
        if words > _CAPTION_WORDS:
            continue
        if _DATED_END.search(lines[i]):
            kinds[i] = Kind.CAPTION
        elif words <= _HEADING_WORDS:
            kinds[i] = Kind.HEADING
        elif not _TALK.search(lines[i]):
            kinds[i] = Kind.CAPTION
    for i in story:
        near = [j for j in (i - 1, i + 1) if 0 <= j < len(lines) and kinds[j] is Kind.CAPTION]
        if kinds[i] in (None, Kind.HEADING) and any(_alike(lines[i], lines[j]) for j in near):
            kinds[i] = Kind.CAPTION
    if headline is not None:
        kinds[headline] = Kind.HEADLINE
    return [k or Kind.BODY for k in kinds]


def _headline(lines: Sequence[str], kinds: Sequence[Kind | None], title: str | None) -> int | None:
    first = next((i for i, k in enumerate(kinds) if k is None), None)
    if first is None or first > 2 or len(lines) < first + 2:  # noqa: PLR2004 - a stamp and a link may stand above it
        return None
    line = lines[first]
    if title and _key(title) == _key(line):
        return first
    if len(_WORDS.findall(line)) > _HEADLINE_WORDS:
        return None
    byline_below = first + 1 < len(kinds) and kinds[first + 1] in (Kind.BYLINE, Kind.DATELINE)
    quoted = line.startswith(("“", '"')) or line.endswith(tuple('.!?…”"'))
    return first if byline_below or not quoted else None


def _ends(line: str) -> bool:
    return line.rstrip().endswith(_ENDS)


def _key(line: str) -> str:
    return " ".join(_WORDS.findall(line.casefold()))


def _alike(one: str, other: str) -> bool:
    from rapidfuzz.fuzz import token_set_ratio

    return len(one) < 4 * len(other) and not one.startswith(("“", '"', "'", "‘")) and token_set_ratio(one, other) > _NEARLY


_NEARLY = 85
