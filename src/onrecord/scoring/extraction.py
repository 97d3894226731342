"""How well pages become articles: body words, publication day, captions kept out of the body.

The archive is that of Fundus (Dallabetta et al. 2024): pages with what hand-written parsers of their publishers take from
them. Body words are compared as bags, F1 averaged over pages, as Barbaresi and Lejeune (2020) do, and trafilatura is measured
in the same run on the same pages.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import logging
import re
import tarfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from onrecord.articles import Kind, read_article
from onrecord.articles.article import Article
from onrecord.articles.language import identify
from onrecord.errors import NotFoundError, UsageError
from onrecord.sources import from_bytes

__all__ = ["ExtractionScore", "PageScore", "score_extraction"]

_WORD = re.compile(r"\w+")
_PAGE = re.compile(r"^(?P<publisher>.+?)_(?P<day>\d{4}_\d{2}_\d{2})\.html\.gz$")
_NUMBER = re.compile(r"\d+")
#: Largest member that is unpacked, and the most members looked at.
_LARGEST, _MOST = 32 * 2**20, 20_000
#: A caption with fewer words may stand in the story by chance.
_CAPTION_WORDS = 5


@dataclass(frozen=True, slots=True)
class PageScore:
    """One page."""

    name: str
    #: Bag-of-words F1 of the body, 0 to 1.
    body: float
    #: The same of trafilatura's own text.
    rival: float
    #: Whether the publication day is right; None if the gold has none.
    day: bool | None
    #: Whether all its captions stayed out of the body; None if it has none of at least five words.
    captions: bool | None


@dataclass(frozen=True, slots=True)
class ExtractionScore:
    """All pages of an archive."""

    archive: str
    #: First 12 digits of the archive's SHA-256.
    digest: str
    pages: tuple[PageScore, ...]
    #: Pages left out because their gold text is not English.
    foreign: int
    onrecord: str
    trafilatura: str

    @property
    def body(self) -> float:
        """Mean F1 of the body."""
        return sum(p.body for p in self.pages) / max(1, len(self.pages))

    @property
    def rival(self) -> float:
        """Mean F1 of trafilatura's text."""
        return sum(p.rival for p in self.pages) / max(1, len(self.pages))

    @property
    def days(self) -> tuple[int, int]:
        """Pages with the right publication day, and pages that have one."""
        known = [p.day for p in self.pages if p.day is not None]
        return sum(known), len(known)

    @property
    def captions(self) -> tuple[int, int]:
        """Pages that keep all captions out of the body, and pages that have captions."""
        known = [p.captions for p in self.pages if p.captions is not None]
        return sum(known), len(known)

    @property
    def signature(self) -> str:
        """How the score came about, in one line."""
        parts = (
            f"corpus:{self.archive}",
            f"pages:{len(self.pages)}",
            f"sha256:{self.digest}",
            "measure:bag-of-words-f1",
            f"trafilatura:{self.trafilatura}",
            f"onrecord:{self.onrecord}",
        )
        return "|".join(parts)

    def to_json(self) -> dict[str, Any]:
        """The score and every page."""
        return {
            "body_f1": round(self.body, 4),
            "trafilatura_f1": round(self.rival, 4),
            "publication_day": list(self.days),
            "captions_kept_out": list(self.captions),
            "foreign": self.foreign,
            "signature": self.signature,
            "pages": [{"name": p.name, "body": round(p.body, 4), "trafilatura": round(p.rival, 4), "day": p.day, "captions": p.captions} for p in self.pages],
        }

    def __str__(self) -> str:
        worst = sorted(self.pages, key=lambda p: p.body - p.rival)[:5]
        lines = [
            f"body words, F1        {100 * self.body:5.1f}",
            f"  trafilatura's own   {100 * self.rival:5.1f}",
            f"publication day right {_share(self.days)}",
            f"captions kept out     {_share(self.captions)}",
            f"left out, not English {self.foreign}",
            "furthest behind trafilatura: " + ", ".join(f"{p.name} {100 * (p.body - p.rival):+.1f}" for p in worst),
            "wrong day: " + (", ".join(p.name for p in self.pages if p.day is False) or "none"),
            "caption in the body: " + (", ".join(p.name for p in self.pages if p.captions is False) or "none"),
            self.signature,
        ]
        return "\n".join(lines)


def score_extraction(archive: Path, *, progress: Callable[[int, int], None] | None = None) -> ExtractionScore:
    """Measure extraction on an archive of pages.

    Args:
        archive: A tar file in the layout of Fundus' test data: `COUNTRY/PUBLISHER_DAY.html.gz` beside `PUBLISHER.json`.
        progress: Called with how many pages are done and how many there are.

    Raises:
        NotFoundError: There is no such file.
        UsageError: It is no tar file, or holds no such pages.
    """
    from importlib.metadata import version

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    members = _members(archive)
    jobs = list(_jobs(members))
    if not jobs:
        raise UsageError("no pages with known text in this archive", item=str(archive), hint="PUBLISHER_DAY.html.gz beside PUBLISHER.json is looked for")
    pages, foreign = [], 0
    for done, (name, page, gold, url) in enumerate(jobs):
        if progress:
            progress(done, len(jobs))
        text = _body_of(gold)
        if identify(text)[0] not in ("en", None):
            foreign += 1
            continue
        pages.append(_page(name, page, gold, text, url))
    if progress:
        progress(len(jobs), len(jobs))
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()[:12]
    return ExtractionScore(archive.name, digest, tuple(pages), foreign, version("onrecord"), version("trafilatura"))


def _members(archive: Path) -> dict[str, bytes]:
    """Read into memory, nothing to disk: a name in an archive is only a name."""
    out: dict[str, bytes] = {}
    try:
        with tarfile.open(archive) as tar:
            for count, member in enumerate(tar):
                if count >= _MOST:
                    break
                stream = tar.extractfile(member) if member.isfile() and member.size <= _LARGEST else None
                if stream is not None:
                    out[member.name] = stream.read()
    except FileNotFoundError:
        raise NotFoundError("no such file", item=str(archive), hint="check the path") from None
    except (tarfile.TarError, OSError, EOFError, zlib.error) as error:
        raise UsageError(f"cannot be unpacked: {error}", item=str(archive), hint="give a tar file") from error
    return out


def _jobs(members: Mapping[str, bytes]) -> Iterator[tuple[str, bytes, Mapping[str, Any], str | None]]:
    """Each page with its gold: the n-th page of a publisher, by day, goes with the n-th version of its parser."""
    groups: dict[tuple[str, str], list[str]] = {}
    for path in sorted(members):
        folder, _, name = path.rpartition("/")
        if m := _PAGE.match(name):
            groups.setdefault((folder, m["publisher"]), []).append(path)
    for (folder, publisher), paths in groups.items():
        gold = json.loads(members.get(f"{folder}/{publisher}.json", b"{}"))
        versions = sorted(gold, key=lambda v: [int(n) for n in _NUMBER.findall(v)])
        about = json.loads(members.get(f"{folder}/meta.info", b"{}"))
        if len(versions) != len(paths):
            continue
        for path, name in zip(paths, versions, strict=True):
            file = path.rpartition("/")[2]
            with gzip.GzipFile(fileobj=io.BytesIO(members[path])) as stream:
                page = stream.read(_LARGEST)
            yield file.removesuffix(".html.gz"), page, gold[name], (about.get(file) or {}).get("url")


def _body_of(gold: Mapping[str, Any]) -> str:
    body = gold.get("body") or {}
    sections = body.get("sections") or []
    return "\n".join([*(body.get("summary") or []), *(p for s in sections for p in [*(s.get("headline") or []), *(s.get("paragraphs") or [])])])


def _page(name: str, page: bytes, gold: Mapping[str, Any], text: str, url: str | None) -> PageScore:
    from trafilatura import extract

    article = read_article(from_bytes(page, name=name, url=url, media_type="text/html"))
    mine = "\n".join(s.exact for s in article.revision.of_kind(Kind.BODY, Kind.HEADING))
    theirs = extract(page, url=url, include_comments=False) or ""
    return PageScore(name, _f1(mine, text), _f1(theirs, text), _day(article, gold), _captions(article, gold, text))


def _f1(found: str, wanted: str) -> float:
    one, other = (Counter(_WORD.findall(t.casefold())) for t in (found, wanted))
    return 2 * (one & other).total() / max(1, one.total() + other.total())


def _day(article: Article, gold: Mapping[str, Any]) -> bool | None:
    stated = gold.get("publishing_date")
    if not stated:
        return None
    wanted, found = datetime.fromisoformat(stated), article.published
    if found is not None and found.tzinfo is not None and wanted.tzinfo is not None:
        found = found.astimezone(wanted.tzinfo)
    return found is not None and found.date() == wanted.date()


def _captions(article: Article, gold: Mapping[str, Any], text: str) -> bool | None:
    """A caption that the gold body repeats says nothing."""
    wanted = _key(text)
    captions = [_key(i.get("caption") or "") for i in gold.get("images") or []]
    captions = [c for c in captions if c.count(" ") + 1 >= _CAPTION_WORDS and c not in wanted]
    body = _key("\n".join(s.exact for s in article.revision.of_kind(Kind.BODY)))
    return not any(c in body for c in captions) if captions else None


def _key(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


def _share(pair: tuple[int, int]) -> str:
    right, known = pair
    return f"{100 * right / max(1, known):5.1f}% ({right} of {known})"
