"""Which words date and place a statement. The sentences are in `*.yaml`; `later-*` were written after the mechanism was done."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from occasion_cases import cases, marked

from onrecord.occasions.edtf import EDTF
from onrecord.occasions.when import When, carried_on, said_on, scene
from onrecord.occasions.where import where_said
from onrecord.statements import Attribution, QuoteKind, Statement
from onrecord.text import Span

VIENNA = ZoneInfo("Europe/Vienna")
PUBLISHED = datetime(2025, 3, 13, 18, 0, tzinfo=VIENNA)


def gather(pattern: str) -> list[Any]:
    return [
        pytest.param(case, id=f"{path.stem}-{i}", marks=[pytest.mark.xfail(strict=True, reason=case["fails"])] if "fails" in case else [])
        for path in sorted(Path(__file__).parent.glob(pattern))
        for i, case in enumerate(cases(path.name))
    ]


@pytest.mark.parametrize("case", gather("*-when.yaml"))
def test_said_on(case: dict[str, Any]) -> None:
    m = marked(case["text"])
    when = said_on(m.text, m.statement, sentence=m.sentence, published=PUBLISHED)
    assert (when.edtf, when.basis.exact if when.basis else None) == (case["said"], case.get("basis")), when.reason
    assert when.reason


@pytest.mark.parametrize("case", gather("*-where.yaml"))
def test_where_said(case: dict[str, Any]) -> None:
    m = marked(case["text"])
    where = where_said(m.text, m.statement, sentence=m.sentence, names=m.spans(case.get("names", {})))
    found = (where.venue.exact if where.venue else None, where.place.exact if where.place else None, where.kind)
    assert found == (case["venue"], case["place"], case.get("kind"))


def when(line: str, *, published: datetime | None = PUBLISHED, zone: ZoneInfo | None = None) -> When:
    m = marked(line)
    return said_on(m.text, m.statement, sentence=m.sentence, published=published, zone=zone)


def test_the_articles_zone_decides_what_last_night_was() -> None:
    line = "{Kolar} <said> last night |that the deal was close|."
    early = datetime(2025, 3, 13, 0, 30, tzinfo=VIENNA)
    assert when(line, published=early).edtf == "2025-03-12"
    assert when(line, published=early.astimezone(UTC)).edtf == "2025-03-11"
    assert when(line, published=early.astimezone(UTC), zone=VIENNA).edtf == "2025-03-12"
    assert when(line, published=early.replace(tzinfo=None)).edtf == "2025-03-12"


def test_without_a_date_of_publication_only_a_date_with_a_year_resolves() -> None:
    assert when("{Kolar} <said> on Monday |that the deal was close|.", published=None).edtf is None
    assert when("{Kolar} <said> on 3 March 2025 |that the deal was close|.", published=None).edtf == "2025-03-03"


def test_the_publication_date_is_no_answer() -> None:
    assert when("{Kolar} <said> |that the deal was close|.") == When(None, None, "no time expression in the sentence")


def test_two_dates_that_stand_alike_are_no_answer() -> None:
    found = when("{Kolar} <said in Tarnov on Monday and in Dunmore on Tuesday> |that the deal was close|.")
    assert found.edtf is None
    assert "several" in found.reason


def test_the_same_speaker_carries_on() -> None:
    first = when("Speaking on Tuesday, {Kolar} <said> |that the deal was close|.")
    bare, later = When(None, None, "no time expression in the sentence"), when("{She} <added> the next day |that it was off|.")
    dated = when("{She} <repeated> on Wednesday |that it was off|.")
    carried = carried_on(bare, previous=first, same_speaker=True, paragraphs_apart=1)
    assert (carried.edtf, carried.basis) == (first.edtf, first.basis)
    assert carried_on(bare, previous=first, same_speaker=False) == bare
    assert carried_on(bare, previous=first, same_speaker=True, paragraphs_apart=2) == bare
    assert carried_on(later, previous=first, same_speaker=True) == later
    assert carried_on(dated, previous=first, same_speaker=True) == dated
    assert carried_on(bare, previous=bare, same_speaker=True) == bare


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("The minister spoke in Tarnov on Monday.", "2025-03-10"),
        ("Her remarks came in an interview last week.", "2025-03-03/2025-03-09"),
        ("The minister spoke after the vote on Monday.", None),
        ("The minister will speak on Monday.", None),
        ("The minister spoke about Monday's vote and Tuesday's.", None),
        ("The dam broke on Monday.", None),
        ("", None),
    ],
)
def test_scene(text: str, value: str | None) -> None:
    assert scene(text, sentence=Span(0, len(text), text), published=PUBLISHED).edtf == value


TEXT = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(
            [
                "She",
                "said",
                "told",
                "in",
                "at",
                "an",
                "interview",
                "on",
                "Monday",
                "Tarnov",
                "'s",
                "last",
                "night",
                ",",
                "“",
                "”",
                "after",
                "the",
                "court",
                "when",
                "in",
                "2016",
                ";",
                "(",
                "—",
                "speaking",
                "and",
            ]
        ),
        max_size=20,
    ).map(" ".join),
)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_spans_are_read(data: st.DataObject) -> None:
    text = data.draw(TEXT)
    offsets = st.integers(-2, len(text) + 2)

    def spans() -> tuple[Span, ...]:
        pairs = data.draw(st.lists(st.tuples(offsets, offsets), max_size=2))
        return tuple(Span(a, b, text[max(a, 0) : max(b, 0)]) for a, b in pairs)

    statement = Statement("r1:x", spans(), spans(), spans(), QuoteKind.MIXED, Attribution.CUE, (), (), "body", 0.5, "test")
    a, b = data.draw(offsets), data.draw(offsets)
    sentence = Span(a, b, text[max(a, 0) : max(b, 0)])
    published = data.draw(st.one_of(st.none(), st.datetimes()))
    found = said_on(text, statement, sentence=sentence, published=published)
    assert (found.edtf is None) == (found.basis is None)
    assert found.edtf is None or EDTF.fullmatch(found.edtf)
    where = where_said(text, statement, sentence=sentence, names=[(s, "location") for s in spans()])
    for span in (found.basis, where.venue, where.place):
        if span is not None:
            span.check(text)
    scene(text, sentence=sentence, published=published)


def test_a_page_without_sentences_is_read_in_time() -> None:
    line = "{Kolar} <said> " + "on Monday at Monday's vote, " * 20_000
    assert when(line).edtf in {None, "2025-03-10"}
