"""A ledger opens in Datasette as it is: every table and view, with names in place of keys, and with search."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from invented import News

from onrecord.ledger import Ledger, Query
from onrecord.ledger.tables import METADATA

# Datasette leaves closing its connections to Python, which says so of those that are open at the end.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("datasette") / "news.db"
    with Ledger.open(path, create=True) as ledger:
        ledger.write(list(News(4, outlets=3, people=5, words=80, statements=3).filings(8)), now=NOW)
    return path


@pytest.fixture(params=["mutable", "immutable"])
def get(request: pytest.FixtureRequest, path: Path) -> Any:
    """Ask Datasette for a page: status, and what its JSON holds or its HTML says."""
    from datasette.app import Datasette

    served = Datasette([str(path)]) if request.param == "mutable" else Datasette([], immutables=[str(path)])

    async def asked(url: str) -> tuple[int, Any]:
        await served.invoke_startup()
        answer = await served.client.get(url)
        return answer.status_code, answer.json() if ".json" in url else answer.text

    return lambda url: asyncio.run(asked(url))


def test_no_table_and_no_view_fails(get: Any) -> None:
    status, database = get("/news.json")
    assert status == 200
    tables, views = {t["name"] for t in database["tables"]}, {v["name"] for v in database["views"]}
    assert set(METADATA.tables) <= tables
    assert views == {"who_said_what", "who_carried_it", "what_became_of_articles", "where_they_stand"}
    for name in sorted(tables | views):
        for url in (f"/news/{name}", f"/news/{name}.json?_labels=on&_shape=objects"):
            status, said = get(url)
            assert status == 200, (url, said)


def test_search_works_since_the_full_text_is_detected(get: Any, path: Path) -> None:
    _, database = get("/news.json")
    assert {t["name"]: t["fts_table"] for t in database["tables"] if t["fts_table"] and not t["hidden"]} == {
        "statements": "statements_fts",
        "revisions": "revisions_fts",
    }
    with Ledger.open(path) as ledger:
        wanted = {h.id for h in ledger.search(Query("truce"))}
    assert wanted
    status, found = get("/news/statements.json?_search=truce&_shape=objects&_size=max")
    assert status == 200
    assert {r["id"] for r in found["rows"] if "truce" in r["content"]} == wanted
    assert "truce" in get("/news/revisions?_search=truce")[1]


def test_keys_are_shown_with_the_names_they_stand_for(get: Any) -> None:
    _, found = get("/news/statements.json?_labels=on&_shape=objects&_size=max")
    for row in found["rows"]:
        assert not row["outlet_key"]["label"].isdigit()
        assert row["actor_key"] is None or row["actor_key"]["label"] == row["speaker"]
    _, found = get("/news/articles.json?_labels=on&_shape=objects")
    assert all(r["outlet_key"]["label"] for r in found["rows"])


def test_the_views_hold_what_the_ledger_shows(get: Any, path: Path) -> None:
    with Ledger.open(path) as ledger:
        hits = list(ledger.search(Query()))
    _, found = get("/news/who_said_what.json?_shape=objects&_size=max")
    assert {(r["id"], r["content"], r["outlet"], r["url"]) for r in found["rows"]} == {(h.id, h.content, h.where.outlet, h.where.url) for h in hits}
    status, rows = get("/news.json?sql=select+speaker,+count(*)+as+n+from+who_said_what+group+by+speaker+order+by+n+desc")
    assert status == 200
    assert sum(r[1] for r in rows["rows"]) == len(hits)


def test_looking_changes_nothing(get: Any, path: Path) -> None:
    before = path.read_bytes()
    get("/news")
    get("/news/statements?_search=truce")
    assert path.read_bytes() == before
    with Ledger.open(path) as ledger:
        assert ledger.check() == []
        ledger.write([], now=NOW)


def test_a_plain_sqlite_reads_the_file_too(path: Path) -> None:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')").fetchall():
            connection.execute(f'SELECT * FROM "{name}" LIMIT 5').fetchall()
