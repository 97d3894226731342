"""What the tests of the browser desk share: one small ledger that is read once, a client that needs no network, and a desk with tokens."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hostile import PAYLOADS, articles

import onrecord
from onrecord.positions import Issue
from onrecord.web import Access, Site, make_app, overviews

EXAMPLES = Path(__file__).parents[2] / "examples"
NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)


def read_once(factory: pytest.TempPathFactory, name: str, read: Callable[[Path], None]) -> Path:
    """A copy of a ledger that takes long to read. Where tests run in several processes, the first to come reads it, and the others wait."""
    base = factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    path = shared / f"{name}.db"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            part = shared / f"{name}.part.db"
            read(part)
            part.replace(path)
    return Path(shutil.copy(path, factory.mktemp(name) / "news.db"))


@pytest.fixture(scope="session")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of the example articles, with its agenda. To be looked at only."""

    def read(path: Path) -> None:
        with onrecord.open(path) as desk:
            desk.add_agenda(EXAMPLES / "agenda.yaml", by="mira")
            desk.add(EXAMPLES / "articles")
            desk.add(EXAMPLES / "later")

    return read_once(tmp_path_factory, "web", read)


@pytest.fixture
def own(news: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed."""
    return Path(shutil.copy(news, tmp_path / "own.db"))


@pytest.fixture
def site(own: Path) -> Iterator[Site]:
    """A desk on a ledger of its own, open to whoever is on this machine."""
    made = Site(onrecord.open(own, create=False), user="mira", now=lambda: NOW)
    yield made
    made.close()


@pytest.fixture
def taken(site: Site) -> None:
    """Whatever the machine says of the first issue, a person says where those stand who speak of the truce."""
    first = next(iter(site.desk.agenda()))
    for hit in site.desk.search("truce", limit=6):
        site.desk.code_statement(hit.id, first.id, "oppose", by="mira")


@pytest.fixture
def client(site: Site) -> Iterator[TestClient]:
    """A client of it. It does not follow redirects."""
    with TestClient(make_app(site, limits=False), base_url="http://127.0.0.1", follow_redirects=False) as made:
        yield made


@pytest.fixture
def guarded(own: Path) -> Iterator[tuple[TestClient, dict[str, str]]]:
    """A client of a desk that asks for tokens, without one; and a token for each role."""
    made = Site(onrecord.open(own, create=False), access=Access.TOKEN, hosts=frozenset({"desk.example"}), now=lambda: NOW)
    tokens = {role: made.desk.ledger.give_token(f"{role} {n}", role, by="mira")[0] for n, role in enumerate(("reader", "coder", "admin"))}
    with TestClient(make_app(made), base_url="https://desk.example", follow_redirects=False) as client:
        yield client, tokens


@pytest.fixture(scope="session", autouse=True)
def _nothing_of_the_user_s(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test sees or touches the ledger or the settings of whoever runs it."""
    before = dict(os.environ)
    for name in [n for n in os.environ if n.startswith("ONRECORD_")]:
        del os.environ[name]
    os.environ["XDG_DATA_HOME"] = str(tmp_path_factory.mktemp("data"))
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """However busy the machine is, a page waits for where actors stand: what a page shows that does not wait is a test of its own."""
    monkeypatch.setattr(overviews, "_PATIENCE", 600.0)


@pytest.fixture(scope="session")
def poisoned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of hostile articles, whose users are hostile, too."""

    def read(path: Path) -> None:
        issues = {
            n: Issue(f"issue-{n}", f"Talks {payload}", (f"alias {payload}",), f"for {payload}", f"against {payload}")
            for n, payload in enumerate(PAYLOADS)
            if "\0" not in payload and payload.isprintable()
        }
        # The machine looks for positions on few of them: each takes as long as all the reading. People code on all of them.
        early = dict(list(issues.items())[:3])
        with onrecord.open(path) as desk:
            for n, one in early.items():
                desk.add_issue(one, by=f"mira {PAYLOADS[n]}", note=PAYLOADS[n])
            tally = desk.add(*articles())
            assert not tally.errors
            assert tally.statements > len(PAYLOADS)
            for n, one in issues.items():
                desk.ledger.save_search(f"Search {PAYLOADS[n]}", f"q={PAYLOADS[n]}", by=PAYLOADS[n])
                if n not in early:
                    desk.add_issue(one, by=f"mira {PAYLOADS[n]}", note=PAYLOADS[n])
            for n, hit in enumerate(list(desk.search(limit=len(PAYLOADS)))):
                desk.judge(hit.id, "right" if n % 3 else "wrong", by=f"mira {PAYLOADS[n]}", note=PAYLOADS[n])
                for issue in {"issue-0", f"issue-{n}" if n in issues else "issue-0"}:
                    desk.code_statement(hit.id, issue, "oppose", by=PAYLOADS[n].strip() or "x")

    return read_once(tmp_path_factory, "hostile", read)
