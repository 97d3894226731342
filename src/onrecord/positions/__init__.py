"""Statement x issue -> position: what is done by saying it, on which of the user's issues, and where the speaker stands."""

from onrecord.positions.act import PLOVER, Act, Coded
from onrecord.positions.agenda import Agenda, Issue
from onrecord.positions.figures import find_figures
from onrecord.positions.horizons import Horizon, Relation
from onrecord.positions.position import Holder, Position, Stance
from onrecord.positions.quantities import Bound, Quantity

__all__ = [
    "PLOVER",
    "Act",
    "Agenda",
    "Bound",
    "Coded",
    "Holder",
    "Horizon",
    "Issue",
    "Position",
    "Quantity",
    "Relation",
    "Stance",
    "find_figures",
]
