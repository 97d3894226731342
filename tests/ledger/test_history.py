"""What became of an article and of a quotation, out of the ledger."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from invented import compose, filing_of

from onrecord.changes import ChangeKind
from onrecord.errors import UsageError
from onrecord.ledger import ArticleHistory, Filing, Ledger, Query, ReadBy
from onrecord.sources import Document

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
DAY = datetime(2026, 3, 12, 9, tzinfo=UTC)
ADDRESS = "https://lantern.example/a"
BOAT = ("direct", "We will not sign before the last boat is home", "Lena Orsk", "GB", "The harbour was quiet all morning")
SURVEY = ("indirect", "the survey of the northern pier would be repeated in June", "Tomas Brandt", "FR", "Gulls were counted twice")
BUOYS = ("unnamed", "Nobody asked the pilots about the new buoys", "", "DE", "The pilots agreed with each other")


def filing(*said: tuple[str, str, str, str, str], hours: int = 0, url: str = ADDRESS, outlet: str = "Lantern", marks: bool = True) -> Filing:
    article, entries = compose("Talks go on", list(said), url=url, outlet=outlet, published=DAY + timedelta(hours=hours if url != ADDRESS else 0))
    document = Document(article.revision.text.encode() + b"%d" % hours, url, url=url, media_type="text/html", fetched=DAY + timedelta(hours=hours))
    return filing_of(document, article, entries, marks=marks)


def became(ledger: Ledger, before: tuple[tuple[str, str, str, str, str], ...], after: tuple[tuple[str, str, str, str, str], ...]) -> list[ChangeKind]:
    ledger.write([filing(*before)], now=NOW)
    ledger.write([filing(*after, hours=1)], now=NOW)
    history = ledger.article(ADDRESS)
    assert history.texts[0].changes == ()
    return [c.kind for c in history.texts[1].changes]


@pytest.mark.parametrize(
    ("after", "kinds"),
    [
        ((("direct", "We will not sign before the last boat is back home", *BOAT[2:]), SURVEY), {ChangeKind.REWORDED, ChangeKind.SAME}),
        (((*BOAT[:2], "Vera Tolm", *BOAT[3:]), SURVEY), {ChangeKind.REATTRIBUTED, ChangeKind.SAME}),
        ((BOAT, SURVEY, BUOYS), {ChangeKind.ADDED, ChangeKind.SAME}),
        ((BOAT,), {ChangeKind.DROPPED, ChangeKind.SAME}),
        ((BOAT, (*SURVEY[:4], "Gulls were counted three times")), {ChangeKind.SAME}),
    ],
)
def test_what_became_of_each_statement_is_told(ledger: Ledger, after: tuple[tuple[str, str, str, str, str], ...], kinds: set[ChangeKind]) -> None:
    assert set(became(ledger, (BOAT, SURVEY), after)) == kinds


def test_a_statement_in_another_place_has_moved(ledger: Ledger) -> None:
    # Six statements on, the invented text has the same cue again.
    between = [
        ("indirect", f"the {word} of the valley would be opened by spring", f"Speaker {word.title()}", "GB", f"The {word} is old")
        for word in ("tunnel", "bridge", "library", "market", "station")
    ]
    kinds = became(ledger, (BOAT, *between, SURVEY), (SURVEY, *between, BOAT))
    assert ChangeKind.MOVED in kinds
    assert set(kinds) <= {ChangeKind.MOVED, ChangeKind.SAME}


def test_a_history_has_every_text_once_in_the_order_of_time(ledger: Ledger) -> None:
    for hours, said in ((0, (BOAT,)), (3, (BOAT, SURVEY)), (5, (BOAT,)), (1, (BOAT, BUOYS))):
        ledger.write([filing(*said, hours=hours)], now=NOW)
    history = ledger.article(ADDRESS)
    assert [len(t.entries) for t in history.texts] == [1, 2, 2]
    assert [t.current for t in history.texts] == [True, False, False]
    assert [(t.seen - DAY, t.last_seen - DAY) for t in history.texts] == [(timedelta(hours=a), timedelta(hours=b)) for a, b in ((0, 5), (1, 1), (3, 3))]
    assert [t.number for t in history.texts] == [1, 3, 2]
    assert {t.cause for t in history.texts} == {"found"}
    shown = history.to_json()
    assert [r["statements"] for r in shown["revisions"]] == [1, 2, 2]
    assert shown["revisions"][1]["counts"] == {"same": 1, "added": 1}
    assert [c["change"] if "change" in c else c["kind"] for c in shown["revisions"][1]["changes"]] == ["added"]


def test_an_article_is_found_by_address_id_and_text(ledger: Ledger) -> None:
    made = filing(BOAT)
    ledger.write([made], now=NOW)
    article = made.parts[0].article
    found = [ledger.article(n) for n in (ADDRESS, article.id, article.revision.id, f"{ADDRESS}?utm_source=feed", "https://LANTERN.example/a#top")]
    assert {h.id for h in found} == {article.id}
    with pytest.raises(UsageError, match="no such article"):
        ledger.article("https://lantern.example/b")


def test_a_text_of_two_articles_names_both(ledger: Ledger) -> None:
    ledger.write([filing(BOAT), filing(BOAT, url="https://herald.example/x", outlet="Herald")], now=NOW)
    with pytest.raises(UsageError, match="2 articles") as raised:
        ledger.article(filing(BOAT).parts[0].article.revision.id)
    assert "herald.example" in (raised.value.hint or "")
    assert isinstance(ledger.article("https://herald.example/x"), ArticleHistory)


def test_another_reading_of_a_text_is_compared_with_the_one_before(ledger: Ledger) -> None:
    made = filing(BOAT, SURVEY)
    ledger.write([made], now=NOW)
    assert list(ledger.rereadings()) == []
    (part,) = made.parts
    newer = replace(part, entries=part.entries[:1], prints=part.prints[:1])
    ledger.write([replace(made, parts=(newer,), again=True, reader=ReadBy("invented-2.0.0", "m1:newer"))], now=NOW)
    (compared,) = ledger.rereadings()
    assert (compared.source, compared.old_reader, compared.new_reader) == (ADDRESS, "invented-1.0.0", "invented-2.0.0")
    assert compared.to_json()["counts"] == {"same": 1, "unread": 1}
    (text,) = ledger.article(ADDRESS).texts
    assert (text.reader, len(text.entries)) == ("invented-2.0.0", 1)


def test_a_quotation_tells_who_carried_it_in_which_words_and_who_was_first(ledger: Ledger) -> None:
    short = ("direct", "not sign before the last boat is home", *BOAT[2:4], "Another paper wrote so")
    for n, (outlet, said) in enumerate((("Herald", BOAT), ("Courier", short), ("Gazette", BOAT))):
        ledger.write([filing(said, url=f"https://{outlet.lower()}.example/x", outlet=outlet, hours=9 - n)], now=NOW)
    (hit,) = ledger.search(Query("boat", outlets=("Herald",)))
    carried = ledger.quotation(hit.quotation or "")
    assert carried == ledger.quotation(hit.id)
    assert [w.where.outlet for w in carried.witnesses] == ["Gazette", "Courier", "Herald"]
    assert carried.first.where.outlet == "Gazette"
    assert carried.reference.content == f"“{BOAT[1]},”"
    assert sorted(len(v.witnesses) for v in carried.variants) == [1, 2]
    shown = carried.to_json()
    assert (shown["total"], shown["outlets"]) == (3, ["Courier", "Gazette", "Herald"])
    assert ledger.check() == []


def test_a_statement_that_nobody_else_carried_is_its_own_quotation(ledger: Ledger) -> None:
    ledger.write([filing(BUOYS)], now=NOW)
    (hit,) = ledger.search(Query())
    assert hit.quotation is None
    alone = ledger.quotation(hit.id)
    assert (alone.id, len(alone.witnesses)) == (hit.id, 1)
    with pytest.raises(UsageError):
        ledger.quotation("q1:nothing")


def test_a_quotation_leaves_out_texts_that_were_replaced_unless_asked(ledger: Ledger) -> None:
    ledger.write([filing(BOAT), filing(BOAT, url="https://herald.example/x", outlet="Herald", hours=2)], now=NOW)
    ledger.write([filing(SURVEY, hours=3)], now=NOW)
    (hit,) = ledger.search(Query("boat"))
    assert [w.where.outlet for w in ledger.quotation(hit.id).witnesses] == ["Herald"]
    assert len(ledger.quotation(hit.id, everything=True).witnesses) == 2
