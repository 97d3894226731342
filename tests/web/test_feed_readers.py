"""Feed readers show a token as a password, for the feeds of kept searches and for nothing else."""

import base64

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from onrecord.web.safety.buckets import Buckets
from onrecord.web.safety.feed_readers import password

Guarded = tuple[TestClient, dict[str, str]]


def basic(secret: str, user: str = "mira") -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"{user}:{secret}".encode()).decode()}


@pytest.fixture
def feeds(guarded: Guarded) -> tuple[str, str]:
    """The feeds of a search that is kept."""
    client, tokens = guarded
    made = client.post("/api/searches/save", json={"name": "Truces", "query": "q=truce"}, headers={"authorization": f"Bearer {tokens['coder']}"})
    id_ = made.json()["search"]["id"]
    return f"/searches/{id_}.atom", f"/searches/{id_}.json"


def test_a_token_is_the_password_and_the_user_any_name(guarded: Guarded, feeds: tuple[str, str]) -> None:
    client, tokens = guarded
    for path in feeds:
        for role, user in (("reader", "mira"), ("coder", ""), ("admin", "somebody else")):
            answer = client.get(path, headers=basic(tokens[role], user))
            assert answer.status_code == 200
            assert "Truces" in answer.text
        # Nobody who shares a cache sees another's.
        assert "authorization" in answer.headers["vary"]
        assert "private" in answer.headers["cache-control"]
        assert client.get(path, headers=basic(tokens["admin"], "somebody else") | {"if-none-match": answer.headers["etag"]}).status_code == 304


def test_whoever_shows_none_is_asked_for_one(guarded: Guarded, feeds: tuple[str, str]) -> None:
    client, _ = guarded
    for path in feeds:
        for sent in ({}, basic(""), {"authorization": "Basic"}, {"authorization": "Basic ???"}, {"authorization": "Basic /w=="}, {"authorization": "Digest x"}):
            answer = client.get(path, headers=sent)
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"] == 'Basic realm="onrecord", charset="UTF-8"'
            assert "location" not in answer.headers
    # What is not there is not told to strangers.
    assert client.get("/searches/w1:none.atom").status_code == 401


def test_signing_in_and_a_header_let_in_as_before(guarded: Guarded, feeds: tuple[str, str]) -> None:
    client, tokens = guarded
    assert client.get(feeds[0], headers={"authorization": f"Bearer {tokens['reader']}"}).status_code == 200
    assert client.post("/login", data={"token": tokens["reader"]}).status_code == 303
    assert client.get(feeds[0]).status_code == 200
    # A proxy may ask for a password of its own.
    assert client.get(feeds[0], headers=basic("the proxy's")).status_code == 200
    assert "the password is a token" in client.get("/searches").text


@pytest.mark.parametrize(
    "path", ["/", "/searches", "/api/searches", "/api/today", "/search.atom", "/log", "/searches/a/b.atom", "/searches/x.atom/", "/searches/x.html"]
)
def test_nothing_else_takes_a_password(guarded: Guarded, path: str) -> None:
    client, tokens = guarded
    answer = client.get(path, headers=basic(tokens["admin"]))
    assert answer.status_code in (303, 401)
    assert not answer.headers.get("www-authenticate", "").startswith("Basic")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "HEAD", "OPTIONS"])
def test_a_password_is_for_looking_alone(guarded: Guarded, feeds: tuple[str, str], method: str) -> None:
    client, tokens = guarded
    for path in (*feeds, feeds[0].replace(".atom", "/remove"), feeds[0].replace(".atom", "/rename")):
        assert client.request(method, path, headers=basic(tokens["admin"])).status_code == 401
    assert len(client.get("/api/searches", headers={"authorization": f"Bearer {tokens['reader']}"}).json()["searches"]) == 1


def test_wrong_ones_are_soon_not_even_looked_at(guarded: Guarded, feeds: tuple[str, str]) -> None:
    client, tokens = guarded
    # Whoever is right may ask for as many feeds as they like.
    assert {client.get(feeds[n % 2], headers=basic(tokens["reader"])).status_code for n in range(20)} == {200}
    # Nor does being asked count.
    assert {client.get(feeds[0]).status_code for _ in range(20)} == {401}
    codes = [client.get(feeds[n % 2], headers=basic(f"onr_{n}")).status_code for n in range(12)]
    assert codes == [401] * 8 + [429] * 4
    late = client.get(feeds[0], headers=basic(tokens["reader"]))
    assert late.status_code == 429
    assert 0 < int(late.headers["retry-after"]) <= 15
    # A header and the page for signing in are others' business.
    assert client.get(feeds[0], headers={"authorization": f"Bearer {tokens['reader']}"}).status_code == 200
    assert client.post("/login", data={"token": tokens["reader"]}).status_code == 303


def test_a_revoked_one_opens_nothing_from_then_on(guarded: Guarded, feeds: tuple[str, str]) -> None:
    client, tokens = guarded
    assert client.get(feeds[0], headers=basic(tokens["reader"])).status_code == 200
    client.app.state.site.desk.ledger.revoke_token("reader 0")  # type: ignore[attr-defined]
    assert client.get(feeds[0], headers=basic(tokens["reader"])).status_code == 401


def test_it_is_told_in_the_description(guarded: Guarded) -> None:
    client, tokens = guarded
    told = client.get("/api/openapi.json", headers={"authorization": f"Bearer {tokens['reader']}"}).json()
    assert told["components"]["securitySchemes"]["password"]["scheme"] == "basic"
    takes = {path for path, methods in told["paths"].items() for m in methods.values() if {"password": []} in m.get("security", [])}
    assert takes == {"/searches/{id}.atom", "/searches/{id}.json"}


@given(st.text(), st.text(min_size=1))
def test_a_password_is_what_stands_after_the_first_colon(user: str, secret: str) -> None:
    user = user.replace(":", "")
    assert password(Headers(basic(secret, user))) == secret


@given(st.text(st.characters(max_codepoint=255)))
def test_whatever_else_stands_there_is_none(value: str) -> None:
    assert password(Headers({"authorization": value})) is None or value.lower().startswith("basic ")


def test_looking_into_a_bucket_takes_nothing() -> None:
    now = 0.0
    buckets = Buckets(0.5, 2, clock=lambda: now)
    assert [buckets.wait("a") for _ in range(5)] == [0.0] * 5
    assert [buckets.take("a") for _ in range(3)] == [0.0, 0.0, 2.0]
    assert buckets.wait("a") == 2.0
    assert buckets.wait("b") == 0.0
    now = 2.0
    assert buckets.wait("a") == 0.0
    buckets.give_back("a")
    assert [buckets.take("a") for _ in range(3)] == [0.0, 0.0, 2.0]
