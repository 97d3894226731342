"""How well whole matrices are coded: every statement of an article beside every issue of an agenda that an analyst wrote for it.

Stances given statement and issue (`onrecord.scoring.stances`) are measured on pairs that were chosen; here most pairs are none, as in a ledger, and telling a
position where there is none is the commonest error. Gold is kept as offsets into articles that do not travel with the project.
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from onrecord.errors import UsageError
from onrecord.positions import Issue
from onrecord.positions.shifts import LEAST
from onrecord.scoring.stances import NONE, StanceCase, article_digest, words_at

if TYPE_CHECKING:
    from onrecord.positions.coder import Coder

__all__ = ["CodedArticle", "Told", "coded_articles", "matrix_scores"]

_SIDES = {"support", "oppose"}


@dataclass(frozen=True, slots=True)
class CodedArticle:
    """An article, the issues that somebody follows in it, and where each statement stands on each."""

    digest: str
    title: str
    issues: tuple[Issue, ...]
    #: A row for each statement, a case for each issue; most are `none`.
    cases: tuple[tuple[StanceCase, ...], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """Positions told, and what becomes of them."""

    #: Statements beside issues, and those of them that take a position.
    pairs: int
    gold: int
    #: Positions with at least the score that counts; of those, the right ones, those of the other side, and those where nothing is said of the issue.
    told: int
    right: int
    opposite: int
    unspoken: int

    @property
    def precision(self) -> float:
        """Of those told, how many are right, in hundredths."""
        return 100 * self.right / self.told if self.told else 0.0

    @property
    def recall(self) -> float:
        """Of those there are, how many are told right, in hundredths."""
        return 100 * self.right / self.gold if self.gold else 0.0


def coded_articles(codes: Path, articles: Path, part: str) -> list[CodedArticle]:
    """Read the gold.

    Args:
        codes: JSON lines, an article each: `article`, `part`, `issues`, `statements` (spans of each role), `codes` (statement, issue, stance).
        articles: What they are offsets of: JSON lines with `text` and `title`, compressed by xz.
        part: dev or held.

    Raises:
        UsageError: A file is missing or another.
    """
    try:
        rows = [row for row in map(json.loads, codes.read_text(encoding="utf-8").splitlines()) if row["part"] == part]
        wanted = {row["article"] for row in rows}
        with lzma.open(articles, "rt", encoding="utf-8") as lines:
            every = ((article_digest(a["text"]), a) for a in map(json.loads, lines))
            texts = {digest: (a["text"], a["title"]) for digest, a in every if digest in wanted}
        return [_coded(row, *texts[row["article"]]) for row in rows]
    except (OSError, lzma.LZMAError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"no matrices: {type(error).__name__}: {error}", item=str(codes), hint="give the articles that the offsets are of") from error


def _coded(row: Mapping[str, Any], text: str, title: str) -> CodedArticle:
    issues = tuple(Issue.of(i) for i in row["issues"])
    stances = {(n, issue): stance for n, issue, stance in row["codes"]}
    return CodedArticle(row["article"], title, issues, tuple(_cases(row, text, issues, stances)))


def _cases(row: Mapping[str, Any], text: str, issues: Sequence[Issue], stances: Mapping[tuple[int, str], str]) -> Iterator[tuple[StanceCase, ...]]:
    for n, spans in enumerate(row["statements"]):
        said, before, content = words_at(text, spans)
        yield tuple(StanceCase(i, said, before, content, stances.get((n, i.id), NONE), name=f"{row['article']} {n} {i.id}") for i in issues)


def matrix_scores(coder: Coder, articles: Sequence[CodedArticle], *, least: float = LEAST) -> Iterator[tuple[CodedArticle, Told]]:
    """Code each article as the product does, and count.

    Args:
        coder: The machine.
        articles: The gold.
        least: From which score a position counts; that of the matrix.
    """
    for article in articles:
        said, before = ([getattr(row[0], what) for row in article.cases] for what in ("said", "before"))
        read = coder.beside(article.issues, article.title, said, before)
        given = coder.stances([(article.issues[k], said[n], before[n]) for n, k in read], rivals=article.issues)
        told = [(article.cases[n][k].stance, *_best(row, coder.manifest.stances)) for (n, k), row in zip(read, given, strict=True)]
        counts = [(gold, label) for gold, label, score in told if score >= least]
        every = [case.stance for row in article.cases for case in row]
        yield (
            article,
            Told(
                pairs=len(every),
                gold=sum(stance != NONE for stance in every),
                told=len(counts),
                right=sum(gold == label for gold, label in counts),
                opposite=sum({gold, label} == _SIDES for gold, label in counts),
                unspoken=sum(gold == NONE for gold, _ in counts),
            ),
        )


def _best(row: np.ndarray[Any, Any], labels: Sequence[str]) -> tuple[str, float]:
    best = int(row[1:].argmax()) + 1
    return labels[best], float(row[best])
