"""A run that is killed at any moment and started again leaves the very rows of one that was not disturbed.

`ONRECORD_KILLS` is how many kills each test does: 200 if it does not say, over SQLite; PostgreSQL and the real reader get a part of them.
"""

import os
import random
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from kill_work import DONE, OPENING, RESTING, WRITING, Child, filed, filings, kept, nothing, sibling

from onrecord.ledger import Ledger

KILLS = int(os.environ.get("ONRECORD_KILLS", "200"))
Rows = dict[str, list[tuple[object, ...]]]


class Killer:
    """Kills the runs of a work at random moments, and starts them again until they are done.

    Args:
        start: Starts a run.
        whole: Seconds that an undisturbed run takes.
        first: Seconds after which a run has made its ledger, about.
    """

    def __init__(self, start: Callable[[], Child], *, seed: int, whole: float, first: float) -> None:
        self._start, self._random, self._whole, self._first = start, random.Random(seed), whole, first  # noqa: S311 - no secret
        #: Kills by the step in which they came.
        self.steps: Counter[str] = Counter()

    def through(self, *, look: Callable[[], None] = lambda: None) -> int:
        """One ledger, from nothing to done: how many kills that took."""
        kills, made, reach, last = 0, False, self._whole / 6, 0
        while True:
            with self._start() as child:
                if made and self._random.random() < 0.8:
                    child.until(RESTING)
                    time.sleep(self._random.uniform(0, reach))
                else:
                    time.sleep(self._random.uniform(0, self._first))
                done = not child.kill()
                marks = child.marks
            if done:
                assert marks.endswith(DONE), child.end().said
                return kills
            kills += 1
            self.steps[marks[-1:] or OPENING] += 1
            made = made or RESTING in marks
            # A run that got no further than the one before gets more time, so that there is an end.
            reach, last = reach * (1.3 if marks.count(WRITING) <= last else 1), marks.count(WRITING)
            if self._random.random() < 0.2:
                look()


def sound(where: str) -> Rows:
    with Ledger.open(where) as ledger:
        assert ledger.check() == []
        return ledger.rows()


def same(left: Rows, right: Rows) -> None:
    assert left.keys() == right.keys()
    for table in left:
        assert left[table] == right[table], table


def timed(child: Child) -> tuple[float, float]:
    """Seconds until the ledger was made, and until the end, of an undisturbed run."""
    begun = time.monotonic()
    with child:
        child.until(RESTING)
        made = time.monotonic() - begun
        child.end().well()
        return made, time.monotonic() - begun


def test_killed_anywhere_and_started_again_the_rows_are_those_of_an_undisturbed_run(where: str, tmp_path: Path) -> None:
    source = kept(filings(48), tmp_path / "filings")
    with Child(nothing, folder=tmp_path) as child:
        child.end().well()
    first, whole = timed(Child(filed, where, source, 2, folder=tmp_path))
    expected = sound(where)
    assert len(expected["documents"]) == 48
    wanted = KILLS if "://" not in where else max(KILLS // 5, 1)
    kills, steps, number = 0, Counter[str](), 0
    while kills < wanted:
        number += 1
        place = sibling(where, f"n{number}")

        def look(place: str = place) -> None:
            with Ledger(place) as ledger:
                if ledger.database.exists() and not _unmade(ledger):
                    assert ledger.check() == []

        killer = Killer(lambda place=place: Child(filed, place, source, 2, folder=tmp_path), seed=number, whole=whole, first=first * 1.2)
        kills += killer.through(look=look)
        steps += killer.steps
        same(sound(place), expected)
    # Seen with `pytest -s`.
    print(f"{kills} kills over {number} ledgers, by step {dict(steps)}; undisturbed: {whole:.2f} s, {first:.2f} s of it to make the ledger")  # noqa: T201
    if wanted >= 40:
        assert min(steps[OPENING], steps[WRITING]) >= wanted // 20, steps


def _unmade(ledger: Ledger) -> bool:
    from onrecord.ledger.schema import version_of

    return version_of(ledger.database) is None
