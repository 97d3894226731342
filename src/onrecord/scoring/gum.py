"""GUM and OntoGUM (amir-zeldes/gum, annotations CC-BY 4.0) as plain text with offsets: mentions with types, coreference, attribution clauses.

The text is put together from the tokens: one space where the corpus has one, a blank line between paragraphs.
"""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

Offsets = tuple[int, int]


@dataclass
class Token:
    """One syntactic word."""

    start: int
    end: int
    form: str
    upos: str
    head: int
    deprel: str
    sentence: int
    speaker: str | None
    edu: str | None


@dataclass
class GumDocument:
    """One text of the corpus."""

    name: str
    genre: str
    text: str
    tokens: list[Token]
    meta: dict[str, str]
    #: GUM: offsets, cluster, type of each mention, singletons included.
    mentions: list[tuple[Offsets, str, str]]
    #: OntoGUM: offsets and cluster.
    coreference: list[tuple[Offsets, str]]
    partition: str = "train"


@dataclass
class _Draft:
    tokens: list[Token] = field(default_factory=list)
    text: str = ""
    meta: dict[str, str] = field(default_factory=dict)
    marks: list[tuple[int, int, str, str]] = field(default_factory=list)
    open: list[tuple[int, str, str]] = field(default_factory=list)


def load(folder: Path) -> list[GumDocument]:
    """Read `gum.dep.tar.xz`, `gum.xml.tar.xz` (for the partition) and `ontogum.coref.tar.xz` from a folder."""
    partition = {n: (m[1] if (m := re.search(r'partition="(\w+)"', t)) else "train") for n, t in _members(folder / "gum.xml.tar.xz", ".xml")}
    coreference = dict(_members(folder / "ontogum.coref.tar.xz", ".conll"))
    out = []
    for name, conllu in _members(folder / "gum.dep.tar.xz", ".conllu"):
        document = _parse(name, conllu, coreference[name])
        document.partition = partition[name]
        out.append(document)
    return sorted(out, key=lambda d: d.name)


def _members(archive: Path, ending: str) -> Iterator[tuple[str, str]]:
    with tarfile.open(archive) as tar:
        for member in tar:
            if member.name.endswith(ending) and (stream := tar.extractfile(member)):
                yield Path(member.name).name.removesuffix(ending), stream.read().decode("utf-8")


def _parse(name: str, conllu: str, conll: str) -> GumDocument:
    d = _Draft()
    sentence, base, speaker, joined, fresh = -1, 0, None, (0, 0, False), False
    for line in conllu.splitlines():
        if line.startswith("# meta::"):
            key, _, value = line[8:].partition(" = ")
            d.meta[key] = value
        elif line.startswith("# newpar") and not line.startswith("# newpar_block"):
            fresh = True
        elif line.startswith("# speaker"):
            speaker = line.partition(" = ")[2]
        elif line.startswith("# sent_id"):
            sentence, base, joined, speaker = sentence + 1, len(d.tokens), (0, 0, False), None
        elif line and line[0].isdigit():
            columns = line.split("\t")
            if "-" in columns[0]:
                first, last = map(int, columns[0].split("-"))
                joined = (first, last, "SpaceAfter=No" in columns[9])
                continue
            if "." in columns[0]:
                continue
            if fresh:
                d.text = d.text.rstrip() + ("\n\n" if d.text else "")
                fresh = False
            _token(d, columns, sentence=sentence, base=base, speaker=speaker, joined=joined)
    return GumDocument(
        name=name,
        genre=name.split("_")[1],
        text=d.text.rstrip(),
        tokens=d.tokens,
        meta=d.meta,
        mentions=[((d.tokens[a].start, d.tokens[b - 1].end), g, t) for a, b, g, t in d.marks],
        coreference=_clusters(conll, d.tokens),
    )


def _token(d: _Draft, columns: list[str], *, sentence: int, base: int, speaker: str | None, joined: tuple[int, int, bool]) -> None:
    i, misc = int(columns[0]), dict(x.split("=", 1) for x in columns[9].split("|") if "=" in x)
    space = "SpaceAfter" not in misc
    if joined[0] <= i <= joined[1]:
        space = i == joined[1] and not joined[2]
    start = len(d.text)
    d.text += columns[1] + (" " if space else "")
    head = base + int(columns[6]) - 1 if columns[6] not in ("0", "_") else -1
    d.tokens.append(Token(start, start + len(columns[1]), columns[1], columns[3], head, columns[7], sentence, speaker, misc.get("Discourse")))
    n = len(d.tokens)
    for m in re.finditer(r"\(([^()]*)(\))?|([^()]+)\)", misc.get("Entity", "")):
        if m[1] is None:
            k = next((k for k in range(len(d.open) - 1, -1, -1) if d.open[k][1] == m[3]), None)
            if k is not None:
                first, group, kind = d.open.pop(k)
                d.marks.append((first, n, group.split("[")[0], kind))
            continue
        parts = m[1].split("-")
        group, kind = parts[0], parts[1] if len(parts) > 1 else ""
        if m[2]:
            d.marks.append((n - 1, n, group.split("[")[0], kind))
        else:
            d.open.append((n - 1, group, kind))


def _clusters(conll: str, tokens: list[Token]) -> list[tuple[Offsets, str]]:
    out: list[tuple[Offsets, str]] = []
    begun: list[tuple[int, str]] = []
    rows = [line.split("\t") for line in conll.splitlines() if line.strip() and not line.startswith("#")]
    for i, row in enumerate(rows):
        for m in re.finditer(r"\((\d+)(\))?|(\d+)\)", row[2]):
            if m[1] and m[2]:
                out.append(((tokens[i].start, tokens[i].end), m[1]))
            elif m[1]:
                begun.append((i, m[1]))
            else:
                k = next(k for k in range(len(begun) - 1, -1, -1) if begun[k][1] == m[3])
                out.append(((tokens[begun.pop(k)[0]].start, tokens[i].end), m[3]))
    return out
