"""Who cites whom, on both databases."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from standing import NOW, PIER, Said, filing

from onrecord.actors import ActorType, Intermediary
from onrecord.actors.judgements import Judgement, Ruling
from onrecord.actors.known_actor import KnownActor
from onrecord.ledger import Ledger, StatementJudgement, Verdict
from onrecord.ledger.citing import Citations, citations_of
from onrecord.text import Span

PERSON, ORGANIZATION, STATE = ActorType.PERSON, ActorType.ORGANIZATION, ActorType.STATE
#: Who says something, and through whom.
Told = tuple[str, Sequence[tuple[str, ActorType]]]
TOLD: tuple[Told, ...] = (
    ("Lena Orsk", [("Halyard Wire", ORGANIZATION)]),
    ("Lena Orsk", [("Halyard wire", ORGANIZATION), ("Tomas Brandt", PERSON)]),
    ("Tomas Brandt", [("Halyard Wire", ORGANIZATION)]),
    ("Tomas Brandt", []),
    ("Ada Quill", [("Tomas Brandt", PERSON), ("Ada Quill", PERSON)]),
)


def through(ledger: Ledger, told: Told, n: int, **more: object) -> None:
    """One article with one statement."""
    said = replace(Said(f"Word {n} of it is said", speaker=told[0]), **more)  # type: ignore[arg-type]
    made = filing([said], day=date(2026, 2, 1 + n), name=f"r{n}")
    part = made.parts[0]
    text, entry = part.article.revision.text, part.entries[0]
    chain = tuple(Intermediary(name, type_, Span.of(text, 0, 5)) for name, type_ in told[1])
    entry = replace(entry, voice=replace(entry.voice, chain=chain))
    ledger.write([replace(made, parts=(replace(part, entries=(entry,)),))], now=NOW)


def filled(ledger: Ledger) -> Ledger:
    ledger.add_issue(PIER, by="editor", on=NOW)
    for n, told in enumerate(TOLD):
        through(ledger, told, n)
    return ledger


def cited(ledger: Ledger, **asked: object) -> Citations:
    with ledger.database.reading() as connection:
        return citations_of(connection, **asked)  # type: ignore[arg-type]


def pairs(found: Citations) -> dict[tuple[str, str], int]:
    return {(found.parties[t.one].name, found.parties[t.other].name): t.count for t in found.ties}


def test_whose_words_came_through_whom(ledger: Ledger) -> None:
    found = cited(filled(ledger))
    assert pairs(found) == {
        ("Halyard Wire", "Lena Orsk"): 2,
        ("Tomas Brandt", "Lena Orsk"): 1,
        ("Halyard Wire", "Tomas Brandt"): 1,
        ("Tomas Brandt", "Ada Quill"): 1,
    }
    assert (found.looked_at, found.whole, found.since, found.unnamed) == (5, True, date(2026, 2, 1), 0)
    first = found.ties[0]
    assert (first.carried, first.told, first.outlets, first.first, first.last) == (2, 0, ("Lantern",), date(2026, 2, 1), date(2026, 2, 2))
    assert [ledger.statement(i)[0].key for i in first.statements] == list(first.keys) == sorted(first.keys, reverse=True)
    by_name = {p.name: p for p in found.parties.values()}
    assert by_name["Tomas Brandt"].id == ledger.actor("Tomas Brandt").id
    wire = by_name["Halyard Wire"]
    assert (wire.known, wire.medium, wire.to_json()["actor"]) == (False, True, None)
    assert first.to_json()["statements"] == list(first.statements)


def test_only_some_days_and_only_the_newest(ledger: Ledger) -> None:
    filled(ledger)
    assert pairs(cited(ledger, since=date(2026, 2, 3), until=date(2026, 2, 4))) == {("Halyard Wire", "Tomas Brandt"): 1}
    part = cited(ledger, most=2)
    assert (part.looked_at, part.whole, part.since, pairs(part)) == (2, False, date(2026, 2, 4), {("Tomas Brandt", "Ada Quill"): 1})
    none = cited(ledger, since=date(2027, 1, 1))
    assert (none.looked_at, none.whole, none.since, none.ties, none.parties) == (0, True, None, [], {})


def test_what_one_tells_of_another(ledger: Ledger) -> None:
    filled(ledger)
    words = "Lena Orsk will hear of no pier at all"
    reported = {"words": words, "stance": "oppose", "holder": (ledger.actor("Lena Orsk").id, "Lena Orsk", "person")}
    through(ledger, ("Tomas Brandt", []), 10, **reported)
    through(ledger, ("Tomas Brandt", []), 11, **{**reported, "score": 0.4})
    # One without an actor is a name; what nobody named is nobody.
    through(ledger, ("Tomas Brandt", []), 12, words="The Berth Board will hear of no pier", stance="oppose", holder=(None, "The Berth Board", "organization"))
    through(ledger, ("Tomas Brandt", []), 13, words="An old sailor will hear of no pier", stance="oppose", holder=(None, "An old sailor", "unnamed"))
    found = cited(ledger)
    tie = next(t for t in found.ties if t.told and found.parties[t.other].known)
    assert (found.parties[tie.one].name, found.parties[tie.other].name) == ("Tomas Brandt", "Lena Orsk")
    assert (tie.count, tie.carried, tie.told) == (2, 1, 1)
    assert pairs(found)["Tomas Brandt", "The Berth Board"] == 1
    assert not any("sailor" in p.name for p in found.parties.values())
    assert cited(ledger, min_score=0.3).ties[0].told == 2


def test_people_s_decisions_hold(ledger: Ledger) -> None:
    filled(ledger)
    orsk, brandt = ledger.actor("Lena Orsk"), ledger.actor("Tomas Brandt")
    ledger.judge([Judgement(orsk.id, brandt.id, Ruling.SAME, "ana", NOW)])
    # Who is known to be the same does not cite itself.
    assert sorted(pairs(cited(ledger)).values()) == [1, 3]


@pytest.mark.parametrize("name", ["Halyard Wire", "HALYARD WIRE"])
def test_a_name_is_the_actor_that_bears_it(ledger: Ledger, name: str) -> None:
    filled(ledger)
    ledger.add_roster([KnownActor("wire", name, ORGANIZATION)])
    found = cited(ledger)
    assert found.parties["wire"].known
    assert found.parties["wire"].medium
    assert len(found.parties) == 4
    # Of two nobody is chosen.
    ledger.add_roster([KnownActor("other", "Halyard Wire", ORGANIZATION)])
    assert "wire" not in cited(ledger).parties


def test_of_one_name_the_type_decides(ledger: Ledger) -> None:
    filled(ledger)
    ledger.add_roster([KnownActor("wire", "Halyard Wire", ORGANIZATION), KnownActor("man", "Halyard Wire", PERSON)])
    assert "wire" in cited(ledger).parties
    assert "man" not in cited(ledger).parties


def test_a_person_is_no_agency(ledger: Ledger) -> None:
    filled(ledger)
    ledger.add_roster([KnownActor("man", "Halyard Wire", PERSON)])
    assert "man" not in cited(ledger).parties


def test_those_without_a_name_are_counted(ledger: Ledger) -> None:
    filled(ledger)
    through(ledger, ("An official", [("Halyard Wire", ORGANIZATION), ("a sailor", ActorType.UNNAMED)]), 10, kind="unnamed")
    found = cited(ledger)
    assert found.unnamed == 1
    assert len(found.ties) == 4


def test_what_was_judged_wrong_does_not_count(ledger: Ledger) -> None:
    filled(ledger)
    newest = ledger.statement(next(t for t in cited(ledger).ties if t.count == 2).statements[0])[0]
    ledger.judge_statement(StatementJudgement(newest.id, newest.where.article, newest.content, Verdict.WRONG, None, "ana", NOW))
    assert pairs(cited(ledger)) == {("Halyard Wire", "Lena Orsk"): 1, ("Halyard Wire", "Tomas Brandt"): 1, ("Tomas Brandt", "Ada Quill"): 1}


def test_whoever_a_person_says_spoke_is_cited(ledger: Ledger) -> None:
    filled(ledger)
    newest = ledger.statement(next(t for t in cited(ledger).ties if t.count == 2).statements[0])[0]
    ledger.judge_statement(StatementJudgement(newest.id, newest.where.article, newest.content, Verdict.SPEAKER, ledger.actor("Ada Quill").id, "ana", NOW))
    assert pairs(cited(ledger))["Halyard Wire", "Ada Quill"] == 1
