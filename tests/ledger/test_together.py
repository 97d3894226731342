"""Several processes over one ledger: each works as if it were alone, nothing is done twice, and nothing is seen half."""

import os
import random
import time
from pathlib import Path

import pytest
from kill_faults import go_on
from kill_rounds import asked, looking, made, news_site, updated
from kill_work import DONE, RESTING, WRITING, Child, filed, filings, kept, nothing, sibling
from local_server import serve

from onrecord.ledger import Ledger
from onrecord.ledger.following import LEASE

KILLS = int(os.environ.get("ONRECORD_KILLS", "200"))
Rows = dict[str, list[tuple[object, ...]]]


@pytest.fixture(scope="module", autouse=True)
def _loaded(tmp_path_factory: pytest.TempPathFactory) -> None:
    with Child(nothing, folder=tmp_path_factory.mktemp("first")) as child:
        child.end(seconds=300).well()


def sound(where: str) -> Rows:
    with Ledger.open(where) as ledger:
        assert ledger.check() == []
        return ledger.rows()


def together(*children: Child) -> list[object]:
    """Wait for all of them: what each gave."""
    try:
        return [child.end().well() for child in children]
    finally:
        for child in children:
            with child:
                pass


def ids(where: str) -> dict[str, set[object]]:
    """What a ledger holds, by names that do not depend on the order in which it came."""
    with Ledger.open(where) as ledger:
        return {t: {r[0] for r in ledger.sql(f"SELECT id FROM {t}").rows} for t in ("documents", "articles", "revisions", "statements", "actors")}


# Filing -----------------------------------------------------------------------------------------------------------------------------


def test_several_make_one_ledger_at_the_same_time(where: str, tmp_path: Path) -> None:
    for number in range(4):
        place = sibling(where, f"n{number}")
        did = together(*(Child(made, place, folder=tmp_path) for _ in range(4)))
        assert sorted(map(bool, did)) == [False, False, False, True]
        assert sound(place)["documents"] == []


def test_two_who_file_the_same_documents_leave_what_one_would_have_left(where: str, tmp_path: Path) -> None:
    source = kept(filings(36), tmp_path / "filings")
    alone = sibling(where, "alone")
    filed(lambda _: None, alone, source, 4)
    together(*(Child(filed, where, source, batch, folder=tmp_path) for batch in (1, 2, 3)))
    expected, found = sound(alone), sound(where)
    for table in expected:
        assert found[table] == expected[table], table


def test_two_who_file_different_documents_leave_what_both_would_have_left(where: str, tmp_path: Path) -> None:
    sources = [kept(filings(24, seed=seed), tmp_path / f"filings-{seed}") for seed in (7, 8)]
    alone = sibling(where, "alone")
    for source in sources:
        filed(lambda _: None, alone, source, 4)
    together(*(Child(filed, where, source, batch, folder=tmp_path) for source, batch in zip(sources, (2, 3), strict=True)))
    sound(where)
    assert ids(where) == ids(alone)


def test_readers_never_fail_and_never_see_half_a_document_while_somebody_writes(where: str, tmp_path: Path) -> None:
    source = kept(filings(60), tmp_path / "filings")
    with Ledger.open(where, create=True):
        pass
    readers = [Child(looking, where, source, list(range(0, 61, 3)), str(tmp_path), folder=tmp_path) for _ in range(2)]
    for reader in readers:
        reader.until(RESTING)
    with Child(filed, where, source, 3, folder=tmp_path) as writer:
        writer.end().well()
    go_on(tmp_path)
    states = together(*readers)
    assert all(isinstance(n, int) and n > 2 for n in states), states
    assert len(sound(where)["documents"]) == 60


# Following --------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("listed", [True, False])
def test_two_rounds_at_once_share_the_pages_and_ask_for_none_twice(where: str, tmp_path: Path, *, listed: bool) -> None:
    with serve() as server:
        urls = news_site(server, where, feeds=2, pages=55, listed=listed)
        did = together(*(Child(updated, where, folder=tmp_path) for _ in range(2)))
        assert set(asked(server, urls).values()) == {1}
        filed_by = [set(pages) for pages, errors in did if not errors]  # type: ignore[misc]
        assert len(filed_by) == 2
        assert not filed_by[0] & filed_by[1]
        assert filed_by[0] | filed_by[1] == set(urls)
        if listed:
            # 48 at a time: one of them cannot have taken all of 110 before the other came.
            assert all(filed_by)
        else:
            assert set(asked(server, [f"{server.url}/feed-{n}" for n in range(2)]).values()) == {1}
    rows = sound(where)
    assert len(rows["documents"]) == len(rows["links"]) == 110
    with Ledger.open(where) as ledger:
        assert ledger.sql("SELECT count(*) FROM links WHERE lease IS NOT NULL OR state <> 'done'").rows == ((0,),)


def test_what_a_killed_round_had_taken_is_free_after_its_lease_and_no_later(where: str, tmp_path: Path) -> None:
    with serve() as server:
        urls = news_site(server, where, feeds=1, pages=12, listed=True)
        slow = urls[5]
        server.page(slow.removeprefix(server.url), "<p>Too late</p>", delay=30.0)
        with Child(updated, where, folder=tmp_path) as child:
            while not asked(server, [slow])[slow]:
                assert child.process.is_alive()
                time.sleep(0.01)
            assert child.kill()
        server.page(slow.removeprefix(server.url), "<html lang='en'><p>The landing was opened by the council after the long winter.</p></html>")
        before = len(server.asked)
        for later in (0.0, LEASE.total_seconds() - 60):
            assert updated(lambda _: None, where, later) == ([], [])
        assert len(server.asked) == before
        did, errors = updated(lambda _: None, where, LEASE.total_seconds() + 60)
        assert errors == []
        assert slow in did
        assert {u for u, n in asked(server, urls).items() if n == 0} == set()
    assert len(sound(where)["documents"]) == 12


def test_rounds_that_are_killed_anywhere_lose_no_page_and_file_none_twice(where: str, tmp_path: Path) -> None:
    rng, kills, later = random.Random(5), 0, 0.0
    with serve() as server:
        urls = news_site(server, where, feeds=3, pages=10, listed=False)
        while True:
            with Child(updated, where, later, folder=tmp_path) as child:
                if kills < max(KILLS // (20 if "://" not in where else 40), 1):
                    time.sleep(rng.uniform(0, 1.0))
                    kills += child.kill()
                else:
                    child.end().well()
                    if child.marks.endswith(DONE) and WRITING not in child.marks:
                        break
            later += LEASE.total_seconds() + 1
        assert min(asked(server, urls).values()) >= 1
    rows = sound(where)
    assert len(rows["documents"]) == len(rows["articles"]) == len(rows["links"]) == 30
