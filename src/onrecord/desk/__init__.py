"""The desk: what users import. It reads documents, keeps what it read in a ledger, and finds it again; the only room that runs the others in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onrecord.desk.reading import (
    Outcome,
    Reads,
    Record,
    Settings,
    agenda_named,
    coder_named,
    moment,
    read,
    read_document,
    read_many,
    reader_named,
    roster_named,
)

if TYPE_CHECKING:
    from onrecord.desk.desk import ActorPage, Desk, Filed, Tally, open_desk

__all__ = [
    "ActorPage",
    "Desk",
    "Filed",
    "Outcome",
    "Reads",
    "Record",
    "Settings",
    "Tally",
    "agenda_named",
    "coder_named",
    "moment",
    "open_desk",
    "read",
    "read_document",
    "read_many",
    "reader_named",
    "roster_named",
]


def __getattr__(name: str) -> object:
    # Whoever reads one article does not load the ledger.
    if name in ("ActorPage", "Desk", "Filed", "Tally", "open_desk"):
        from onrecord.desk import desk

        return getattr(desk, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
