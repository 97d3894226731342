"""How far coders agree, worked out once for each state of the ledger: every page of it, and every visitor, is answered from that."""

from __future__ import annotations

from dataclasses import dataclass

from onrecord.desk.agreeing import MACHINE, Answers, Differing, answers_of, differing
from onrecord.ledger import Ledger
from onrecord.positions.comparing import Comparison, compared
from onrecord.web.glances import once
from onrecord.web.site import Site

__all__ = ["Agreed", "Asked", "agreed"]

#: Draws of the bootstrap at most, as on the command line, and fewest that an interval is told from; and units drawn while one waits: half a second of work.
_MOST, _FEWEST, _WORK = 2000, 200, 8_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """Which codings are compared; what is empty does not matter."""

    issue: str
    coders: tuple[str, ...]
    #: Machine positions with a lower score are taken for none.
    least: float


@dataclass(frozen=True, slots=True)
class Agreed:
    """How far coders agree."""

    found: Answers
    #: Every figure; those of all issues together first, then issue by issue.
    figures: tuple[Comparison, ...]
    #: Draws that the intervals are from; 0: there are so many figures that none was made.
    draws: int
    #: Statements on which people differ, issue by issue, the last coded first.
    differing: tuple[Differing, ...]
    #: Everybody who coded a statement, and the issues that anybody did of, whatever was asked for.
    coders: tuple[str, ...]
    issues: tuple[str, ...]


def agreed(site: Site, asked: Asked) -> Agreed:
    """How far coders agree, of the ledger as it is.

    Args:
        site: Whose ledger.
        asked: Which codings.
    """
    return once(site, asked, lambda: _agreed(site.desk.ledger, asked))


def _agreed(ledger: Ledger, asked: Asked) -> Agreed:
    issues = [asked.issue] if asked.issue else []
    found = answers_of(ledger, issues=issues, coders=asked.coders, least=asked.least)
    machine = MACHINE if found.machines else None
    figures = compared(found.answers, machine=machine, draws=0)
    draws = _draws(figures)
    if figures:
        figures = compared(found.answers, machine=machine, draws=draws)
    order = {i.id: n for n, i in enumerate(ledger.agenda(retired=True))}
    apart = sorted(differing(ledger, issues=issues, coders=asked.coders), key=lambda d: order.get(d.last.issue, len(order)))
    every = [c for c in ledger.codings() if c.statement is not None]
    coded = {c.issue for c in every}
    figures.sort(key=lambda f: -1 if f.issue is None else order.get(f.issue, len(order)))
    return Agreed(found, tuple(figures), draws, tuple(apart), tuple(sorted({c.by for c in every})), tuple(i for i in order if i in coded))


def _draws(figures: list[Comparison]) -> int:
    """As many as can be drawn while somebody waits."""
    draws = min(_MOST, _WORK // max(1, sum(f.agreement.units for f in figures)))
    return draws if draws >= _FEWEST else 0
