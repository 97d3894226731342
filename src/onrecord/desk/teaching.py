"""What people taught the machine of an issue holds for what comes in later, too."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from onrecord.desk.reading import Settings, coder_named

if TYPE_CHECKING:
    from onrecord.desk.coding import Codes, Taught
    from onrecord.desk.filing import Filed
    from onrecord.ledger import Ledger

__all__ = ["Teaching"]


class Teaching:
    """How a desk keeps up what it was taught. `Desk` is one."""

    ledger: Ledger
    _settings: Settings

    def relearn(self, codes: Codes | None = None, *, issues: Collection[str] = ()) -> list[Taught]:
        """Score positions again on issues of which people coded enough to teach: what was filed since then, and all if they coded more.

        `add` and `update` do so when they have filed something.

        Args:
            codes: The machine that is taught; None for this desk's own.
            issues: Ids of issues; none: all that are followed.

        Returns:
            What was learned, an issue each.
        """
        from onrecord.desk.coding import CodesOfModel, labelled, teach
        from onrecord.positions.refitting import FEWEST

        agenda = self.ledger.agenda()
        ready = [issue for issue in agenda if (not issues or issue.id in issues) and len(labelled(self.ledger, issue.id)) >= FEWEST]
        if not ready:
            return []
        machine = codes or CodesOfModel(coder_named(self._settings.engine, self._settings.threads), tuple(agenda))
        return [teach(self.ledger, machine, issue) for issue in ready]

    def _taught(self, results: Iterator[Filed]) -> Iterator[Filed]:
        """Pass results on; what people taught the machine of an issue holds for what came in, too."""
        statements = 0
        for filed in results:
            statements += filed.added.statements if filed.added is not None else 0
            yield filed
        if statements:
            self.relearn()
