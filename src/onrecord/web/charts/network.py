"""A network of actors as SVG: lines of congruence, dashed ones of conflict, arrows of citations; each leads to what shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import numpy as np
from markupsafe import Markup, escape
from numpy.typing import NDArray

from onrecord.export.shown import shown
from onrecord.positions.congruence import Tie
from onrecord.web import links

__all__ = ["Drawing", "Edge", "Node", "drawn", "placed"]

Floats = NDArray[np.float64]
_WIDE, _LOW, _HIGH, _HIGHER = 960, 440, 640, 900
#: Up to how many actors the picture is low, and from how many on it is higher.
_FEW, _MANY = 20, 100
#: Actors with a label, letters of it and of other names, and bytes of lines at most.
_LABELS, _LETTERS, _LONGEST, _BYTES = 25, 26, 48, 120_000
#: Space around the actors, and between two.
_EDGE, _GAP = 26.0, 4.0
_LETTER, _LINE = 7.4, 15.0
#: How far before a circle an arrow ends, without its head.
_HEAD = 10.0
_ARROW = (
    '<defs><marker id="network-arrow" viewBox="0 0 10 10" refX="4" refY="5" markerWidth="14" markerHeight="14" markerUnits="userSpaceOnUse" orient="auto">'
    '<path class="head" d="M0 1L10 5L0 9z"/></marker></defs>'
)


@dataclass(frozen=True, slots=True)
class Node:
    """An actor."""

    id: str
    name: str
    #: Number of the camp; 0 for none.
    camp: int
    ties: int
    weight: float
    #: Whether the ledger knows who it is, and it has a page.
    known: bool = True
    #: Whether it is an agency, a paper and so on: then it is a square.
    medium: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """A tie between two actors, by their numbers."""

    one: int
    other: int
    #: None: the one cites the other.
    tie: Tie | None
    #: How many; statements, if the one cites the other.
    issues: int
    weight: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """The picture."""

    svg: str
    #: Ties in it.
    edges: int
    #: Actors in it, and those with a label.
    nodes: int
    labels: int


def placed(radii: Sequence[float], pull: Sequence[Edge], camps: Sequence[int], *, wide: float = _WIDE, high: float = _HIGH) -> Floats:
    """Places of actors: forces push all apart and pull together those who agree; then circles that touch are moved apart. The same each time.

    Args:
        radii: Of the circles.
        pull: Who is pulled towards whom.
        camps: Number of the camp of each: those of one begin side by side.
        wide: Of the picture.
        high: Likewise.

    Returns:
        A row of x and y for each.
    """
    count = len(radii)
    if not count:
        return np.zeros((0, 2))
    order = np.argsort(np.array(camps), kind="stable")
    turn = np.empty(count)
    turn[order] = np.arange(count) * (2 * np.pi / count)
    # Not all on one circle, where forces would cancel each other out.
    far = 0.35 + 0.15 * ((np.arange(count) * 0.618034) % 1)
    place = np.stack([np.cos(turn) * far, np.sin(turn) * far], axis=1)
    one, other = (np.array([getattr(e, side) for e in pull], np.int64) for side in ("one", "other"))
    weight = np.array([e.weight for e in pull])
    weight = weight / weight.max() if len(weight) else weight
    rest, rounds = 1 / np.sqrt(count), max(80, min(250, 24_000 // count))
    for n in range(rounds):
        force = _pushed(place, rest**2 / (_squares(place) + 1e-6)) - place * 0.9
        if len(pull):
            along = place[one] - place[other]
            drag = along * (np.sqrt((along**2).sum(axis=1)) / rest * (0.3 + 0.7 * weight))[:, None]
            np.subtract.at(force, one, drag)
            np.add.at(force, other, drag)
        length = np.sqrt((force**2).sum(axis=1)) + 1e-9
        step = 0.1 * (1 - n / rounds) + 0.002
        place = place + force * (np.minimum(length, step) / length)[:, None]
    return _apart(_spread(place, wide, high), np.array(radii, np.float64), wide, high)


def _squares(place: Floats) -> Floats:
    """Of the distance between each two."""
    x, y = place.T
    return np.asarray(np.subtract.outer(x, x) ** 2 + np.subtract.outer(y, y) ** 2)


def _pushed(place: Floats, share: Floats) -> Floats:
    """How far each is pushed away from all others: by this share of the distance between the two. Added up in one order, so that it comes out the same."""
    return np.asarray(place * share.sum(axis=1)[:, None] - np.stack([np.einsum("ij,j->i", share, axis) for axis in place.T], axis=1))


def _spread(place: Floats, wide: float, high: float) -> Floats:
    """As large as the picture."""
    low, span = place.min(axis=0), np.ptp(place, axis=0)
    room = np.array([wide - 2 * _EDGE, high - 2 * _EDGE])
    share = np.where(span > 1e-6, (place - low) / np.maximum(span, 1e-6), 0.5)  # noqa: PLR2004 - nothing
    return np.asarray(share * room + _EDGE)


def _apart(place: Floats, radii: Floats, wide: float, high: float) -> Floats:
    """Circles that touch each other, moved until none does."""
    reach = np.add.outer(radii, radii) + _GAP
    np.fill_diagonal(reach, 0)
    turn = np.arange(len(radii)) * 2.399963
    place = place + np.stack([np.cos(turn), np.sin(turn)], axis=1) * 0.01
    for _ in range(200):
        length = np.sqrt(_squares(place)) + 1e-9
        lacking = np.maximum(0, reach - length)
        if lacking.max() < 0.1:  # noqa: PLR2004 - a tenth of a pixel
            break
        place = place + _pushed(place, lacking * 0.5 / length)
        place = np.clip(place, _EDGE, np.array([wide - _EDGE, high - _EDGE]))
    return place


def drawn(nodes: Sequence[Node], edges: Sequence[Edge], pull: Sequence[Edge], asked: Mapping[str, Any]) -> Drawing:
    """The picture of a network.

    Args:
        nodes: All actors.
        edges: Ties to draw, the heaviest first; the last ones are left out if the picture grows too heavy.
        pull: Ties that say who is near whom.
        asked: What says which statements count, for the addresses.
    """
    if not nodes:
        return Drawing("", 0, 0, 0)
    high = _LOW if len(nodes) <= _FEW else _HIGH if len(nodes) < _MANY else _HIGHER
    most = max(n.weight for n in nodes)
    radii = [8.0 + 6.0 * (n.weight / most) ** 0.5 for n in nodes]
    place = placed(radii, pull, [n.camp for n in nodes], high=high).tolist()
    directed = any(e.tie is None for e in edges)
    lines = _lines(nodes, edges, place, radii, f"&{urlencode(asked, doseq=True, safe=':')}" if asked else "")
    some = sorted(range(len(nodes)), key=lambda n: (-nodes[n].weight, nodes[n].id))[:_LABELS]
    labels = _labels(nodes, some, place, radii)
    marks = [_mark(nodes[n], place[n], radii[n]) for n in range(len(nodes)) if n not in labels]
    named = [_named(nodes[n], place[n], radii[n], labels[n]) for n in some if n in labels]
    told = (
        f"{len(nodes)} actors and outlets, and {len(lines)} arrows from who cites to who is cited, thicker for more statements. The table below says the same."
        if directed
        else f"{len(nodes)} actors as circles with the number of their camp, and {len(lines)} ties as lines: solid for congruence, "
        "dashed for conflict, the thicker the heavier. The tables below say the same."
    )
    head = (
        f'<svg class="network" role="group" aria-labelledby="network-title network-desc" viewBox="0 0 {_WIDE} {high}" width="{_WIDE}" height="{high}">'
        f'<title id="network-title">{"Who cites whom" if directed else "The network of actors"}</title><desc id="network-desc">{told}</desc>'
    )
    if directed:
        head += _ARROW
    # What is only for the mouse is hidden from readers of the page: the tables have it as links.
    ends = ' marker-end="url(#network-arrow)"' if directed else ""
    svg = [head, f'<g aria-hidden="true"><g{ends}>', *lines, "</g>", *marks, "</g><g>", *named, "</g></svg>"]
    return Drawing(Markup("".join(svg)), len(lines), len(nodes), len(labels))  # noqa: S704 - put together here, from escaped parts


def _lines(nodes: Sequence[Node], edges: Sequence[Edge], place: Sequence[Sequence[float]], radii: Sequence[float], asked: str) -> list[str]:
    most = max((e.weight for e in edges), default=1)
    out, size, thick = [], 0, 4.5 if len(nodes) < _MANY else 2.0
    for edge in edges:
        one, other = nodes[edge.one], nodes[edge.other]
        (x, y), (to_x, to_y) = place[edge.one], place[edge.other]
        # Conflict bends a little, so that both can be seen between two who agree on some things and not on others; citations, since each may cite the other.
        bend = {Tie.CONGRUENCE: 0.0, Tie.CONFLICT: 0.08, None: 0.12}[edge.tie]
        mid_x, mid_y = (x + to_x) / 2 - (to_y - y) * bend, (y + to_y) / 2 + (to_x - x) * bend
        curve = f"Q{mid_x:.0f} {mid_y:.0f} " if bend else "L"
        kind, many = edge.tie or "citation", "" if edge.issues == 1 else "s"
        if edge.tie is None:
            # An arrow ends at the edge of what it points at.
            to_x, to_y = _before(to_x, to_y, mid_x, mid_y, radii[edge.other] + _HEAD)
            words = f"{_short(one.name)} cites {_short(other.name)} in {edge.issues} statement{many}"
        else:
            words = f"{_short(one.name)} and {_short(other.name)}: {edge.tie} on {edge.issues} issue{many}"
        to = escape(f"/network/{'citations/' if edge.tie is None else ''}edge?a={quote(one.id, safe=':')}&b={quote(other.id, safe=':')}{asked}")
        line = (
            f'<a href="{to}" tabindex="-1"><title>{escape(words)}</title>'
            f'<path class="{kind}" stroke-width="{1 + thick * edge.weight / most:.1f}" d="M{x:.0f} {y:.0f}{curve}{to_x:.0f} {to_y:.0f}"/></a>'
        )
        size += len(line.encode())
        if size > _BYTES:
            break
        out.append(line)
    # The heaviest lie on top.
    return out[::-1]


def _before(x: float, y: float, from_x: float, from_y: float, by: float) -> tuple[float, float]:
    """A place so far before another, as one comes from a third."""
    length = max(1.0, ((x - from_x) ** 2 + (y - from_y) ** 2) ** 0.5)
    return x - (x - from_x) / length * by, y - (y - from_y) / length * by


def _short(name: str, most: int = _LONGEST) -> str:
    words = shown(" ".join(name.split()))
    return words if len(words) <= most else words[: most - 1] + "…"


def _circle(node: Node, at: Sequence[float], radius: float) -> str:
    if node.medium:
        side = radius * 1.8
        return f'<rect class="medium" x="{at[0] - side / 2:.1f}" y="{at[1] - side / 2:.1f}" width="{side:.1f}" height="{side:.1f}"/>'
    camp = f'<text class="camp" x="{at[0]:.0f}" y="{at[1] + 4:.0f}">{node.camp}</text>' if node.camp else ""
    return f'<circle class="camp-{node.camp % 7}" cx="{at[0]:.0f}" cy="{at[1]:.0f}" r="{radius:.1f}"/>{camp}'


def _mark(node: Node, at: Sequence[float], radius: float) -> str:
    """An actor without a label."""
    shape = f"<title>{escape(_short(node.name))}</title>{_circle(node, at, radius)}"
    return f'<a href="{escape(links.actor(node.id))}" tabindex="-1">{shape}</a>' if node.known else f"<g>{shape}</g>"


def _named(node: Node, at: Sequence[float], radius: float, label: tuple[float, float, str]) -> str:
    x, y, anchor = label
    words = f"{escape(_short(node.name))}, {node.ties} tie{'' if node.ties == 1 else 's'}"
    shape = (
        f"<title>{words}</title>{_circle(node, at, radius)}"
        f'<text class="who" x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}">{escape(_short(node.name, _LETTERS))}</text>'
    )
    return f'<a href="{escape(links.actor(node.id))}" aria-label="{words}">{shape}</a>' if node.known else f"<g>{shape}</g>"


def _labels(nodes: Sequence[Node], some: Sequence[int], place: Sequence[Sequence[float]], radii: Sequence[float]) -> dict[int, tuple[float, float, str]]:
    """Where labels stand: beside, above or below their circle, wherever they cover no other label and no circle that has one."""
    taken = [(place[n][0] - radii[n], place[n][1] - radii[n], place[n][0] + radii[n], place[n][1] + radii[n]) for n in some]
    found: dict[int, tuple[float, float, str]] = {}
    for n in some:
        (x, y), r, long = place[n], radii[n] + 3, len(_short(nodes[n].name, _LETTERS)) * _LETTER
        ways = (
            (x + r, y + 4, "start", x + r),
            (x - r, y + 4, "end", x - r - long),
            (x, y - r, "middle", x - long / 2),
            (x, y + r + 10, "middle", x - long / 2),
        )
        for at, base, anchor, left in ways:
            box = (left, base - _LINE + 3, left + long, base + 3)
            if left < 0 or box[2] > _WIDE or box[1] < 0 or any(box[0] < t[2] and t[0] < box[2] and box[1] < t[3] and t[1] < box[3] for t in taken):
                continue
            found[n] = at, base, anchor
            taken.append(box)
            break
    return found
