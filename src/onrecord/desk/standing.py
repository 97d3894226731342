"""Where actors stand, as a desk answers it: the agenda, positions, the matrix, timelines, shifts and splits; words in, values of the ledger out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from onrecord.desk import reading
from onrecord.desk.login import login
from onrecord.desk.searching import day
from onrecord.errors import UsageError
from onrecord.ledger.agenda import issue_named
from onrecord.ledger.camps import organization_name
from onrecord.ledger.standing import Cell, Evidence, Matrix, Moved, Order, Point, PositionQuery, RowsBy, Split, Who
from onrecord.positions import Agenda, Issue, Stance
from onrecord.positions.shifts import LEAST

if TYPE_CHECKING:
    from onrecord.ledger import Ledger
    from onrecord.ledger.agenda import IssueVersion
    from onrecord.ledger.standing import Every

__all__ = ["Examining", "Standing", "issue_named", "position_query"]


@dataclass(frozen=True, slots=True)
class Examining:
    """How far a machine has come in examining a ledger for issues."""

    #: Id of the issue that it is at.
    issue: str
    #: Readings examined so far, of all issues that were asked for; and those that there were to examine.
    done: int
    total: int
    #: Positions found so far.
    positions: int


def position_query(
    agenda: Agenda,
    *,
    issue: str | Sequence[str] = (),
    actor: str | Sequence[str] = (),
    camp: str | None = None,
    since: str | date | None = None,
    until: str | date | None = None,
    min_score: float | None = None,
    stance: str | Sequence[str] = (),
    reported: bool = False,
    coded_by: str | None = None,
    not_coded_by: str | None = None,
    by_hand: bool | None = None,
    order: Order | str = Order.DATE,
    rows: RowsBy | str = RowsBy.ACTOR,
    every: Every | str | None = None,
) -> PositionQuery:
    """A question about positions, out of what a user writes.

    Args:
        agenda: The issues there are, retired ones, too.
        issue: Id or label of an issue; or several. None: all that are followed.
        actor: Name, part of a name, or id of who holds the position; or several, of which one must fit.
        camp: Code of a country, or name or id of a state or an organization: its members, and itself.
        since: First day: a date, `2025-03-14`, `2025-03` or `2025`. Of speaking if the article says it, else of publication.
        until: Last day, likewise.
        min_score: Least score of a machine's position, 0 to 1; None for `onrecord.positions.shifts.LEAST`.
        stance: `support`, `oppose`, `conditional`, `neutral`; or several.
        reported: Whether what others report of somebody counts as theirs.
        coded_by: Only what this person has coded.
        not_coded_by: Only what this person has not coded.
        by_hand: Only what any person coded (True), or nobody (False).
        order: `date`, `oldest` or `uncertain`.
        rows: What a row of the matrix is: `actor`, `country` or `organization`.
        every: Periods of the matrix: `week` or `month`.

    Raises:
        UsageError: Something in it cannot be meant.
    """
    return PositionQuery(
        issues=tuple(dict.fromkeys(issue_named(agenda, name).id for name in _several(issue))),
        actors=_several(actor),
        camp=camp,
        since=day(since),
        until=day(until, last=True),
        min_score=LEAST if min_score is None else min_score,
        stances=cast("tuple[Stance, ...]", _several(stance)),  # PositionQuery looks at these
        reported=reported,
        coded_by=coded_by,
        not_coded_by=not_coded_by,
        by_hand=by_hand,
        order=cast("Order", order),
        rows=cast("RowsBy", rows),
        every=cast("Every | None", every),
    )


def _several(value: str | Sequence[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


class Standing:
    """What a desk says of where actors stand. `Desk` is one."""

    ledger: Ledger
    _now: Callable[[], datetime]

    # The agenda ---------------------------------------------------------------------------------------------------------------------

    def agenda(self, *, retired: bool = False) -> Agenda:
        """The issues that are followed.

        Args:
            retired: Also those that are followed no more.
        """
        return self.ledger.agenda(retired=retired)

    def issue(self, name: str) -> list[IssueVersion]:
        """All versions of an issue, oldest first.

        Args:
            name: Its id or label.

        Raises:
            UsageError: There is none, or several may be meant.
        """
        return self.ledger.issue_versions(issue_named(self.agenda(retired=True), name).id)

    def add_issue(
        self,
        issue: Issue | str,
        label: str | None = None,
        *,
        aliases: Sequence[str] = (),
        pro: str | None = None,
        contra: str | None = None,
        by: str | None = None,
        note: str | None = None,
    ) -> bool:
        """Follow an issue; one of the same id that says something else gets another version.

        Args:
            issue: The issue, or its id.
            label: What it is, in a few words; with an id.
            aliases: Other words for it, likewise.
            pro: What being for it means, likewise.
            contra: What being against it means, likewise.
            by: Who decides; None for the login.
            note: Why.

        Returns:
            Whether anything changed.

        Raises:
            UsageError: The id has other characters than it may, or there is no label.
        """
        made = issue if isinstance(issue, Issue) else Issue(issue, label or "", tuple(dict.fromkeys(aliases)), pro, contra)
        return self.ledger.add_issue(made, by=login(by), note=note, on=self._now())

    def edit_issue(self, name: str, *, by: str | None = None, note: str | None = None, **changes: Any) -> bool:  # noqa: ANN401 - fields of an issue
        """Say an issue in other words: it gets another version, and is examined anew.

        Args:
            name: Id or label of one that is followed.
            by: Who decides; None for the login.
            note: Why.
            changes: `label`, `aliases`, `pro`, `contra`; what is not named stays as it is.

        Returns:
            Whether anything changed.

        Raises:
            UsageError: There is no such issue, or it cannot be said so.
        """
        wrong = sorted(changes.keys() - {"label", "aliases", "pro", "contra"})
        if wrong:
            raise UsageError(f"an issue's {', '.join(wrong)} cannot be changed", item=name, hint="label, aliases, pro and contra can")
        return self.add_issue(replace(issue_named(self.agenda(), name), **changes), by=by, note=note)

    def add_agenda(self, agenda: Agenda | str | Path, *, by: str | None = None, note: str | None = None) -> tuple[int, int]:
        """Follow all issues of an agenda.

        Args:
            agenda: The agenda, or a YAML file of one.
            by: Who decides; None for the login.
            note: Why.

        Returns:
            How many were new, and how many changed.

        Raises:
            UsageError: The file cannot be read, or is no agenda.
        """
        given = agenda if isinstance(agenda, Agenda) else reading.agenda_named(str(agenda))
        known = {i.id for i in self.agenda(retired=True)}
        added = [i.id in known for i in given if self.add_issue(i, by=by, note=note)]
        return added.count(False), added.count(True)

    def retire_issue(self, name: str, *, by: str | None = None, note: str | None = None) -> str:
        """Follow an issue no more; its positions and codings stay.

        Args:
            name: Its id or label.
            by: Who decides; None for the login.
            note: Why.

        Returns:
            Its id.

        Raises:
            UsageError: It is not followed.
        """
        issue = issue_named(self.agenda(), name)
        self.ledger.retire_issue(issue.id, by=login(by), note=note, on=self._now())
        return issue.id

    # Positions ----------------------------------------------------------------------------------------------------------------------

    def position_query(self, **filters: Any) -> PositionQuery:  # noqa: ANN401 - see `position_query`
        """The question that words and days mean in this ledger.

        Raises:
            UsageError: Something in it cannot be meant.
        """
        return position_query(self.agenda(retired=True), **filters)

    def positions(self, *, limit: int | None = None, offset: int = 0, **filters: Any) -> Iterator[Evidence]:  # noqa: ANN401 - see `position_query`
        """Positions with what shows them, the newest first, fetched as they are taken.

        Args:
            limit: How many at most.
            offset: How many to pass over first.
            filters: As for `position_query`.

        Raises:
            UsageError: The question names nobody or no issue, or cannot be meant.
        """
        return self.ledger.positions(self.position_query(**filters), limit=limit, offset=offset)

    def matrix(self, **filters: Any) -> Matrix:  # noqa: ANN401 - see `position_query`
        """Who stands where: actors, countries or organizations by issues.

        Args:
            filters: As for `position_query`.

        Raises:
            UsageError: As `positions`.
        """
        return self.ledger.matrix(self.position_query(**filters))

    def behind(self, cell: Cell, query: PositionQuery) -> Iterator[Evidence]:
        """The positions that a cell of a matrix is made of, and those that others report, the newest first.

        Args:
            cell: The cell.
            query: What the matrix was asked for.
        """
        row = _row_of(cell.who, query.rows)
        asked = query.but(issues=(cell.issue,), reported=True, every=None, order=Order.DATE)
        if query.rows is RowsBy.ACTOR and cell.who.id:
            asked = asked.but(actors=(cell.who.id,))
        elif asked.camp is None:
            asked = asked.but(camp=cell.who.country)
        return (e for e in self.ledger.positions(asked) if _row_of(e.who, query.rows) == row)

    def timeline(self, issue: str, **filters: Any) -> Iterator[Point]:  # noqa: ANN401 - see `position_query`
        """What each actor's statements of each day amount to on an issue, oldest first.

        Args:
            issue: Its id or label.
            filters: As for `position_query`.

        Raises:
            UsageError: As `positions`.
        """
        query = self.position_query(issue=issue, **filters)
        return self.ledger.timeline(query.issues[0], query)

    def shifts(self, **filters: Any) -> Iterator[Moved]:  # noqa: ANN401 - see `position_query`
        """Who changed, from what to what, by which two statements; the newest first.

        Args:
            filters: As for `position_query`.

        Raises:
            UsageError: As `positions`.
        """
        return self.ledger.shifts(self.position_query(**filters))

    def splits(self, camp: str, **filters: Any) -> list[Split]:  # noqa: ANN401 - see `position_query`
        """Issues on which the members of a camp differ.

        Args:
            camp: Code of a country, or name or id of a state or an organization.
            filters: As for `position_query`.

        Raises:
            UsageError: As `positions`.
        """
        return self.ledger.split(camp, self.position_query(**filters))


def _row_of(who: Who, rows: RowsBy) -> tuple[str | None, ...]:
    """The row of the matrix that a holder is counted in: those without a name are taken together by country, camps by what they are called."""
    if rows is RowsBy.ACTOR:
        return (who.id, None) if who.id else (None, who.country)
    if rows is RowsBy.COUNTRY:
        return (who.country,)
    return who.country, organization_name(who.organization) if who.organization else None
