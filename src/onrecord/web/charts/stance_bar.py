"""A bar of how many stand where, as SVG."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from onrecord.positions import Stance

__all__ = ["LETTERS", "SHAPES", "stance_bar", "worded"]

#: A stance has a letter, a shape and a colour: two of them tell it to whoever does not see the third.
LETTERS: Mapping[Stance | None, str] = {Stance.SUPPORT: "S", Stance.OPPOSE: "O", Stance.CONDITIONAL: "C", Stance.NEUTRAL: "N", None: "M"}
SHAPES: Mapping[Stance | None, str] = {Stance.SUPPORT: "▲", Stance.OPPOSE: "▼", Stance.CONDITIONAL: "◆", Stance.NEUTRAL: "○", None: "✕"}
_WIDTH, _HEIGHT = 160, 14


def worded(counts: Mapping[Stance | None, int]) -> str:
    """`7 support, 3 oppose, 1 mixed`.

    Example:
        >>> worded({Stance.OPPOSE: 1, Stance.SUPPORT: 3, None: 2})
        '3 support, 1 oppose, 2 mixed or disputed'
    """
    told = [f"{counts[s]:,} {s}" for s in Stance if counts.get(s)]
    return ", ".join(told + ([f"{counts[None]:,} mixed or disputed"] if counts.get(None) else [])) or "nobody"


def stance_bar(counts: Mapping[Stance | None, int]) -> Markup:
    """The bar, and the same in words for those who do not see it.

    Args:
        counts: How many, by stance; None: no stance.
    """
    total = sum(counts.values())
    parts, at = [], 0.0
    for stance in (Stance.SUPPORT, Stance.CONDITIONAL, Stance.NEUTRAL, None, Stance.OPPOSE):
        width = _WIDTH * counts.get(stance, 0) / total if total else 0.0
        if width:
            parts.append(f'<rect class="fill {stance or "mixed"}" x="{at:.1f}" y="0" width="{max(1.0, width - 1):.1f}" height="{_HEIGHT}"/>')
            at += width
    head = f'<svg class="stance-bar" role="img" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}"><title>{worded(counts)}</title>'
    frame = f'<rect class="frame" x="0.5" y="0.5" width="{_WIDTH - 1}" height="{_HEIGHT - 1}"/>'
    # Numbers, and words of ours.
    return Markup("".join([head, frame, *parts, "</svg>"]))  # noqa: S704
