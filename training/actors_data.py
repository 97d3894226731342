"""Run the reader's frozen layers over the corpora once, so that training the branch starts from their states.

    python -m training.actors_data --data DIR --model en-1.0.0 --trunk run/trunk.onnx --out run/actors

Writes `gum.pt` (documents with mentions and coreference) and `names.pt` (windows with name tags).
"""

from __future__ import annotations

import argparse
import gzip
import random
import re
import tarfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnxruntime
import torch

from onrecord.actors.mentions import Setting
from onrecord.articles.article import Article, Kind, Paragraph, Revision
from onrecord.reading import Reader
from onrecord.reading.features import token_features
from onrecord.reading.marks import find_quoted
from onrecord.reading.sentences import Sentences
from onrecord.reading.windows import owners, plan
from onrecord.statements import find_statements
from training.branch import KINDS, NAME_TAGS, NAME_TYPES
from onrecord.scoring.gum import GumDocument, load

WINDOW = 254
OVERLAP = 64

Names = list[tuple[int, int, str]]
#: CoNLL's types as ours. MISC is several of ours: what it covers is not learned from.
CONLL = {"PER": "person", "ORG": "organization", "LOC": "location"}
CROSSNER = {"politician": "person", "person": "person", "politicalparty": "organization", "organisation": "organization", "country": "location", "location": "location"}


def article_of(text: str) -> Article:
    """A text whose paragraphs are all body."""
    spans = [(m.start(), m.end()) for m in re.finditer(r"[^\n]*\S", text)]
    return Article(Revision(text, tuple(Paragraph(s, e, Kind.BODY) for s, e in spans)), source="corpus")


class Trunk:
    """The reader's frozen layers."""

    def __init__(self, path: Path, reader: Reader) -> None:
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self._pieces = reader._pieces

    def cut(self, text: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Word pieces, their offsets (n, 2) and features (3, n)."""
        paragraphs = article_of(text).revision.paragraphs
        spans = [(p.start, p.end) for p in paragraphs]
        encoded = self._pieces.encode([text[s:e] for s, e in spans])
        ids = np.concatenate([i for i, _ in encoded])
        offsets = np.concatenate([o + s for (_, o), (s, _) in zip(encoded, spans, strict=True)])
        return ids, offsets, token_features(text, offsets.tolist(), find_quoted(text, spans))

    def states(self, ids: np.ndarray, features: np.ndarray, ranges: Sequence[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
        """Hidden states, (windows, longest + 2, 384) in half precision, and the mask."""
        longest = max(e - s for s, e in ranges) + 2
        b = len(ranges)
        i, f, m = np.zeros((b, longest), np.int64), np.zeros((b, 3, longest), np.int64), np.zeros((b, longest), np.int64)
        for r, (s, e) in enumerate(ranges):
            i[r, : e - s + 2] = [self._pieces.cls, *ids[s:e], self._pieces.sep]
            f[r, :, 1 : e - s + 1] = features[:, s:e]
            m[r, : e - s + 2] = 1
        parts = [self._session.run(["hidden"], {"ids": i[k : k + 8], "features": f[k : k + 8], "mask": m[k : k + 8]})[0] for k in range(0, b, 8)]
        return np.concatenate(parts).astype(np.float16), m


def gum_document(document: GumDocument, trunk: Trunk, reader: Reader) -> dict:
    """Everything the branch is trained on for one text."""
    text = document.text
    article = article_of(text)
    statements = find_statements(article, reader.read(article))
    ids, offsets, features = trunk.cut(text)
    paragraphs = [(p.start, p.end) for p in article.revision.paragraphs]
    setting = Setting(
        sentences=Sentences(text, paragraphs),
        paragraphs=[s for s, _ in paragraphs],
        quotations=[(q.start, q.end) for q in find_quoted(text, paragraphs)],
        statements=[([(c.start, c.end) for c in s.content], [(c.start, c.end) for c in s.source]) for s in statements],
    )
    cuts = []
    for shift in (0, 127):
        ranges = plan(len(ids), window=WINDOW, overlap=OVERLAP)
        if shift and len(ids) > WINDOW:
            ranges = [(0, shift), *[(s + shift, e + shift) for s, e in plan(len(ids) - shift, window=WINDOW, overlap=OVERLAP)]]
        hidden, mask = trunk.states(ids, features, ranges)
        cuts.append({"hidden": torch.from_numpy(hidden), "mask": torch.from_numpy(mask), "ranges": ranges, "owners": owners(ranges, len(ids)) if not shift else _own(ranges, len(ids))})
    starts, ends = offsets[:, 0], offsets[:, 1]

    def pieces(span: tuple[int, int]) -> tuple[int, int]:
        return int(np.searchsorted(ends, span[0], side="right")), int(np.searchsorted(starts, span[1], side="left"))

    return {
        "name": document.name, "genre": document.genre, "partition": document.partition, "text": text, "offsets": offsets, "setting": setting, "cuts": cuts,
        "mentions": [(*pieces(o), KINDS.index(t) if t in KINDS else -1) for o, _, t in document.mentions],
        "clusters": [(*pieces(o), g) for o, g in document.coreference],
    }


def _own(ranges: Sequence[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    kept, begin = [], 0
    for k, (_, e) in enumerate(ranges):
        stop = length if k + 1 == len(ranges) else (ranges[k + 1][0] + e + 1) // 2
        kept.append((begin, stop))
        begin = stop
    return kept


def detokenize(tokens: Sequence[str]) -> tuple[str, list[tuple[int, int]]]:
    """Join tokens as they would be printed."""
    text, spans, tight, open_quote = "", [], True, False
    for token in tokens:
        if token == "\n\n":
            text, tight, open_quote = text.rstrip() + "\n\n", True, False
            spans.append((len(text), len(text)))
            continue
        shown = {"``": '"', "''": '"', "-LRB-": "(", "-RRB-": ")"}.get(token, token)
        glue = tight or shown in {",", ".", ";", ":", "!", "?", ")", "%", "]", "’", "”", "..."} or re.match(r"^(['’](s|S|re|ve|ll|d|m|t)|n['’]t|['’])$", shown) is not None
        if shown == '"':
            glue, open_quote = (True, False) if open_quote else (tight, True)
        if not glue:
            text += " "
        spans.append((len(text), len(text) + len(shown)))
        text += shown
        tight = shown in {"(", "[", "$", "“", "‘"} or (shown == '"' and open_quote)
    return text, spans


def newswire(archive: Path) -> Iterator[tuple[str, Names]]:
    """English Worldwide Newswire, a document at a time."""
    with tarfile.open(archive) as tar:
        for member in tar:
            if member.name.endswith(".tsv") and (stream := tar.extractfile(member)):
                rows = [line.split("\t") if line.strip() else ["\n\n", "O"] for line in stream.read().decode("utf-8").splitlines()]
                if any(len(r) > 1 and r[1].startswith("B-") for r in rows):
                    yield _named([r[0] for r in rows], [r[1].strip() if len(r) > 1 else "O" for r in rows], lambda t: {"Miscellaneous": "other", "NORP": "nationality"}.get(t, t.lower()))


def conll(path: Path, types: dict[str, str], *, column: int) -> Iterator[tuple[str, Names]]:
    """CoNLL++ or CrossNER; types that are not among ours are marked `?`: nothing is learned from them."""
    tokens: list[str] = []
    tags: list[str] = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("-DOCSTART-") or (not line.strip() and len(tokens) > 600 and "DOC" not in line and column == 1):
                if len(tokens) > 20:
                    yield _named(tokens, tags, lambda t: types.get(t, "?"))
                tokens, tags = [], []
            elif line.strip():
                row = line.split()
                tokens.append(row[0])
                tags.append(row[-1])
            elif tokens and tokens[-1] != "\n\n":
                tokens.append("\n\n")
                tags.append("O")
    if len(tokens) > 20:
        yield _named(tokens, tags, lambda t: types.get(t, "?"))


def _named(tokens: list[str], tags: list[str], kind) -> tuple[str, Names]:
    text, spans = detokenize(tokens)
    out: Names = []
    for (s, e), tag in zip(spans, tags, strict=True):
        if tag[:2] in ("B-", "S-"):
            out.append((s, e, kind(tag[2:])))
        elif tag[:2] in ("I-", "E-") and out:
            out[-1] = (out[-1][0], e, out[-1][2])
    return text, out


def tagged(text: str, names: Names, trunk: Trunk, *, partial: bool) -> Iterator[dict]:
    """Windows of one text with tags; -1 where nothing is to be learned, -2 where a date or an amount of money may be untagged."""
    ids, offsets, features = trunk.cut(text)
    tags = np.full(len(ids), -2 if partial else 0, dtype=np.int64)
    for s, e, kind in names:
        i, j = int(np.searchsorted(offsets[:, 1], s, side="right")), int(np.searchsorted(offsets[:, 0], e, side="left"))
        if kind not in NAME_TYPES:
            tags[i:j] = -1
        elif i < j:
            tags[i:j] = NAME_TAGS.index(f"I-{kind}")
            tags[i] -= 1
    ranges = [(s, min(len(ids), s + WINDOW)) for s in range(0, len(ids), WINDOW)]
    hidden, mask = trunk.states(ids, features, ranges)
    for r, (s, e) in enumerate(ranges):
        yield {"hidden": torch.from_numpy(hidden[r, : e - s + 2].copy()), "tags": torch.from_numpy(tags[s:e])}


def main() -> None:
    """Write both files."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", type=Path, required=True, help="folder with gum.*, ontogum.*, worldwide-newswire, conllpp.*, crossner.*")
    p.add_argument("--model", default=None, help="the reader whose statements are features")
    p.add_argument("--trunk", type=Path, required=True, help="from training.trunk")
    p.add_argument("--out", type=Path, required=True)
    a = p.parse_args()
    a.out.mkdir(parents=True, exist_ok=True)
    reader = Reader.load(a.model)
    trunk = Trunk(a.trunk, reader)
    documents = [gum_document(d, trunk, reader) for d in load(a.data)]
    torch.save(documents, a.out / "gum.pt")
    print(len(documents), "documents of GUM", flush=True)
    out: dict[str, list[dict]] = {"train": [], "dev": []}
    wire = list(newswire(a.data / "worldwide-newswire.tar.xz"))
    random.Random(1).shuffle(wire)
    for k, (text, names) in enumerate(wire):
        out["dev" if k < 60 else "train"] += tagged(text, names, trunk, partial=False)
    print(len(wire), "articles of the newswire", flush=True)
    for text, names in conll(a.data / "conllpp.train.txt.gz", CONLL, column=3):
        out["train"] += tagged(text, names, trunk, partial=True)
    for text, names in conll(a.data / "crossner.politics.train.txt.gz", CROSSNER, column=1):
        out["train"] += tagged(text, names, trunk, partial=True)
    torch.save(out, a.out / "names.pt")
    print({k: sum(len(w["tags"]) for w in v) for k, v in out.items()}, "word pieces with name tags")


if __name__ == "__main__":
    main()
