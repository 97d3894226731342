"""What a desk says of where actors stand, over both databases: words in, values of the ledger out."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from standing import FERRY, NOW, PIER, Said, filing

from onrecord.desk import Desk
from onrecord.desk.standing import position_query
from onrecord.errors import UsageError
from onrecord.ledger import Ledger
from onrecord.positions import Agenda, Issue, Stance

SAID = [
    Said("The pier must close before the winter storms arrive", stance="support", organization="Harbour Board"),
    Said("The pier stays open as long as I sit on this council", speaker="Maren Vega", stance="oppose"),
    Said(
        "We in the north would close it if a ferry came instead",
        speaker="Otto Brandis",
        country="NO",
        stance="conditional",
        condition="if a ferry came instead",
    ),
    Said("The pier is none of our business up here in the fjords", kind="unnamed", country="NO", stance="neutral"),
    Said("Maren Vega will hear of no second ferry in her time", issue="ferry", stance="oppose", holder=(None, "Maren Vega", "person")),
]


@pytest.fixture
def desk(where: str) -> Iterator[Desk]:
    with Desk(Ledger.open(where, create=True), now=lambda: NOW) as made:
        made.add_issue(PIER, by="mira")
        made.add_issue("ferry", "A second ferry", by="mira")
        made.ledger.write([filing(SAID, issues=(PIER, FERRY))], now=NOW)
        yield made


@pytest.mark.parametrize("rows", ["actor", "country", "organization"])
def test_behind_a_cell_is_what_it_counts(desk: Desk, rows: str) -> None:
    query = desk.position_query(rows=rows)
    seen = []
    for cell in desk.matrix(rows=rows).cells:
        behind = list(desk.behind(cell, query))
        own = [e for e in behind if not e.reported]
        assert {s: sum(e.stance is s for e in own) for s in Stance} == {s: cell.counts.get(s, 0) for s in Stance}
        assert len(behind) - len(own) == sum(cell.reported.values())
        seen += behind
    assert len({e.key for e in seen}) == len(seen) == len(SAID)


def test_issues_actors_and_camps_are_meant_by_words(desk: Desk) -> None:
    assert [e.words for e in desk.positions(issue="closing the old pier", actor="vega")] == ["“The pier stays open as long as I sit on this council,”"]
    assert {e.who.country for e in desk.positions(camp="no")} == {"NO"}
    assert [p.stance for p in desk.timeline("pier closure", actor="Brandis")] == [Stance.CONDITIONAL]
    assert [[c.who.name for c in s.members] for s in desk.splits("GB")] == [["Lena Orsk", "Maren Vega"]]
    assert list(desk.shifts()) == []
    assert list(desk.positions(since="2026-04")) == []
    with pytest.raises(UsageError, match="no such issue"):
        desk.positions(issue="lighthouse")


def test_the_agenda_is_edited_in_versions(desk: Desk, tmp_path: Path) -> None:
    assert desk.edit_issue("ferry", label="A second ferry to the island", note="which one")
    assert [v.issue.label for v in desk.issue("ferry")] == ["A second ferry", "A second ferry to the island"]
    assert not desk.edit_issue("ferry", pro=None)
    with pytest.raises(UsageError, match="an issue's colour cannot be changed"):
        desk.edit_issue("ferry", colour="red")
    assert desk.retire_issue("Closing the old pier") == "pier"
    assert [i.id for i in desk.agenda()] == ["ferry"]
    # What was coded for it is there when it is asked for.
    assert desk.matrix(issue="pier").cells
    assert not desk.matrix().cells or {c.issue for c in desk.matrix().cells} == {"ferry"}
    file = tmp_path / "agenda.yaml"
    file.write_text(Agenda((PIER, Issue("bell", "The bell"))).to_yaml(), encoding="utf-8")
    assert desk.add_agenda(file, by="tom") == (1, 1)
    assert [i.id for i in desk.agenda()] == ["pier", "ferry", "bell"]
    assert desk.issue("pier")[-1].by == "tom"


def test_a_question_keeps_every_word_of_its_own() -> None:
    agenda = Agenda((PIER, FERRY))
    query = position_query(
        agenda, issue=["ferry", "second ferry"], since="2026-03", until="2026-03", min_score=0, stance="oppose", every="week", rows="country"
    )
    assert (query.issues, query.since, query.until, query.min_score) == (("ferry",), date(2026, 3, 1), date(2026, 3, 31), 0)
    assert (query.stances, query.every, query.rows) == ((Stance.OPPOSE,), "week", "country")
    assert position_query(agenda).min_score == 0.5
