"""From a reading to statements: decoding, linking, kind, quotations without a cue."""

from onrecord.statements.find import find_statements
from onrecord.statements.statement import Attribution, QuoteKind, Statement

__all__ = ["Attribution", "QuoteKind", "Statement", "find_statements"]
