"""What is filed comes out as it went in, once, whatever the database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invented import READER, News, compose, filing_of

from onrecord.actors.judgements import Judgement, Ruling
from onrecord.errors import StatementError
from onrecord.ledger import Filing, Ledger, Query, ReadBy
from onrecord.ledger.packing import article_of, article_row, entry_of, packed
from onrecord.ledger.tables import escaped, unescaped
from onrecord.sources import Document

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
DAY = datetime(2026, 3, 12, 9, tzinfo=UTC)
SAID = [
    ("direct", "We will not sign before the last boat is home", "Lena Orsk", "GB", "The harbour was quiet"),
    ("indirect", "the survey would be repeated in June", "Tomas Brandt", "FR", "Gulls were counted"),
    ("unnamed", "Nobody asked the pilots about the new buoys", "", "DE", "The pilots agreed"),
]


def filing(
    said: list[tuple[str, str, str, str, str]],
    *,
    url: str = "https://lantern.example/a",
    outlet: str = "Lantern",
    seen: datetime = DAY,
    reader: ReadBy = READER,
) -> Filing:
    article, entries = compose("Talks go on", said, url=url, outlet=outlet, published=DAY)
    document = Document(article.revision.text.encode(), url, url=url, media_type="text/html", fetched=seen)
    return filing_of(document, article, entries, reader=reader)


def contents(ledger: Ledger, **filters: object) -> list[str]:
    return [h.content for h in ledger.search(Query(**filters))]  # type: ignore[arg-type]


def test_a_statement_comes_out_as_it_went_in(ledger: Ledger) -> None:
    news = list(News(7, outlets=5, people=20, words=500).filings(12))
    ledger.write(news, now=NOW)
    found = {h.id: h for h in ledger.search(Query(everything=True))}
    for of in news:
        for entry in of.parts[0].entries:
            assert found[entry.id].entry == entry
            assert found[entry.id].where.title == of.parts[0].article.title
    assert len(found) == sum(len(f.parts[0].entries) for f in news)
    assert ledger.check() == []


def test_filing_everything_again_changes_nothing(ledger: Ledger) -> None:
    news = list(News(3, outlets=5, people=20, words=300).filings(40))
    ledger.write(news, now=NOW)
    before = ledger.rows()
    again = ledger.write(news, now=NOW + timedelta(days=1))
    assert all(a.known for a in again)
    assert ledger.rows() == before


def test_where_a_transaction_ends_makes_no_difference(where: str, tmp_path: object) -> None:
    news = list(News(5, outlets=4, people=12, words=200).filings(60))
    with Ledger.open(where, create=True) as one, Ledger.open(f"{tmp_path}/other.db", create=True) as other:
        for at in range(0, 60, 7):
            one.write(news[at : at + 7], now=NOW)
        other.write(news, now=NOW)
        left, right = one.rows(), other.rows()
        assert left.keys() == right.keys()
        for table in left:
            assert left[table] == right[table], table
        assert left["quotations"]
        assert left["copies"]


def test_an_article_that_changes_has_two_revisions_and_shows_the_later(ledger: Ledger) -> None:
    ledger.write([filing(SAID)], now=NOW)
    changed = [SAID[0], ("indirect", "the survey would be repeated in July", "Tomas Brandt", "FR", "Gulls were counted")]
    added = ledger.write([filing(changed, seen=DAY + timedelta(hours=2))], now=NOW)[0]
    assert (added.new_articles, added.new_revisions) == (0, 1)
    assert sorted(contents(ledger)) == sorted(["“We will not sign before the last boat is home,”", "the survey would be repeated in July"])
    assert len(contents(ledger, everything=True)) == 5
    history = ledger.article("https://lantern.example/a")
    assert [t.current for t in history.texts] == [False, True]
    kinds = {str(c.kind) for c in history.texts[1].changes}
    assert "dropped" in kinds
    assert ledger.check() == []


def test_a_text_that_comes_back_is_shown_again_and_kept_once(ledger: Ledger) -> None:
    first, second = filing(SAID), filing(SAID[:1], seen=DAY + timedelta(hours=1))
    back = replace(first, document=replace(first.document, content=first.document.content + b" ", fetched=DAY + timedelta(hours=2)))
    for one in (first, second, back):
        ledger.write([one], now=NOW)
    assert len(contents(ledger)) == 3
    assert ledger.status().counts["revisions"] == 2
    assert [t.current for t in ledger.article("https://lantern.example/a").texts] == [True, False]
    assert ledger.check() == []


def test_an_older_text_that_is_found_later_does_not_become_the_current_one(ledger: Ledger) -> None:
    ledger.write([filing(SAID[:1], seen=DAY + timedelta(days=3))], now=NOW)
    ledger.write([filing(SAID, seen=DAY)], now=NOW)
    assert len(contents(ledger)) == 1
    assert [t.current for t in ledger.article("https://lantern.example/a").texts] == [False, True]
    assert ledger.check() == []


def test_a_newer_reading_supersedes_and_both_stay(ledger: Ledger) -> None:
    ledger.write([filing(SAID)], now=NOW)
    newer = replace(filing(SAID[:2]), again=True, reader=ReadBy("invented-2.0.0", "m1:newer"))
    article = filing(SAID).parts[0].article
    newer = replace(
        newer, document=filing(SAID).document, parts=(replace(newer.parts[0], article=article, entries=filing(SAID).parts[0].entries[:2], prints=()),)
    )
    ledger.write([newer], now=NOW)
    assert len(contents(ledger)) == 2
    assert len(contents(ledger, everything=True)) == 5
    compared = list(ledger.rereadings())
    assert [(r.old_reader, r.new_reader) for r in compared] == [("invented-1.0.0", "invented-2.0.0")]
    assert {str(c.kind) for c in compared[0].changes} == {"same", "unread"}
    assert ledger.unread("m1:newer")[0] == 0
    assert ledger.unread("m1:other")[0] == 1
    assert ledger.check() == []


def test_a_statement_whose_words_are_not_in_the_text_is_refused_and_nothing_is_kept(ledger: Ledger) -> None:
    good, bad = filing(SAID), filing(SAID[:1], url="https://lantern.example/b")
    entry = bad.parts[0].entries[0]
    wrong = replace(entry, statement=replace(entry.statement, cue=(replace(entry.statement.cue[0], exact="sang"),)))
    bad = replace(bad, parts=(replace(bad.parts[0], entries=(wrong,)),))
    with pytest.raises(StatementError):
        ledger.write([good, bad], now=NOW)
    assert contents(ledger) == []
    assert ledger.status().counts["documents"] == 0


def test_the_same_words_in_three_outlets_are_one_quotation(ledger: Ledger) -> None:
    for n, outlet in enumerate(("Lantern", "Herald", "Courier")):
        said = [("direct", "We will not sign before the last boat is home", "Lena Orsk", "GB", f"Filler {n} of another kind")]
        ledger.write([filing(said, url=f"https://{outlet.lower()}.example/x", outlet=outlet, seen=DAY + timedelta(hours=n))], now=NOW)
    hits = list(ledger.search(Query()))
    assert len({h.quotation for h in hits}) == 1
    carried = ledger.quotation(hits[0].quotation or "")
    assert [w.where.outlet for w in carried.witnesses] == ["Lantern", "Herald", "Courier"]
    assert carried.first.where.outlet == "Lantern"
    assert len(carried.variants) == 1
    assert ledger.quotation(hits[0].id).id == carried.id


def test_copies_of_one_text_are_known_to_each_other(ledger: Ledger) -> None:
    said = [
        (
            "direct",
            f"The {w} must be opened before the winter comes to the valley",
            f"Speaker {w.title()}",
            "GB",
            f"The {w} has been closed for two years, and nobody in the town remembers why it was closed so soon after the flood of that spring",
        )
        for w in ("harbour", "tunnel", "bridge", "station", "library", "market")
    ]
    ledger.write([filing(said, url="https://one.example/a", outlet="One")], now=NOW)
    ledger.write([filing(said[:5], url="https://two.example/b", outlet="Two")], now=NOW)
    ledger.write([filing(SAID, url="https://three.example/c", outlet="Three")], now=NOW)
    assert [s for s, _ in ledger.article("https://one.example/a").copies] == ["https://two.example/b"]
    assert ledger.article("https://three.example/c").copies == ()


def test_actors_that_are_judged_one_are_found_under_one_name(ledger: Ledger) -> None:
    said = [("direct", "The boats stay in the harbour", name, "GB", "It rained") for name in ("Lena Orsk", "Lena Maria Orsk")]
    ledger.write([filing(said)], now=NOW)
    one, other = ledger.actor("Lena Maria Orsk"), next(a for a in ledger.actors("Lena Orsk") if a.name == "Lena Orsk")
    ledger.judge([Judgement(other.id, one.id, Ruling.SAME, "editor", NOW)])
    assert ledger.actor("Lena Maria Orsk").id == other.id
    assert ledger.actor("Lena Orsk").statements == 2
    assert len(contents(ledger, actors=("Lena Maria Orsk",))) == 2
    assert {h.actor for h in ledger.search(Query())} == {(other.id, "Lena Orsk")}
    ledger.take_back(ledger.decisions()[0].id, by="editor")  # type: ignore[union-attr]
    assert ledger.actor("Lena Maria Orsk").id == one.id


def test_a_batch_of_nothing_is_nothing(ledger: Ledger) -> None:
    assert ledger.write([], now=NOW) == []


@given(st.text(alphabet=st.characters(codec=None, categories=None), max_size=60))
@settings(max_examples=300)
def test_any_text_survives_the_databases_escapes(text: str) -> None:
    assert unescaped(escaped(text)) == text
    assert "\0" not in escaped(text)
    escaped(text).encode()


STRANGE = st.text(
    alphabet=st.one_of(st.sampled_from("ab \n“”é\0\ud800\ue000\ue001\uf8ff😀"), st.characters(categories=("L", "N", "P"))), min_size=1, max_size=40
)


@given(STRANGE, STRANGE)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_strange_characters_are_kept_with_their_offsets(where: str, words: str, filler: str) -> None:
    made = filing([("direct", words, "Lena Orsk", "GB", filler)], url=f"https://x.example/{abs(hash((words, filler)))}")
    with Ledger.open(where, create=True) as ledger:
        ledger.write([made], now=NOW)
        entry = made.parts[0].entries[0]
        assert entry in [h.entry for h in ledger.statement(entry.id)]


def test_rows_and_entries_round_trip_without_a_database() -> None:
    article = filing(SAID).parts[0].article
    assert article_of(article_row(article), source=article.source, url=article.url) == article
    for entry in filing(SAID).parts[0].entries:
        s = entry.statement
        assert (
            entry_of(packed(entry), text=article.revision.text, revision=article.revision.id, kind=str(s.kind), said_on=entry.said_on, reader=s.reader) == entry
        )
