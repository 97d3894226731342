"""Statement x issue -> position: what is done by saying it, on which of the user's issues, and where the speaker stands."""

from onrecord.positions.act import PLOVER, Act, Coded
from onrecord.positions.agenda import Agenda, Issue
from onrecord.positions.position import Holder, Position, Stance

__all__ = ["PLOVER", "Act", "Agenda", "Coded", "Holder", "Issue", "Position", "Stance"]
