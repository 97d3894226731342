"""What stands between the network and the desk, on every kind of answer and on every address that the application itself names."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.routing import BaseRoute, Route

import onrecord
from onrecord.web import Site, make_app
from onrecord.web.page import asset

Guarded = tuple[TestClient, dict[str, str]]
FOREIGN = "this was sent from a page of another site"


def routes(found: Sequence[BaseRoute]) -> Iterator[Route]:
    """All routes of an application, also those of a router inside it."""
    for route in found:
        inside = getattr(route, "original_router", None)
        if inside is not None:
            yield from routes(inside.routes)
        elif isinstance(route, Route):
            yield route


def addresses(client: TestClient, method: str) -> list[str]:
    """An address on each route that takes a method; nothing has the id that stands in it."""
    app = client.app
    assert isinstance(app, FastAPI)
    return sorted({re.sub(r"\{[^}]+\}", "none", r.path) for r in routes(app.routes) if method in (r.methods or ())})


def bearer(secret: str) -> dict[str, str]:
    return {"authorization": f"Bearer {secret}"}


def saved(client: TestClient) -> str:
    return str(client.post("/api/searches/save", json={"name": "Truces", "query": "q=truce"}).json()["search"]["id"])


# Headers ----------------------------------------------------------------------------------------------------------------------------


def strict(headers: httpx.Headers) -> None:
    """What every answer carries."""
    rules = dict(rule.strip().split(" ", 1) for rule in headers["content-security-policy"].split(";"))
    assert rules["default-src"] == rules["base-uri"] == rules["frame-ancestors"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["connect-src"] == rules["form-action"] == "'self'"
    assert not re.search(r"unsafe-|\*|https?:|nonce", headers["content-security-policy"])
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
    assert all(f"{name}=()" in headers["permissions-policy"] for name in ("camera", "geolocation", "microphone", "payment", "usb"))
    assert headers["x-robots-tag"] == "noindex"
    assert "cache-control" in headers
    assert not any(name.startswith("access-control-") for name in headers)


def test_every_kind_of_answer_has_strict_headers(client: TestClient) -> None:
    feed = saved(client)
    tag = client.get("/").headers["etag"]
    answers = {
        "HTML": (client.get("/"), 200),
        "JSON": (client.get("/api/today"), 200),
        "its head": (client.head("/"), 200),
        "kept": (client.get("/"), 200),
        "known already": (client.get("/", headers={"if-none-match": tag}), 304),
        "a style": (client.get(asset("desk.css")), 200),
        "a script": (client.get(asset("desk.js")), 200),
        "a picture": (client.get(asset("icon.svg")), 200),
        "no file": (client.get("/static/0/none"), 404),
        "Atom": (client.get("/search.atom?q=truce"), 200),
        "JSON Feed": (client.get("/search.json?q=truce"), 200),
        "Atom of a kept search": (client.get(f"/searches/{feed}.atom"), 200),
        "no feed": (client.get("/searches/w1:none.atom"), 404),
        "no page": (client.get("/nowhere"), 404),
        "no twin": (client.get("/api/nowhere"), 404),
        "what cannot be meant": (client.get("/search?since=never"), 400),
        "no number": (client.get("/api/search?limit=x"), 422),
        "a redirect": (client.get("/login?to=/issues"), 303),
        "an action": (client.post(f"/searches/{feed}/rename", data={"name": "Truce"}), 303),
        "an action without its fields": (client.post("/api/searches/save", json={}), 422),
        "another name": (client.get("/", headers={"host": "evil.example"}), 400),
        "a foreign form": (client.post("/", headers={"origin": "https://evil.example"}), 403),
        "no such method": (client.put("/"), 405),
        "a question before a foreign request": (client.options("/", headers={"origin": "https://evil.example", "access-control-request-method": "POST"}), 405),
        "too long": (client.post("/", headers={"content-length": str(2 << 20)}), 413),
        "too far": (client.get(f"/search?q={'x' * 17_000}"), 414),
        "the description": (client.get("/api/openapi.json"), 200),
        "its page": (client.get("/api/docs"), 200),
    }
    for what, (answer, status) in answers.items():
        assert answer.status_code == status, (what, answer.status_code)
        strict(answer.headers)


def test_whoever_is_not_let_in_gets_strict_headers_too(guarded: Guarded) -> None:
    client, tokens = guarded
    answers = [client.get("/"), client.get("/login"), client.get("/api/today"), client.post("/logout"), client.get("/log", headers=bearer(tokens["reader"]))]
    assert [a.status_code for a in answers] == [303, 200, 401, 401, 403]
    for answer in answers:
        strict(answer.headers)
        # Over https, and only there.
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert "strict-transport-security" not in client.get("http://desk.example/login").headers


@pytest.mark.parametrize("path", ["/broken", "/api/broken"])
def test_an_error_of_ours_says_nothing_of_the_program(site: Site, path: str) -> None:
    app = make_app(site, limits=False)

    @app.get(path)
    def broken() -> None:
        raise RuntimeError("a secret of the program")

    with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        answer = client.get(path)
    assert answer.status_code == 500
    strict(answer.headers)
    assert answer.headers["cache-control"] == "no-store"
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.headers["content-type"].startswith("application/json" if path.startswith("/api") else "text/html")


# Forms of other sites ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": ""},
        {"sec-fetch-site": "cross-site", "origin": "http://127.0.0.1"},
        {"origin": "https://evil.example"},
        {"origin": "http://127.0.0.1.evil.example"},
        {"origin": "http://127.0.0.1:8001"},
        {"origin": "http://evil.example/http://127.0.0.1"},
        {"origin": "http://127.0.0.1@evil.example"},
        {"origin": "null"},
        {"origin": ""},
    ],
    ids=str,
)
def test_no_action_is_done_for_a_foreign_page(client: TestClient, site: Site, headers: dict[str, str]) -> None:
    paths = addresses(client, "POST")
    assert len(paths) > 30
    assert {"/statements/none/judge", "/api/add/article", "/tokens", "/login", "/api/searches/save"} <= set(paths)
    for path in paths:
        for sent in ({"json": {}}, {"data": {"a": "b"}}):
            answer = client.post(path, headers=headers, **sent)
            assert answer.status_code == 403, path
            assert FOREIGN in answer.text.lower()
    assert list(site.desk.ledger.logged()) == []


@pytest.mark.parametrize("headers", [{}, {"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}, {"origin": "http://127.0.0.1"}], ids=str)
def test_our_own_pages_and_programs_are_heard(client: TestClient, headers: dict[str, str]) -> None:
    for path in addresses(client, "POST"):
        assert FOREIGN not in client.post(path, headers=headers, json={}).text.lower(), path


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "PROPFIND"])
def test_no_other_method_does_anything(client: TestClient, method: str) -> None:
    assert client.request(method, "/searches", headers={"sec-fetch-site": "cross-site"}).status_code == 403
    for path in addresses(client, "POST"):
        assert client.request(method, path).status_code in (404, 405), path


def test_nothing_that_is_looked_at_is_an_action(client: TestClient, site: Site) -> None:
    before = site.version()
    for path in addresses(client, "GET"):
        assert client.get(path).status_code < 500, path
    assert site.version() == before


def test_whoever_has_no_token_does_nothing(guarded: Guarded) -> None:
    client, tokens = guarded
    paths = [p for p in addresses(client, "POST") if p != "/login"]
    told = {role: set() for role in ("nobody", "reader")}
    app = make_app(client.app.state.site, limits=False)
    with TestClient(app, base_url="https://desk.example", follow_redirects=False) as free:
        for path in paths:
            told["nobody"].add(free.post(path, json={}).status_code)
            if path != "/logout":
                told["reader"].add(free.post(path, json={}, headers=bearer(tokens["reader"])).status_code)
    assert told == {"nobody": {401}, "reader": {403}}


# Names of this machine --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "evil.example@127.0.0.1", "127.0.0.1@evil.example", "localhost.", "127.0.0.1:80:80",
     "[::1].evil.example", "[::1]x", "10.0.0.1", "0.0.0.0", "", "127.0.0.1, evil.example", "127.1", "2130706433"],
)  # fmt: skip
def test_a_request_by_a_name_that_is_not_ours_is_refused(client: TestClient, host: str) -> None:
    for path in ("/", "/api/today", "/login", asset("desk.css"), "/search.atom"):
        answer = client.get(path, headers={"host": host})
        assert answer.status_code == 400, path
        assert "not called so" in answer.text
    assert client.post("/api/searches/save", json={"name": "x", "query": ""}, headers={"host": host, "origin": f"http://{host}"}).status_code == 400


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8000", "localhost", "LOCALHOST:9", "[::1]", "[::1]:8000"])
def test_our_own_names_are_ours(client: TestClient, host: str) -> None:
    assert client.get("/api/today", headers={"host": host}).status_code == 200


def test_no_header_of_a_proxy_makes_another_name_ours(client: TestClient) -> None:
    sent = {"x-forwarded-host": "evil.example", "forwarded": "host=evil.example", "x-forwarded-proto": "https", "x-original-url": "/log"}
    assert "evil.example" not in client.get("/search.atom", headers=sent).text
    assert "evil.example" not in client.get("/login?to=/", headers=sent).headers["location"]


# Too often, too much ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def limited(site: Site) -> Iterator[TestClient]:
    """A desk with limits, as it is served."""
    with TestClient(make_app(site), base_url="http://127.0.0.1", follow_redirects=False) as made:
        yield made


@pytest.mark.parametrize(("method", "most"), [("POST", 60), ("GET", 400)])
def test_whoever_asks_without_end_is_told_when_to_come_again(limited: TestClient, method: str, most: int) -> None:
    refused = []
    for n in range(most * 2):
        # Another address every time, as far as headers say: they are not believed.
        sent = {"x-forwarded-for": f"192.0.2.{n % 250}", "x-real-ip": f"192.0.2.{n % 250}", "host": "evil.example"}
        answer = limited.request(method, "/api/today" if n % 2 else "/", headers=sent)
        if answer.status_code == 429:
            refused.append((n, answer))
        if len(refused) > 4:
            break
    assert refused
    assert refused[0][0] >= most
    for n, answer in refused:
        assert int(answer.headers["retry-after"]) > 0
        assert "too many requests" in answer.text.lower()
        assert answer.headers["content-type"].startswith("application/json" if n % 2 else "text/html")
        strict(answer.headers)
    # Our own files are not counted.
    assert limited.get(asset("desk.css")).status_code == 200


@pytest.mark.parametrize("length", ["1048577", "99999999999", "1" * 40, "-1", "1e3", "0x10", "", "٣"])
def test_a_body_that_says_that_it_is_too_long_is_not_read(client: TestClient, length: str) -> None:
    answer = client.post("/api/searches/save", content=b"x", headers={"content-length": length.encode()})  # type: ignore[dict-item]
    assert answer.status_code == 413
    assert "1,048,576 bytes" in answer.json()["error"]


def test_a_body_that_does_not_say_how_long_it_is_is_read_to_the_limit_and_no_further(client: TestClient, site: Site) -> None:
    def without_end() -> Iterator[bytes]:
        yield b'{"name": "x", "query": "q='
        for _ in range(3):
            yield b"x" * (1 << 20)
        yield b'"}'

    for path, kind in (
        ("/api/searches/save", "application/json"),
        ("/searches/save", "application/x-www-form-urlencoded"),
        ("/login", "multipart/form-data; boundary=x"),
    ):
        answer = client.post(path, content=without_end(), headers={"content-type": kind})
        assert 400 <= answer.status_code < 500
        strict(answer.headers)
    assert list(site.desk.ledger.logged()) == []
    assert site.desk.ledger.saved_searches() == []


def test_a_body_at_the_limit_is_taken(client: TestClient) -> None:
    answer = client.post("/api/searches/save", content=b'{"name": "x", "query": ""}'.ljust(1 << 20), headers={"content-type": "application/json"})
    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["/articles/a%00b", "/search?q=a%00b", "/api/search?q=%00"])
def test_no_address_holds_what_is_no_character(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 400


@pytest.mark.parametrize(
    "path", ["/static/../log", "/static/%2e%2e/log", "/static/0/..%2fapp.py", "/static/0/%2e%2e%2f%2e%2e%2fapp.py", "//evil.example/", "/%5cevil.example"]
)
def test_no_path_leads_out_of_its_folder(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code in (200, 404)
    assert "import" not in answer.text
    assert "location" not in answer.headers


def test_the_ledger_s_files_are_not_served(client: TestClient, own: Path) -> None:
    for path in (f"/static/{own}", f"/static/0/{own}", f"/{own.name}", f"/static/0/..%2f..%2f{own.name}"):
        assert client.get(path).status_code == 404
    assert onrecord.open(own).ledger.extent().articles > 0
