"""A figure of agreement and its interval, as SVG: where between chance and agreement without exception."""

from __future__ import annotations

from markupsafe import Markup

__all__ = ["interval_bar", "worded"]

_WIDTH, _HEIGHT = 150, 16
#: What the left end stands for; the right one is 1. What is lower is drawn at the end.
_LOW = -0.5


def worded(value: float | None, low: float | None, high: float | None) -> str:
    """`0.62, between 0.41 and 0.80`.

    Example:
        >>> worded(0.618, 0.41, 0.8), worded(1.0, None, None), worded(None, None, None)
        ('0.62, between 0.41 and 0.80', '1.00, without an interval', 'no figure')
    """
    if value is None:
        return "no figure"
    return f"{value:.2f}, between {low:.2f} and {high:.2f}" if low is not None and high is not None else f"{value:.2f}, without an interval"


def interval_bar(value: float | None, low: float | None, high: float | None) -> Markup:
    """The bar: a line at 0, which is chance; the interval; a dot at the value. The same in words for those who do not see it.

    Args:
        value: 1 is agreement without exception; None: there is no figure.
        low: Lower end of the interval; None: there is none.
        high: Its upper end.
    """
    middle = _HEIGHT / 2
    parts = [
        Markup('<svg class="interval" role="img" viewBox="0 0 {0} {1}" width="{0}" height="{1}"><title>{2}</title>').format(
            _WIDTH, _HEIGHT, worded(value, low, high)
        ),
        Markup('<line class="axis" x1="0" x2="{0}" y1="{1}" y2="{1}"/><line class="chance" x1="{2:.1f}" x2="{2:.1f}" y1="0" y2="{3}"/>').format(
            _WIDTH, middle, _at(0), _HEIGHT
        ),
    ]
    if low is not None and high is not None:
        parts.append(Markup('<rect class="range" x="{:.1f}" y="{}" width="{:.1f}" height="6"/>').format(_at(low), middle - 3, max(1.0, _at(high) - _at(low))))
    if value is not None:
        parts.append(Markup('<circle class="value" cx="{:.1f}" cy="{}" r="4"/>').format(_at(value), middle))
    return Markup("").join([*parts, Markup("</svg>")])


def _at(value: float) -> float:
    edge = 4.0
    return edge + (_WIDTH - 2 * edge) * (min(1.0, max(_LOW, value)) - _LOW) / (1 - _LOW)
