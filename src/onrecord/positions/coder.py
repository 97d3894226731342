"""The machine that codes: acts of statements, and stances on the issues of an agenda, with scores that mean what they say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from onrecord.actors import Name, NameType, Speaker, Voice
from onrecord.actors.countries import find_countries
from onrecord.errors import ModelError
from onrecord.models import CodingManifest, Session, WordPieces, find_model, load_coding_manifest, open_session
from onrecord.positions.act import Act, Coded
from onrecord.positions.agenda import Agenda, Issue
from onrecord.positions.conditions import find_conditions
from onrecord.positions.holders import Known, holder_of
from onrecord.positions.inputs import INPUTS_VERSION, before_of, encode, said_of
from onrecord.positions.position import Position, Stance
from onrecord.positions.retrieval import pairs, wording
from onrecord.positions.softmax import softmax
from onrecord.positions.weighing import BEARS, KIND, SIDE, WEIGHING_VERSION, Acts, hear, numbers, weigh
from onrecord.statements import Statement
from onrecord.text import Span, stable_id

__all__ = ["Coder", "Codes"]

#: Word pieces in one batch, padding counted.
_BATCH = 2048


@dataclass(frozen=True, slots=True)
class Codes:
    """What was coded of one statement."""

    act: Coded
    positions: tuple[Position, ...]


class Coder:
    """A trained model, loaded.

    Args:
        manifest: What the model is.
        pieces: Its tokenizer.
        session: Its network on one engine.
    """

    def __init__(self, manifest: CodingManifest, pieces: WordPieces, session: Session) -> None:
        if manifest.inputs != INPUTS_VERSION:
            msg = f"the model expects {manifest.inputs}, this onrecord makes {INPUTS_VERSION}"
            raise ModelError(msg, item=str(manifest.folder), hint="install the onrecord that goes with the model")
        _check_weights(manifest)
        self.manifest = manifest
        self._pieces, self._session = pieces, session
        #: By the digest of an issue, see `_places`.
        self._issues: dict[str, NDArray[np.float32]] = {}

    @classmethod
    def load(cls, name: str | Path | None = None, *, engine: str = "auto", threads: int | None = None, weighed: bool = True) -> Coder:
        """Load a model from the package or from a folder.

        Args:
            name: A name from `onrecord.models.available("positions")`, a folder, or None for the newest.
            engine: One of `onrecord.models.ENGINES`.
            threads: Threads to compute with; default: the cores this process may use.
            weighed: Whether the network's answers are weighed, see `onrecord.positions.weighing`; not: to tell what that is worth.

        Raises:
            ModelError: A file is missing or damaged.
            UsageError: No such engine, or it is not installed.
        """
        manifest = load_coding_manifest(find_model(name, "positions"))
        manifest = manifest if weighed else replace(manifest, weights=None)
        model, tokenizer = manifest.path("model.onnx"), manifest.path("tokenizer.json")
        return cls(manifest, WordPieces(tokenizer), open_session(model, engine=engine, threads=threads))

    @property
    def name(self) -> str:
        """Name and version, such as `positions-1.0.0`."""
        return self.manifest.label

    @property
    def digest(self) -> str:
        """`m1:` and a hash of its files: another digest may code otherwise."""
        return stable_id("m1", self.name, *(f"{name} {sha}" for name, sha in sorted(self.manifest.files.items())))

    def code(
        self,
        text: str,
        title: str | None,
        statements: Sequence[Statement],
        voices: Sequence[Voice],
        agenda: Agenda | None = None,
        *,
        names: Sequence[Name] = (),
        rivals: Sequence[Issue] = (),
    ) -> tuple[Codes, ...]:
        """Code the statements of one revision.

        Args:
            text: The revision's.
            title: Its headline.
            statements: Its statements.
            voices: Who said each.
            agenda: Issues; without them acts alone are coded.
            names: The names of the article; without them those of speakers and states.
            rivals: Other issues that a statement may be on instead. Those of the agenda count as such anyway.

        Returns:
            One for each statement, in their order. A position stands for each issue that the statement takes a stance on, neutral ones included, with a score
            of at least the manifest's `least`.
        """
        if not statements:
            return ()
        said = [said_of(s) for s in statements]
        before = [before_of(s, text) for s in statements]
        acts, vectors = self.alone(list(zip(said, before, strict=True)))
        coded = [Coded(Act(self.manifest.acts[int(p.argmax())]), float(p.max()), self.name) for p in acts]
        found: list[list[Position]] = [[] for _ in statements]
        if agenda:
            issues = list(agenda)
            read = self._read(issues, title or "", said, before, vectors)
            speakers = [v.speaker for v in voices]
            known = Known(text, names or _names(text, speakers), speakers) if read else None
            given = self.stances([(issues[k], said[n], before[n]) for n, k in read], rivals=[*issues, *rivals], acts=acts[[n for n, _ in read]])
            for (n, k), stances in zip(read, given, strict=True):
                stance, score = self._stance(stances)
                if stance is not None and known is not None:
                    condition = find_conditions(text, statements[n].content) if stance is Stance.CONDITIONAL else ()
                    holder = holder_of(statements[n].content, speakers[n], known)
                    found[n].append(Position(issues[k].id, stance, score, condition, holder, self.name))
        return tuple(Codes(act, tuple(positions)) for act, positions in zip(coded, found, strict=True))

    def beside(self, issues: Sequence[Issue], title: str, said: Sequence[str], before: Sequence[str]) -> list[tuple[int, int]]:
        """Which statements of an article are read beside which issues: (statement, issue) by number, in order.

        Args:
            issues: Issues.
            title: The article's headline.
            said: Of each statement, what was said (see `said_of`).
            before: Of each, the words before.
        """
        return self._read(issues, title, said, before, self.alone(list(zip(said, before, strict=True)))[1])

    def _read(self, issues: Sequence[Issue], title: str, said: Sequence[str], before: Sequence[str], vectors: NDArray[np.float32]) -> list[tuple[int, int]]:
        likeness = vectors @ np.stack([self._places(i)[0] for i in issues]).T - np.float32(self.manifest.usual)
        return pairs([wording(i) for i in issues], title, said, before, likeness)

    def _stance(self, probabilities: NDArray[np.float32]) -> tuple[Stance | None, float]:
        best = int(probabilities[1:].argmax()) + 1
        score = float(probabilities[best])
        return (Stance(self.manifest.stances[best]), score) if score >= self.manifest.least else (None, score)

    def alone(self, rows: Sequence[tuple[str, str]]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """What a statement gives without an issue.

        Args:
            rows: What was said (see `said_of`), the words before.

        Returns:
            Probabilities of acts, shape (n, 14), and unit vectors, shape (n, width).
        """
        m = self.manifest
        acts = np.zeros((len(rows), len(m.acts)), dtype=np.float32)
        vectors = np.zeros((len(rows), m.width), dtype=np.float32)
        for some, (act, vector) in self._run([(None, said, before) for said, before in rows], ["act", "vector"]):
            acts[some], vectors[some] = act, vector
        return softmax(acts / np.float32(m.act_temperature) + np.array(m.act_shift, dtype=np.float32)), vectors

    def acts(self, rows: Sequence[tuple[str, str]]) -> list[str]:
        """The likeliest act of each statement.

        Args:
            rows: What was said (see `said_of`), the words before.
        """
        return [self.manifest.acts[int(p.argmax())] for p in self.alone(rows)[0]]

    def stances(self, rows: Sequence[tuple[Issue, str, str]], *, rivals: Sequence[Issue] = (), acts: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
        """Probabilities of stances.

        Args:
            rows: Issue, what was said (see `said_of`), the words before.
            rivals: Issues that the statements may be on instead.
            acts: Probabilities of acts, a row each, if they are known already (see `alone`).

        Returns:
            Shape (n, 5): not on the issue, support, oppose, conditional, neutral.
        """
        m = self.manifest
        if m.weights is not None:
            return weigh(m.weights, *self.numbers(rows, rivals=rivals, acts=acts))
        return softmax(self.logits(rows) / np.float32(m.stance_temperature) + np.array(m.stance_shift, dtype=np.float32))

    def numbers(
        self, rows: Sequence[tuple[Issue, str, str]], *, rivals: Sequence[Issue] = (), acts: NDArray[np.float32] | None = None
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """What `stances` is weighed from, see `onrecord.positions.weighing.numbers`."""
        if acts is None:
            acts, _ = self.alone([(said, before) for _, said, before in rows])
        # The words before tell what an act is; they also lead astray. Each of the two readings counts for half.
        without, vectors = self.alone([(said, "") for _, said, _ in rows])
        asked = {issue.digest: issue for issue in (*rivals, *(issue for issue, _, _ in rows))}
        column = {digest: n for n, digest in enumerate(asked)}
        every = np.stack([self._nearness(vectors, issue) for issue in asked.values()], axis=1) if asked else np.zeros((0, 0), dtype=np.float32)
        own = [column[issue.digest] for issue, _, _ in rows]
        near = every[np.arange(len(rows)), own]
        others = every.copy()
        others[:, [k for digest, k in column.items() if digest not in {r.digest for r in rivals}]] = -np.inf
        others[np.arange(len(rows)), own] = -np.inf
        rival = others.max(axis=1, initial=-np.inf)
        return numbers(
            self.logits(rows), Acts(np.mean([acts, without], axis=0, dtype=np.float32), self.manifest.acts), near, rival, [hear(*row) for row in rows]
        )

    def _nearness(self, vectors: NDArray[np.float32], issue: Issue) -> NDArray[np.float32]:
        """How near texts are to all that an issue says, on the whole, and to what is nearest of it: the mean of the three, less what is usual."""
        likeness = vectors @ self._places(issue).T
        parts = likeness[:, 1:]
        near: NDArray[np.float32] = (likeness[:, 0] + parts.mean(axis=1) + parts.max(axis=1)) / 3 - np.float32(self.manifest.usual)
        return near

    def logits(self, rows: Sequence[tuple[Issue, str, str]]) -> NDArray[np.float32]:
        """As `stances`, before they are made probabilities."""
        out = np.zeros((len(rows), len(self.manifest.stances)), dtype=np.float32)
        for some, (stance,) in self._run([(issue.text, said, before) for issue, said, before in rows], ["stance"]):
            out[some] = stance
        return out

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Places of texts among others: unit vectors of shape (n, width), the nearer the more alike."""
        return self.alone([(text, "") for text in texts])[1]

    def _places(self, issue: Issue) -> NDArray[np.float32]:
        """Vectors of all that an issue says, and of its label, its aliases and its sides, a row each."""
        if issue.digest not in self._issues:
            self._issues[issue.digest] = self.vectors([issue.text, issue.label, *issue.aliases, *filter(None, (issue.pro, issue.contra))])
        return self._issues[issue.digest]

    def _run(self, rows: Sequence[tuple[str | None, str, str]], outputs: Sequence[str]) -> Iterator[tuple[list[int], list[NDArray[np.float32]]]]:
        """Batches of like lengths: numbers of rows, and the outputs for them. What is there more than once is computed once."""
        same: dict[tuple[str | None, str, str], list[int]] = {}
        for n, one in enumerate(rows):
            same.setdefault(one, []).append(n)
        places = list(same.values())
        inputs = encode(self._pieces, list(same))
        order = sorted(range(len(inputs)), key=lambda n: len(inputs[n][0]))
        at = 0
        while at < len(order):
            end = at + 1
            while end < len(order) and len(inputs[order[end]][0]) * (end - at + 1) <= _BATCH:
                end += 1
            some = order[at:end]
            width = len(inputs[some[-1]][0])
            ids, kinds, mask = (np.zeros((len(some), width), dtype=np.int64) for _ in range(3))
            for row, n in enumerate(some):
                cut, kind = inputs[n]
                ids[row, : len(cut)], kinds[row, : len(cut)], mask[row, : len(cut)] = cut, kind, 1
            found = self._session.run({"ids": ids, "kinds": kinds, "mask": mask}, outputs)
            again = [row for row, n in enumerate(some) for _ in places[n]]
            yield [place for n in some for place in places[n]], [out[again] for out in found]
            at = end


def _check_weights(manifest: CodingManifest) -> None:
    weights = manifest.weights
    if weights is None:
        return
    lengths = [len(w) - 1 for w in (weights.bears, weights.conditional, weights.neutral, weights.side)]
    if weights.version != WEIGHING_VERSION or lengths != [len(BEARS), len(KIND), len(KIND), len(SIDE)]:
        msg = f"the model's weights are of {weights.version}, this onrecord's numbers of {WEIGHING_VERSION}"
        raise ModelError(msg, item=str(manifest.folder), hint="install the onrecord that goes with the model")


def _names(text: str, speakers: Sequence[Speaker]) -> list[Name]:
    """Names where none were tagged: those of speakers where they are named, and states."""
    kinds = {"person": NameType.PERSON, "organization": NameType.ORGANIZATION}
    found: dict[tuple[int, int], Name] = {}
    for span, _ in find_countries(text, 0, len(text)):
        found[span.start, span.end] = Name(span, NameType.LOCATION)
    for speaker in speakers:
        kind = kinds.get(str(speaker.type))
        if kind and speaker.span:
            found[speaker.span.start, speaker.span.end] = Name(Span.of(text, speaker.span.start, speaker.span.end), kind)
    return sorted(found.values())
