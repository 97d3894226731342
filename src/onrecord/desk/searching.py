"""What a user writes of a search, made into a query of the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import cast

from onrecord.errors import UsageError
from onrecord.ledger import Query, Sort

__all__ = ["day", "query"]


def query(
    words: str = "",
    *,
    actor: str | Sequence[str] = (),
    outlet: str | Sequence[str] = (),
    kind: str | Sequence[str] = (),
    act: str | Sequence[str] = (),
    type: str | Sequence[str] = (),  # noqa: A002 - the word of the vocabulary
    country: str | Sequence[str] = (),
    issue: str | Sequence[str] = (),
    since: str | date | None = None,
    until: str | date | None = None,
    min_score: float | None = None,
    everything: bool = False,
    sort: Sort | str = Sort.DATE,
) -> Query:
    """A search, out of what a user writes.

    Args:
        words: What was said: words, `"a phrase"`, `this OR that`, `-without`, `begin*`.
        actor: Name, part of a name, or id of the speaker; or several, of which one must fit.
        outlet: Name of the outlet or a part of it; or several.
        kind: `direct`, `indirect`, `mixed`; or several.
        act: What is done by saying it: `assert`, `reject`, `demand` ...; or several.
        type: Type of the speaker: `person`, `state`, `unnamed` ...; or several.
        country: The speaker's, ISO 3166-1 alpha-2; or several.
        issue: Id or label of an issue that the statement shows a position on; or several.
        since: First day of publication: a date, `2025-03-14`, `2025-03` or `2025`.
        until: Last day, likewise.
        min_score: Least score of the reader, 0 to 1.
        everything: Also of texts that were replaced, of readings that were superseded, and what was judged wrong.
        sort: `date`, `oldest` or `relevance`.

    Raises:
        UsageError: Something in it cannot be meant.
    """
    return Query(
        words,
        actors=_several(actor),
        outlets=_several(outlet),
        kinds=_several(kind),
        acts=_several(act),
        types=_several(type),
        countries=_several(country),
        issues=_several(issue),
        since=day(since),
        until=day(until, last=True),
        min_score=min_score,
        everything=everything,
        sort=cast("Sort", sort),  # Query looks at it
    )


def _several(value: str | Sequence[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def day(value: str | date | None, *, last: bool = False) -> date | None:
    """A day, out of a date, `2025-03-14`, `2025-03` or `2025`: the first of the month or year, or the last.

    Raises:
        UsageError: It is none.
    """
    if value is None or isinstance(value, datetime):
        return value.date() if isinstance(value, datetime) else None
    if isinstance(value, date):
        return value
    parts = value.strip().split("-")
    try:
        if len(parts) == 3:  # noqa: PLR2004 - year, month, day
            return date.fromisoformat(value.strip())
        if all(p.isdecimal() for p in parts) and len(parts[0]) == 4:  # noqa: PLR2004
            year, month = int(parts[0]), int(parts[1]) if len(parts) > 1 else None
            first = date(year, month or 1, 1)
            if not last:
                return first
            following_month = date(year + 1, 1, 1) if month in (None, 12) else date(year, (month or 0) + 1, 1)
            return following_month - timedelta(days=1)
    except ValueError:
        pass
    raise UsageError(f"{value!r} is no day", hint="write 2025-03-14, 2025-03 or 2025")
