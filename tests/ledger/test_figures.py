"""Figures and dates in the ledger: filed, found, due, judged by people, and filled in for statements that were filed before there were any."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from invented import READER, compose, filing_of
from sqlalchemy import delete, select, text, update

from onrecord.entry import with_figures
from onrecord.errors import UsageError
from onrecord.ledger import By, Due, DueQuery, Ending, FigureQuery, Filing, Ledger, Outcome, Query
from onrecord.ledger.figure_tables import horizons, quantities
from onrecord.ledger.figures import fill_all
from onrecord.ledger.packing import entry_of, packed
from onrecord.ledger.tables import statements
from onrecord.positions import Act, Bound, Coded, Horizon, Quantity, Relation
from onrecord.sources import Document
from onrecord.text import Span

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
DAY = datetime(2026, 3, 12, 9, tzinfo=UTC)
ADDRESS = "https://lantern.example/a"
QUAY = "We will spend £4.5 billion on the quay before 2027"
SAID = [
    ("direct", QUAY, "Lena Orsk", "GB", "The harbour was quiet"),
    ("indirect", "the fleet would be home within ten days", "Tomas Brandt", "FR", "Gulls were counted"),
    ("direct", "Between 30 and 40 boats were lost, more than 1,200 sailors with them", "Tomas Brandt", "FR", "It creaked"),
    ("direct", "It will reopen before the election", "Lena Orsk", "GB", "Nobody laughed"),
    ("direct", "It cost £20m, or €23m", "Ada Finn", "IE", "She shrugged"),
]


def filing(said: list[tuple[str, str, str, str, str]] = SAID, *, hours: int = 0, again: bool = False) -> Filing:
    article, entries = compose("Talks go on", said, url=ADDRESS, outlet="Lantern", published=DAY)
    document = Document(article.revision.text.encode(), ADDRESS, url=ADDRESS, media_type="text/html", fetched=DAY + timedelta(hours=hours))
    reader = replace(READER, digest="m1:another") if again else READER
    return filing_of(document, article, with_figures(article, entries), reader=reader, again=again)


@pytest.fixture
def filled(ledger: Ledger) -> Ledger:
    ledger.write([filing()], now=NOW)
    return ledger


def found(ledger: Ledger, **asked: object) -> list[str]:
    query = FigureQuery(**asked)
    figures = list(ledger.quantities(query))
    assert ledger.count_quantities(query) == len(figures)
    for figure in figures:
        assert figure.quantity in figure.hit.entry.quantities
    return [f.quantity.span.exact for f in figures]


def listed(ledger: Ledger, on: date, **asked: object) -> list[Due]:
    query = DueQuery(on, **asked)
    due = list(ledger.due(query))
    assert ledger.count_due(query) == len(due)
    return due


def words(due: list[Due]) -> list[str]:
    return [d.horizon.span.exact for d in due]


def outcome(due: Due, ending: Ending, *, minute: int = 0, **more: object) -> Outcome:
    return Outcome(due.hit.id, due.hit.where.article, due.hit.content, ending, "editor", NOW + timedelta(minutes=minute), "I was there", **more)


def test_an_entry_keeps_its_figures_exactly(filled: Ledger) -> None:
    filed = filing().parts[0].entries
    assert [h.entry for h in filled.search(Query(sort="oldest"))] == list(filed)
    assert [len(e.quantities) for e in filed] == [1, 0, 2, 0, 2]
    assert filled.check() == []


def test_figures_of_any_size_are_packed_and_unpacked() -> None:
    article, entries = compose("T", SAID[:1], url="https://a.example/b", outlet=None, published=None)
    body, span = article.revision.text, entries[0].statement.content[0]
    figures = (
        Quantity(span, Decimal("0.333333"), Decimal("0.333333"), "share"),
        Quantity(span, Decimal("1E+12"), None, None, Bound.AT_LEAST),
        Quantity(span, None, Decimal("1850.50"), "EUR", Bound.AT_MOST),
    )
    entry = replace(entries[0], quantities=figures, horizons=(Horizon(Span.of(body, 3, 9), None, Relation.UNTIL), Horizon(span, "2026-22", Relation.IN)))
    kind, said_on = str(entry.statement.kind), entry.said_on
    assert entry_of(packed(entry), text=body, revision=article.revision.id, kind=kind, said_on=said_on, reader=entry.statement.reader) == entry
    assert entry.horizon == entry.horizons[1]


def test_by_unit_and_size(filled: Ledger) -> None:
    assert found(filled, units=("gbp",), by=By.OLDEST) == ["£4.5 billion", "£20m"]
    assert found(filled, units=("GBP",), least=Decimal("1e9")) == ["£4.5 billion"]
    assert found(filled, units=("GBP", "EUR"), most=Decimal(10**8), by=By.OLDEST) == ["£20m", "€23m"]
    assert found(filled, units=("boats",), least=Decimal(35)) == ["Between 30 and 40 boats"]
    assert found(filled, units=("boats",), least=Decimal(41)) == []
    # An open end counts by the number that is named.
    assert found(filled, units=("sailors",), least=Decimal(1201)) == []
    assert found(filled, by=By.SIZE)[:2] == ["£4.5 billion", "€23m"]
    assert [f.quantity.unit for f in filled.quantities(FigureQuery(by=By.OLDEST), limit=2, offset=1)] == ["boats", "sailors"]


def test_by_words_and_speaker(filled: Ledger) -> None:
    assert found(filled, statements=Query("quay")) == ["£4.5 billion"]
    assert found(filled, statements=Query(actors=("Brandt",)), units=("sailors",)) == ["more than 1,200 sailors"]
    assert found(filled, statements=Query("nothing")) == []
    with pytest.raises(UsageError, match="nobody"):
        found(filled, statements=Query(actors=("Quilliam",)))
    with pytest.raises(UsageError, match="no such issue"):
        found(filled, issues=("harbour",))
    with pytest.raises(UsageError, match="at least"):
        FigureQuery(least=Decimal(2), most=Decimal(1))


def test_what_is_due_comes_oldest_first(filled: Ledger) -> None:
    assert listed(filled, date(2026, 3, 21)) == []
    assert words(listed(filled, date(2026, 3, 22))) == ["within ten days"]
    both = listed(filled, date(2027, 1, 1))
    assert words(both) == ["within ten days", "before 2027"]
    assert [d.horizon.due for d in both] == [date(2026, 3, 22), date(2026, 12, 31)]
    assert words(listed(filled, date(2027, 1, 1), statements=Query(actors=("Orsk",)))) == ["before 2027"]
    assert words(listed(filled, date(2027, 1, 1), undated=True)) == ["before the election"]
    assert words(list(filled.due(DueQuery(date(2027, 1, 1)), limit=1, offset=1))) == ["before 2027"]


def test_the_act_decides_before_the_verb(ledger: Ledger) -> None:
    made = filing()
    coded = [replace(e, act=Coded(Act.ASK if n == 0 else Act.PROMISE, 0.9, "c-1")) for n, e in enumerate(made.parts[0].entries)]
    ledger.write([replace(made, parts=(replace(made.parts[0], entries=tuple(coded)),))], now=NOW)
    assert words(listed(ledger, date(2027, 1, 1))) == ["within ten days"]


def test_what_people_found_is_kept_and_may_be_taken_back(filled: Ledger) -> None:
    fleet, quay = listed(filled, date(2027, 1, 1))
    assert filled.judge_outcome(outcome(fleet, Ending.BROKEN)) is True
    assert filled.judge_outcome(outcome(fleet, Ending.BROKEN)) is False
    assert words(listed(filled, date(2027, 1, 1))) == ["before 2027"]
    every = listed(filled, date(2027, 1, 1), checked=True)
    assert [d.outcome.ending if d.outcome else None for d in every] == [Ending.BROKEN, None]
    assert every[0].to_json()["outcome"]["verdict"] == "broken"
    filled.judge_outcome(outcome(fleet, Ending.KEPT, minute=1))
    assert listed(filled, date(2027, 1, 1), checked=True)[0].outcome.ending is Ending.KEPT
    filled.judge_outcome(outcome(fleet, Ending.OPEN, minute=2))
    assert words(listed(filled, date(2027, 1, 1))) == ["within ten days", "before 2027"]
    assert [o.ending for o in filled.outcomes(fleet.hit.id)] == [Ending.BROKEN, Ending.KEPT, Ending.OPEN]
    filled.judge_outcome(outcome(quay, Ending.UNCLEAR, horizon="2027"))
    assert words(listed(filled, date(2027, 1, 1))) == ["within ten days"]
    assert filled.check() == []


def test_only_what_can_be_judged_is(filled: Ledger) -> None:
    fleet, quay = listed(filled, date(2027, 1, 1))
    with pytest.raises(UsageError, match="this date"):
        filled.judge_outcome(outcome(quay, Ending.KEPT, horizon="2028"))
    with pytest.raises(UsageError, match="who decided"):
        filled.judge_outcome(replace(outcome(quay, Ending.KEPT), by=" "))
    with pytest.raises(UsageError, match="no such statement"):
        filled.judge_outcome(replace(outcome(fleet, Ending.KEPT), statement="s1:none"))
    (cost,) = filled.search(Query("€23m"))
    with pytest.raises(UsageError, match="no date"):
        filled.judge_outcome(Outcome(cost.id, cost.where.article, cost.content, Ending.KEPT, "editor", NOW))


def test_what_people_found_survives_another_reading_and_another_text(filled: Ledger) -> None:
    (quay,) = listed(filled, date(2027, 1, 1), statements=Query("quay"))
    filled.judge_outcome(outcome(quay, Ending.KEPT))
    filled.write([filing(again=True)], now=NOW)
    assert words(listed(filled, date(2027, 1, 1))) == ["within ten days"]
    filled.write([filing([("direct", "The pier is safe", "Ada Finn", "IE", "It creaked"), *SAID], hours=5)], now=NOW)
    (moved,) = listed(filled, date(2027, 1, 1), statements=Query("quay"), checked=True)
    assert moved.hit.id != quay.hit.id
    assert moved.outcome.ending is Ending.KEPT
    assert words(listed(filled, date(2027, 1, 1))) == ["within ten days"]


def test_statements_that_were_filed_before_get_their_figures(filled: Ledger) -> None:
    rows = filled.rows()
    with filled.database.writing() as connection:
        for table in (quantities, horizons):
            connection.execute(delete(table))
        for key, hit in {h.key: h for h in filled.search(Query())}.items():
            bare = replace(hit.entry, quantities=(), horizons=())
            connection.execute(update(statements).where(statements.c.key == key).values(entry=packed(bare)))
    assert found(filled) == []
    with filled.database.writing() as connection:
        fill_all(connection)
    assert filled.rows() == rows
    with filled.database.reading() as connection:
        assert connection.execute(select(quantities.c.unit).where(text("low > 1e9"))).scalars().all() == ["GBP"]
