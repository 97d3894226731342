"""Actors are found by what people call them; where several may be meant, none is chosen."""

from datetime import UTC, datetime

import pytest
from invented import compose, filing_of

from onrecord.actors.actor import ActorType
from onrecord.actors.judgements import Judgement, Ruling
from onrecord.actors.known_actor import KnownActor, RoleHeld
from onrecord.errors import UsageError
from onrecord.ledger import Ledger, Query
from onrecord.sources import Document

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
DAY = datetime(2026, 3, 12, 9, tzinfo=UTC)
SAID = ["Lena Orsk", "Lena Orsk", "Lena Maria Orsk", "Tomas Brandt", "Zoë Wałęsa", "Володимир Йовенко", "한강", "O’Hara-Smith, Jr.", "Lena Brandt", "a"]


@pytest.fixture
def filled(ledger: Ledger) -> Ledger:
    article, entries = compose(
        "Talks",
        [("indirect", f"the boats stay {n}", name, "GB", "It rained") for n, name in enumerate(SAID)],
        url="https://l.example/a",
        outlet="Lantern",
        published=DAY,
    )
    ledger.write([filing_of(Document(b"a", article.source, url=article.url, fetched=DAY), article, entries, marks=False)], now=NOW)
    return ledger


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("Lena Orsk", ["Lena Orsk"]),
        ("lena ORSK", ["Lena Orsk"]),
        ("Orsk", ["Lena Orsk", "Lena Maria Orsk"]),
        ("orsk lena", ["Lena Orsk", "Lena Maria Orsk"]),
        ("Maria", ["Lena Maria Orsk"]),
        ("Lena", ["Lena Orsk", "Lena Brandt", "Lena Maria Orsk"]),
        ("Brandt", ["Lena Brandt", "Tomas Brandt"]),
        ("walesa", ["Zoë Wałęsa"]),
        ("Wałęsa", ["Zoë Wałęsa"]),
        ("ZOE", ["Zoë Wałęsa"]),
        ("йовенко", ["Володимир Йовенко"]),
        ("한강", ["한강"]),
        ("o'hara smith", ["O’Hara-Smith, Jr."]),
        ("a", ["a"]),
        ("Ors", []),
        ("Lena Nobody", []),
        ("", []),
        ("  ", []),
        ("…", []),
        ("x" * 5000, []),
    ],
)
def test_parts_of_names_case_and_accents(filled: Ledger, asked: str, found: list[str]) -> None:
    assert [a.name for a in filled.actors(asked)] == found


def test_one_actor_is_had_by_name_or_id_and_several_are_named(filled: Ledger) -> None:
    orsk = filled.actor("Lena Orsk")
    assert (orsk.statements, orsk.type, orsk.country, orsk.names, orsk.ids) == (2, "person", "GB", ("Lena Orsk",), (orsk.id,))
    assert filled.actor(orsk.id) == orsk
    with pytest.raises(UsageError, match="2 actors may be meant") as raised:
        filled.actor("Brandt")
    for actor in filled.actors("Brandt"):
        assert actor.id in (raised.value.hint or "")
        assert actor.name in (raised.value.hint or "")
    with pytest.raises(UsageError, match="nobody"):
        filled.actor("Nobody")


def test_a_search_by_a_part_of_a_name_takes_all_who_are_called_so(filled: Ledger) -> None:
    assert filled.count(Query(actors=("Brandt",))) == 2
    assert filled.count(Query(actors=("Orsk",))) == 3
    assert filled.count(Query(actors=("Lena Orsk",))) == 2
    assert filled.count(Query(actors=("Orsk", "Brandt"))) == 5


def test_who_said_most_comes_first(filled: Ledger) -> None:
    most = filled.most_said(limit=3)
    assert (most[0].name, most[0].statements) == ("Lena Orsk", 2)
    assert len(most) == 3
    said = filled.said_by(most[0])
    assert said.to_json() == {"outlets": {"Lantern": 2}, "kinds": {"indirect": 2}}
    assert said.histogram == filled.histogram(Query(actors=(most[0].id,)))


def test_joined_actors_are_found_by_the_names_of_each(filled: Ledger) -> None:
    one, other, third = (filled.actor(n) for n in ("Lena Orsk", "Lena Maria Orsk", "Tomas Brandt"))
    filled.judge([Judgement(one.id, other.id, Ruling.SAME, "editor", NOW), Judgement(third.id, one.id, Ruling.SAME, "editor", NOW)])
    for name in ("Maria", "Lena Orsk", "Tomas Brandt", other.id, one.id):
        found = filled.actor(name)
        assert found.statements == 4, name
        assert set(found.ids) == {one.id, other.id, third.id}
        assert set(found.names) == {"Lena Orsk", "Lena Maria Orsk", "Tomas Brandt"}
    assert filled.most_said(limit=1)[0].statements == 4
    assert [a.name for a in filled.actors("Brandt")][0] == filled.actor("Maria").name  # noqa: RUF015 - in order


ROSTER = [
    KnownActor(
        "a1:pinned",
        "Lena Orsk",
        ActorType.PERSON,
        ("L. Orsk", "Орск"),
        (RoleHeld("harbour master", "2024-07", None, "Port of Gull"),),
        country="GB",
        wikidata="Q1",
    ),
    KnownActor("a1:port", "Port of Gull", ActorType.ORGANIZATION, ("the Port",), country="GB"),
]


def test_a_roster_is_filed_once_and_comes_out_as_it_went_in(ledger: Ledger) -> None:
    assert ledger.roster() is None
    assert ledger.add_roster(ROSTER) == (2, 0)
    rows = ledger.rows()
    assert ledger.add_roster(ROSTER) == (0, 0)
    assert ledger.rows() == rows
    roster = ledger.roster()
    assert roster is not None
    assert list(roster.actors) == ROSTER
    assert ledger.actor("орск").id == "a1:pinned"
    assert ledger.actor("L. Orsk").names == ("Lena Orsk", "L. Orsk", "Орск")
    assert ledger.count(Query(actors=("the Port",))) == 0


def test_a_roster_that_changes_keeps_the_id(ledger: Ledger) -> None:
    ledger.add_roster(ROSTER)
    changed = KnownActor("a1:pinned", "Lena Orsk-Brandt", ActorType.PERSON, ("Lena Orsk",), country="FR")
    assert ledger.add_roster([changed]) == (0, 1)
    found = ledger.actor("a1:pinned")
    assert (found.name, found.country) == ("Lena Orsk-Brandt", "FR")
    assert ledger.actor("Lena Orsk").id == "a1:pinned"
    roster = ledger.roster()
    assert roster is not None
    assert list(roster.actors) == [changed, ROSTER[1]]


def test_unnamed_speakers_are_no_actors_of_the_ledger(ledger: Ledger) -> None:
    article, entries = compose("Talks", [("unnamed", "the boats stay", "", "GB", "It rained")], url="https://l.example/a", outlet=None, published=DAY)
    ledger.write([filing_of(Document(b"a", article.source, url=article.url), article, entries)], now=NOW)
    assert ledger.status().counts["actors"] == 0
    (hit,) = ledger.search(Query(types=("unnamed",)))
    assert hit.actor is None
    assert hit.where.outlet == "l.example"


def test_outlets_are_found_by_a_part_of_their_name_unless_one_has_just_this_one(ledger: Ledger) -> None:
    for n, outlet in enumerate(("Herald", "The Herald", "Über Land")):
        article, entries = compose(
            "Talks", [("indirect", "the boats stay", "Lena Orsk", "GB", "It rained")], url=f"https://l.example/{n}", outlet=outlet, published=DAY
        )
        ledger.write([filing_of(Document(b"a%d" % n, article.source, url=article.url), article, entries, marks=False)], now=NOW)
    for asked, outlets in (("herald", {"Herald"}), ("hera", {"Herald", "The Herald"}), ("UBER", {"Über Land"}), ("über land", {"Über Land"})):
        assert {h.where.outlet for h in ledger.search(Query(outlets=(asked,)))} == outlets
