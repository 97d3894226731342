"""Where actors are looked up and judgements about them kept: files that the user names, or a ledger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from onrecord.actors.actor import ActorType
from onrecord.actors.judgements import Decision, Identity, JudgementFile, Revocation
from onrecord.cli.gathering import ACTOR_ID, People, Person
from onrecord.cli.ledgers import located, opened
from onrecord.errors import UsageError

if TYPE_CHECKING:
    from onrecord.ledger import Actor, Ledger

__all__ = ["Book", "FileBook", "LedgerBook", "book_of", "ledger_of"]


class Book(Protocol):
    """Actors, and what was decided about them."""

    @property
    def decisions(self) -> Sequence[Decision]:
        """Everything decided about actors, oldest first."""
        ...

    @property
    def identity(self) -> Identity:
        """What the decisions amount to."""
        ...

    def find(self, wanted: str) -> Person:
        """The one actor of an id or a name."""
        ...

    def single(self, wanted: str) -> str:
        """The very id that is given, or the id of the actor of a name."""
        ...

    def keep(self, *entries: Decision) -> None:
        """Add decisions."""
        ...

    def take_back(self, judgement: str, *, by: str, note: str | None) -> Decision | None:
        """Take a judgement back; gives what was taken back, if it is about actors."""
        ...


class FileBook:
    """Files of statements, a roster, and a file of judgements.

    Args:
        people: Who there is.
        judgements: Where new judgements go.
    """

    def __init__(self, people: People, judgements: Path | None) -> None:
        self._people = people
        if judgements is None:
            raise UsageError("no file to keep the judgement in", hint="name it: --judgements FILE; it need not be there yet")
        self._file = JudgementFile(judgements)
        self.decisions: Sequence[Decision] = people.decisions
        self.identity = people.identity

    def find(self, wanted: str) -> Person:
        """As `Book.find`."""
        return self._people.find(wanted)

    def single(self, wanted: str) -> str:
        """As `Book.single`."""
        return self._people.single(wanted)

    def keep(self, *entries: Decision) -> None:
        """As `Book.keep`."""
        self._file.append(*entries)
        self.decisions = [*self.decisions, *entries]
        self.identity = Identity(self.decisions)

    def take_back(self, judgement: str, *, by: str, note: str | None) -> Decision | None:
        """As `Book.take_back`."""
        entry = next((d for d in self.decisions if d.id == judgement), None)
        if entry is None:
            raise UsageError("no such judgement", item=judgement, hint="`onrecord actors show NAME` lists those about an actor")
        self.keep(Revocation(entry.id, by=by, on=datetime.now(UTC), note=note))
        return entry


class LedgerBook:
    """A ledger.

    Args:
        ledger: Which.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.decisions: Sequence[Decision] = ledger.decisions()
        self.identity = Identity(self.decisions)

    def find(self, wanted: str) -> Person:
        """As `Book.find`."""
        return _person(self.ledger.actor(wanted))

    def single(self, wanted: str) -> str:
        """As `Book.single`."""
        actor = self.ledger.actor(wanted)
        return wanted if ACTOR_ID.fullmatch(wanted) else actor.id

    def keep(self, *entries: Decision) -> None:
        """As `Book.keep`."""
        self.ledger.judge(entries)
        self._again()

    def take_back(self, judgement: str, *, by: str, note: str | None) -> Decision | None:
        """As `Book.take_back`; judgements of statements are taken back, too."""
        entry = next((d for d in self.decisions if d.id == judgement), None)
        self.ledger.take_back(judgement, by=by, note=note)
        self._again()
        return entry

    def _again(self) -> None:
        self.decisions = self.ledger.decisions()
        self.identity = Identity(self.decisions)


def _person(actor: Actor) -> Person:
    return Person(
        actor.id, actor.name, ActorType(actor.type), country=actor.country, aliases=list(actor.names[1:]), ids=list(actor.ids), statements=actor.statements
    )


@contextmanager
def book_of(statements: Sequence[str] | None, roster: Path | None, judgements: Path | None, ledger: str | None, *, debug: bool = False) -> Iterator[Book]:
    """The files if any are named, else the ledger.

    Raises:
        UsageError: No file for judgements, or nothing at all.
        LedgerError: The ledger cannot be opened.
    """
    if statements or roster or judgements:
        yield FileBook(People.gather(statements, roster, judgements), judgements)
        return
    with ledger_of(ledger, debug=debug) as opened_ledger:
        yield LedgerBook(opened_ledger)


@contextmanager
def ledger_of(where: str | None, *, debug: bool = False) -> Iterator[Ledger]:
    """The ledger, where no files were named.

    Raises:
        UsageError: None was named, and there is none in the user's data folder.
        LedgerError: It cannot be opened.
    """
    if where is None and not located(None).database.exists():
        hint = "name files of statements, --roster FILE, or both; or a ledger, with --ledger or ONRECORD_LEDGER"
        raise UsageError("nothing to read actors from", hint=hint)
    with opened(where, debug=debug) as desk:
        yield desk.ledger
