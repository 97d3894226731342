"""Figures, and dates that have come, as a desk answers it: words in, values of the ledger out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from onrecord.desk.login import login
from onrecord.desk.searching import day, query
from onrecord.desk.standing import issue_named
from onrecord.errors import UsageError
from onrecord.ledger.due import Due, DueQuery, Ending, Outcome
from onrecord.ledger.figures import By, Figure, FigureQuery
from onrecord.positions.numerals import find_numerals

if TYPE_CHECKING:
    from onrecord.ledger import Ledger
    from onrecord.positions import Agenda

__all__ = ["Reckoning", "due_query", "figure_query", "number"]


def number(value: str | float | Decimal | None) -> Decimal | None:
    """A number out of what a user writes: `1e9`, `1,000`, `4.5bn`, `half a million`.

    Raises:
        UsageError: It is none.

    Example:
        >>> str(number("4.5bn")), str(number("1,000"))
        ('4500000000', '1000')
    """
    if value is None:
        return None
    text = str(value).strip()
    try:
        found = Decimal(text.replace(",", ""))
    except InvalidOperation:
        read = next(find_numerals(text), None)
        if read is None or (read.start, read.end) != (0, len(text)):
            raise UsageError(f"{text!r} is no number", hint="write 1000, 1e9 or 4.5bn") from None
        return read.value
    if not found.is_finite():
        raise UsageError(f"{text!r} is no number to compare with", hint="write 1000, 1e9 or 4.5bn")
    return found


def figure_query(
    words: str = "",
    *,
    agenda: Agenda | None = None,
    unit: str | Sequence[str] = (),
    least: str | float | Decimal | None = None,
    most: str | float | Decimal | None = None,
    issue: str | Sequence[str] = (),
    sort: By | str = By.DATE,
    **filters: Any,  # noqa: ANN401 - see `query`
) -> FigureQuery:
    """A question about figures, out of what a user writes.

    Args:
        words: What was said, as for a search.
        agenda: The issues there are; needed to name one.
        unit: `GBP`, `percent`, `people`; or several, of which one must fit.
        least: The least number: `1e9`, `4.5bn`.
        most: The greatest.
        issue: Id or label of an issue that the statement takes a position on; or several.
        sort: `date`, `oldest` or `size`.
        filters: As for a search: `actor`, `outlet`, `since` ...

    Raises:
        UsageError: Something in it cannot be meant.
    """
    if sort not in set(By):
        raise UsageError(f"there is no order {sort!r}", hint=f"orders are {', '.join(By)}")
    return FigureQuery(query(words, **filters), _several(unit), number(least), number(most), _issues(agenda, issue), By(sort))


def due_query(
    words: str = "",
    *,
    today: date,
    agenda: Agenda | None = None,
    on: str | date | None = None,
    issue: str | Sequence[str] = (),
    checked: bool = False,
    undated: bool = False,
    **filters: Any,  # noqa: ANN401 - see `query`
) -> DueQuery:
    """A question about dates that have come, out of what a user writes.

    Args:
        words: What was said, as for a search.
        today: The day it is.
        agenda: The issues there are; needed to name one.
        on: The day by which dates have come; None for today. `2027` is its last day.
        issue: Id or label of an issue that the statement takes a position on; or several.
        checked: Also what somebody judged already.
        undated: What hangs on an event, and has no date, instead.
        filters: As for a search.

    Raises:
        UsageError: Something in it cannot be meant.
    """
    return DueQuery(day(on, last=True) or today, query(words, **filters), _issues(agenda, issue), checked=checked, undated=undated)


def _issues(agenda: Agenda | None, names: str | Sequence[str]) -> tuple[str, ...]:
    every = _several(names)
    return tuple(dict.fromkeys(issue_named(agenda, n).id if agenda is not None else n for n in every))


def _several(value: str | Sequence[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


class Reckoning:
    """What a desk says of figures and of dates that have come. `Desk` is one."""

    ledger: Ledger
    _now: Callable[[], datetime]

    def quantities(self, words: str = "", *, limit: int | None = None, offset: int = 0, **asked: Any) -> Iterator[Figure]:  # noqa: ANN401 - see `figure_query`
        """Figures in statements, the newest first, each with its statement.

        Args:
            words: What was said.
            limit: How many at most.
            offset: How many to pass over first.
            asked: As for `figure_query`: `unit="GBP"`, `least="1e9"`, `actor="Brandt"` ...

        Raises:
            UsageError: The query names nobody, or cannot be meant.
        """
        return self.ledger.quantities(self._figures(words, asked), limit=limit, offset=offset)

    def count_quantities(self, words: str = "", **asked: Any) -> int:  # noqa: ANN401 - see `figure_query`
        """How many figures match.

        Raises:
            UsageError: As `quantities`.
        """
        return self.ledger.count_quantities(self._figures(words, asked))

    def _figures(self, words: str, asked: dict[str, Any]) -> FigureQuery:
        return figure_query(words, agenda=self.ledger.agenda(retired=True), **asked)

    def due(self, words: str = "", *, limit: int | None = None, offset: int = 0, **asked: Any) -> Iterator[Due]:  # noqa: ANN401 - see `due_query`
        """Predictions and promises whose date has come, the oldest date first.

        Args:
            words: What was said.
            limit: How many at most.
            offset: How many to pass over first.
            asked: As for `due_query`: `on="2027-01"`, `actor="Brandt"` ...

        Raises:
            UsageError: The query names nobody, or cannot be meant.
        """
        return self.ledger.due(self._due(words, asked), limit=limit, offset=offset)

    def count_due(self, words: str = "", **asked: Any) -> int:  # noqa: ANN401 - see `due_query`
        """How many there are.

        Raises:
            UsageError: As `due`.
        """
        return self.ledger.count_due(self._due(words, asked))

    def _due(self, words: str, asked: dict[str, Any]) -> DueQuery:
        return due_query(words, today=self._now().date(), agenda=self.ledger.agenda(retired=True), **asked)

    def outcome(self, statement: str, verdict: Ending | str, *, horizon: str | None = None, by: str | None = None, note: str | None = None) -> str:
        """Say what became of a prediction or promise. It survives every re-reading, and every edit that leaves the words as they are.

        Args:
            statement: Its id.
            verdict: `kept`, `broken`, `unclear`, or `open`, which takes an earlier judgement back.
            horizon: The date that it is about, EDTF, where the statement has several.
            by: Who judges; None for the login.
            note: What they found.

        Returns:
            Id of the judgement.

        Raises:
            UsageError: There is no such statement, verdict or date.
        """
        if verdict not in set(Ending):
            raise UsageError(f"there is no verdict {verdict!r}", hint=f"say {', '.join(Ending)}")
        last = ""
        for hit in self.ledger.statement(statement):
            made = Outcome(hit.id, hit.where.article, hit.content, Ending(verdict), login(by), self._now(), note, horizon)
            self.ledger.judge_outcome(made)
            last = made.id
        return last
