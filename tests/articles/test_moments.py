from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.articles.moments import parse_moment


@pytest.mark.parametrize(
    ("text", "at", "precision"),
    [
        ("2025-11-02", "2025-11-02T00:00:00", "day"),
        ("2025-11-02T09:15:00.000Z", "2025-11-02T09:15:00+00:00", "second"),
        ("2025-11-02T09:15", "2025-11-02T09:15:00", "minute"),
        ("2025-11-02 09:15:00 UTC", "2025-11-02T09:15:00+00:00", "second"),
        ("2025-11-02 09:15 BST", "2025-11-02T09:15:00+01:00", "minute"),
        ("2025-11-02 3:32 PM", "2025-11-02T15:32:00", "minute"),
        ("2025/11/02 09:15", "2025-11-02T09:15:00", "minute"),
        ("Nov 2, 2025 3:32 PM EST", "2025-11-02T15:32:00-05:00", "minute"),
        ("2 Nov 2025 15:32 CET", "2025-11-02T15:32:00+01:00", "minute"),
        ("09:15, 2 November 2025", "2025-11-02T09:15:00", "minute"),
        ("Sunday 2 November 2025 09.15 GMT", "2025-11-02T09:15:00+00:00", "minute"),
        ("Sun, 02 Nov 2025 09:15:00 +0100", "2025-11-02T09:15:00+01:00", "second"),
        ("March 4, 2025 at 4:05 pm EDT", "2025-03-04T16:05:00-04:00", "minute"),
        ("4th March 2025", "2025-03-04T00:00:00", "day"),
        ("13/04/2025", "2025-04-13T00:00:00", "day"),
        ("2 Nov 2025 15:00 +9900", "2025-11-02T00:00:00", "day"),
        ("on the quay, 4 March 2025, by Ann", "2025-03-04T00:00:00", "day"),
    ],
)
def test_moments_as_pages_write_them(text: str, at: str, precision: str) -> None:
    found = parse_moment(text)
    assert found is not None
    assert (found.at.isoformat(), found.precision) == (at, precision)


@pytest.mark.parametrize(
    "text",
    ["03/04/2025", "November 2025", "2025", "Monday", "2 November", "noon", "", "31 November 2025", "1741859127", "1066-10-14"],
)
def test_what_leaves_the_day_open_is_no_moment(text: str) -> None:
    assert parse_moment(text) is None


def test_a_zone_that_means_several_is_left_open() -> None:
    found = parse_moment("5 Nov 2025 9:15 AM IST")
    assert found is not None
    assert found.at.tzinfo is None


@given(st.text(max_size=80))
def test_any_text_gives_a_moment_or_none(text: str) -> None:
    parse_moment(text)


DATED = st.sampled_from(["2 Nov 2025", "Nov 2, 2025", "15:00", "9.15", "pm", "+9900", "-2400", "UTC", "EST", "at", ",", "2025-11-02", "31/12/2025", "T", "00"])


@given(st.lists(DATED, max_size=8).map(" ".join))
def test_pieces_of_dates_in_any_order_give_a_moment_or_none(text: str) -> None:
    found = parse_moment(text)
    assert found is None or found.at.isoformat()


@given(st.datetimes(min_value=datetime(1991, 1, 1)))  # noqa: DTZ001 - moments without a zone
def test_iso_comes_back(at) -> None:
    assert parse_moment(at.replace(microsecond=0).isoformat()).at == at.replace(microsecond=0)
