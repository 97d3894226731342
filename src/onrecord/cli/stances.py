"""Stances on a screen: a word, and a sign of one ASCII character, so that colours tell nothing that is not told without them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from onrecord.positions import Stance

if TYPE_CHECKING:
    from onrecord.ledger.standing import Cell

__all__ = ["ASIDE", "MIXED", "NOTHING", "SIGNS", "arrow", "cell_sign", "legend", "sign_of", "style_of", "tally", "worded"]

#: One character a stance.
SIGNS: Mapping[Stance, str] = {Stance.SUPPORT: "+", Stance.OPPOSE: "-", Stance.CONDITIONAL: "~", Stance.NEUTRAL: "o"}
#: Statements that contradict each other.
MIXED = "x"
#: Nothing was said.
NOTHING = "."
#: Something was said that counts for no stance: coders differ, or others report it.
ASIDE = "?"

_STYLES: Mapping[Stance, str] = {Stance.SUPPORT: "green", Stance.OPPOSE: "red", Stance.CONDITIONAL: "yellow", Stance.NEUTRAL: "cyan"}
_MIXED_STYLE = "magenta"


def sign_of(stance: Stance | None) -> str:
    """The sign of a stance; of none, that of statements that contradict each other."""
    return MIXED if stance is None else SIGNS[stance]


def style_of(stance: Stance | None) -> str:
    """The colour of a stance."""
    return _MIXED_STYLE if stance is None else _STYLES[stance]


def worded(stance: Stance | None, *, none: str = "mixed") -> Text:
    """The word for a stance, in its colour.

    Args:
        stance: The stance.
        none: Word for none.
    """
    return Text().append(none if stance is None else str(stance), style_of(stance))


def tally(counts: Mapping[Stance, int]) -> str:
    """Statements by stance, such as `+3 -1`; empty without any.

    Example:
        >>> tally({Stance.OPPOSE: 1, Stance.SUPPORT: 3, Stance.NEUTRAL: 0})
        '+3 -1'
    """
    return " ".join(f"{SIGNS[s]}{counts[s]:,}" for s in Stance if counts.get(s))


def arrow(trend: int, to: Console) -> str:
    """Up towards support, down towards oppose; nothing without a trend.

    Args:
        trend: 1, -1 or 0.
        to: Where it is printed: not every terminal has arrows.
    """
    signs = {1: "↑", -1: "↓"}
    try:
        "".join(signs.values()).encode(to.encoding)
    except (UnicodeEncodeError, LookupError):
        signs = {1: "^", -1: "v"}
    return signs.get(trend, "")


def cell_sign(cell: Cell | None) -> tuple[str, str]:
    """The sign of a cell, and its colour.

    Args:
        cell: The cell; None where nothing was said.
    """
    if cell is None or not (cell.statements or cell.disputed or sum(cell.reported.values())):
        return NOTHING, "dim"
    if cell.stance is None and not cell.mixed:
        return ASIDE, _MIXED_STYLE
    return sign_of(cell.stance), style_of(cell.stance)


def legend(*, track: bool = False) -> str:
    """What the signs mean, in a line.

    Args:
        track: Whether there are lanes or tracks through time.
    """
    signs = ", ".join(f"{sign} {stance}" for stance, sign in SIGNS.items())
    return signs + (f", {MIXED} mixed, {ASIDE} disputed or reported only, {NOTHING} nothing said" if track else "")
