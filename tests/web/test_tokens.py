"""Signing in, leaving, who is let in, and the log of it."""

import re

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from onrecord.web import Site
from onrecord.web.safety.paths import local

OURS = {"sec-fetch-site": "same-origin"}
Guarded = tuple[TestClient, dict[str, str]]


def signed_in(guarded: Guarded, role: str) -> TestClient:
    client, tokens = guarded
    done = client.post("/login", data={"token": tokens[role], "to": "/"}, headers=OURS)
    assert done.status_code == 303
    return client


def test_whoever_signs_in_is_led_where_they_wanted(guarded: Guarded) -> None:
    client, tokens = guarded
    to = client.get("/search?q=a%20b&kind=direct").headers["location"]
    page = client.get(to)
    assert page.headers["cache-control"] == "no-store"
    assert 'value="/search?q=a%20b&amp;kind=direct"' in page.text
    done = client.post("/login", data={"token": f" {tokens['coder']} ", "to": "/search?q=a%20b&kind=direct"}, headers=OURS)
    assert (done.status_code, done.headers["location"]) == (303, "/search?q=a%20b&kind=direct")
    cookie = done.headers["set-cookie"].lower()
    assert all(f"; {word}" in cookie for word in ("httponly", "samesite=strict", "secure", "path=/"))
    assert client.get("/").status_code == 200


def test_the_cookie_is_not_marked_secure_over_http_for_it_would_never_come_back(guarded: Guarded) -> None:
    client, tokens = guarded
    done = client.post("http://desk.example/login", data={"token": tokens["coder"]}, headers=OURS)
    assert "secure" not in done.headers["set-cookie"].lower()


def test_nobody_is_told_anything_before_they_are_in(guarded: Guarded) -> None:
    client, _ = guarded
    for path in ("/login", "/static/0/none", "/static/../issues", "/static/%2e%2e/issues"):
        assert "own.db" not in client.get(path).text
    assert client.get("/loginx").status_code == 303
    assert client.get("/login/../log").status_code in (303, 404)
    for path in ("/logout", "/log", "/tokens"):
        assert client.get(path).headers["location"].startswith("/login?to=")
        assert client.post(path, headers=OURS).status_code == 401


def test_wrong_tokens_are_refused_logged_and_soon_not_even_looked_at(guarded: Guarded) -> None:
    client, tokens = guarded
    codes = [client.post("/login", data={"token": f"onr_{n}"}, headers=OURS).status_code for n in range(12)]
    assert codes == [403] * 8 + [429] * 4
    late = client.post("/login", data={"token": tokens["admin"]}, headers=OURS)
    assert late.status_code == 429
    assert int(late.headers["retry-after"]) > 0
    log = client.get("/api/log", headers={"authorization": f"Bearer {tokens['admin']}"}).json()["actions"]
    assert [a["action"] for a in log] == ["login_refused"] * 8
    assert "onr_" not in str(log)
    assert log[0]["item"] == "testclient"


def test_whoever_is_right_may_sign_in_as_often_as_they_like(guarded: Guarded) -> None:
    for _ in range(12):
        signed_in(guarded, "reader")


@pytest.mark.parametrize(
    "to",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\n/evil.example",
        "",
        "evil",
        "/a\r\nx: y",
        "/login?to=/",
    ],
)
def test_nobody_is_led_elsewhere(guarded: Guarded, to: str) -> None:
    client, tokens = guarded
    done = client.post("/login", data={"token": tokens["reader"], "to": to}, headers=OURS)
    assert (done.status_code, done.headers["location"]) == (303, "/")
    assert "x" not in done.headers


@given(st.text())
def test_what_is_local_stays_local(to: str) -> None:
    led = local(to)
    assert led.startswith("/")
    assert not re.match(r"[/\\\s]", led[1:2] or "x") or led == "/"


def test_whoever_leaves_is_out(guarded: Guarded) -> None:
    client = signed_in(guarded, "reader")
    assert "<button>Leave</button>" in client.get("/logout").text
    done = client.post("/logout", headers=OURS)
    assert done.headers["location"] == "/login"
    assert client.get("/").status_code == 303


def test_an_open_desk_asks_nobody(client: TestClient) -> None:
    assert client.get("/login?to=/issues").headers["location"] == "/issues"
    assert client.post("/login", data={"to": "//evil"}, headers=OURS).headers["location"] == "/"
    assert "nothing to leave" in client.get("/logout").text
    assert client.post("/logout", headers=OURS).headers["location"] == "/"


@pytest.mark.parametrize("path", ["/log", "/tokens", "/api/log", "/api/tokens"])
def test_log_and_tokens_are_the_administrator_s(guarded: Guarded, path: str) -> None:
    client, tokens = guarded
    told = {r: client.get(path, headers={"authorization": f"Bearer {t}"}).status_code for r, t in tokens.items()}
    assert told == {"reader": 403, "coder": 403, "admin": 200}


def test_a_token_is_given_shown_once_and_revoked(guarded: Guarded) -> None:
    client, _ = guarded
    signed_in(guarded, "admin")
    page = client.post("/tokens", data={"name": "<b>ana</b>", "role": "coder"}, headers=OURS)
    assert page.headers["cache-control"] == "no-store"
    secret = re.search(r'value="(onr_[^"]+)"', page.text)
    assert secret
    assert "<b>ana" not in page.text
    assert secret[1] not in client.get("/tokens").text
    assert secret[1] not in client.get("/log").text
    bearer = {"authorization": f"Bearer {secret[1]}"}
    fresh = TestClient(client.app, base_url="https://desk.example", follow_redirects=False)
    assert fresh.get("/api/today", headers=bearer).status_code == 200
    assert fresh.post("/tokens", data={"name": "x", "role": "admin"}, headers=OURS | bearer).status_code == 403
    id_ = next(t["id"] for t in client.get("/api/tokens").json()["tokens"] if "ana" in t["name"])
    assert client.post(f"/tokens/{id_}/revoke", headers=OURS, data={"confirm": ""}).headers["location"] == "/tokens?done=token-revoked"
    assert client.post(f"/tokens/{id_}/revoke", headers=OURS, data={"confirm": ""}).status_code == 404
    assert client.post("/login", data={"token": secret[1]}, headers=OURS).status_code == 403
    assert [a["action"] for a in client.get("/api/log").json()["actions"]][:4] == ["login_refused", "tokens_id_revoke", "tokens_give", "login"]


def test_a_program_gets_a_token_too(client: TestClient, site: Site) -> None:
    made = client.post("/api/tokens", json={"name": "otto", "role": "reader"})
    assert made.headers["cache-control"] == "no-store"
    assert site.desk.ledger.token(made.json()["token"]).name == "otto"  # type: ignore[union-attr]
    assert client.post("/api/tokens", json={"name": "otto", "role": "king"}).status_code == 422
    assert client.post("/api/tokens", json={"name": " \x00 ", "role": "reader"}).status_code == 400


def test_the_log_has_pages(client: TestClient, site: Site) -> None:
    for n in range(5):
        site.desk.ledger.log("tried", f"thing {n}", {"why": "<script>"}, by="mira")
    told = client.get("/api/log?limit=2").json()
    assert [a["item"] for a in told["actions"]] == ["thing 4", "thing 3"]
    assert client.get(f"/api{told['pages']['next']}").json()["actions"][0]["item"] == "thing 2"
    page = client.get("/log").text
    assert "&lt;script&gt;" in page
    assert client.get("/log?offset=99999999999999999999").status_code == 422
