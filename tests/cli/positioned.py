"""A ledger of an invented quarrel about a pier and a ferry, for the tests of commands over positions."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from standing import FERRY, PIER, Said, filing

from onrecord.actors import ActorType, Intermediary
from onrecord.ledger import Coding, Ledger
from onrecord.positions import Issue, Stance
from onrecord.text import Span

ROAD = Issue("northern-toll-road", "A toll on the northern road")
TRAIN = Issue("night-train", "A night train to the coast")
UNSPOKEN = Issue("bell", "The bell of the old school")
ISSUES = (PIER, FERRY, ROAD, TRAIN, UNSPOKEN)
ORSK, BRANDIS, VEGA = "Lena Orsk", "Otto Brandis", "Maren Vega"
MORNING = datetime(2026, 3, 14, 9, tzinfo=UTC)


def fill(path: Path) -> None:
    """Make the ledger."""
    with Ledger.open(path, create=True) as ledger:
        for issue in ISSUES:
            ledger.add_issue(issue, by="mira", on=MORNING)
        _tell(
            ledger,
            date(2026, 1, 5),
            [
                Said("The old pier must go before winter comes", stance="support", act="demand"),
                Said("We shall never close the old pier to the anglers", speaker=BRANDIS, stance="oppose", act="reject", country="NO"),
                Said("A second ferry is a fine thing if the fares stay low", stance="conditional", issue="ferry", condition="if the fares stay low"),
                Said("Close the old pier and plant a garden there", speaker=VEGA, stance="support", act="propose"),
                Said("The night train is dearer than any bus we have", speaker=VEGA, stance="oppose", issue=TRAIN.id),
            ],
        )
        _tell(
            ledger,
            date(2026, 2, 9),
            [
                Said(
                    "I would close the old pier only if the ferry runs all winter long",
                    speaker=BRANDIS, stance="conditional", condition="only if the ferry runs all winter long", country="NO",
                ),
                Said("Nothing has been decided about the old pier as yet", stance="neutral"),
                Said("The toll on the northern road is theft and nothing else", issue=ROAD.id, stance="oppose"),
                Said("The night train is what this coast has waited for", issue=TRAIN.id, stance="support", speaker=BRANDIS, country="NO"),
                Said("The night train should have run for years by now", stance="support", issue=TRAIN.id),
                Said("A weak guess about the old pier that hardly counts", stance="oppose", score=0.3, speaker=VEGA),
            ],
        )  # fmt: skip
        _tell(
            ledger,
            date(2026, 3, 2),
            [
                Said("Close the old pier tomorrow and be done with it", speaker=BRANDIS, stance="support", score=0.71, country="NO"),
                Said("The old pier is a danger to all who walk on it", stance="support"),
                Said("The old pier should stay as it was built by our fathers", stance="oppose"),
                Said("Maren Vega will hear of no second ferry in her time", issue="ferry", stance="oppose", holder=(_id(ledger, VEGA), VEGA, "person")),
                Said("Officials will not pay for a second ferry this year", kind="unnamed", issue="ferry", stance="oppose", country="NO"),
            ],
            wire=True,
        )
        _code(ledger)


def _tell(ledger: Ledger, day: date, said: Sequence[Said], *, wire: bool = False) -> None:
    made = filing(said, day=day, name=day.isoformat(), issues=ISSUES)
    if wire:
        # The first of them came through an agency.
        part = made.parts[0]
        text, first = part.article.revision.text, part.entries[0]
        through = Intermediary("Halyard Wire", ActorType.ORGANIZATION, Span.of(text, 0, 5))
        voiced = replace(first, voice=replace(first.voice, chain=(through,)))
        made = replace(made, parts=(replace(part, entries=(voiced, *part.entries[1:])),))
    ledger.write([made], now=MORNING)


def _id(ledger: Ledger, name: str) -> str:
    return ledger.actor(name).id


def _code(ledger: Ledger) -> None:
    """Mira and Tom differ on the road; Mira alone codes the train."""
    for words, issue, by, stance in (
        ("toll", ROAD.id, "mira", Stance.OPPOSE),
        ("toll", ROAD.id, "tom", Stance.SUPPORT),
        ("coast", TRAIN.id, "mira", Stance.CONDITIONAL),
    ):
        evidence = next(e for e in ledger.positions() if e.issue == issue and words in e.words)
        assert evidence.hit is not None
        ledger.code(Coding(evidence.where.article, evidence.hit.id, evidence.words, issue, stance, by, MORNING, note="by ear"))
