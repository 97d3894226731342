"""From a revision to a reading: windows, one forward pass, arrays joined."""

from onrecord.reading.reader import Reader, Reading, Stream, Window

__all__ = ["Reader", "Reading", "Stream", "Window"]
