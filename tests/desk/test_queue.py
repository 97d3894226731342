"""The queue of a coder, on both databases: what comes, in which order, and what is written."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from levies import ISSUE, SAID, fill
from rich.console import Console

from onrecord.cli.coding_screen import shown
from onrecord.desk.queue import Draw, Item, Queue
from onrecord.errors import UsageError
from onrecord.ledger import Ledger
from onrecord.ledger.proposing import Proposed
from onrecord.ledger.standing import PositionQuery
from onrecord.positions import Act, Stance

#: What the machine found, as positions in the order of the articles.
FOUND = [words for words, stance, _, _ in SAID if stance]


class Clock:
    """A moment later each time."""

    def __init__(self) -> None:
        self._at = datetime(2026, 3, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        self._at += timedelta(seconds=1)
        return self._at


CLOCK = Clock()


@pytest.fixture
def ledger(where: str) -> Ledger:
    with Ledger.open(where, create=True) as made:
        yield fill(made)


def queue(ledger: Ledger, coder: str = "mira", **options: object) -> Queue:
    return Queue(ledger, ISSUE, coder, now=CLOCK, **options)


def words(of: Queue) -> list[str]:
    found = []
    while (item := of.next()) is not None:
        found.append(item.hit.content.strip("“”,"))
    return found


def test_what_the_machine_doubts_most_comes_first(ledger: Ledger) -> None:
    doubts = sorted((abs(score - 0.5), said) for said, stance, score, _ in SAID if stance)
    assert words(queue(ledger)) == [said for _, said in doubts]


def test_the_newest_come_first_and_chance_is_the_same_for_everybody(ledger: Ledger) -> None:
    assert words(queue(ledger, order=Draw.NEW)) == FOUND[::-1]
    lots = [words(queue(ledger, coder, order=Draw.RANDOM)) for coder in ("mira", "otto")]
    assert lots[0] == lots[1]
    assert sorted(lots[0]) == sorted(FOUND)


def test_a_queue_is_narrowed(ledger: Ledger) -> None:
    assert words(queue(ledger, order=Draw.NEW, query=PositionQuery(actors=("Brandt",)))) == [FOUND[3], FOUND[0]]
    since = ledger.statement(queue(ledger, order=Draw.NEW).next().hit.id)[0].where.published.date() - timedelta(days=1)
    assert words(queue(ledger, order=Draw.NEW, query=PositionQuery(since=since))) == FOUND[:-3:-1]


def test_statements_with_some_words_come_where_the_machine_found_nothing_too(ledger: Ledger) -> None:
    own = queue(ledger, words="ferry OR fleet")
    items = [own.next(), own.next()]
    assert own.next() is None
    assert {i.machine is None for i in items} == {True, False}
    for item in items:
        own.code(item, None)
    assert words(queue(ledger, words="ferry OR fleet")) == []


def test_what_is_coded_is_in_the_ledger_at_once_and_does_not_come_again(ledger: Ledger) -> None:
    own = queue(ledger, order=Draw.NEW, blind=True)
    item = own.next()
    made = own.code(item, Stance.OPPOSE, act=Act.REJECT, note="sour", condition=(item.find("a berth"),))
    (kept,) = ledger.codings(issue=ISSUE.id)
    assert (kept.id, kept.stance, kept.act, kept.note, kept.blind, kept.by) == (made.coding.id, Stance.OPPOSE, Act.REJECT, "sour", True, "mira")
    assert kept.condition == ()
    assert words(queue(ledger, order=Draw.NEW)) == FOUND[-2::-1]
    assert words(queue(ledger, "otto", order=Draw.NEW)) == FOUND[::-1]
    own.take_back(made)
    assert list(ledger.codings(issue=ISSUE.id)) == []
    assert words(queue(ledger, order=Draw.NEW)) == FOUND[::-1]


def test_what_is_put_back_comes_first(ledger: Ledger) -> None:
    own = queue(ledger, order=Draw.NEW)
    first, second = own.next(), own.next()
    own.again(first, second)
    assert [own.next().unit, own.next().unit] == [first.unit, second.unit]
    assert words(own) == FOUND[-3::-1]


def test_a_second_coder_gets_what_the_first_one_coded_in_the_same_order(ledger: Ledger) -> None:
    first = queue(ledger)
    coded = [first.next() for _ in range(4)]
    for item, stance in zip(coded, (None, Stance.SUPPORT, Stance.NEUTRAL, Stance.CONDITIONAL), strict=True):
        first.code(item, stance)
    extra = queue(ledger, words="ferry")
    found = extra.next()
    extra.code(found, Stance.NEUTRAL)
    second = queue(ledger, "otto", as_coded_by="mira", blind=True)
    units = []
    while (item := second.next()) is not None:
        units.append(item.unit)
        second.code(item, Stance.SUPPORT)
    assert units == [i.unit for i in [*coded, found]]
    assert words(queue(ledger, "otto", as_coded_by="mira")) == []
    assert second.gone == 0


def test_others_codings_come_with_the_item(ledger: Ledger) -> None:
    first = queue(ledger, "otto", order=Draw.NEW)
    first.code(first.next(), Stance.SUPPORT)
    item = queue(ledger, order=Draw.NEW).next()
    assert [(c.by, c.stance) for c in item.codings] == [("otto", Stance.SUPPORT)]
    assert item.of("otto").stance is Stance.SUPPORT
    assert item.of("mira") is None


@pytest.fixture
def conditional(ledger: Ledger) -> Item:
    return next(i for i in iter(queue(ledger).next, None) if i.machine.stance is Stance.CONDITIONAL)


@pytest.mark.parametrize("typed", ["if the harbour is dredged", "IF  the Harbour is dredged", "if the harbour is dredged,", "dredged", "we would"])
def test_a_condition_is_found_however_it_is_typed(conditional: Item, typed: str) -> None:
    span = conditional.find(typed)
    span.check(conditional.text)
    assert span.exact == " ".join(typed.lower().rstrip(",").split())


@pytest.mark.parametrize("typed", ["", "  ", "harbour lay quiet", "if they", "dredge", "harbour dredged"])
def test_words_that_do_not_stand_in_the_content_are_no_condition(conditional: Item, typed: str) -> None:
    assert conditional.find(typed) is None


def test_words_that_stand_there_twice_are_no_condition(ledger: Ledger) -> None:
    item = queue(ledger, words="fleet").next()
    assert item.hit.content.count("at") > 1
    assert item.find("at") is None
    assert item.find("at noon").exact == "at noon"


@pytest.mark.parametrize("options", [{"as_coded_by": "mira"}, {"as_coded_by": "otto", "words": "levy"}])
def test_a_queue_that_cannot_be_meant_is_refused(ledger: Ledger, options: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        queue(ledger, **options)


def test_what_a_language_model_proposes_stands_beside_the_item_unless_the_coder_is_blind(ledger: Ledger) -> None:
    item = queue(ledger).next()
    hit = item.hit
    made = Proposed(hit.where.article, hit.id, hit.content, ISSUE.id, Stance.OPPOSE, hit.where.revision, "llm:some@host+1", "h1:none", CLOCK())
    ledger.propose([made])
    assert [(p.stance, p.coder) for p in queue(ledger).proposed(item)] == [(Stance.OPPOSE, "llm:some@host+1")]
    assert queue(ledger, blind=True).proposed(item) == []
    screen = Console(width=100, file=io.StringIO())
    shown(item, queue(ledger), screen, number=1, total="6", act=None, condition=())
    assert "proposed by llm:some@host+1: oppose" in screen.file.getvalue()
