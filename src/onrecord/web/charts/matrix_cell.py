"""A cell of the matrix as HTML, put together by hand: hundreds of them stand on a page, and a template takes longer."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

from onrecord.ledger.standing import Cell
from onrecord.web.charts.stance_bar import LETTERS

__all__ = ["WORD_LETTERS", "cell_word", "matrix_cell"]

#: Letters of the words that can stand in a cell.
WORD_LETTERS = {str(s) if s else "mixed": letter for s, letter in LETTERS.items()} | {"disputed": "D", "reported": "R", "other": "?"}


def cell_word(cell: Cell) -> str:
    """Where a row stands on an issue, in a word: a stance, `mixed`, `disputed` if coders differ, `reported` if only others say so."""
    if cell.stance:
        return str(cell.stance)
    return "disputed" if cell.disputed and not cell.mixed else "mixed" if cell.statements else "reported"


def matrix_cell(cell: Cell, to: str, track: Sequence[str | None]) -> Markup:
    """What stands in the cell.

    Args:
        cell: The cell.
        to: Address of the statements behind it.
        track: Through time, a stance for each period; None where nothing was said.
    """
    word = cell_word(cell)
    parts = [f'<a href="{escape(to)}"><abbr class="stance {word}" title="{word}">{WORD_LETTERS[word]}</abbr> {cell.statements:,}</a>']
    if cell.trend:
        arrow = "↑" if cell.trend > 0 else "↓"
        parts.append(f' <span class="trend" title="from {cell.before}">{arrow}<span class="unseen">from {cell.before}</span></span>')
    if cell.last:
        parts.append(f'<br><span class="path">{cell.last.day} {cell.last:%b %Y}</span>')
    if cell.reported and not cell.statements:
        parts.append('<br><span class="path">reported only</span>')
    if cell.by_hand:
        parts.append(f'<br><span class="path">{cell.by_hand:,} by hand</span>')
    if track:
        parts.append(f'<br><span class="track">{"".join(WORD_LETTERS[t] if t else "·" for t in track)}</span>')
    # Numbers, days and words of ours, and an address that is escaped.
    return Markup("".join(parts))  # noqa: S704
