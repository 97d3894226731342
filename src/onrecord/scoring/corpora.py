"""Gold files: which format a file or folder has, and the reader for each.

- `*.gold`, or a folder of them: the marked form of the project's own corpus (`onrecord.scoring.gold`).
- PolNeAR as JSON lines: `{"id", "text", "attributions": [{"source": [[start, end], ...], "cue": ..., "content": ...}]}`, one article a
  line. A role that is missing is empty. Source of the scheme: Newell, Margolin and Ruths 2018.
- CoFeNet as JSON lines: `{"tokens", "labels", "id"}`, one passage a line, with flat labels `O`, `B-source`, `I-content` ... The text is the
  tokens joined by single spaces, with the escapes of the Penn Treebank undone. It does not say which source belongs to which content.
  Source: Wang et al. 2022.

JSON lines may be compressed with gzip.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from os.path import commonprefix
from pathlib import Path
from typing import Any

from onrecord.errors import NotFoundError, UsageError
from onrecord.scoring.gold import GoldArticle, parse_marked
from onrecord.scoring.spans import ROLES, Attributed, Offsets

__all__ = ["Corpus", "read_gold"]

#: How the Penn Treebank's tokenizer writes marks and brackets (MacIntyre 1995). No newspaper prints them so, and no reader is made to read them.
_ESCAPES = {"``": "“", "''": "”", "`": "‘", "-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]", "-LCB-": "{", "-RCB-": "}"}
_GZIP = b"\x1f\x8b"
_FORMATS = "a file or folder of *.gold, PolNeAR JSON lines (text, attributions), or CoFeNet JSON lines (tokens, labels)"


@dataclass(frozen=True, slots=True)
class Corpus:
    """Gold articles that are scored together."""

    #: What to call it: the name of the file without its endings, or of the folder; of several, their folder and what their names begin with.
    name: str
    articles: tuple[GoldArticle, ...]


def read_gold(path: Path, *more: Path) -> Corpus:
    """Read gold files and folders, whichever of the formats each has.

    Several make one corpus: `held-*.gold` as the shell expands it, say, which is named after its folder and `held`.

    Raises:
        NotFoundError: There is no such file or folder.
        UsageError: It is not gold, or is damaged; the message names the line.
    """
    paths = (path, *more)
    articles = tuple(article for each in paths for article in _read(each))
    return Corpus(_name(paths), _distinct(articles, ", ".join(map(str, paths[:3]))))


def _read(path: Path) -> tuple[GoldArticle, ...]:
    if path.is_dir():
        files = sorted(path.rglob("*.gold"))
        if not files:
            raise UsageError("the folder holds no *.gold file", item=str(path), hint=f"gold is {_FORMATS}")
        return tuple(_marked(file) for file in files)
    if not path.exists():
        raise NotFoundError("no such file or folder", item=str(path), hint=f"gold is {_FORMATS}")
    if path.suffix == ".gold":
        return (_marked(path),)
    articles = tuple(_json_lines(path))
    if not articles:
        raise UsageError("the file is empty", item=str(path), hint=f"gold is {_FORMATS}")
    return articles


def _name(paths: Sequence[Path]) -> str:
    stems = [path.resolve().name.removesuffix(".gz").removesuffix(".jsonl").removesuffix(".json").removesuffix(".gold") for path in paths]
    if len(paths) == 1:
        return stems[0]
    begins = commonprefix(stems).rstrip("-_. ")  # noqa: RUF071 - names are compared, and by their letters, not paths
    return f"{paths[0].resolve().parent.name}/{begins}".rstrip("/")


def _distinct(articles: tuple[GoldArticle, ...], name: str) -> tuple[GoldArticle, ...]:
    seen: set[str] = set()
    for article in articles:
        if article.id in seen:
            msg = f"two articles have the id {article.id!r}"
            raise UsageError(msg, item=name, hint="an article scored twice would count twice; remove or rename one")
        seen.add(article.id)
    return articles


def _bytes(path: Path) -> bytes:
    try:
        data = path.read_bytes()
        return gzip.decompress(data) if data.startswith(_GZIP) else data
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        msg = f"the compressed file is damaged: {error}"
        raise UsageError(msg, item=str(path), hint="fetch or pack it again") from error
    except OSError as error:
        msg = f"cannot be read: {error.strerror or error}"
        raise UsageError(msg, item=str(path)) from error


def _decoded(path: Path) -> str:
    try:
        return _bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        msg = f"not UTF-8 at byte {error.start}"
        raise UsageError(msg, item=str(path), hint=f"gold is UTF-8 text: {_FORMATS}") from error


def _marked(path: Path) -> GoldArticle:
    article = parse_marked(_decoded(path), name=str(path))
    if any(key == "id" for key, _ in article.metadata):
        return article
    return GoldArticle(path.stem, article.text, article.attributions, story=path.stem, metadata=article.metadata)


def _json_lines(path: Path) -> Iterator[GoldArticle]:
    passages: dict[str, int] = {}
    # Not str.splitlines: it also cuts at U+2028, which JSON strings may hold.
    for number, line in enumerate(_decoded(path).split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        record = _record(line, where)
        if "text" in record and "attributions" in record:
            yield _polnear(record, where)
        elif "tokens" in record and "labels" in record:
            story = str(record.get("id", number))
            passages[story] = passages.get(story, 0) + 1
            yield _cofenet(record, where, story=story, ident=f"{story}#{passages[story]}")
        else:
            msg = f"unknown keys {sorted(record)!r:.120}"
            raise UsageError(msg, item=where, hint=f"gold is {_FORMATS}")


def _record(line: str, where: str) -> Mapping[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        msg = f"not JSON: {error}"
        raise UsageError(msg, item=where, hint=f"gold is {_FORMATS}") from error
    if not isinstance(record, dict):
        raise UsageError("not a JSON object", item=where, hint=f"gold is {_FORMATS}")
    return record


def _polnear(record: Mapping[str, Any], where: str) -> GoldArticle:
    text, found = record["text"], record["attributions"]
    if not isinstance(text, str) or not isinstance(found, list) or not all(isinstance(a, dict) for a in found):
        raise UsageError("`text` is not a string, or `attributions` not a list of objects", item=where)
    attributions = tuple(Attributed.marked({role: _offsets(a.get(role) or (), len(text), where) for role in ROLES}) for a in found)
    ident = str(record.get("id", where))
    return GoldArticle(ident, text, attributions, story=ident)


def _offsets(spans: object, length: int, where: str) -> tuple[Offsets, ...]:
    out = []
    for span in spans if isinstance(spans, (list, tuple)) else (spans,):
        if not isinstance(span, list) or [type(n) for n in span] != [int, int] or not 0 <= span[0] < span[1] <= length:
            msg = f"{span!r:.60} is no [start, end] in a text of {length} characters"
            raise UsageError(msg, item=where)
        out.append((span[0], span[1]))
    return tuple(sorted(out))


def _cofenet(record: Mapping[str, Any], where: str, *, story: str, ident: str) -> GoldArticle:
    tokens, labels = record["tokens"], record["labels"]
    if not _strings(tokens) or not _strings(labels) or len(tokens) != len(labels):
        raise UsageError("`tokens` and `labels` are not two lists of strings of one length", item=where)
    tokens = [_ESCAPES.get(token, token) for token in tokens]
    starts, at = [], 0
    for token in tokens:
        starts.append(at)
        at += len(token) + 1
    spans = [Attributed.marked({role: ((starts[first], starts[last] + len(tokens[last])),)}) for role, first, last in _labelled(labels, where)]
    return GoldArticle(ident, " ".join(tokens), tuple(spans), linked=False, story=story)


def _labelled(labels: list[str], where: str) -> Iterator[tuple[str, int, int]]:
    """Role, first and last token of each span. An `I-` that continues nothing opens a span, as in conlleval (Tjong Kim Sang 2000)."""
    role, first = "", 0
    for index, label in enumerate([*labels, "O"]):
        kind, _, name = label.partition("-")
        if (label != "O" and kind not in {"B", "I"}) or (name and name not in ROLES) or (label != "O" and not name):
            msg = f"unknown label {label!r:.40} at token {index}"
            raise UsageError(msg, item=where, hint=f"labels are O, and B- or I- with one of {', '.join(ROLES)}")
        if role and (kind != "I" or name != role):
            yield role, first, index - 1
            role = ""
        if name and not role:
            role, first = name, index


def _strings(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
