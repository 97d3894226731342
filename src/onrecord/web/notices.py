"""What a page says after something was done. Keys stand in addresses, sentences do not: nobody can make a desk say something by sending a link."""

from __future__ import annotations

__all__ = ["NOTICES"]

NOTICES = {
    "done": "Done.",
    "undone": "Taken back.",
}
