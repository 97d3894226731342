"""Time expressions: what they mean, where they are, and that nothing breaks them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from onrecord.occasions import edtf
from onrecord.occasions.expressions import find_expressions

THURSDAY = datetime(2025, 3, 13, 14, 0)  # noqa: DTZ001 - a naive reference is taken as it is

MEANINGS = [
    ("they met on Wednesday", "Wednesday", "2025-03-12", "day"),
    ("they met on Thursday", "Thursday", "2025-03-13", "day"),
    ("they met on Friday", "Friday", "2025-03-07", "day"),
    ("they will meet on Friday", "Friday", "2025-03-14", "day"),
    ("the talks, due on Monday, are off", "Monday", "2025-03-17", "day"),
    ("they met last night", "last night", "2025-03-12", "day"),
    ("they met early on Tuesday morning", "early on Tuesday morning", "2025-03-11", "day"),
    ("they met this morning", "this morning", "2025-03-13", "day"),
    ("they met earlier today", "earlier today", "2025-03-13", "day"),
    ("they met the day before yesterday", "the day before yesterday", "2025-03-11", "day"),
    ("they met earlier this week", "earlier this week", "2025-03-10/2025-03-16", "week"),
    ("they met last week", "last week", "2025-03-03/2025-03-09", "week"),
    ("they met on Friday last week", "Friday last week", "2025-03-07", "day"),
    ("they met two weeks ago", "two weeks ago", "2025-02-24/2025-03-02", "week"),
    ("they met three days ago", "three days ago", "2025-03-10", "day"),
    ("they met three hours ago", "three hours ago", "2025-03-13", "day"),
    ("they met fifteen hours ago", "fifteen hours ago", "2025-03-12", "day"),
    ("they met two years ago", "two years ago", "2023", "year"),
    ("they met about two years ago", "about two years ago", "2023~", "year"),
    ("they met a month ago", "a month ago", "2025-02", "month"),
    ("they met in February", "February", "2025-02", "month"),
    ("they met in late February", "late February", "2025-02-21/2025-02-28", "range"),
    ("they met in early March", "early March", "2025-03-01/2025-03-10", "range"),
    ("they met late last month", "late last month", "2025-02-21/2025-02-28", "range"),
    ("they met in November", "November", "2024-11", "month"),
    ("they met in March last year", "March last year", "2024-03", "month"),
    ("they met in December 2019", "December 2019", "2019-12", "month"),
    ("they met on March 3", "March 3", "2025-03-03", "day"),
    ("they met on 3 March 2024", "3 March 2024", "2024-03-03", "day"),
    ("they met on Monday, March 3", "Monday, March 3", "2025-03-03", "day"),
    ("the April 2 vote", "April 2", "2025-04-02", "day"),
    ("they met on 2025-01-31", "2025-01-31", "2025-01-31", "day"),
    ("they met from February 21-28", "February 21-28", "2025-02-21/2025-02-28", "range"),
    ("they met from 27 February to 2 March", "27 February to 2 March", "2025-02-27/2025-03-02", "range"),
    ("they met at the weekend", "the weekend", "2025-03-08/2025-03-09", "range"),
    ("they met overnight", "overnight", "2025-03-12/2025-03-13", "range"),
    ("they met last summer", "last summer", "2024-22", "range"),
    ("they met in the winter of 2022", "the winter of 2022", "2022-24", "range"),
    ("profit fell in the third quarter", "the third quarter", "2024-35", "range"),
    ("profit fell in the first quarter of 2023", "the first quarter of 2023", "2023-33", "range"),
    ("profit fell last quarter", "last quarter", "2024-36", "range"),
    ("profit will fall next quarter", "next quarter", "2025-34", "range"),
    ("they met in 2016", "2016", "2016", "year"),
    ("they met around 2010", "around 2010", "2010~", "year"),
    ("they met in the 1990s", "the 1990s", "199X", "range"),
    ("a treaty of the 19th century", "the 19th century", "18XX", "range"),
    ("the day after Monday's vote", "the day after Monday's vote", "2025-03-11", "day"),
    ("the week before Monday's vote", "the week before Monday's vote", "2025-03-03/2025-03-09", "week"),
]

OPEN = [
    "they met the week before the talks",
    "they met that day",
    "they met a week later",
    "they met the previous month",
    "they met recently",
    "they met a few days ago",
    "they met on February 31",
    "you may march on, in order",
    "2016 people met",
    "it cost 1990 euros",
    "",
]


@pytest.mark.parametrize(("text", "words", "value", "precision"), MEANINGS)
def test_means(text: str, words: str, value: str, precision: str) -> None:
    (found,) = find_expressions(text, reference=THURSDAY)
    assert (found.span.exact, found.edtf, found.precision) == (words, value, precision)


@pytest.mark.parametrize("text", OPEN)
def test_stays_open(text: str) -> None:
    assert find_expressions(text, reference=THURSDAY) == []


def test_without_a_reference_only_dates_with_a_year_resolve() -> None:
    text = "On Monday, on 3 March, on 3 March 2024, in May 2023, last week, two years ago, in 2016 and in the 1990s"
    assert [e.edtf for e in find_expressions(text, reference=None)] == ["2024-03-03", "2023-05", "2016", "199X"]


def test_days_are_counted_on_the_references_own_clock() -> None:
    late = datetime(2025, 3, 13, 0, 30, tzinfo=ZoneInfo("Europe/Vienna"))
    same = late.astimezone(UTC)
    assert [e.edtf for e in find_expressions("last night", reference=late)] == ["2025-03-12"]
    assert [e.edtf for e in find_expressions("last night", reference=same)] == ["2025-03-11"]
    assert [e.edtf for e in find_expressions("last night", reference=same, zone=ZoneInfo("Europe/Vienna"))] == ["2025-03-12"]


def test_hours_need_a_time_of_day() -> None:
    assert find_expressions("three hours ago", reference=datetime(2025, 3, 13)) == []  # noqa: DTZ001 - a date alone


def test_a_day_that_comes_round_soon_is_the_coming_one() -> None:
    october = datetime(2025, 10, 30)  # noqa: DTZ001 - a date alone
    assert [e.edtf for e in find_expressions("the Nov. 16 vote", reference=october)] == ["2025-11-16"]
    assert [e.edtf for e in find_expressions("the Nov. 16 vote", reference=october, looking="back")] == ["2024-11-16"]


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2025-02", "2025-02-01", "2025-02-28"),
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-22", "2024-06-01", "2024-08-31"),
        ("2024-24", "2024-12-01", "2025-02-28"),
        ("2024-33", "2024-01-01", "2024-03-31"),
        ("2024-36", "2024-10-01", "2024-12-31"),
        ("199X", "1990-01-01", "1999-12-31"),
        ("18XX", "1800-01-01", "1899-12-31"),
        ("2023~", "2023-01-01", "2023-12-31"),
        ("2025-02-24/2025-03-02", "2025-02-24", "2025-03-02"),
    ],
)
def test_bounds(value: str, first: str, last: str) -> None:
    assert tuple(map(str, edtf.bounds(value))) == (first, last)


@pytest.mark.parametrize("value", ["", "2025-13-01", "yesterday", "2025/2026", "20", "2025-00", "2025-25", "2025-40", "2025-02-30"])
def test_bounds_of_what_is_no_date(value: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        edtf.bounds(value)


WORDS = st.sampled_from(
    [
        "on",
        "in",
        "at",
        "the",
        "a",
        "two",
        "late",
        "early",
        "mid-",
        "Wednesday",
        "May",
        "March",
        "31",
        "30",
        "29",
        "2024",
        "2025",
        "9999",
        "1500",
        "ago",
        "last",
        "next",
        "this",
        "week",
        "weekend",
        "year",
        "month",
        "decade",
        "days",
        "today",
        "tonight",
        "yesterday",
        "night",
        "summer",
        "1990s",
        "century",
        "19th",
        "of",
        ",",
        "-",
        "–",
        "'s",
        "to",
        "through",
        "February",
        "before",
        "after",
        "that",
        "o'clock",
        "2025-02-30",
        "0",
        "⅓",
        "３",
    ]
)
TEXTS = st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=14).map(" ".join))
MOMENTS = st.one_of(
    st.none(),
    st.datetimes(),
    st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=14)), timezone(timedelta(hours=-12)), ZoneInfo("Asia/Kathmandu")])),
)


@settings(max_examples=300, deadline=None)
@given(TEXTS, MOMENTS, st.integers(-5, 90), st.one_of(st.none(), st.integers(-5, 90)), st.sampled_from([None, "back", "ahead"]))
@example("last week, 50 years ago, next Monday", datetime.min, 0, None, None)  # noqa: DTZ901 - the first moment there is
@example("tomorrow, next week, next year", datetime.max, 0, None, "ahead")  # noqa: DTZ901 - the last moment there is
@example("yesterday", datetime.min.replace(tzinfo=timezone(timedelta(hours=14))), 0, None, None)
def test_any_text_is_read(text: str, reference: datetime | None, start: int, end: int | None, looking: str | None) -> None:
    found = find_expressions(text, reference=reference, start=start, end=end, looking=looking, zone=ZoneInfo("Pacific/Kiritimati"))
    for expression in found:
        expression.span.check(text)
        assert edtf.EDTF.fullmatch(expression.edtf)
        first, last = edtf.bounds(expression.edtf)
        assert first <= last
        assert max(start, 0) <= expression.span.start < expression.span.end <= (len(text) if end is None else end)
    assert [e.span for e in found] == sorted(e.span for e in found)
