"""Which column of a table holds what: said by the user, or told by the names that news databases give their columns."""

from __future__ import annotations

import csv
import dataclasses
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from onrecord.errors import UsageError

__all__ = ["Columns", "guess_columns", "parse_columns"]

_PLAIN = re.compile(r"[\W_]+")
#: Names of columns, best first, as letters and digits alone. Those of two letters are Factiva's field codes; `source.title` and its
#: like, with a dot in JSON, are Event Registry's.
_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "text": (
            *("text", "fulltext", "articletext", "articlebody", "bodytext", "body", "maintext", "storytext", "storybody", "newstext", "plaintext", "cleantext"),
            *("documenttext", "contenttext", "textcontent", "rawtext", "content", "story", "article", "articlecontent", "transcript", "td"),
        ),
        "html": ("html", "bodyhtml", "contenthtml", "htmlcontent", "htmlbody", "articlehtml", "rawhtml", "fullhtml", "pagehtml"),
        "title": ("title", "headline", "articletitle", "articleheadline", "storytitle", "newstitle", "documenttitle", "heading", "head", "hd", "hedline"),
        "url": (
            *("url", "articleurl", "storyurl", "canonicalurl", "weburl", "pageurl", "finalurl", "originalurl", "documentidentifier", "permalink"),
            *("link", "articlelink", "sourceurl", "href", "webpage", "address"),
        ),
        "published": (
            *("published", "publishedat", "datepublished", "datetimepub", "publisheddatetime", "publicationdatetime", "publisheddate", "publishdate"),
            *("publicationdate", "publishtime", "datepublish", "pubdate", "datetime", "date", "articledate", "storydate", "documentdate", "pd"),
            *("firstpublished", "firstcreated", "timestamp", "day"),
        ),
        "outlet": (
            *("outlet", "outletname", "medianame", "publicationname", "publication", "newspaper", "newspapername", "sourcename", "sourcetitle", "source"),
            *("sn", "sourcecommonname", "publisher", "publishername", "medium", "media", "mediaoutlet", "journal", "pubtitle", "site", "sitename", "domain"),
        ),
        "byline": ("byline", "by", "author", "authors", "authorname", "authornames", "writer", "reporter", "journalist", "creator", "creators"),
        "id": (
            *("id", "storiesid", "storyid", "articleid", "documentid", "docid", "accessionnumber", "accessionno", "an", "goid", "lniid", "uri", "guid"),
            *("globaleventid", "gkgrecordid"),
        ),
    }
)
#: Columns that hold one text together: Factiva puts the lead paragraph apart.
_TOGETHER = (("lp", "td"), ("leadparagraph", "fulltext"), ("leadparagraph", "body"), ("leadparagraph", "text"))
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column of a table holds what, by name; None for what no column holds.

    Raises:
        UsageError: There is neither a text nor an html column.
    """

    #: The article's words. Several columns, joined by `+`, are put one under the other (`LP+TD`).
    text: str | None = None
    title: str | None = None
    url: str | None = None
    #: A day or a moment.
    published: str | None = None
    outlet: str | None = None
    byline: str | None = None
    id: str | None = None
    #: The article as HTML; read where a row has no text.
    html: str | None = None

    def __post_init__(self) -> None:
        if not (self.text or self.html):
            raise UsageError("no column is named that holds the text", hint="say which, as in text=Body")

    def within(self, header: Sequence[str], *, item: str | None = None) -> Columns:
        """The same columns, spelled as a table spells them: case, spaces and underscores do not count.

        Args:
            header: The table's columns.
            item: The table's name.

        Raises:
            UsageError: One is not there; the message lists those that are.
        """
        plain = {_key(name): name for name in reversed(header)}

        def found(name: str) -> str:
            known = name if name in header else plain.get(_key(name))
            if known is None:
                raise UsageError(f"there is no column {name!r}", item=item, hint=f"there are: {_listed(header)}")
            return known

        spelled: dict[str, str | None] = {role: found(name) for role, name in dataclasses.asdict(self).items() if name and role != "text"}
        return Columns(text="+".join(found(part) for part in self.texts(header)) or None, **spelled)

    def texts(self, header: Iterable[str]) -> tuple[str, ...]:
        """The columns that hold the text: one as a rule; a name with a `+` that is a column's own name is one, too."""
        if not self.text:
            return ()
        return (self.text,) if self.text in header else tuple(filter(None, (part.strip() for part in self.text.split("+"))))


def guess_columns(header: Sequence[str], *, item: str | None = None) -> Columns:
    """Tell columns by their names, as Nexis, Factiva, Media Cloud, Event Registry, GDELT and schema.org have them.

    Args:
        header: The table's columns; a value inside a JSON object is named with dots, `source.title`.
        item: The table's name.

    Raises:
        UsageError: None of them looks like the text; the message lists them.
    """
    plain = {_key(name): name for name in reversed(header)}
    found = {role: next((plain[n] for n in names if n in plain), None) for role, names in _NAMES.items()}
    lead = next((pair for pair in _TOGETHER if all(n in plain for n in pair)), None)
    if lead:
        found["text"] = "+".join(plain[n] for n in lead)
    if not (found["text"] or found["html"]):
        raise UsageError(
            "no column is known to hold the text",
            item=item,
            hint=f"there are: {_listed(header)}; say which, as in text=Body" if header else "it has no columns",
        )
    return Columns(**found)


def parse_columns(spec: str, *, header: Sequence[str] | None = None) -> Columns:
    """Read what a user says of columns: `text=Body,title=Headline,published=Date`.

    Args:
        spec: Names with a comma in them stand in quotation marks: `"text=Body, in full"`.
        header: The table's columns, if they are known yet.

    Raises:
        UsageError: It is not of this form, or a column is not there; the message lists those that are.
    """
    roles = [field.name for field in dataclasses.fields(Columns)]
    found: dict[str, str] = {}
    try:
        parts = next(csv.reader([spec], skipinitialspace=True), [])
    except csv.Error as error:
        raise UsageError(f"these are no columns: {error}", item=spec[:80], hint="as in text=Body,title=Headline") from error
    for part in filter(None, (p.strip() for p in parts)):
        role, equals, name = (x.strip() for x in part.partition("="))
        if not (equals and name):
            raise UsageError(f"{part!r} says no column", item=spec[:80], hint="as in text=Body,title=Headline")
        if role not in roles:
            raise UsageError(f"{role!r} is nothing a column can be", item=spec[:80], hint=f"it can be {', '.join(roles)}")
        if role in found:
            raise UsageError(f"{role} is said twice", item=spec[:80], hint="for a text in several columns, join them: text=LP+TD")
        found[role] = name
    if not (found.get("text") or found.get("html")):
        more = f"; there are: {_listed(header)}" if header else ""
        raise UsageError("no column is named that holds the text", item=spec[:80], hint=f"as in text=Body,title=Headline{more}")
    columns = Columns(**found)
    return columns if header is None else columns.within(header)


def _key(name: str) -> str:
    return _PLAIN.sub("", name).casefold()


def _listed(header: Sequence[str]) -> str:
    names = [name.strip()[:_SHOWN] for name in header if name.strip()]
    return ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
