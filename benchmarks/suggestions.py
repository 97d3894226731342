"""How well suggested issues are those that statements are about, and how long it takes.

    python benchmarks/suggestions.py [--large 400] [--codes training/positions_data/codes.jsonl --articles DATA/unlabelled/news.jsonl.xz --part held]

Invented statements on known proposals (tests/positions/proposals.py), with vectors of their words; statements coded by hand on an issue, with the vectors of
the coder that is shipped. Adjusted Rand index (Hubert and Arabie 1985) of all statements, each that is in no suggestion by itself; purity is the share of
statements in suggestions that are of their suggestion's most frequent issue.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "positions"))

from proposals import Words, adjusted_rand, invented

from onrecord.positions import Act
from onrecord.positions.coder import Coder
from onrecord.positions.keyphrases import Background
from onrecord.positions.lean import Vectors
from onrecord.positions.suggesting import Candidate, Thresholds, suggest
from onrecord.scoring.stances import NONE, articles_by_digest, coded_cases
from onrecord.scoring.taught import coded_once


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--seeds", type=int, nargs="*", default=[11, 12, 13])
    p.add_argument("--large", type=int, default=0, metavar="N", help="also N proposals of 25 statements, and as much noise")
    p.add_argument("--codes", type=Path)
    p.add_argument("--articles", type=Path)
    p.add_argument("--issues", type=Path, default=Path("training/positions_data/issues.yaml"))
    p.add_argument("--part", default="held")
    a = p.parse_args()
    for seed in a.seeds:
        measured(f"30 invented proposals, seed {seed}", *invented(seed, 30, 15, noise=150), Words())
    if a.large:
        measured(f"{a.large} invented proposals", *invented(9, a.large, 25, noise=25 * a.large), Words())
    if a.codes and a.articles:
        cases = coded_once(coded_cases(a.codes, a.issues, articles_by_digest(a.articles), a.part))
        cases = [c for c in cases if c.stance != NONE and not c.name.startswith("any-")]
        names = sorted({c.issue.id for c in cases})
        first = date(2020, 1, 1)
        every = [Candidate(c.name, c.content, Act.DEMAND, 1.0, f"a1:{n}", f"Speaker {n}", f"Outlet {n % 9}", first + timedelta(n)) for n, c in enumerate(cases)]
        measured(f"{len(names)} issues of news, {a.part}, coded by hand", every, [names.index(c.issue.id) for c in cases], Coder.load())


def measured(name: str, candidates: list[Candidate], truth: Sequence[int], vectors: Vectors) -> None:
    """Print what is found in one set."""
    background = Background.of([c.content for c in candidates])
    began = time.process_time()
    suggestions = suggest(candidates, vectors, background, thresholds=Thresholds(statements=2, days=1, outlets=1))
    spent = time.process_time() - began
    cluster = {m.statement: n for n, s in enumerate(suggestions) for m in s.members}
    guess = [cluster.get(c.statement, len(candidates) + n) for n, c in enumerate(candidates)]
    of = {c.statement: t for c, t in zip(candidates, truth, strict=True)}
    pure = sum(Counter(of[m.statement] for m in s.members).most_common(1)[0][1] for s in suggestions)
    figures = f"adjusted Rand {adjusted_rand(truth, guess):.2f}, purity {pure / max(1, len(cluster)):.2f}, {len(cluster)} in {len(suggestions)} suggestions"
    print(f"{name}: {len(candidates)} statements, {figures}; {spent:.1f} s of processor time, vectors included")


if __name__ == "__main__":
    main()
