"""The ledger: the record of who said what, in one SQLite file or on a PostgreSQL server. Tables, migrations, search, history, judgements."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onrecord.ledger.access import Action, SavedSearch, Token
    from onrecord.ledger.agenda import IssueVersion
    from onrecord.ledger.coding import Coding
    from onrecord.ledger.due import Due, DueQuery, Ending, Outcome
    from onrecord.ledger.examining import Examined, Uncoded
    from onrecord.ledger.figures import By, Figure, FigureQuery
    from onrecord.ledger.filing import Added, Filing, Part, ReadBy, Told, document_id
    from onrecord.ledger.following import Fed, Followed, Found
    from onrecord.ledger.glancing import Changed, Extent
    from onrecord.ledger.histogram import FiledByDay, Histogram, Period
    from onrecord.ledger.history import ArticleHistory, Carried, Reread, Text, Variant
    from onrecord.ledger.hits import Hit, marked
    from onrecord.ledger.judging import StatementJudgement, Verdict
    from onrecord.ledger.ledger import Ledger, Rows, Status
    from onrecord.ledger.naming import Actor
    from onrecord.ledger.proposing import Proposed
    from onrecord.ledger.searching import ArticleHit, Query, Sort
    from onrecord.ledger.standing import Cell, Every, Evidence, Matrix, Moved, Order, Point, PositionQuery, RowsBy, Split, Who
    from onrecord.ledger.suggesting import SuggestionJudgement

_MODULES = {
    "access": ("Action", "SavedSearch", "Token"),
    "agenda": ("IssueVersion",),
    "coding": ("Coding",),
    "examining": ("Examined", "Uncoded"),
    "due": ("Due", "DueQuery", "Ending", "Outcome"),
    "figures": ("By", "Figure", "FigureQuery"),
    "standing": ("Cell", "Evidence", "Every", "Matrix", "Moved", "Order", "Point", "PositionQuery", "RowsBy", "Split", "Who"),
    "suggesting": ("SuggestionJudgement",),
    "filing": ("Added", "Filing", "Part", "ReadBy", "Told", "document_id"),
    "following": ("Fed", "Followed", "Found"),
    "glancing": ("Changed", "Extent"),
    "histogram": ("FiledByDay", "Histogram", "Period"),
    "history": ("ArticleHistory", "Carried", "Reread", "Text", "Variant"),
    "hits": ("Hit", "marked"),
    "judging": ("StatementJudgement", "Verdict"),
    "ledger": ("Ledger", "Rows", "Status"),
    "naming": ("Actor",),
    "proposing": ("Proposed",),
    "searching": ("ArticleHit", "Query", "Sort"),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}

__all__ = [
    "Action",
    "Actor",
    "Added",
    "ArticleHistory",
    "ArticleHit",
    "By",
    "Carried",
    "Cell",
    "Changed",
    "Coding",
    "Due",
    "DueQuery",
    "Ending",
    "Every",
    "Evidence",
    "Examined",
    "Extent",
    "Fed",
    "Figure",
    "FigureQuery",
    "FiledByDay",
    "Filing",
    "Followed",
    "Found",
    "Histogram",
    "Hit",
    "IssueVersion",
    "Ledger",
    "Matrix",
    "Moved",
    "Order",
    "Outcome",
    "Part",
    "Period",
    "Point",
    "PositionQuery",
    "Proposed",
    "Query",
    "ReadBy",
    "Reread",
    "Rows",
    "RowsBy",
    "SavedSearch",
    "Sort",
    "Split",
    "StatementJudgement",
    "Status",
    "SuggestionJudgement",
    "Text",
    "Token",
    "Told",
    "Uncoded",
    "Variant",
    "Verdict",
    "Who",
    "document_id",
    "marked",
]


def __getattr__(name: str) -> object:
    # SQLAlchemy is loaded when a ledger is.
    if name in _HOME:
        return getattr(import_module(f"onrecord.ledger.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
