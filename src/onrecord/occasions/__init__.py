"""Occasions: when, and where, the words of a statement were spoken."""

from onrecord.occasions.edtf import bounds
from onrecord.occasions.expressions import TimeExpression, find_expressions
from onrecord.occasions.find import Occasion, find_occasions
from onrecord.occasions.when import When, carried_on, said_on, scene
from onrecord.occasions.where import Where, where_said

__all__ = ["Occasion", "TimeExpression", "When", "Where", "bounds", "carried_on", "find_expressions", "find_occasions", "said_on", "scene", "where_said"]
