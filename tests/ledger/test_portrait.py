"""What articles say of an actor, who is quoted most, and which quotations are carried most, on both databases."""

from datetime import UTC, datetime

import pytest
from invented import compose, filing_of

from onrecord.actors.actor import ActorType
from onrecord.actors.judgements import Judgement, Ruling
from onrecord.actors.known_actor import KnownActor
from onrecord.ledger import Ledger
from onrecord.ledger.naming import known_as
from onrecord.ledger.portrait import newest_of, portrait_of
from onrecord.ledger.speakers import alone, close_words, most_carried, most_quoted, named_like, names_of_ids, said_by_each
from onrecord.sources import Document

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
BOAT = "We will not sign this paper before the last fishing boat is home in the harbour"


@pytest.fixture
def filled(ledger: Ledger) -> Ledger:
    """Three outlets; the same words of Lena Orsk in two of them."""
    for day, outlet, said in (
        (10, "Lantern", [("direct", BOAT, "Lena Orsk", "GB", "It rained"), ("indirect", "gulls are late", "Tomas Brandt", "FR", "Wind")]),
        (11, "Herald", [("direct", BOAT, "Lena Orsk", "GB", "It snowed")]),
        (12, "Courier", [("indirect", "the tide was early", "Lena Orsk", "GB", "Fog"), ("indirect", "nobody had asked", "Lena M. Orsk", "GB", "Calm")]),
    ):
        article, entries = compose("Talks", said, url=f"https://{outlet.lower()}.example/a", outlet=outlet, published=datetime(2026, 3, day, 9, tzinfo=UTC))
        document = Document(outlet.encode(), article.source, url=article.url, fetched=NOW)
        ledger.write([filing_of(document, article, entries)], now=NOW)
    return ledger


def test_names_are_counted_with_evidence(filled: Ledger) -> None:
    orsk = filled.actor("Lena Orsk")
    with filled.database.reading() as connection:
        whole, part = portrait_of(connection, orsk), portrait_of(connection, orsk, most=2)
        assert len(newest_of(connection, orsk.keys, limit=2)) == 2
    (called,) = whole.names
    assert (called.words, called.count, called.first.day, called.last.day) == ("Lena Orsk", 3, 10, 12)
    assert filled.statement(called.statement)[0].where.article == called.article
    assert (whole.looked_at, whole.whole, part.looked_at, part.whole) == (3, True, 2, False)
    assert part.names[0].count == 2
    assert whole.to_json()["names"][0]["first"] == "2026-03-10"


def test_the_most_quoted(filled: Ledger) -> None:
    with filled.database.reading() as connection:
        said = said_by_each(connection)
        assert next((a.name, a.statements) for a in most_quoted(connection, said)) == ("Lena Orsk", 3)
        assert [a.name for a in most_quoted(connection, said, country="fr")] == ["Tomas Brandt"]
        assert most_quoted(connection, said, type_="state") == []
        assert len(most_quoted(connection, said, type_="person", offset=1, limit=1)) == 1
    one, other = filled.actor("Lena Orsk"), filled.actor("Lena M. Orsk")
    filled.judge([Judgement(one.id, other.id, Ruling.SAME, "ana", NOW)])
    with filled.database.reading() as connection:
        assert most_quoted(connection, said_by_each(connection))[0].statements == 4
        assert alone(connection, other.keys[0]).statements == 1
        assert names_of_ids(connection, [one.id, "a1:none"]) == {one.id: "Lena Orsk"}


@pytest.mark.parametrize(("asked", "found"), [("Ors", 2), ("lena ors", 2), ("Tomas Bra", 1), ("Bran%", 1), ("_", 0), ("Tomas Ors", 0), ("", 0), ("x" * 300, 0)])
def test_names_that_begin_so(filled: Ledger, asked: str, found: int) -> None:
    with filled.database.reading() as connection:
        assert len(named_like(connection, asked)) == found


def test_what_may_have_been_meant(filled: Ledger) -> None:
    with filled.database.reading() as connection:
        assert close_words(connection, "Brant") == ["brandt"]
        assert close_words(connection, "?") == []


def test_what_a_roster_says(filled: Ledger) -> None:
    orsk = filled.actor("Lena Orsk")
    with filled.database.reading() as connection:
        assert known_as(connection, orsk) is None
    filled.add_roster([KnownActor(orsk.id, "Lena Orsk", ActorType.PERSON, organization="the Port")])
    with filled.database.reading() as connection:
        known = known_as(connection, orsk)
    assert known is not None
    assert known.organization == "the Port"


def test_the_most_carried(filled: Ledger) -> None:
    with filled.database.reading() as connection:
        ((id_, texts, _),) = most_carried(connection)
        assert most_carried(connection, offset=1) == []
    assert texts == 2
    assert len(filled.quotation(id_).witnesses) == 2
