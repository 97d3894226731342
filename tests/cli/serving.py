"""What the tests of a served desk share: a server in a process of its own, on any port that is free."""

import re
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from commanding import going


@dataclass(slots=True)
class Served:
    """A desk that is being served."""

    process: subprocess.Popen[str]
    #: As it said itself, with the last slash.
    address: str
    #: What it said until then.
    said: list[str] = field(default_factory=list)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.address.rstrip("/").rpartition(":")[2])

    def end(self, signal: int) -> tuple[int, str]:
        """Send a signal and wait; the exit code, and what was said since."""
        self.process.send_signal(signal)
        return self.ended()

    def ended(self) -> tuple[int, str]:
        """Wait; the exit code, and what was said since."""
        assert self.process.stderr is not None
        rest = self.process.stderr.read()
        return self.process.wait(30), rest

    def client(self, token: str | None = None) -> httpx.Client:
        """A program that asks it, with a token or without one."""
        return httpx.Client(base_url=self.address, headers={"authorization": f"Bearer {token}"} if token else {}, timeout=60)

    def connected(self) -> socket.socket:
        """A bare connection to it."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)


@contextmanager
def served(ledger: Path, *arguments: object) -> Iterator[Served]:
    """A desk, from the moment it says that it is open; it is gone afterwards."""
    with going("serve", "--ledger", ledger, "--port", "0", *arguments) as process:
        assert process.stderr is not None
        said: list[str] = []
        for line in process.stderr:
            said.append(line.rstrip("\n"))
            if found := re.match(r"the desk is open at (http://\S+/) ", line):
                yield Served(process, found[1], said)
                return
        raise AssertionError((process.wait(30), said))
