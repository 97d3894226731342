"""Scoring: gold readers, matchers, counts, intervals, signatures and floors. Imported by nothing but the command line."""

from __future__ import annotations

from onrecord.scoring.calibration import Band, Judged
from onrecord.scoring.corpora import Corpus, read_gold
from onrecord.scoring.counts import PRF, Interval, bootstrap
from onrecord.scoring.floors import Floor, Shortfall, check, lower, pin, read_floors, write_floors
from onrecord.scoring.gold import GoldArticle, format_marked, parse_marked
from onrecord.scoring.measure import MEASURES, Score, score
from onrecord.scoring.signature import Maker, corpus_digest, signature
from onrecord.scoring.spans import Attributed
from onrecord.scoring.variants import VARIANTS, single_quotes

__all__ = [
    "MEASURES",
    "PRF",
    "VARIANTS",
    "Attributed",
    "Band",
    "Corpus",
    "Floor",
    "GoldArticle",
    "Interval",
    "Judged",
    "Maker",
    "Score",
    "Shortfall",
    "bootstrap",
    "check",
    "corpus_digest",
    "format_marked",
    "lower",
    "parse_marked",
    "pin",
    "read_floors",
    "read_gold",
    "score",
    "signature",
    "single_quotes",
    "write_floors",
]
