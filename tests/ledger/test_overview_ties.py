"""Who took which side: the rows that a network of actors is made from."""

from collections import Counter
from datetime import date

from standing import FERRY, NOW, PIER, Said, filing

from onrecord.ledger import Ledger, PositionQuery
from onrecord.ledger.overview import overview_of
from onrecord.ledger.overview_ties import sides_taken
from onrecord.positions.congruence import Took

SAID = (("Lena Orsk", "pier", "support"), ("Lena Orsk", "pier", "support"), ("Lena Orsk", "ferry", "oppose"), ("Ada Quill", "pier", "oppose"),
        ("Ada Quill", "pier", "neutral"), ("Ada Quill", "ferry", "oppose"), ("Tomas Brandt", "ferry", "conditional"))  # fmt: skip


def taken(ledger: Ledger, query: PositionQuery, most: int = 300) -> tuple[list[Took], int]:
    with ledger.database.reading() as connection:
        return sides_taken(connection, overview_of(connection), query, most=most)


def filed(ledger: Ledger) -> dict[str, str]:
    for issue in (PIER, FERRY):
        ledger.add_issue(issue, by="editor", on=NOW)
    every = [Said(f"Word {n} of it is said", speaker=who, issue=issue, stance=stance, score=0.9) for n, (who, issue, stance) in enumerate(SAID)]
    every.append(Said("One who has no name says so", speaker="Nobody", kind="unnamed", stance="support", score=0.9))
    ledger.write([filing([s], day=date(2026, 2, 1 + n), name=f"r{n}") for n, s in enumerate(every)], now=NOW)
    return {a.id: a.name for name in ("Orsk", "Quill", "Brandt") for a in ledger.actors(name)}


def test_they_are_counted_by_actor_issue_and_side(ledger: Ledger) -> None:
    names = filed(ledger)
    rows, total = taken(ledger, PositionQuery())
    expected = Counter(s for s in SAID if s[2] != "neutral")
    assert {(names[r.actor], r.issue, str(r.stance)): r.count for r in rows} == expected
    assert total == 3


def test_only_the_most_vocal_and_only_what_is_asked_for(ledger: Ledger) -> None:
    names = filed(ledger)
    rows, total = taken(ledger, PositionQuery(), most=1)
    assert ({names[r.actor] for r in rows}, total) == ({"Lena Orsk"}, 3)
    rows, total = taken(ledger, PositionQuery(issues=("ferry",), since=date(2026, 2, 4)))
    assert {(names[r.actor], r.issue) for r in rows} == {("Ada Quill", "ferry"), ("Tomas Brandt", "ferry")}


def test_an_empty_ledger_has_none(ledger: Ledger) -> None:
    assert taken(ledger, PositionQuery()) == ([], 0)
