"""Any document to its articles: recognise the form, decode, read, name the language, say what stands against it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from onrecord.articles.article import Article, Condition, Kind, Revision
from onrecord.articles.conditions import NOTES, cut_short
from onrecord.articles.decode import decode
from onrecord.articles.language import identify
from onrecord.articles.markdown import read_markdown
from onrecord.articles.metadata import Metadata
from onrecord.articles.moments import Moment, parse_moment
from onrecord.articles.page import read_page
from onrecord.articles.plain import read_plain
from onrecord.articles.structured import read_structured
from onrecord.errors import ArticleError
from onrecord.sources.document import OWN_TEXT, Document

__all__ = ["read_article", "read_articles"]

_HTML = re.compile(
    r"\A[\s\ufeff]*(?:<!doctype\s+html|<\?xml[^>]{0,200}\?>\s*<(?:!doctype )?html|<!--|<(?:html|head|body|article|main|div|p|section|meta|title|link|script|style|header|nav|table|center|blockquote|span|a|h[1-6]|figure)\b)",  # noqa: E501 - the ways a page can begin
    re.IGNORECASE,
)
_WHOLE = re.compile(r"<!doctype\s+html|<\?xml[^>]{0,200}\?>\s*<(?:!doctype )?html|<(?:html|article|body)[\s>]", re.IGNORECASE)
_FRONT = re.compile(r"\A\ufeff?---[ \t]*\r?\n(?:[\w \"'-]{1,40}:.*\r?\n)")
#: Only the language the reader was trained for is read.
_READ = "en"
#: Below this the language is open, and the text is read.
_SURE = 0.7


def read_article(document: Document, *, url: str | None = None, published: datetime | date | None = None, outlet: str | None = None) -> Article:
    """Read the first article of a document; see `read_articles`."""
    return read_articles(document, url=url, published=published, outlet=outlet)[0]


def read_articles(document: Document, *, url: str | None = None, published: datetime | date | None = None, outlet: str | None = None) -> tuple[Article, ...]:
    """Read a document's articles: one as a rule, several for a JSON Feed.

    Args:
        document: Bytes and where from. HTML, plain text, Markdown and JSON are told apart by media type, then by content.
        url: Canonical URL, when the caller knows better than the page.
        published: When it was published, likewise; a date is known to the day.
        outlet: Who published it, likewise.

    Returns:
        Articles, each with its revision. Plain text and Markdown keep every character; HTML and JSON become paragraphs joined by
        empty lines.

    Raises:
        ArticleError: The bytes are no text, or JSON without an article.
    """
    decoded = decode(document)
    text = decoded.text
    more = (Condition.UNDECODABLE,) if decoded.lost else ()
    known = _Known(url, document.url, parse_moment(published), outlet)
    form = _form(document, text)
    if form == "html":
        page = read_page(text.removeprefix("\ufeff"), url=url or document.url)
        return (_article(document, page.revision, page.metadata, (*more, *page.conditions), known),)
    if form == "json":
        try:
            data = json.loads(text.removeprefix("\ufeff"), strict=False)
        except (ValueError, RecursionError) as error:
            raise ArticleError(f"this is no JSON: {error}", item=document.name, hint="check the file, or give it another ending") from error
        return tuple(_article(document, r, m, more, known) for r, m in read_structured(data, name=document.name))
    revision, metadata = read_markdown(text) if form == "markdown" else read_plain(text)
    return (_article(document, revision, metadata, more, known),)


def _form(document: Document, text: str) -> str:  # noqa: PLR0911 - one return a sign, in order of precedence
    media = (document.media_type or "").lower()
    if media in ("text/html", "application/xhtml+xml"):
        return "html"
    if media == "text/markdown":
        return "markdown"
    head = text[:2000].lstrip("\ufeff \t\r\n")
    # A caller's own string says plain text because it must say something: a whole page in it is still a page.
    own = document.name == OWN_TEXT
    if media.endswith("json") or ((own or not media) and head.startswith(("{", "[")) and _is_json(text)):
        return "json"
    if own:
        return "html" if _WHOLE.match(head) else "markdown" if _FRONT.match(text[:4000]) else "plain"
    if media.startswith("text/plain"):
        return "plain"
    if _HTML.match(text[:4000]):
        return "html"
    return "markdown" if _FRONT.match(text[:4000]) else "plain"


def _is_json(text: str) -> bool:
    try:
        json.loads(text.removeprefix("\ufeff"), strict=False)
    except (ValueError, RecursionError):
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known without the document's text."""

    #: From the caller.
    url: str | None
    #: Where the document was fetched from.
    fetched_from: str | None
    published: Moment | None
    outlet: str | None


def _article(document: Document, revision: Revision, metadata: Metadata, conditions: Sequence[Condition], known: _Known) -> Article:
    story = "\n".join(revision.text[p.start : p.end] for p in revision.paragraphs[:200] if p.kind in (Kind.BODY, Kind.HEADING, Kind.HEADLINE))
    language, score = identify(story, metadata.language)
    found = [*conditions]
    blocked = any(c in found for c in (Condition.COOKIE_WALL, Condition.AGE_GATE))
    has_story = any(p.kind in (Kind.BODY, Kind.HEADLINE, Kind.CAPTION) for p in revision.paragraphs)
    if not has_story and not blocked and Condition.EMPTY not in found:
        found.append(Condition.EMPTY)
    if has_story and language not in (None, _READ) and (score is None or score >= _SURE):
        found.append(Condition.NOT_ENGLISH)
    if Condition.TRUNCATED not in found and cut_short(revision.text):
        found.append(Condition.TRUNCATED)
    published = known.published or metadata.published
    url = known.url or metadata.url or known.fetched_from
    made = Article(
        revision=revision,
        source=url or document.name,
        url=url,
        outlet=known.outlet or metadata.outlet,
        title=metadata.title,
        byline=metadata.byline,
        section=metadata.section,
        published=published.at if published else None,
        published_precision=published.precision if published else None,
        updated=metadata.updated.at if metadata.updated else None,
        updated_precision=metadata.updated.precision if metadata.updated else None,
        language=language,
        language_score=score,
        conditions=tuple(dict.fromkeys(found)),
        notes=tuple(NOTES[c] for c in dict.fromkeys(found)),
    )
    return _with_byline_date(made)


def _with_byline_date(article: Article) -> Article:
    """An update before the publication is the publication: some pages stamp both and mean one."""
    published, updated = article.published, article.updated
    if published and updated and (published.tzinfo is None) == (updated.tzinfo is None) and updated == published:
        return replace(article, updated=None, updated_precision=None)
    return article
