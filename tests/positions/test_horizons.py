"""Horizons: relations and dates, the day they are due, and what looks back."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.positions import Horizon, Relation
from onrecord.positions.calendar import feast, later, period
from onrecord.positions.horizons import find_horizons, looks_ahead
from onrecord.text import Span

PUBLISHED = datetime(2026, 3, 12, 9, tzinfo=UTC)


def read(text: str, said_on: str | None = None) -> list[tuple[str, str, str | None]]:
    return [(h.span.exact, str(h.relation), h.edtf) for h in find_horizons(text, said_on=said_on, published=PUBLISHED)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nobody will sign before 2027.", ("before 2027", "not before", "2027")),
        ("They will sign before 2027.", ("before 2027", "before", "2027")),
        ("It will not be decided until later this month.", ("until later this month", "not before", "2026-03-13/2026-03-31")),
        ("It opens on Friday.", ("on Friday", "in", "2026-03-13")),
        ("Two months from now we will know.", ("Two months from now", "in", "2026-05")),
        ("It must happen over the next year.", ("over the next year", "within", "2026-03-12/2027-03-12")),
        ("It will be ready in a year and a half, within six months.", ("within six months", "within", "2026-03-12/2026-09-12")),
        ("He will stay for another three weeks.", ("for another three weeks", "until", "2026-03-12/2026-04-02")),
        ("It will be done by New Year's Eve.", ("by New Year's Eve", "by", "2026-12-31")),
        ("It will be done before the referendum.", ("before the referendum", "before", None)),
    ],
)
def test_words_and_what_they_mean(text: str, expected: tuple[str, str, str | None]) -> None:
    assert expected in read(text)


@pytest.mark.parametrize(
    "text",
    [
        "He left on Monday.",
        "It was the worst storm in 20 years.",
        "The bridge was rebuilt in three months.",
        "Support rose from 11 percent in April to 19 percent in August.",
        "It has been so since 2019.",
        "At the end of the day it will be about money.",
        "Earlier today he said that he would go.",
        "It agreed a 30-day truce.",
        "A spokesman said Friday that he would sign it.",
        "They hope for a brighter tomorrow in a 21st-century economy.",
        "It could have stayed closed for the next ten years.",
        "Gifts reached £2m through the end of January, and he will thank them today.",
    ],
)
def test_what_is_no_horizon(text: str) -> None:
    assert read(text) == []


def test_days_are_counted_from_the_speaking_else_from_the_article() -> None:
    text = "They will answer within ten days."
    assert read(text) == [("within ten days", "within", "2026-03-12/2026-03-22")]
    assert read(text, "2026-03-01") == [("within ten days", "within", "2026-03-01/2026-03-11")]
    # Said some time in February: the latest day of it.
    assert read(text, "2026-02") == [("within ten days", "within", "2026-02-28/2026-03-10")]
    assert find_horizons(text) == ()


@pytest.mark.parametrize(
    ("relation", "when", "due"),
    [
        (Relation.BY, "2027", date(2027, 12, 31)),
        (Relation.BEFORE, "2027", date(2026, 12, 31)),
        (Relation.NOT_BEFORE, "2027-05", date(2027, 4, 30)),
        (Relation.FROM, "2027-07", date(2027, 7, 1)),
        (Relation.WITHIN, "2026-03-12/2026-06-20", date(2026, 6, 20)),
        (Relation.UNTIL, "2026-06-30", date(2026, 6, 30)),
        (Relation.AFTER, "2028", date(2028, 12, 31)),
        (Relation.IN, "2026-33", date(2026, 3, 31)),
        (Relation.BEFORE, None, None),
    ],
)
def test_the_day_it_is_due(relation: Relation, when: str | None, due: date | None) -> None:
    horizon = Horizon(Span(0, 3, "abc"), when, relation)
    assert horizon.due == due
    assert horizon.to_json()["due"] == (due.isoformat() if due else None)


def test_feasts_and_periods() -> None:
    assert feast("Easter", date(2026, 3, 12)) == date(2026, 4, 5)
    assert feast("Good Friday", date(2026, 4, 4)) == date(2027, 3, 26)
    assert feast("Christmas Eve", date(2026, 12, 25)) == date(2027, 12, 24)
    assert period("quarter", date(2026, 5, 2)) == (date(2026, 4, 1), date(2026, 6, 30))
    assert period("decade", date(2026, 5, 2)) == (date(2020, 1, 1), date(2029, 12, 31))
    assert later(date(2026, 1, 31), "months", 1) == date(2026, 2, 28)
    assert later(date(2026, 1, 1), "hours", 48) == date(2026, 1, 3)


def test_the_future() -> None:
    assert looks_ahead("We'll see")
    assert looks_ahead("it is expected to rise")
    assert not looks_ahead("it rose")


_PIECES = ["will ", "not ", "before ", "by ", "until ", "within ", "the end of ", "2027", "March", "the year", "next week", "ten days", " in ", "Friday", "the election", ". ", ", ", "was ",
           "over the next five years", "Christmas", "mid-2027", "two", " months from now", "2099", "0001-01-01", "year-end", " half of ", "the first", "9999", "100,000 years", "'s"]  # fmt: skip


@given(st.lists(st.sampled_from(_PIECES), max_size=12).map("".join), st.dates(date(1, 1, 1), date(9999, 12, 31)), st.integers(0, 5), st.integers(0, 90))
def test_spans_hold_their_words_and_every_date_has_its_day(text: str, day: date, start: int, length: int) -> None:
    end = min(len(text), start + length)
    at = start
    for horizon in find_horizons(text, start, end, published=datetime(day.year, day.month, day.day, tzinfo=UTC)):
        horizon.span.check(text)
        assert at <= horizon.span.start < horizon.span.end <= end
        at = horizon.span.end
        assert (horizon.edtf is None) == (horizon.due is None)
