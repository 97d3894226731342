"""What is worked out once for each state of the ledger, and then remembered: how much there is, and how many match when."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from onrecord.ledger import Extent, Histogram, Ledger, Query, Sort
from onrecord.ledger.histogram import histogram_of_days
from onrecord.ledger.overview_days import said_by_day
from onrecord.ledger.standing import PositionQuery
from onrecord.web import overviews
from onrecord.web.site import Site

__all__ = ["extent", "histogram", "once"]

#: Answers that are remembered of one ledger; and of those that are large.
_MOST, _MOST_LARGE = 500, 12

T = TypeVar("T")
_KEPT: WeakKeyDictionary[Ledger, tuple[OrderedDict[Any, Any], OrderedDict[Any, Any]]] = WeakKeyDictionary()
_LOCK = threading.Lock()


def once(site: Site, name: Any, make: Callable[[], T], *, large: bool = False) -> T:  # noqa: ANN401 - anything that can be a key
    """What was made for this state of the ledger, or is made now.

    Args:
        site: Whose ledger.
        name: What it is called.
        make: Makes it. Two threads may do so at once: that does no harm, and nobody waits for another.
        large: Whether it takes megabytes: fewer of these are remembered.
    """
    slot, most = (site.version(), name), _MOST_LARGE if large else _MOST
    with _LOCK:
        kept = _KEPT.setdefault(site.desk.ledger, (OrderedDict(), OrderedDict()))[large]
        if slot in kept:
            kept.move_to_end(slot)
            return kept[slot]  # type: ignore[no-any-return]
    made = make()
    with _LOCK:
        kept[slot] = made
        while len(kept) > most:
            kept.popitem(last=False)
    return made


def extent(site: Site) -> Extent:
    """How much there is."""
    return once(site, "extent", site.desk.ledger.extent)


def histogram(site: Site, query: Query) -> Histogram:
    """When the statements that match were published.

    Raises:
        UsageError: The query names nobody.
    """
    # The order does not matter.
    asked = replace(query, sort=Sort.DATE)
    return once(site, asked, lambda: _histogram(site, asked))


def _histogram(site: Site, query: Query) -> Histogram:
    of = overviews.at_hand(site) if query.issues and query == Query(issues=query.issues, since=query.since, until=query.until) else None
    if of is None:
        return site.desk.ledger.histogram(query, extent(site).by_day)
    # Statements on an issue and no more than that: they are in memory, with the day of publication, which a search means.
    with site.desk.ledger.database.reading() as connection:
        days = said_by_day(of, of.which(connection, PositionQuery(issues=query.issues)))
    first, last = (query.since or date.min).toordinal(), (query.until or date.max).toordinal()
    return histogram_of_days({d: n for d, n in days.items() if first <= d <= last})
