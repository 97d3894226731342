"""What codings in a ledger teach a machine, on both databases. The machine here is made: it sees what stands in a statement as numbers."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from levies import ISSUE, MACHINE, filing, fill

from onrecord.desk import Desk
from onrecord.desk.coding import Asked, Taught, is_due, labelled, learn, teach
from onrecord.desk.queue import Draw, Queue
from onrecord.errors import UsageError
from onrecord.ledger import Ledger
from onrecord.positions import Issue, Stance
from onrecord.positions.refitting import LABELS
from onrecord.text import Span

COUNT, WIDTH = 60, 16
START = datetime(2026, 3, 9, tzinfo=UTC)


class Biased:
    """A machine that takes most refusals for support, though its embedding tells them apart."""

    name = MACHINE

    def __init__(self, seed: int = 1) -> None:
        chance = np.random.default_rng(seed)
        self.truth = [LABELS[k] for k in chance.choice(5, p=[0.2, 0.3, 0.3, 0.1, 0.1], size=COUNT)]
        ways = chance.normal(size=(5, WIDTH))
        self.embeddings = np.array([ways[LABELS.index(t)] for t in self.truth]) + chance.normal(size=(COUNT, WIDTH)) * 0.6
        self.logits = np.array([np.eye(5)[LABELS.index(t)] for t in self.truth]) * 2 + chance.normal(size=(COUNT, 5)) * 0.7
        self.logits[:, 1] += 2

    def number(self, asked: Asked) -> int:
        return int(asked[0].statement.content[0].exact.split("number ")[1].split()[0].strip("”,"))

    def features(self, asked: Sequence[Asked], issue: Issue) -> tuple[np.ndarray, np.ndarray]:
        assert issue == ISSUE
        rows = [self.number(a) for a in asked]
        for entry, text in asked:
            entry.statement.check(text)
        return self.embeddings[rows], self.logits[rows]

    def conditions(self, asked: Asked) -> tuple[Span, ...]:
        part = asked[0].statement.content[0]
        return (Span.of(asked[1], part.start + 1, part.start + 4),)

    def said(self, n: int) -> tuple[str, Stance, float, None]:
        stance = LABELS[1 + int(self.logits[n, 1:].argmax())]
        return f"of the levy we say what is written in paper number {n}", Stance(stance), 0.6, None


@pytest.fixture
def machine() -> Biased:
    return Biased()


@pytest.fixture
def ledger(where: str, machine: Biased) -> Ledger:
    with Ledger.open(where, create=True) as made:
        yield fill(made, [machine.said(n) for n in range(COUNT)])


def code(ledger: Ledger, machine: Biased, count: int, *, coder: str = "mira", label: str | None = None) -> None:
    at = iter(range(10_000))
    queue = Queue(ledger, ISSUE, coder, order=Draw.RANDOM, now=lambda: START + timedelta(seconds=next(at)))
    for _ in range(count):
        item = queue.next()
        said = label or machine.truth[machine.number((item.hit.entry, item.text))]
        queue.code(item, None if said == "none" else Stance(said))


def stances(ledger: Ledger, machine: Biased) -> dict[int, tuple[Stance, float, str]]:
    every = [e for name in {h.id for h in ledger.search(_all())} for e in ledger.evidence_of(name, ISSUE.id)]
    return {machine.number((e.hit.entry, "")): (e.machine.stance, e.machine.score, e.machine.coder) for e in every}


def _all() -> object:
    from onrecord.ledger import Query

    return Query()


def test_from_twenty_codings_on_a_machine_learns_and_its_positions_are_scored_again(ledger: Ledger, machine: Biased) -> None:
    before = stances(ledger, machine)
    code(ledger, machine, 30)
    seen = []
    taught = teach(ledger, machine, ISSUE, progress=lambda done, total: seen.append((done, total)))
    assert taught.refit.better
    assert (taught.coder, taught.codings, taught.positions) == (f"{MACHINE}+refit.v1(30)", 30, COUNT)
    assert str(taught).startswith("levy: refitted from 30 codings (accuracy, each coding left out in turn: ")
    assert str(taught).endswith(f"; 60 positions scored again by {MACHINE}+refit.v1(30)")
    assert seen[-1] == (COUNT, COUNT)
    after = stances(ledger, machine)
    assert {coder for _, _, coder in after.values()} == {taught.coder}
    uncoded = [n for n in range(COUNT) if machine.truth[n] != "none" and n not in _coded(ledger, machine)]
    right = [sum(of[n][0] == machine.truth[n] for n in uncoded) for of in (before, after)]
    assert right[1] > right[0] + len(uncoded) // 5
    # What takes no position keeps its place, and has a low score.
    score = {t: np.mean([after[n][1] for n in range(COUNT) if (machine.truth[n] == "none") == t]) for t in (True, False)}
    assert score[True] < 0.5 < score[False]
    for evidence in ledger.positions():
        assert (evidence.machine.stance is Stance.CONDITIONAL) == bool(evidence.machine.condition)
    assert teach(ledger, machine, ISSUE).positions == 0
    assert ledger.check() == []


def test_what_is_filed_later_is_scored_by_what_was_taught(ledger: Ledger, machine: Biased) -> None:
    code(ledger, machine, 30)
    desk = Desk(ledger, now=lambda: START)
    assert [t.positions for t in desk.relearn(machine)] == [COUNT]
    words, stance, score, condition = machine.said(7)
    later = filing(COUNT + 3, (f"{words} once more", stance, score, condition))
    ledger.write([replace(later, examined=((ISSUE.digest, MACHINE),))], now=START)
    (taught,) = desk.relearn(machine)
    assert (taught.coder, taught.positions) == (f"{MACHINE}+refit.v1(30)", 1)
    assert [t.positions for t in desk.relearn(machine)] == [0]


def test_too_few_codings_teach_nothing_of_what_is_filed_later(ledger: Ledger, machine: Biased) -> None:
    code(ledger, machine, 19)
    assert Desk(ledger).relearn(machine) == []


def _coded(ledger: Ledger, machine: Biased) -> set[int]:
    return {machine.number((ledger.statement(c.statement)[0].entry, "")) for c in ledger.codings()}


def test_too_few_codings_or_all_the_same_teach_nothing_and_it_says_why(ledger: Ledger, machine: Biased) -> None:
    code(ledger, machine, 19, label="support")
    before = stances(ledger, machine)
    with pytest.raises(UsageError, match="19 codings are too few to learn from"):
        learn(ledger, machine, ISSUE)
    assert str(teach(ledger, machine, ISSUE)) == "levy: not refitted: 19 codings are too few to learn from"
    code(ledger, machine, 1, label="support")
    taught = teach(ledger, machine, ISSUE)
    assert str(taught) == "levy: not refitted: all 20 codings are 'support': there is nothing to tell apart"
    assert taught.to_json()["refit"] is None
    assert stances(ledger, machine) == before


def test_a_refit_that_is_no_better_is_not_used(ledger: Ledger, machine: Biased) -> None:
    # A machine that is right and sure leaves nothing to learn.
    machine.logits = np.array([np.eye(5)[LABELS.index(t)] for t in machine.truth]) * 9.0
    code(ledger, machine, 24)
    before = stances(ledger, machine)
    taught = teach(ledger, machine, ISSUE)
    assert (taught.coder, taught.refit.better) == (None, False)
    assert "is not surely better, and is not used" in str(taught)
    assert stances(ledger, machine) == before


def test_what_is_unsure_or_disputed_teaches_nothing(ledger: Ledger, machine: Biased) -> None:
    code(ledger, machine, 3)
    first, second, third = ledger.codings()
    other = Queue(ledger, ISSUE, "otto", as_coded_by="mira")
    other.code(other.next(), first.stance)
    other.code(other.next(), Stance.SUPPORT if second.stance is not Stance.SUPPORT else Stance.OPPOSE)
    other.code(other.next(), None, unsure=True)
    assert [c.statement for c, _ in labelled(ledger, ISSUE.id)] == [first.statement, third.statement]
    assert labelled(ledger, "another") == []


def test_a_refit_is_due_at_the_twentieth_and_every_tenth() -> None:
    assert [n for n in range(60) if is_due(n - 1, n)] == [20, 30, 40, 50]
    assert is_due(3, 28)
    assert not is_due(20, 20)


def test_what_was_taught_is_said_in_json(ledger: Ledger, machine: Biased) -> None:
    code(ledger, machine, 22)
    taught = teach(ledger, machine, ISSUE)
    assert isinstance(taught, Taught)
    assert taught.to_json()["refit"]["version"] == "refit.v1"
    assert learn(ledger, machine, ISSUE) == taught.refit
