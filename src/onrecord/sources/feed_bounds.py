"""How much of a feed is read. Each bound leaves a note or gives a clear error."""

from __future__ import annotations

__all__ = ["LARGEST", "LONGEST_ADDRESS", "LONGEST_SUMMARY", "LONGEST_TITLE", "MOST_ADDRESSES", "MOST_ENTRIES"]

#: Bytes of a feed, unpacked. The sitemap protocol allows 50 MB.
LARGEST = 64 * 2**20
#: Entries of an RSS, Atom or JSON feed; the first are kept, as feeds put the newest first.
MOST_ENTRIES = 10_000
#: Addresses of a sitemap or a sitemap index; the protocol allows as many.
MOST_ADDRESSES = 50_000
#: Characters of an address; longer ones are no addresses of stories.
LONGEST_ADDRESS = 4096
#: Characters of a title.
LONGEST_TITLE = 2000
#: Characters of a summary.
LONGEST_SUMMARY = 20_000
