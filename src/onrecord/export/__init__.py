"""A record in other forms: JSON, one statement a line, a spreadsheet, a page to read and print."""

from onrecord.export.jsons import to_json, to_jsonl
from onrecord.export.page import to_fragment, to_html
from onrecord.export.spreadsheet import COLUMNS, to_csv

__all__ = ["COLUMNS", "to_csv", "to_fragment", "to_html", "to_json", "to_jsonl"]
