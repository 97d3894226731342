"""Score a reader against gold: read every text, count per article, add, derive rates and intervals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onrecord.errors import ArticleError
from onrecord.scoring.calibration import Band, Judged, bands, judge
from onrecord.scoring.counts import PRF, Interval, bootstrap
from onrecord.scoring.gold import GoldArticle
from onrecord.scoring.matching import count_joined, count_joined_exact, count_spans
from onrecord.scoring.signature import Maker, corpus_digest, signature
from onrecord.scoring.spans import ROLES, Attributed, trimmed
from onrecord.scoring.variants import varied

__all__ = ["MEASURES", "ArticleCounts", "Read", "Score", "count_article", "score"]

#: A reader as the scorer sees it: a text in, its attributions out.
Read = Callable[[str], Sequence[Attributed]]

#: What is measured, in the order it is printed. The last two only where the gold is linked.
MEASURES = (*ROLES, "joined", "joined-exact")


@dataclass(frozen=True, slots=True)
class ArticleCounts:
    """The counts of one article."""

    #: The article's id in the gold.
    id: str
    #: The article that the text was cut from.
    story: str
    #: Counts by measure.
    counts: Mapping[str, PRF]
    #: Gold attributions without content, which the joined measures leave out.
    without_content: int = 0
    #: Why the text was not read and counts as holding nothing; None if it was.
    failure: str | None = None
    #: Every prediction that has a score, where the gold is linked.
    judged: tuple[Judged, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """What came of scoring one reader on one corpus."""

    #: Name of the corpus.
    corpus: str
    #: Digest of the corpus as the gold has it, before any variant.
    digest: str
    #: Name of the variant that was read.
    variant: str
    #: One item a text, in order; what a breakdown starts from.
    articles: tuple[ArticleCounts, ...]
    #: What made the predictions.
    maker: Maker

    @property
    def totals(self) -> dict[str, PRF]:
        """Counts of all articles together, by measure."""
        names = [m for m in MEASURES if all(m in a.counts for a in self.articles)]
        return {name: sum((a.counts[name] for a in self.articles), PRF()) for name in names}

    @property
    def without_content(self) -> int:
        """Gold attributions that the joined measures leave out."""
        return sum(a.without_content for a in self.articles)

    @property
    def bands(self) -> tuple[Band, ...]:
        """How many predictions are right, by their scores."""
        return bands(j for a in self.articles for j in a.judged)

    @property
    def failures(self) -> tuple[tuple[str, str], ...]:
        """Id and reason of every text that could not be read."""
        return tuple((a.id, a.failure) for a in self.articles if a.failure is not None)

    @property
    def signature(self) -> str:
        """How the score came about, in one line."""
        return signature(corpus=self.corpus, docs=len(self.articles), digest=self.digest, variant=self.variant, maker=self.maker)

    def interval(self, measure: str, *, seed: int = 0) -> Interval:
        """The 95% interval of a measure's F1; texts cut from one article are drawn together."""
        stories: dict[str, PRF] = {}
        for article in self.articles:
            stories[article.story] = stories.get(article.story, PRF()) + article.counts[measure]
        return bootstrap(list(stories.values()), seed=seed)

    def to_json(self) -> dict[str, Any]:
        """The score as JSON; rates and interval ends run from 0 to 1."""
        measures = {}
        for name, prf in self.totals.items():
            interval = self.interval(name)
            measures[name] = {
                "precision": prf.precision,
                "recall": prf.recall,
                "f1": prf.f1,
                "interval": [interval.low, interval.high],
                "gold": prf.gold,
                "predicted": prf.predicted,
                "matched": prf.matched,
            }
        return {
            "corpus": self.corpus,
            "digest": self.digest,
            "variant": self.variant,
            "texts": len(self.articles),
            "measures": measures,
            "without_content": self.without_content,
            "calibration": [{"low": b.low, "high": b.high, "number": b.number, "right": b.right} for b in self.bands],
            "failures": [{"id": ident, "message": message} for ident, message in self.failures],
            "signature": self.signature,
        }


def count_article(article: GoldArticle, predicted: Sequence[Attributed]) -> dict[str, PRF]:
    """Count one article on every measure that its gold defines."""
    counts = {role: count_spans(article.text, role, article.attributions, predicted) for role in ROLES}
    if article.linked:
        counts["joined"] = count_joined(article.text, article.attributions, predicted)
        counts["joined-exact"] = count_joined_exact(article.text, article.attributions, predicted)
    return counts


def score(
    articles: Iterable[GoldArticle],
    read: Read,
    *,
    corpus: str = "gold",
    variant: str = "plain",
    maker: Callable[[], Maker] = Maker,
) -> Score:
    """Score a reader.

    A text that the reader says is no article counts as one in which nothing was found, and is named in the score's `failures`. Any other
    error, such as a missing model, is no result and passes through.

    Args:
        articles: The gold; an iterable that shows progress will do.
        read: Gives the attributions of a text, with offsets into that text.
        corpus: Name of the gold, for the signature.
        variant: One of `VARIANTS`; the text that is read is changed so, the gold spans stay.
        maker: Asked after the last text what made the predictions.

    Raises:
        OnrecordError: From the reader; see above.
    """
    seen: list[GoldArticle] = []
    counted: list[ArticleCounts] = []
    for article in articles:
        seen.append(article)
        shown = varied(article, variant)
        failure: str | None = None
        predicted: Sequence[Attributed] = ()
        try:
            predicted = read(shown.text)
        except ArticleError as error:
            failure = str(error)
        without = sum(1 for a in article.attributions if not trimmed(article.text, a.content)) if article.linked else 0
        judged = judge(shown, predicted) if article.linked else ()
        counted.append(ArticleCounts(article.id, article.story or article.id, count_article(shown, predicted), without, failure, judged))
    return Score(corpus, corpus_digest(seen), variant, tuple(counted), maker())
