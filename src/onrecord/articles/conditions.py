"""What stands against taking a page's text as the whole article: walls, gates, live blogs, cuts."""

from __future__ import annotations

import re
from collections.abc import Sequence

from onrecord.articles.article import Condition

__all__ = ["NOTES", "cut_short", "is_live", "wall"]

NOTES = {
    Condition.EMPTY: "There is no article text here.",
    Condition.PAYWALL: "The page keeps part of the article behind a paywall; what is free was read.",
    Condition.COOKIE_WALL: "The page asks about cookies instead of showing the article; nothing was read.",
    Condition.AGE_GATE: "The page asks for the reader's age instead of showing the article; nothing was read.",
    Condition.LIVE_BLOG: "This is a live blog: posts of different hours in one page, newest first as a rule.",
    Condition.NOT_ENGLISH: "The text is not English; it was kept and not read.",
    Condition.TRUNCATED: "The text breaks off before its end.",
    Condition.UNDECODABLE: "Some bytes stand for no character and are shown as �.",
}

_COOKIES = re.compile(
    r"\b(?:accept|reject|manage|allow)\b[^.]{0,30}\bcookies?\b|\bcookie (?:settings|policy|preferences|notice)\b|\bwe value your privacy\b|\bour \d+ partners\b|\bwe (?:and our (?:\d+ )?partners )?use cookies\b"
    r"|\bconsent to\b[^.]{0,60}\b(?:cookies|tracking|personal data)\b|\bpersonali[sz]ed (?:ads|advertising)\b",
    re.IGNORECASE,
)
_AGE = re.compile(
    r"\b(?:are you (?:over|at least|older than|of legal)|confirm (?:that )?(?:you are|your age)|verify your age|age verification|enter your (?:date of birth|birth ?date|age)|you must be (?:at least )?\d\d)\b",
    re.IGNORECASE,
)
_PAY = re.compile(
    r"\b(?:subscribe (?:now )?to (?:continue|keep|read|unlock)|already a subscriber|this (?:article|story|content) is (?:only )?(?:for|available to|exclusive(?:ly)? (?:for|to)) (?:our )?(?:subscribers|members|premium)"
    r"|to continue reading,? (?:please )?(?:subscribe|log in|sign in|register|create)|(?:log|sign) in to (?:continue|keep) reading|unlock this (?:article|story)|you(?:'|’)?ve reached your (?:monthly )?(?:free )?(?:article )?limit|subscribers? only)\b",
    re.IGNORECASE,
)
_CUT = re.compile(r"(?:\[\+?\d+ (?:chars|characters)\]|\[(?:…|\.{3})\]|\w ?(?:…|\.{3}) ?(?:read more|continue reading|more)\W{0,3})$", re.IGNORECASE)
_LIVE_URL = re.compile(r"/(?:live|liveblog|live-blog|live-news|live-updates)(?:[/-]|$)|-live(?:-updates|-blog)?(?:[/.-]|$)", re.IGNORECASE)
_LIVE_TITLE = re.compile(r"\blive(?: updates| blog|:)|^live\b|[–—|-] live\W*$|\bas it happened\W*$", re.IGNORECASE)
#: A page with more words than this shows its article, whatever else it asks.
_WALL_WORDS = 220
#: Words that a wall's paragraphs have, and a story's seldom. A page with more than so many words of paragraphs without any shows its story.
_ASKING = re.compile(
    r"\b(?:cookies?|consent|privacy|partners|personal data|advertis\w+|tracking|browser|preferences|settings|terms of (?:use|service)|your (?:age|data|device|choices)"
    r"|(?:date of )?birth|(?:are|be|over|under|least|confirm|enter)\W+(?:you\W+)?(?:\w+\W+){0,3}(?:1[68]|21)\b|legal (?:drinking )?age|adults? only|log ?in|sign ?in|subscri\w+)\b",
    re.IGNORECASE,
)
_STORY_WORDS = 40
_POST = re.compile(r"^\s*(?:\d{1,2}[:.]\d{2}(?: ?[ap]\.?m\.?)?|\d+ (?:minutes?|hours?) ago)\b", re.IGNORECASE)
#: So many blocks that open with an hour are posts of a live blog, if the page's title or address says live.
_POSTS = 3


def wall(page: str, story: Sequence[str], *, free: bool | None) -> Condition | None:
    """Name the wall a page puts before its article; None if there is none.

    Args:
        page: All the page's visible words.
        story: The paragraphs of its main text.
        free: What the page says about being free to read.
    """
    story_words = sum(len(p.split()) for p in story)
    told = sum(len(p.split()) for p in story if not _ASKING.search(p))
    cookies, ages = len(_COOKIES.findall(page[:100_000])), len(_AGE.findall(page[:100_000]))
    page_words = len(page[:100_000].split())
    if told < _STORY_WORDS and story_words <= _WALL_WORDS and page_words <= 3 * _WALL_WORDS:
        if ages and ages >= cookies:
            return Condition.AGE_GATE
        if cookies > 1 and page_words <= _WALL_WORDS + story_words:
            return Condition.COOKIE_WALL
    if free is False or (_PAY.search(page) and story_words <= 2 * _WALL_WORDS):
        return Condition.PAYWALL
    return None


def is_live(url: str | None, title: str | None, blocks: Sequence[str], *, declared: bool) -> bool:
    """Whether a page is a live blog: it says so in its data, or its address or title says live and its posts bear hours."""
    if declared:
        return True
    said = bool((url and _LIVE_URL.search(url)) or (title and _LIVE_TITLE.search(title)))
    return said and sum(bool(_POST.match(b)) for b in blocks) >= _POSTS


def cut_short(text: str, *, page: str | None = None) -> bool:
    """Whether a text breaks off: a feed's mark of omission at the end, or a page whose source stops inside a tag or before its end tag."""
    if _CUT.search(text[-200:].rstrip()):
        return True
    if page is None:
        return False
    tail = page[-4000:].lower()
    opened = re.search(r"<html[\s>]", page[:4000], re.IGNORECASE) is not None
    return opened and "</html" not in tail and "</body" not in tail
