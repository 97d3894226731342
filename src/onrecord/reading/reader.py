"""The reader: one trained model over one article, in one forward pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from onrecord.articles.article import Article, Kind, Paragraph
from onrecord.errors import ModelError
from onrecord.models import Manifest, Session, WordPieces, find_model, load_manifest, open_session
from onrecord.reading.features import FEATURES_VERSION, token_features
from onrecord.reading.marks import Quoted, find_quoted
from onrecord.reading.windows import batches, owners, padded, plan
from onrecord.text import stable_id

__all__ = ["Reader", "Reading", "Stream", "Window"]

#: Windows in one forward pass: enough to keep two cores busy, and 8 x 256 word pieces stay in 200 MB.
BATCH = 8
#: Word pieces that two neighbouring windows share. On PolNeAR dev 64 and 128 differ by less than 0.1 F1; 64 is a third less work.
OVERLAP = 64

_STORY = (Kind.HEADLINE, Kind.HEADING, Kind.BODY)


@dataclass(frozen=True, slots=True)
class Window:
    """One window over a stream. Link vectors know their place in it, so only those of one window compare."""

    #: First word piece it saw.
    start: int
    #: One past the last.
    end: int
    #: First word piece it decides, see `onrecord.reading.windows.owners`.
    first: int
    #: One past the last it decides.
    last: int
    #: Shape (end - start, 4, width), half precision: content, its cue, source, its cue.
    links: NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class Stream:
    """Paragraphs read as one text: the story, or one run of captions, which must not interrupt the story."""

    #: The paragraphs, in order.
    paragraphs: tuple[Paragraph, ...]
    #: Shape (n, 2): half-open offsets of the word pieces in the revision's text.
    offsets: NDArray[np.int64]
    #: Shape (n, k): score of each tag.
    emissions: NDArray[np.float32]
    #: The windows it was read in, with their link vectors.
    windows: tuple[Window, ...]
    #: Quotations as the marks show them.
    quoted: tuple[Quoted, ...]
    #: Shape (n, w), half precision: what the branch says of each word piece, columns as in `Branch.layout`; (n, 0) without a branch.
    pieces: NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the model computed over one revision."""

    #: Id of the revision.
    revision: str
    #: Name and version of the reader.
    reader: str
    #: What the numbers mean.
    manifest: Manifest
    #: The story first, then the captions.
    streams: tuple[Stream, ...]


class Reader:
    """A trained model, loaded.

    Args:
        manifest: What the model is.
        pieces: Its tokenizer.
        session: Its network on one engine.
        branch: The network that grows from its middle, for actors; None to find statements alone.
    """

    def __init__(self, manifest: Manifest, pieces: WordPieces, session: Session, branch: Session | None = None) -> None:
        if manifest.features != FEATURES_VERSION:
            msg = f"the model expects {manifest.features}, this onrecord computes {FEATURES_VERSION}"
            raise ModelError(msg, item=str(manifest.folder), hint="install the onrecord that goes with the model")
        self.manifest = manifest
        self._pieces = pieces
        self._session = session
        self._branch = branch
        self._width = max(end for _, end in manifest.branch.layout.values()) if branch and manifest.branch else 0

    @classmethod
    def load(cls, name: str | Path | None = None, *, engine: str = "auto", threads: int | None = None, actors: bool = True) -> Reader:
        """Load a model from the package or from a folder.

        Args:
            name: A name from `onrecord.models.available()`, a folder, or None for the newest.
            engine: One of `onrecord.models.ENGINES`.
            threads: Threads to compute with; default: the cores this process may use.
            actors: Also compute what actors are found with, if the model can.

        Raises:
            ModelError: A file is missing or damaged.
            UsageError: No such engine, or it is not installed.
        """
        manifest = load_manifest(find_model(name))
        model, tokenizer = manifest.path("model.onnx"), manifest.path("tokenizer.json")
        session = open_session(model, engine=engine, threads=threads)
        branch = open_session(manifest.path("branch.onnx"), engine=engine, threads=threads) if actors and manifest.branch else None
        return cls(manifest, WordPieces(tokenizer), session, branch)

    @property
    def name(self) -> str:
        """Name and version, such as `en-1.1.0`."""
        return self.manifest.label

    @property
    def digest(self) -> str:
        """`m1:` and a hash of its files and of onrecord's version: another digest may read otherwise. Engines differ in last decimals alone."""
        from importlib.metadata import version

        return stable_id("m1", version("onrecord"), self.name, *(f"{name} {sha}" for name, sha in sorted(self.manifest.files.items())))

    @property
    def engine(self) -> str:
        """Name of the engine it runs on."""
        return self._session.engine

    def read(self, article: Article) -> Reading:
        """Read an article: the story in one stream, each run of captions in one of its own.

        Bylines, datelines and boilerplate are not read. The cost grows linearly with the text.

        Args:
            article: Any article; one without readable paragraphs gives a reading without streams.
        """
        text = article.revision.text
        cut = [self._cut(text, paragraphs) for paragraphs in _streams(article.revision.paragraphs)]
        jobs = [(c, w) for c in cut for w in c.windows]
        for indices in batches([w.end - w.start for _, w in jobs], most=BATCH):
            self._run([jobs[i] for i in indices])
        streams = tuple(Stream(c.paragraphs, c.offsets, c.emissions, c.windows, c.quoted, c.pieces) for c in cut if len(c.ids))
        return Reading(article.revision.id, self.name, self.manifest, streams)

    def _cut(self, text: str, paragraphs: Sequence[Paragraph]) -> _Cut:
        spans = [(p.start, p.end) for p in paragraphs]
        encoded = self._pieces.encode([text[s:e] for s, e in spans])
        ids = np.concatenate([i for i, _ in encoded])
        offsets = np.concatenate([o + s for (_, o), (s, _) in zip(encoded, spans, strict=True)])
        quoted = tuple(find_quoted(text, spans))
        n, k, width = len(ids), len(self.manifest.tags), self.manifest.link_width
        ranges = plan(n, window=self.manifest.window - 2, overlap=OVERLAP)
        parts = zip(ranges, owners(ranges, n), strict=True)
        return _Cut(
            paragraphs=tuple(paragraphs),
            ids=ids,
            offsets=offsets,
            features=token_features(text, offsets.tolist(), quoted),
            quoted=quoted,
            emissions=np.zeros((n, k), dtype=np.float32),
            pieces=np.zeros((n, self._width), dtype=np.float16),
            windows=tuple(Window(s, e, first, last, np.zeros((e - s, 4, width), dtype=np.float16)) for (s, e), (first, last) in parts),
        )

    def _run(self, jobs: Sequence[tuple[_Cut, Window]]) -> None:
        longest = max(w.end - w.start for _, w in jobs) + 2
        cls, sep = self._pieces.cls, self._pieces.sep
        ids = padded([np.concatenate([[cls], c.ids[w.start : w.end], [sep]]) for c, w in jobs], longest)
        features = padded([np.pad(c.features[:, w.start : w.end], ((0, 0), (1, 1))) for c, w in jobs], longest)
        mask = padded([np.ones(w.end - w.start + 2, dtype=np.int64) for _, w in jobs], longest)
        wanted = ["emissions", "links", *(["hidden"] if self._branch else [])]
        emissions, links, *hidden = self._session.run({"ids": ids, "features": features, "mask": mask}, wanted)
        pieces = self._branch.run({"hidden": hidden[0], "mask": mask}, ["pieces"])[0] if self._branch else np.zeros((*ids.shape, 0), dtype=np.float32)
        for row, (c, w) in enumerate(jobs):
            c.pieces[w.first : w.last] = pieces[row, w.first - w.start + 1 : w.last - w.start + 1]
            c.emissions[w.first : w.last] = emissions[row, w.first - w.start + 1 : w.last - w.start + 1]
            w.links[:] = links[row, 1 : w.end - w.start + 1].reshape(w.links.shape)


@dataclass(frozen=True, slots=True)
class _Cut:
    """A stream on its way through the model: arrays are filled window by window."""

    paragraphs: tuple[Paragraph, ...]
    ids: NDArray[np.int64]
    offsets: NDArray[np.int64]
    features: NDArray[np.int64]
    quoted: tuple[Quoted, ...]
    emissions: NDArray[np.float32]
    pieces: NDArray[np.float16]
    windows: tuple[Window, ...]


def _streams(paragraphs: Sequence[Paragraph]) -> Iterator[list[Paragraph]]:
    story = [p for p in paragraphs if p.kind in _STORY]
    if story:
        yield story
    run: list[Paragraph] = []
    for p in paragraphs:
        if p.kind is Kind.CAPTION:
            run.append(p)
        elif run:
            yield run
            run = []
    if run:
        yield run
