"""What a ledger says of figures and of dates that have come: the part of `Ledger` that is about quantities, horizons and outcomes."""

from __future__ import annotations

from collections.abc import Iterator

from onrecord.ledger import due, figures
from onrecord.ledger.database import Database
from onrecord.ledger.due import Due, DueQuery, Outcome
from onrecord.ledger.figures import Figure, FigureQuery

__all__ = ["Reckoning"]

_ALL = FigureQuery()


class Reckoning:
    """Figures, and dates that have come. `Ledger` is one."""

    database: Database

    def quantities(self, query: FigureQuery = _ALL, *, limit: int | None = None, offset: int = 0) -> Iterator[Figure]:
        """Figures that match, in order. They are fetched as they are taken, and all see one state of the ledger.

        Raises:
            UsageError: The query names nobody, or cannot be meant.
        """
        with self.database.reading() as connection:
            yield from figures.search_figures(connection, query, limit=limit, offset=offset)

    def count_quantities(self, query: FigureQuery = _ALL) -> int:
        """How many figures match.

        Raises:
            UsageError: As `quantities`.
        """
        with self.database.reading() as connection:
            return figures.count_figures(connection, query)

    def due(self, query: DueQuery, *, limit: int | None = None, offset: int = 0) -> Iterator[Due]:
        """Predictions and promises whose date has come, the oldest first.

        Raises:
            UsageError: As `quantities`.
        """
        with self.database.reading() as connection:
            yield from due.search_due(connection, query, limit=limit, offset=offset)

    def count_due(self, query: DueQuery) -> int:
        """How many there are.

        Raises:
            UsageError: As `quantities`.
        """
        with self.database.reading() as connection:
            return due.count_due(connection, query)

    def judge_outcome(self, outcome: Outcome) -> bool:
        """Add what a person says became of a prediction or promise; False if it was there.

        Raises:
            UsageError: The statement is not there, or looks to no such date.
        """
        with self.database.writing() as connection:
            return due.record_outcome(connection, outcome)

    def outcomes(self, statement: str | None = None) -> list[Outcome]:
        """Everything that people said became of predictions and promises, or of one statement, oldest first."""
        with self.database.reading() as connection:
            return due.outcomes_of(connection, statement)
