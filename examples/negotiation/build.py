"""Builds the demo ledger: an invented negotiation of ten weeks, read in rounds, with what two coders and an editor said of it.

Use: `python examples/negotiation/build.py out/demo-desk/news.db`. Nothing happens where the ledger is newer than what it is made of.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import onrecord
from onrecord.desk import Desk
from onrecord.ledger import Hit

HERE = Path(__file__).resolve().parent
EXAMPLES = HERE.parent
#: What is read, in this order: what an outlet changed comes after what it had first.
ROUNDS = (
    HERE / "round-1",
    HERE / "round-2",
    HERE / "round-3",
    EXAMPLES / "articles",
    EXAMPLES / "later",
    HERE / "round-4",
    HERE / "round-5",
)
#: What two people, mira and otto, say where the speakers of statements with these words stand.
CODED = {
    "truce-60d": (
        ("written by our enemies' bankers", "oppose", "oppose"),
        ("would not accept a truce unless", "conditional", "oppose"),
        ("should sign the ceasefire", "support", "support"),
        ("We accept the plan as it stands", "support", "support"),
        ("Ilmarsh could accept the ceasefire if", "conditional", "conditional"),
        ("doors have two sides", "neutral", "support"),
        ("would support a truce if", "conditional", "conditional"),
        ("his party would oppose the ceasefire", "oppose", "oppose"),
    ),
    "foreign-ships": (
        ("would be treated as hostile", "oppose", "oppose"),
        ("Solane will send ships if both", "conditional", "support"),
        ("would never be allowed into the strait", "oppose", "oppose"),
        ("I will not salute a regatta", "oppose", "neutral"),
        ("would accept white, unarmed patrol ships", "support", "conditional"),
    ),
}
#: Whoever spoke, where the reader is known to be mistaken or unsure.
SPOKEN = {"Ilmarsh should sign the ceasefire now": "Tom Quillan"}
#: Names that the reader leaves apart, and an editor makes one: who stays, and who else it is.
ONE = (("Miro Kastell", "Kastell"), ("Yevan Torr", "The ambassador"))
SEARCHES = {"Sorev on the truce": "q=ceasefire+OR+truce+OR+ambush&actor=Ludmila+Sorev", "Words in quotation marks": "kind=direct"}


def build(path: Path) -> None:
    """Make the ledger anew, beside its place, and move it there once it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    for old in (part, Path(f"{part}-wal"), Path(f"{part}-shm")):
        old.unlink(missing_ok=True)
    with onrecord.open(part) as desk:
        desk.add_agenda(EXAMPLES / "agenda.yaml", by="mira")
        desk.add_roster(EXAMPLES / "roster.yaml")
        for folder in ROUNDS:
            tally = desk.add(folder)
            print(f"{folder.relative_to(EXAMPLES)}: {tally.articles} articles, {tally.revisions} later texts, {tally.statements} statements", flush=True)
        _code(desk)
        _judge(desk)
        for name, query in SEARCHES.items():
            desk.ledger.save_search(name, query, by="mira")
    for old in (Path(f"{path}-wal"), Path(f"{path}-shm")):
        old.unlink(missing_ok=True)
    part.replace(path)


def _code(desk: Desk) -> None:
    """Two coders read the same statements, and do not always agree."""
    for issue, rows in CODED.items():
        for words, *stances in rows:
            for hit in _with(desk, words):
                for coder, stance in zip(("mira", "otto"), stances, strict=True):
                    desk.code_statement(hit.id, issue, stance, by=coder)


def _judge(desk: Desk) -> None:
    """An editor names a speaker, confirms three statements, and thinks better of having rejected a fourth."""
    for words, speaker in SPOKEN.items():
        for hit in _with(desk, words):
            desk.judge(hit.id, "speaker", speaker=speaker, by="mira", note="the sentence before names him")
    for keep, other in ONE:
        # By id: the name may be a part of another's.
        for same in [a.id for a in desk.ledger.actors(other) if a.name == other]:
            desk.merge(keep, same, by="mira", note="one and the same in these articles")
    hits = list(desk.search("ambush", limit=4))
    for hit in hits[:3]:
        desk.judge(hit.id, "right", by="mira", note="read against the page")
    for hit in hits[3:]:
        desk.undo(desk.judge(hit.id, "wrong", by="otto", note="looked like the outlet's own words"), by="otto", note="no: it is hers")


def _with(desk: Desk, words: str) -> list[Hit]:
    """Statements in which words stand, each once. That there are none is said: a newer reader may cut them otherwise."""
    hits = {h.id: h for h in desk.search() if words in h.said}
    if not hits:
        print(f"no statement has {words!r}", flush=True)
    return list(hits.values())


def _sources() -> list[Path]:
    return [Path(__file__), EXAMPLES / "agenda.yaml", EXAMPLES / "roster.yaml", *(f for r in ROUNDS for f in r.iterdir())]


def main() -> None:
    """Build the ledger where it is missing, or older than its sources."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ledger", type=Path)
    path = parser.parse_args().ledger
    if path.exists() and path.stat().st_mtime >= max(f.stat().st_mtime for f in _sources()):
        return
    build(path)


if __name__ == "__main__":
    main()
