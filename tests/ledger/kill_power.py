"""What a disk may hold after the power went: the files of a SQLite ledger at any moment, and less of the -wal than was written.

What was flushed stays: a disk that lies about that is another matter. The -wal is flushed before its pages are put into the ledger's own file, so
it may be cut anywhere behind the pages for which that has begun; the file of shared memory (-shm) may be there or not.
"""

import os
import random
import shutil
import signal
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kill_work import OPENING, Child

__all__ = ["Moment", "moments"]

#: Bytes of the -wal's header, and of the header of each page in it.
_HEADER, _FRAME = 32, 24
#: Where the -shm says which -wal it is about, and how many of its pages are being put into the ledger's file.
_SALT, _BEGUN = 32, 128


@dataclass(frozen=True)
class Moment:
    """The files of a ledger as they were while a run was held."""

    ledger: Path

    @property
    def wal(self) -> Path:
        return self.ledger.with_name(f"{self.ledger.name}-wal")

    @property
    def shm(self) -> Path:
        return self.ledger.with_name(f"{self.ledger.name}-shm")

    @property
    def flushed(self) -> int:
        """Bytes of the -wal that were flushed for sure, as they are being put into the ledger's file."""
        if not self.wal.exists() or not self.shm.exists():
            return 0
        wal, shm = self.wal.read_bytes(), self.shm.read_bytes()
        if len(wal) < _HEADER or len(shm) < _BEGUN + 4 or wal[16:24] != shm[_SALT : _SALT + 8]:
            # The next -wal is about to begin: all of this one is in the ledger's file.
            return len(wal)
        (begun,) = struct.unpack_from("=I", shm, _BEGUN)
        (page,) = struct.unpack_from(">I", wal, 8)
        return min(len(wal), _HEADER + begun * (_FRAME + page)) if begun else 0

    @property
    def checkpointed(self) -> bool:
        """Whether pages were being put, or had been put, into the ledger's own file."""
        return self.flushed > 0

    def states(self, rng: random.Random) -> Iterator[Path]:
        """Ledgers that the disk may hold afterwards."""
        for name in ("all", "without-shm", "cut", "cut-torn"):
            place = self.ledger.parent / name / self.ledger.name
            place.parent.mkdir()
            shutil.copy(self.ledger, place)
            if self.wal.exists():
                written = self.wal.read_bytes()
                if "cut" in name:
                    written = written[: rng.randint(self.flushed, len(written))]
                    # What was being written at the time is anything.
                    written += rng.randbytes(rng.randrange(20_000)) if "torn" in name and len(written) > self.flushed else b""
                place.with_name(self.wal.name).write_bytes(written)
            if self.shm.exists() and name == "all":
                shutil.copy(self.shm, place.with_name(self.shm.name))
            yield place


def moments(child: Child, ledger: Path, *, count: int, seed: int) -> list[Moment]:
    """Hold a run at some moments, and copy its files."""
    rng, found = random.Random(seed), []
    child.until(OPENING)
    while len(found) < count:
        time.sleep(rng.uniform(0, 0.1))
        if not _held(child.pid):
            break
        copy = ledger.parent / f"moment-{len(found)}" / ledger.name
        if ledger.exists():
            copy.parent.mkdir()
            for name in ("", "-wal", "-shm"):
                if Path(f"{ledger}{name}").exists():
                    shutil.copy(f"{ledger}{name}", f"{copy}{name}")
            found.append(Moment(copy))
        os.kill(child.pid, signal.SIGCONT)
    return found


def _held(pid: int) -> bool:
    """Hold a process: whether it is held; False if it has ended."""
    try:
        os.kill(pid, signal.SIGSTOP)
        while (state := Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]) != "T":
            if state in "ZX":
                return False
            time.sleep(0.001)
    except (ProcessLookupError, FileNotFoundError):
        return False
    return True
