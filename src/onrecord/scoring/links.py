"""Coreference of whole texts as the product computes it, against OntoGUM."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from onrecord.actors.coreference import find_mentions
from onrecord.actors.mentions import Setting
from onrecord.errors import UsageError
from onrecord.reading import Reader
from onrecord.reading.sentences import Sentences
from onrecord.scoring.coreference import Cluster, ClusterCounts, count_clusters
from onrecord.scoring.given import plain_article
from onrecord.scoring.gum import GumDocument
from onrecord.statements import find_statements

__all__ = ["clusters_of", "score_links"]


def score_links(documents: Sequence[GumDocument], reader: Reader) -> ClusterCounts:
    """Compare clusters document by document and add.

    Args:
        documents: Texts of OntoGUM.
        reader: A loaded reader.
    """
    total = ClusterCounts()
    for document in documents:
        gold: dict[str, set[tuple[int, int]]] = {}
        for offsets, group in document.coreference:
            gold.setdefault(group, set()).add(offsets)
        total = total + count_clusters([frozenset(c) for c in gold.values()], clusters_of(document.text, reader))
    return total


def clusters_of(text: str, reader: Reader) -> list[Cluster]:
    """The clusters of one text: each mention joins its best antecedent.

    Raises:
        UsageError: The model finds statements alone.
    """
    article = plain_article(text)
    reading = reader.read(article)
    branch = reading.manifest.branch
    if branch is None:
        raise UsageError("this model finds no actors", item=reading.reader, hint="take a newer one: --model")
    statements = find_statements(article, reading)
    paragraphs = [(p.start, p.end) for p in article.revision.paragraphs]
    setting = Setting(
        sentences=Sentences(text, paragraphs),
        paragraphs=[s for s, _ in paragraphs],
        quotations=sorted((q.start, q.end) for s in reading.streams for q in s.quoted),
        statements=[([(c.start, c.end) for c in s.content], [(c.start, c.end) for c in s.source]) for s in statements],
    )
    found = find_mentions(text, reading.streams, branch, setting, wanted=())
    root = np.arange(len(found))
    for i, j in enumerate(found.antecedents().tolist()):
        if j >= 0:
            root[i] = root[j]
    groups: dict[int, set[tuple[int, int]]] = {}
    for i, r in enumerate(root.tolist()):
        start, end = found.mentions.offsets[i].tolist()
        groups.setdefault(r, set()).add((start, end))
    return [frozenset(g) for g in groups.values() if len(g) > 1]
