"""Search narrowed by the act of a statement, as it stands, on both databases."""

from datetime import date

import pytest
from standing import NOW, PIER, Said, filing

from onrecord.errors import UsageError
from onrecord.ledger import Coding, Ledger, Query
from onrecord.positions import Act, Stance

SAID = [
    Said("The pier must close before the winter storms arrive", stance="support", act="demand"),
    Said("We are uneasy about the pier and the storms to come", stance="neutral", act="express concern"),
    Said("The pier was built by our fathers in a single summer", stance="neutral", act="assert"),
    Said("Nobody has coded what is done by saying this of the pier"),
]


@pytest.fixture
def told(ledger: Ledger) -> Ledger:
    ledger.add_issue(PIER, by="mira")
    ledger.write([filing(SAID, day=date(2026, 3, 1), issues=(PIER,))], now=NOW)
    return ledger


def found(ledger: Ledger, words: str = "", *acts: str, **more: object) -> list[str]:
    query = Query(words, acts=acts, **more)  # type: ignore[arg-type]
    hits = list(ledger.search(query))
    assert ledger.count(query) == len(hits)
    return sorted(str(h.act) for h in hits)


def test_acts_narrow_with_and_without_words(told: Ledger) -> None:
    assert found(told, "", "demand") == ["demand"]
    assert found(told, "storms", "express concern", "assert") == ["express concern"]
    assert found(told, "", "express concern", "demand") == ["demand", "express concern"]
    assert found(told, "", "threaten") == []
    assert found(told, "pier") == ["None", "assert", "demand", "express concern"]
    # The word of an act in what was said is not the act.
    assert found(told, "demand") == []


def test_an_act_that_there_is_not_is_refused() -> None:
    with pytest.raises(UsageError, match="there is no act 'shout'"):
        Query(acts=("shout",))


def test_what_a_person_codes_is_found_and_what_it_took_the_place_of_is_not(told: Ledger) -> None:
    hit = next(told.search(Query("fathers")))
    coding = Coding(hit.where.article, hit.id, hit.content, "pier", Stance.OPPOSE, "mira", NOW, act=Act.PRAISE)
    told.code(coding)
    assert found(told, "", "praise") == ["praise"]
    assert found(told, "fathers", "assert") == []
    assert next(told.search(Query(acts=("praise",)))).to_json()["act_stands"] == "praise"
    assert told.check() == []
    told.take_back_coding(coding.id, by="mira")
    assert found(told, "", "praise") == []
    assert found(told, "fathers", "assert") == ["assert"]
    assert told.check() == []
