"""Counts over time, what changed and who shifted: as slow ways count them, on both databases; and statements by the issues they show a position on."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import News
from standing import FERRY, NOW, PIER, Said, filing

from onrecord.changes import ChangeKind
from onrecord.errors import UsageError
from onrecord.ledger import Histogram, Ledger, Query, StatementJudgement, Verdict, histogram, searching
from onrecord.ledger.histogram import periods_of
from onrecord.ledger.keys import DAY

FOR = Said("We will close the old pier for good", stance="support")
AGAINST = Said("Nobody closes the old pier while I am here", stance="oppose", score=0.8)
UNSURE = Said("Perhaps a second ferry would do", stance="support", issue="ferry", score=0.3)
NOTHING = Said("The harbour was quiet all day")


@pytest.fixture
def invented(ledger: Ledger) -> Ledger:
    ledger.write(News(11, days=90, outlets=5, people=8, words=90, statements=4).filings(60, marks=False), now=NOW)
    return ledger


@pytest.fixture
def pier(ledger: Ledger) -> Ledger:
    for issue in (PIER, FERRY):
        ledger.add_issue(issue, by="editor", on=NOW)
    ledger.write([filing([FOR, NOTHING, UNSURE], day=date(2026, 3, 1)), filing([AGAINST], day=date(2026, 3, 20), name="b")], now=NOW)
    return ledger


# Histogram --------------------------------------------------------------------------------------------------------------------------


def slowly(ledger: Ledger, query: Query) -> Counter[date]:
    return Counter(date.fromordinal(h.key // DAY) for h in ledger.search(query))


@pytest.mark.parametrize(
    "query",
    [Query(), Query("the"), Query("truce OR treaty", kinds=("direct",)), Query(since=date(2022, 2, 1), until=date(2022, 2, 9)), Query(min_score=0.8999)],
)
def test_a_histogram_counts_what_a_search_finds(invented: Ledger, query: Query) -> None:
    by_day, found = slowly(invented, query), invented.histogram(query)
    assert found.exact
    assert found.total == sum(by_day.values()) == sum(p.count for p in found.periods) == invented.count(query)
    for period in found.periods:
        assert period.count == sum(n for d, n in by_day.items() if period.first <= d <= period.last)


@pytest.mark.parametrize("days", [{}, {"since": date(2022, 2, 1), "until": date(2022, 3, 9)}])
def test_a_histogram_of_actors_counts_all_that_they_said(invented: Ledger, days: dict[str, date], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(histogram, "COUNTED", 1)
    one, other = (a.id for a in invented.most_said(limit=2))
    for actors in ((one,), (one, other)):
        query = Query(actors=actors, **days)
        by_day, found = slowly(invented, query), invented.histogram(query)
        assert found.exact
        assert found.total == sum(by_day.values()) > 1


def test_nothing_found_is_an_empty_histogram(invented: Ledger, ledger: Ledger) -> None:
    assert invented.histogram(Query("zzz")) == Histogram("day", (), 0, exact=True)
    assert ledger.histogram(Query("zzz")).to_json() == {"by": "day", "total": 0, "exact": True, "periods": []}


@pytest.mark.parametrize("query", [Query(), Query("the"), Query(kinds=("direct",)), Query("the", everything=True)])
def test_many_matches_are_estimated_from_a_sample(invented: Ledger, query: Query, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(histogram, "COUNTED", 20)
    monkeypatch.setattr(histogram, "_SOME", 4)
    truth, found = invented.count(query), invented.histogram(query)
    assert truth > 20
    assert not found.exact
    assert abs(found.total - truth) <= 0.3 * truth
    assert found.total == sum(p.count for p in found.periods)


def test_a_sample_that_sees_everything_is_exact(invented: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = invented.histogram(Query("the"))
    monkeypatch.setattr(histogram, "COUNTED", 20)
    sampled = invented.histogram(Query("the"), invented.extent().by_day)
    assert sampled == replace(whole, exact=False)


@given(st.dates(), st.dates(), st.integers(2, 40))
def test_periods_have_no_gaps_and_are_no_more_than_asked(one: date, other: date, most: int) -> None:
    first, last = sorted((one, other))
    by, found = periods_of(first, last, most)
    assert found[0][0] <= first
    assert found[-1][1] >= last
    assert all(a[1] + timedelta(days=1) == b[0] for a, b in pairwise(found))
    assert all(a <= b for a, b in found)
    assert len(found) <= most or by == "decade"


def test_periods_are_those_of_the_calendar() -> None:
    assert periods_of(date(2026, 3, 14), date(2026, 3, 14)) == ("day", [(date(2026, 3, 14), date(2026, 3, 14))])
    by, found = periods_of(date(2025, 11, 30), date(2026, 12, 1))
    assert (by, found[0], found[-1], len(found)) == ("month", (date(2025, 11, 1), date(2025, 11, 30)), (date(2026, 12, 1), date(2026, 12, 31)), 14)
    by, found = periods_of(date(2026, 1, 1), date(2026, 4, 1))
    assert by == "week"
    assert all(a.isoweekday() == 1 for a, _ in found)
    assert periods_of(date.min, date.max)[1][0][0] == date.min
    assert periods_of(date.min, date.max)[1][-1][1] == date.max


def test_places_and_keys_are_each_other_s_turn(invented: Ledger) -> None:
    filed, keys = invented.extent().by_day, sorted(h.key for h in invented.search(Query(everything=True)))
    assert filed.total == len(keys)
    assert [filed.place(k) for k in keys] == list(range(len(keys)))
    assert [filed.key(n) for n in range(len(keys))] == keys
    assert filed.key(len(keys)) > keys[-1]
    assert filed.place(0) == 0


# At a glance ------------------------------------------------------------------------------------------------------------------------


def test_how_much_there_is(invented: Ledger) -> None:
    extent, status = invented.extent(), invented.status()
    assert extent.articles == status.counts["articles"]
    assert extent.outlets == len(status.outlets) == len(invented.outlet_names())
    assert extent.statements == invented.count(Query(everything=True))
    assert extent.to_json()["first"] == extent.by_day.first.isoformat()  # type: ignore[union-attr]


def test_an_empty_ledger_has_nothing(ledger: Ledger) -> None:
    assert ledger.extent().to_json() == {"statements": 0, "articles": 0, "outlets": 0, "first": None, "last": None}
    assert (ledger.changed(limit=5), ledger.feeds(), ledger.outlet_names()) == ([], [], [])


def test_articles_that_changed_say_what_changed(ledger: Ledger) -> None:
    ledger.write([filing([FOR, NOTHING]), filing([AGAINST], name="b")], now=NOW)
    assert ledger.changed(limit=5) == []
    ledger.write([filing([FOR, UNSURE], hours=3)], now=NOW + timedelta(hours=3))
    (changed,) = ledger.changed(limit=5)
    assert changed.number == 2
    assert changed.outlet == "Lantern"
    assert changed.changes == {ChangeKind.ADDED: 1, ChangeKind.DROPPED: 1}
    assert changed.to_json()["changes"] == {"added": 1, "dropped": 1}
    assert ledger.article(changed.article).texts[-1].revision == changed.revision
    assert ledger.changed(limit=0) == []


# By issue ---------------------------------------------------------------------------------------------------------------------------


def contents(ledger: Ledger, words: str = "", **filters: Any) -> list[str]:
    found = [h.content.strip("“”,") for h in ledger.search(Query(words, **filters))]
    assert ledger.count(Query(words, **filters)) == len(found)
    return found


@pytest.mark.parametrize("few", [2_000, 0])
def test_statements_are_found_by_the_issues_they_show_a_position_on(pier: Ledger, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "_FEW", few)
    assert contents(pier, issues=("pier",)) == [AGAINST.words, FOR.words]
    assert contents(pier, issues=("Closing the old pier",)) == [AGAINST.words, FOR.words]
    assert contents(pier, "good", issues=("pier",)) == [FOR.words]
    assert contents(pier, "good", issues=("pier",), min_score=0.123) == [FOR.words]
    assert contents(pier, issues=("pier",), since=date(2026, 3, 2)) == [AGAINST.words]
    assert contents(pier, issues=("pier",), kinds=("direct",), sort="relevance") == [AGAINST.words, FOR.words]
    # What the machine is not sure of counts no more here than in the matrix.
    assert contents(pier, issues=("ferry",)) == []
    assert contents(pier, issues=("ferry", "pier"), everything=True) == [AGAINST.words, UNSURE.words, FOR.words]
    assert pier.histogram(Query(issues=("pier",))).total == 2


def test_positions_of_an_older_version_count_and_statements_judged_wrong_do_not(pier: Ledger) -> None:
    pier.add_issue(replace(PIER, label="Closing the pier"), by="editor", on=NOW)
    assert len(contents(pier, issues=("pier",))) == 2
    hit = next(pier.search(Query("nobody")))
    pier.judge_statement(StatementJudgement(hit.id, hit.where.article, hit.content, Verdict.WRONG, None, "editor", datetime.now(UTC)))
    assert contents(pier, issues=("pier",)) == [FOR.words]


def test_an_issue_that_is_not_there_is_said(pier: Ledger) -> None:
    with pytest.raises(UsageError, match="no such issue is followed") as raised:
        contents(pier, issues=("nothing",))
    assert raised.value.item == "nothing"
