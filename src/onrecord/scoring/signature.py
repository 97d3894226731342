"""How a score came about, in one line: corpus, rules, reader and versions, in the manner of sacrebleu (Post 2018)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from onrecord.scoring.gold import GoldArticle
from onrecord.scoring.matching import MATCHING
from onrecord.text import stable_id

__all__ = ["Maker", "corpus_digest", "signature"]


@dataclass(frozen=True, slots=True)
class Maker:
    """What made the predictions. An unknown part is an empty string and is printed as `?`."""

    #: Name and version of the reader.
    reader: str = ""
    #: Hash of the model file.
    model: str = ""
    #: What computes the model, and at what precision.
    engine: str = ""
    #: Version of onrecord.
    onrecord: str = ""


def corpus_digest(articles: Iterable[GoldArticle]) -> str:
    """Name a corpus by what is in it: 20 hexadecimal digits of BLAKE2b over texts and spans.

    File names, ids, metadata, compression, and the order of articles, attributions and keys make no difference; one character or one offset
    does.
    """
    return stable_id("g1", *sorted(_article_digest(a) for a in articles)).removeprefix("g1:")


def _article_digest(article: GoldArticle) -> str:
    attributions = sorted(";".join(",".join(f"{s}-{e}" for s, e in sorted(role)) for role in (a.source, a.cue, a.content)) for a in article.attributions)
    return stable_id("t1", article.text, "linked" if article.linked else "flat", *attributions)


def signature(*, corpus: str, docs: int, digest: str, variant: str, maker: Maker) -> str:
    """The line that is printed under a score.

    Example:
        >>> signature(corpus="harbour", docs=2, digest="0f", variant="plain", maker=Maker("en 1.0.0", "ab", "onnxruntime int8", "0.1.0"))
        'harbour|docs:2|sha:0f|variant:plain|match:exact-span.v1+joined.v1|reader:en 1.0.0|model:ab|engine:onnxruntime int8|onrecord:0.1.0'
    """
    fields = {
        "docs": str(docs),
        "sha": digest,
        "variant": variant,
        "match": MATCHING,
        "reader": maker.reader,
        "model": maker.model,
        "engine": maker.engine,
        "onrecord": maker.onrecord,
    }
    return "|".join([_field(corpus), *(f"{key}:{_field(value)}" for key, value in fields.items())])


def _field(value: str) -> str:
    return " ".join(value.replace("|", "/").split()) or "?"
