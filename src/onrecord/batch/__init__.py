"""Maps that are not `map`: the same work in several processes. Knows nothing of news."""

from onrecord.batch.pool import processes

__all__ = ["processes"]
