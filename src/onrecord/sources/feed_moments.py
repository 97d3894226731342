"""The dates of one feed: read with a zone, and counted where they are none or state none."""

from __future__ import annotations

import calendar
import contextlib
from datetime import UTC, datetime
from time import struct_time

from onrecord.sources.feed_values import moment

__all__ = ["Moments"]


class Moments:
    """Reads the dates of one feed, and says afterwards what was odd about them."""

    def __init__(self) -> None:
        self.unread = 0
        self.without_zone = 0

    def read(self, value: object, *, parsed: struct_time | None = None) -> datetime | None:
        """A date with a zone: UTC where it states none.

        Args:
            value: As written.
            parsed: What feedparser made of it, in UTC. It is believed where the date is not in Latin letters: feedparser knows
                Greek and Korean ones.
        """
        if not isinstance(value, str) or not value.strip():
            return None
        found = moment(value.strip())
        if found is None and isinstance(parsed, struct_time) and not value.isascii():
            with contextlib.suppress(ValueError, OverflowError):
                found = datetime.fromtimestamp(calendar.timegm(parsed), UTC)
        if found is None:
            self.unread += 1
        elif found.tzinfo is None:
            self.without_zone += 1
            return found.replace(tzinfo=UTC)
        return found

    def notes(self) -> tuple[str, ...]:
        """A sentence each on dates that could not be read and on those without a zone."""
        out = []
        if self.unread:
            out.append(f"dates that could not be read: {self.unread}")
        if self.without_zone:
            out.append(f"dates without a time zone, taken as UTC: {self.without_zone}")
        return tuple(out)
