"""Figures on the marked sentences, read by onrecord and by Recognizers-Text (MIT), beside each other.

A figure of Recognizers-Text counts as right if it overlaps a marked one and has its value, whatever its unit and bound: those it writes otherwise, and
ranges and open ends it does not have, so they are left out of the gold for both. Run it with a Python that has `recognizers-text-number` and
`recognizers-text-number-with-unit`, and onrecord's own packages:

    python benchmarks/quantities.py tests/positions/figures-dev.txt tests/positions/figures-held.txt
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path

from onrecord.positions.quantities import find_quantities
from onrecord.scoring.figures import GoldSentence, read_figures

#: Start, end, value.
Found = tuple[int, int, Decimal]


def ours(gold: GoldSentence) -> list[Found]:
    skip = [(h.span.start, h.span.end) for h in gold.horizons]
    return [(q.span.start, q.span.end, q.value) for q in find_quantities(gold.text, skip=skip) if q.low == q.high]


def theirs() -> Callable[[GoldSentence], list[Found]]:
    begun = time.perf_counter()
    from recognizers_number import recognize_number
    from recognizers_number_with_unit import recognize_currency, recognize_dimension

    recognize_number("one", "en-us")
    print(f"Recognizers-Text loads in {time.perf_counter() - begun:.2f} s")

    def read(gold: GoldSentence) -> list[Found]:
        found: dict[tuple[int, int], Decimal] = {}
        for recognize in (recognize_currency, recognize_dimension, recognize_number):
            for result in recognize(gold.text, "en-us"):
                try:
                    value = Decimal(str((result.resolution or {}).get("value")).replace("%", ""))
                except InvalidOperation:
                    continue
                inside = any(a <= result.end and result.start < b for a, b in found)
                if not inside:
                    found[result.start, result.end + 1] = value
        dates = [(h.span.start, h.span.end) for h in gold.horizons]
        return [(a, b, v) for (a, b), v in found.items() if not any(s < b and a < e for s, e in dates)]

    return read


def count(sentences: tuple[GoldSentence, ...], read: Callable[[GoldSentence], list[Found]]) -> str:
    wanted = predicted = right = 0
    begun = time.perf_counter()
    for gold in sentences:
        exact = [(q.span.start, q.span.end, q.value) for q in gold.quantities if q.low == q.high]
        other = [(q.span.start, q.span.end) for q in gold.quantities if q.low != q.high]
        found = [f for f in read(gold) if not any(a < f[1] and f[0] < b for a, b in other)]
        wanted, predicted = wanted + len(exact), predicted + len(found)
        right += sum(any(a < f[1] and f[0] < b and abs(f[2] - v) < Decimal("0.001") * max(abs(v), 1) for f in found) for a, b, v in exact)
    took = 1000 * (time.perf_counter() - begun) / len(sentences)
    rates = (100 * right / max(1, predicted), 100 * right / max(1, wanted), 200 * right / max(1, predicted + wanted))
    return "P {:5.1f}  R {:5.1f}  F1 {:5.1f}".format(*rates) + f"  {took:6.2f} ms a sentence"


def main() -> None:
    sentences = tuple(s for name in sys.argv[1:] for s in read_figures(Path(name)))
    print(f"{len(sentences)} sentences")
    print("onrecord         ", count(sentences, ours))
    try:
        print("Recognizers-Text ", count(sentences, theirs()))
    except ImportError as error:
        print(f"Recognizers-Text is not installed: {error}")


if __name__ == "__main__":
    main()
