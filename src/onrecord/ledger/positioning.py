"""What a ledger says of where actors stand: the part of `Ledger` that is about issues, positions and codings by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from onrecord.ledger import agenda, coding, comparing, evidence, examining, settling
from onrecord.ledger.agenda import IssueVersion
from onrecord.ledger.coding import Coding
from onrecord.ledger.database import Database
from onrecord.ledger.examining import Examined, Uncoded
from onrecord.ledger.matrix import matrix_of
from onrecord.ledger.packing import stamp
from onrecord.ledger.standing import Evidence, Matrix, Moved, Point, PositionQuery, Split
from onrecord.positions import Agenda, Issue

__all__ = ["Positioning"]

_ALL = PositionQuery()


class Positioning:
    """Where actors stand. `Ledger` is one."""

    database: Database

    # The agenda ---------------------------------------------------------------------------------------------------------------------

    def agenda(self, *, retired: bool = False) -> Agenda:
        """The issues that are followed, in the order in which they were added.

        Args:
            retired: Also those that are followed no more.
        """
        with self.database.reading() as connection:
            return agenda.agenda(connection, retired=retired)

    def issue_versions(self, issue: str) -> list[IssueVersion]:
        """All versions of an issue, oldest first.

        Raises:
            UsageError: There is none of this id.
        """
        with self.database.reading() as connection:
            return agenda.issue_versions(connection, issue)

    def add_issue(self, issue: Issue, *, by: str, note: str | None = None, on: datetime | None = None) -> bool:
        """Add an issue, or another version of it; one that was retired comes back.

        Returns:
            Whether anything was added: False if it says what it said before.

        Raises:
            UsageError: It says not who.
        """
        with self.database.writing() as connection:
            return agenda.add_issue(connection, issue, by=by, on=on or datetime.now(UTC), note=note)

    def retire_issue(self, issue: str, *, by: str, note: str | None = None, on: datetime | None = None) -> None:
        """Follow an issue no more; what was coded for it stays.

        Raises:
            UsageError: It is not followed.
        """
        with self.database.writing() as connection:
            agenda.retire_issue(connection, issue, by=by, on=on or datetime.now(UTC), note=note)

    # Codings by hand ----------------------------------------------------------------------------------------------------------------

    def code(self, codings: Coding | Iterable[Coding]) -> int:
        """Add what people say of where somebody stands, and follow it: how many were new.

        Raises:
            UsageError: Statement, issue, holder or text is not in the ledger; nothing was added.
            StatementError: A span does not hold the words it claims.
        """
        with self.database.writing() as connection:
            new = coding.record_codings(connection, [codings] if isinstance(codings, Coding) else codings)
            settling.settle(connection, [c.article for c in new])
            return len(new)

    def codings(self, *, issue: str | None = None, by: str | None = None, statement: str | None = None, everything: bool = False) -> Iterator[Coding]:
        """What people say, oldest first; each coder's last word on each unit.

        Args:
            issue: Only of this issue.
            by: Only by this person.
            statement: Only of the statement of this id.
            everything: Also what the coder said before; not what was taken back.
        """
        with self.database.reading() as connection:
            yield from coding.codings_of(connection, issue=issue, by=by, statement=statement, everything=everything)

    def take_back_coding(self, coding_id: str, *, by: str, note: str | None = None, on: datetime | None = None) -> None:
        """Take a coding back: what its coder said before stands again.

        Raises:
            UsageError: There is none of this id, or it was taken back before.
        """
        with self.database.writing() as connection:
            now = on or datetime.now(UTC)
            article = coding.take_back_coding(connection, coding_id, by=by, on=now, note=note)
            settling.settle(connection, [article], made=stamp(now))

    # Positions ----------------------------------------------------------------------------------------------------------------------

    def positions(self, query: PositionQuery = _ALL, *, limit: int | None = None, offset: int = 0) -> Iterator[Evidence]:
        """Positions with what shows them, in order. They are fetched as they are taken, and all see one state of the ledger.

        Raises:
            UsageError: The query names nobody, or no issue.
        """
        with self.database.reading() as connection:
            yield from evidence.evidence_of(connection, evidence.position_keys(connection, query, limit=limit, offset=offset))

    def count_positions(self, query: PositionQuery = _ALL, *, most: int | None = None) -> int:
        """How many positions there are.

        Args:
            query: Which.
            most: Count no further than this; None: all of them.

        Raises:
            UsageError: As `positions`.
        """
        with self.database.reading() as connection:
            return evidence.count_positions(connection, query, most=most)

    def machine_on(self, issue: str) -> str | None:
        """Name and version of the machine whose positions on an issue count, by a sample of them; None if there are none."""
        with self.database.reading() as connection:
            return evidence.machine_on(connection, issue)

    def evidence(self, keys: int | Iterable[int]) -> list[Evidence]:
        """What shows some positions, such as the one that a cell or a point names."""
        with self.database.reading() as connection:
            return list(evidence.evidence_of(connection, [keys] if isinstance(keys, int) else keys))

    def evidence_of(self, statement: str, issue: str | None = None) -> list[Evidence]:
        """The positions of a statement, also those that do not count.

        Args:
            statement: Its id.
            issue: Only on this issue.
        """
        with self.database.reading() as connection:
            return list(evidence.evidence_of(connection, evidence.keys_of_statement(connection, statement, issue)))

    def evidence_of_each(self, statements: Iterable[str], issue: str | None = None) -> dict[str, list[Evidence]]:
        """The same of many statements at once, by id of the statement; those without any position are left out.

        Args:
            statements: Their ids.
            issue: Only on this issue.
        """
        found: dict[str, list[Evidence]] = {}
        with self.database.reading() as connection:
            for one in evidence.evidence_of(connection, evidence.keys_of_statements(connection, statements, issue)):
                if one.hit is not None:
                    found.setdefault(one.hit.id, []).append(one)
        return found

    def matrix(self, query: PositionQuery = _ALL) -> Matrix:
        """Actors, or camps, by issues.

        Raises:
            UsageError: As `positions`.
        """
        with self.database.reading() as connection:
            return matrix_of(connection, query)

    def timeline(self, issue: str, query: PositionQuery = _ALL) -> Iterator[Point]:
        """What each holder's statements of each day amount to, oldest first.

        Raises:
            UsageError: There is no such issue, or the query names nobody.
        """
        with self.database.reading() as connection:
            yield from comparing.timeline_of(connection, issue, query)

    def shifts(self, query: PositionQuery = _ALL) -> Iterator[Moved]:
        """Who shifted, on what, from which statement to which; the newest first.

        Raises:
            UsageError: As `positions`.
        """
        with self.database.reading() as connection:
            yield from comparing.shifts_in(connection, query)

    def split(self, camp: str, query: PositionQuery = _ALL) -> list[Split]:
        """The issues on which the members of a camp differ.

        Args:
            camp: A country's code, or the id or name of a state, an organization or a group.
            query: Which positions; its camp does not matter.

        Raises:
            UsageError: There is no such camp, or the query names nobody.
        """
        with self.database.reading() as connection:
            return comparing.splits_in(connection, camp, query)

    # Codings by machines, after filing ----------------------------------------------------------------------------------------------

    def uncoded(self, issue: str, coder: str) -> Iterator[Uncoded]:
        """Readings that count and that a coder has not examined for the newest version of an issue, in the order of filing.

        What it examined may be written while this goes on; what is written is not given again the next time.

        Args:
            issue: Id of the issue.
            coder: Name and version of what examines.

        Raises:
            UsageError: There is no such issue.
        """
        with self.database.reading() as connection:
            waiting = examining.uncoded_readings(connection, issue, coder)
        for reading in waiting:
            with self.database.reading() as connection:
                one = examining.uncoded(connection, reading)
            yield one

    def count_uncoded(self, issue: str, coder: str) -> int:
        """How many readings those are.

        Raises:
            UsageError: There is no such issue.
        """
        with self.database.reading() as connection:
            return len(examining.uncoded_readings(connection, issue, coder))

    def write_positions(self, coder: str, examined: Iterable[Examined], *, on: datetime | None = None) -> int:
        """Write what a machine found in readings that were filed before: all or nothing. Its positions take the place of those of other machines.

        What the same coder examined before is left as it is, so that doing it twice changes nothing.

        Args:
            coder: Name and version of what examined.
            examined: What it examined, and what it found.
            on: The moment to write down.

        Returns:
            How many positions were new.

        Raises:
            UsageError: A reading, a statement or a version of an issue is not in the ledger, or a position is of another issue or coder.
            StatementError: A position does not hold the words of its text.
        """
        with self.database.writing() as connection:
            return examining.write_positions(connection, coder, examined, on=on or datetime.now(UTC))
