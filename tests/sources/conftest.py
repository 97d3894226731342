"""What the tests of this room share."""

import pytest
from local_server import serve


@pytest.fixture
def server():
    """A web server on this machine, with no pages yet."""
    with serve() as found:
        yield found
