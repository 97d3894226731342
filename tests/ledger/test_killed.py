"""A run that is killed at any moment and started again leaves the very rows of one that was not disturbed.

`ONRECORD_KILLS` is how many kills each test does: 200 if it does not say, over SQLite; PostgreSQL and the real reader get a part of them.
"""

import os
import random
import shutil
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from kill_power import Moment, moments
from kill_work import DONE, OPENING, RESTING, WRITING, Child, filed, filings, kept, nothing, read, reread, sibling

from onrecord.ledger import Ledger
from onrecord.ledger.schema import version_of

KILLS = int(os.environ.get("ONRECORD_KILLS", "200"))
EXAMPLES = Path(__file__).parents[2] / "examples" / "articles"
#: Steps of this much, round and round, come to lie evenly.
_GOLDEN = 0.618
Rows = dict[str, list[tuple[object, ...]]]


class Killer:
    """Kills the runs of a work at random moments, and starts them again until they are done.

    Args:
        start: Starts a run.
        first: Seconds within which the first kills come: while the ledger is being made.
        reach: Seconds within which the others come, from when a run begins to file.
    """

    def __init__(self, start: Callable[[], Child], *, seed: int, first: float, reach: float) -> None:
        self._start, self._random, self._first, self._reach = start, random.Random(seed), first, reach
        self._last = self._random.random()
        #: Kills by the step in which they came.
        self.steps: Counter[str] = Counter()

    def _share(self) -> float:
        """A moment, as a part of a stretch of time: anywhere, and over some kills everywhere."""
        self._last = (self._last + _GOLDEN) % 1
        return self._last

    def through(self, *, look: Callable[[], None] = lambda: None) -> int:
        """One ledger, from nothing to done: how many kills that took."""
        kills, made, last, first, reach = 0, False, 0, self._first, self._reach
        while True:
            with self._start() as child:
                if made and self._random.random() < 0.8:
                    child.until(RESTING)
                    time.sleep(self._share() * reach)
                else:
                    child.until(OPENING)
                    time.sleep(self._share() * first)
                done = not child.kill()
                marks = child.marks
            if done:
                assert marks.endswith(DONE)
                return kills
            kills += 1
            self.steps[marks[-1:] or OPENING] += 1
            # A run that got no further than the one before gives those after it more time, so that there is an end.
            if RESTING not in marks:
                first *= 1.1
            elif marks.count(WRITING) <= last:
                reach *= 1.3
            made, last = made or RESTING in marks, marks.count(WRITING)
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
    """Seconds until the ledger was made, and until the end, of an undisturbed run that has begun."""
    with child:
        child.until(OPENING)
        begun = time.monotonic()
        child.until(RESTING)
        made = time.monotonic() - begun
        child.end().well()
        return made, time.monotonic() - begun


@pytest.fixture(scope="module", autouse=True)
def _loaded(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What is heavy is loaded before anything is timed."""
    with Child(nothing, folder=tmp_path_factory.mktemp("first")) as child:
        child.end(seconds=300).well()


def kill(
    kills: int,
    start: Callable[[str], Child],
    expected: Rows,
    where: str,
    *,
    times: tuple[float, float],
    share: float = 1 / 5,
    ready: Callable[[str], None] = lambda _: None,
) -> Counter[str]:
    """Kill so often, over as many ledgers as that takes, and compare each: the kills by step.

    Args:
        kills: How many at least.
        start: Starts a run on the ledger of a place.
        expected: Rows of an undisturbed one.
        where: A place beside which others can be.
        times: Of an undisturbed run, from `timed`.
        share: The part of an undisturbed run within which a run is killed, at first.
        ready: Makes a place ready before the first run.
    """
    steps, number = Counter[str](), 0
    while steps.total() < kills:
        number += 1
        place = sibling(where, f"n{number}")
        ready(place)
        killer = Killer(lambda place=place: start(place), seed=number, first=times[0], reach=(times[1] - times[0]) * share)
        killer.through(look=lambda place=place: look(place))
        steps += killer.steps
        same(sound(place), expected)
    # Seen with `pytest -s`.
    print(f"{steps.total()} kills over {number} ledgers, by step {dict(steps)}; undisturbed: {times[1]:.2f} s, {times[0]:.2f} s of it until ready")  # noqa: T201
    return steps


def look(place: str) -> None:
    """What a killed run left is sound: nothing yet, or a ledger."""
    with Ledger(place) as ledger:
        if ledger.database.exists() and version_of(ledger.database) is not None:
            assert ledger.check() == []


def test_killed_anywhere_and_started_again_the_rows_are_those_of_an_undisturbed_run(where: str, tmp_path: Path) -> None:
    source = kept(filings(48), tmp_path / "filings")
    times = timed(Child(filed, where, source, 2, folder=tmp_path))
    expected = sound(where)
    assert len(expected["documents"]) == 48
    wanted = KILLS if "://" not in where else max(KILLS // 5, 1)
    steps = kill(wanted, lambda place: Child(filed, place, source, 2, folder=tmp_path), expected, where, times=times)
    if wanted >= 40:
        assert steps[OPENING] > 0 < steps[WRITING], steps


def test_killed_while_the_real_reader_reads(tmp_path: Path) -> None:
    where, folder = str(tmp_path / "ledger.db"), tmp_path / "articles"
    folder.mkdir()
    for name in ("solane-broadcasting.json", "le-phare.html", "strait-letter.feed-item.json"):
        shutil.copy(EXAMPLES / name, folder)
    times = timed(Child(read, where, str(folder), 1, folder=tmp_path))
    expected = sound(where)
    assert len(expected["statements"]) > 5
    kill(max(KILLS // 20, 1), lambda place: Child(read, place, str(folder), 1, folder=tmp_path), expected, where, times=times, share=0.5)


def test_killed_while_everything_is_read_again(where: str, tmp_path: Path) -> None:
    source = kept(filings(6, statements=1), tmp_path / "filings")

    def ready(place: str) -> None:
        filed(lambda _: None, place, source, 5)

    ready(where)
    times = timed(Child(reread, where, 1, folder=tmp_path))
    expected = sound(where)
    assert len(expected["readings"]) == 12
    wanted = max(KILLS // (40 if "://" not in where else 100), 1)
    kill(wanted, lambda place: Child(reread, place, 1, folder=tmp_path), expected, where, times=times, share=0.5, ready=ready)


@pytest.mark.parametrize("checkpoint", [1000, 50])
def test_when_the_power_goes_every_state_of_the_disk_opens_is_sound_and_is_filed_to_the_end(tmp_path: Path, checkpoint: int) -> None:
    source = kept(filings(24), tmp_path / "filings")
    whole = str(tmp_path / "whole.db")
    with Child(filed, whole, source, 2, checkpoint, folder=tmp_path) as child:
        child.end().well()
    expected = sound(whole)
    seen: list[Moment] = []
    for number in range(max(KILLS // 66, 1)):
        place = tmp_path / f"power-{number}" / "ledger.db"
        place.parent.mkdir()
        with Child(filed, str(place), source, 2, checkpoint, folder=tmp_path) as child:
            seen += moments(child, place, count=4, seed=10 * number + checkpoint)
            child.end().well()
    for number, moment in enumerate(seen):
        for turn, state in enumerate(moment.states(random.Random(number))):
            look(str(state))
            if turn == number % 4:
                filed(lambda _: None, str(state), source, 2)
                same(sound(str(state)), expected)
    assert len(seen) >= 4
    print(f"{len(seen)} moments, {sum(m.checkpointed for m in seen)} of them with a checkpoint begun")  # noqa: T201
