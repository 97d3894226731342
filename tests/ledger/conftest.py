"""Ledgers to test on; where they can be made is said in tests/conftest.py."""

from collections.abc import Iterator

import pytest

from onrecord.ledger import Ledger


@pytest.fixture
def ledger(where: str) -> Iterator[Ledger]:
    """An empty ledger, on each kind of database in turn."""
    with Ledger.open(where, create=True) as made:
        yield made
