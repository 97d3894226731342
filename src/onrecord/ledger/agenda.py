"""The agenda of a ledger: issues in versions. An edit makes another version, and nothing is overwritten."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from onrecord.errors import UsageError
from onrecord.ledger.keys import Keys
from onrecord.ledger.packing import dumped, stamp
from onrecord.ledger.tables import issues
from onrecord.ledger.words import folded
from onrecord.positions import Agenda, Issue

__all__ = ["IssueVersion", "add_issue", "agenda", "issue_ids", "issue_named", "issue_versions", "newest_issue", "newest_issues", "retire_issue"]


@dataclass(frozen=True, slots=True)
class IssueVersion:
    """One version of an issue; an edit makes another, and the newest counts."""

    issue: Issue
    #: 1 for the first, and so on.
    number: int
    by: str
    on: datetime
    note: str | None = None
    #: Whether this version says that the issue is followed no more.
    retired: bool = False

    def to_json(self) -> dict[str, Any]:
        """The issue as in YAML, with `version`, `digest`, `by`, `on`, `note`, `retired`."""
        own = {"version": self.number, "digest": self.issue.digest, "by": self.by, "on": self.on.isoformat(), "note": self.note, "retired": self.retired}
        return self.issue.to_json() | own


def agenda(connection: Connection, *, retired: bool = False) -> Agenda:
    """The issues that are followed, in the order in which they were added.

    Args:
        connection: A reading one.
        retired: Also those that are followed no more.
    """
    rows = connection.execute(select(issues).order_by(issues.c.key)).all()
    newest = {r.id: r for r in rows}
    return Agenda(tuple(_issue(r) for r in newest.values() if retired or not r.retired))


def issue_named(agenda: Agenda, name: str) -> Issue:
    """The issue of an agenda that a user means: by its id, its label or an alias, or words of the label that only one has.

    Args:
        agenda: The issues there are.
        name: What the user wrote.

    Raises:
        UsageError: None is called so, or several are: then they are named, and none is chosen.

    Example:
        >>> truce = Issue("ceasefire-30d", "30-day ceasefire", aliases=("truce",))
        >>> issue_named(Agenda((truce, Issue("grain", "Grain deal"))), "Truce").id
        'ceasefire-30d'
    """
    by_id = agenda.get(name.strip())
    if by_id is not None:
        return by_id
    asked, words = folded(name.strip()), set(folded(name).split())
    found = [i for i in agenda if asked and asked in {folded(called) for called in (i.id, i.label, *i.aliases)}]
    found = found or [i for i in agenda if words and words <= set(folded(i.label).split())]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"{len(found)} issues may be meant", item=name, hint="give an id: " + ", ".join(i.id for i in found[:8]))
    known = ", ".join(i.id for i in agenda.issues[:8])
    raise UsageError("no such issue is followed", item=name, hint=f"there are {known}" if known else "`onrecord issue add` adds one")


def issue_versions(connection: Connection, name: str) -> list[IssueVersion]:
    """All versions of an issue, oldest first.

    Raises:
        UsageError: There is none of this id.
    """
    rows = connection.execute(select(issues).where(issues.c.id == name).order_by(issues.c.number)).all()
    if not rows:
        raise _unknown(name)
    return [IssueVersion(_issue(r), r.number, r.by, datetime.fromisoformat(r.on), r.note, bool(r.retired)) for r in rows]


def issue_ids(connection: Connection) -> dict[int, str]:
    """The id of each version, by its key."""
    return dict(connection.execute(select(issues.c.key, issues.c.id)).all())


def newest_issues(connection: Connection) -> dict[str, int]:
    """The key of the newest version of each issue, by id; retired ones, too."""
    return dict(connection.execute(select(issues.c.id, issues.c.key).where(issues.c.superseded_by.is_(None))).all())


def newest_issue(connection: Connection, name: str) -> tuple[int, Issue]:
    """Key of the newest version of an issue, and what it says.

    Raises:
        UsageError: There is none of this id.
    """
    row = _newest(connection, name)
    if row is None:
        raise _unknown(name)
    return row.key, _issue(row)


def add_issue(connection: Connection, issue: Issue, *, by: str, on: datetime, note: str | None = None) -> bool:
    """Add an issue, or another version of it.

    Returns:
        Whether anything was added: False if it says what it said before.

    Raises:
        UsageError: It says not who.
    """
    last = _newest(connection, issue.id)
    if last is not None and not last.retired and last.digest == issue.digest:
        return False
    _add(connection, issue, last, by=by, on=on, note=note)
    return True


def retire_issue(connection: Connection, name: str, *, by: str, on: datetime, note: str | None = None) -> None:
    """Follow an issue no more; what was coded for it stays.

    Raises:
        UsageError: It is not followed.
    """
    last = _newest(connection, name)
    if last is None or last.retired:
        raise _unknown(name)
    _add(connection, _issue(last), last, by=by, on=on, note=note, retired=True)


def _newest(connection: Connection, name: str) -> Row[Any] | None:
    return connection.execute(select(issues).where(issues.c.id == name, issues.c.superseded_by.is_(None))).first()


def _add(connection: Connection, issue: Issue, last: Row[Any] | None, *, by: str, on: datetime, note: str | None, retired: bool = False) -> None:
    if not by.strip() or on.tzinfo is None:
        raise UsageError("an issue says who made it, and when", item=issue.id, hint="give a name, and a moment with a time zone")
    key = Keys(connection).next(issues)
    said = {"id": issue.id, "label": issue.label, "aliases": dumped(list(issue.aliases)) if issue.aliases else None, "pro": issue.pro, "contra": issue.contra}
    made = {"key": key, "number": last.number + 1 if last else 1, "digest": issue.digest, "retired": retired, "by": by, "on": stamp(on), "note": note}
    connection.execute(insert(issues), said | made | {"superseded_by": None})
    if last is not None:
        connection.execute(update(issues).where(issues.c.key == last.key).values(superseded_by=key))


def _issue(row: Row[Any]) -> Issue:
    return Issue(row.id, row.label, tuple(json.loads(row.aliases or "[]")), row.pro, row.contra)


def _unknown(name: str) -> UsageError:
    return UsageError("no such issue is followed", item=name, hint="`onrecord issue list` shows those that are; `onrecord issue add` adds one")
