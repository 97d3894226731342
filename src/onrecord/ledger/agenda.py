"""The agenda of a ledger: issues in versions. An edit makes another version, and nothing is overwritten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from onrecord.positions import Issue

__all__ = ["IssueVersion"]


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
