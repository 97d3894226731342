"""`onrecord token`: who is let in; shown once, kept as a hash, taken back at once, and no more than its role says."""

import hashlib
import json
import sqlite3
from pathlib import Path

import pytest
from commanding import Run
from serving import served


def give(run: Run, ledger: Path, name: str, role: str = "reader") -> str:
    done = run("token", "give", name, "--role", role, "--ledger", ledger)
    assert done.code == 0, done.err
    return done.out.strip()


def test_a_token_is_shown_once_and_can_be_piped(run: Run, own: Path) -> None:
    done = run("token", "give", "mira", "--role", "coder", "--ledger", own)
    assert (done.code, done.err) == (0, f"ledger: {own}\n")
    secret = done.out.removesuffix("\n")
    assert secret.startswith("onr_")
    assert len(secret) > 40
    assert secret.isprintable()
    assert " " not in secret
    for form in ("table", "json"):
        assert secret not in run("token", "list", "--ledger", own, "--format", form).out


def test_the_ledger_holds_its_hash_alone(run: Run, own: Path) -> None:
    secret = give(run, own, "mira")
    with sqlite3.connect(own) as database:
        (row,) = database.execute("SELECT * FROM tokens").fetchall()
        assert hashlib.sha256(secret.encode()).hexdigest() in row
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    for file in own.parent.glob(f"{own.name}*"):
        held = file.read_bytes()
        assert secret.encode() not in held
        assert secret.removeprefix("onr_").encode() not in held


def test_the_list_says_whose_from_whom_and_until_when(run: Run, own: Path) -> None:
    assert run("token", "list", "--ledger", own).code == 0
    give(run, own, "mira", "admin")
    made = json.loads(run("token", "give", "otto", "--by", "mira", "--format", "json", "--ledger", own).out)
    assert made.keys() == {"id", "name", "role", "by", "on", "revoked", "token"}
    assert (made["name"], made["role"], made["by"], made["revoked"]) == ("otto", "reader", "mira", None)
    assert run("token", "revoke", "otto", "--ledger", own).out == "otto (reader) is let in no more\n"
    table = run("token", "list", "--ledger", own).out
    assert table.splitlines()[0].split() == ["id", "name", "role", "given", "by", "revoked"]
    listed = json.loads(run("token", "list", "--ledger", own, "--format", "json").out)["tokens"]
    assert [(t["name"], t["role"], t["revoked"] is None) for t in listed] == [("mira", "admin", True), ("otto", "reader", False)]
    assert all(t["id"] in table and "token" not in t and "hash" not in t for t in listed)


def test_all_of_a_name_or_one_by_its_id_are_taken_back(run: Run, own: Path) -> None:
    for _ in range(3):
        give(run, own, "mira")
    first = json.loads(run("token", "list", "--ledger", own, "--format", "json").out)["tokens"][0]
    assert run("token", "revoke", first["id"], "--ledger", own).out.count("\n") == 1
    assert run("token", "revoke", "mira", "--ledger", own).out.count("\n") == 2
    for name in ("mira", first["id"], "nobody"):
        done = run("token", "revoke", name, "--ledger", own)
        assert done.code == 2
        assert done.said == [f"onrecord: {name}: no token of this name lets anybody in (`onrecord token list` lists them)"]


@pytest.mark.parametrize(
    ("arguments", "said"), [((" ",), "a token without a name"), (("a\nb",), "a token without a name"), (("mira", "--role", "king"), "king")]
)
def test_what_cannot_be_given_is_not(run: Run, own: Path, arguments: tuple[str, ...], said: str) -> None:
    done = run("token", "give", *arguments, "--ledger", own)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert json.loads(run("token", "list", "--ledger", own, "--format", "json").out)["tokens"] == []


def test_a_running_desk_lets_in_whoever_is_given_a_token_and_at_once_no_more(run: Run, own: Path) -> None:
    give(run, own, "admin", "admin")
    with served(own, "--tokens") as desk:
        secret = give(run, own, "mira")
        with desk.client(secret) as client, desk.client() as browser:
            browser.post("/login", data={"token": secret})
            for _ in range(3):
                assert client.get("/api/today").status_code == 200
                assert browser.get("/").status_code == 200
            assert run("token", "revoke", "mira", "--ledger", own).code == 0
            refused = client.get("/api/today")
            assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
            assert refused.json()["error"] == "this desk asks for a token"
            assert browser.get("/").headers["location"].startswith("/login")


def test_a_reader_looks_a_coder_codes_and_an_admin_lets_others_in(run: Run, own: Path) -> None:
    tokens = {role: give(run, own, f"the {role}", role) for role in ("reader", "coder", "admin")}
    told: dict[str, list[int]] = {}
    with served(own, "--tokens") as desk:
        for role, secret in tokens.items():
            with desk.client(secret) as client:
                statement = client.get("/api/search", params={"q": "levy"}).json()["statements"][0]["id"]
                told[role] = [
                    client.get("/").status_code,
                    client.post(f"/api/statements/{statement}/judge", json={"verdict": "right"}).status_code,
                    client.post("/api/searches/save", json={"name": role, "query": "q=levy"}).status_code,
                    client.post("/api/add/article", json={"text": "Nothing was said."}).status_code,
                    client.get("/api/log").status_code,
                    client.post("/api/tokens", json={"name": "ana", "role": "reader"}).status_code,
                ]
        with desk.client(tokens["admin"]) as client:
            log = client.get("/api/log").json()["actions"]
    assert told == {"reader": [200, 403, 403, 403, 403, 403], "coder": [200, 200, 200, 403, 403, 403], "admin": [200] * 6}
    assert {a["by"] for a in log} == {"the coder", "the admin"}
    judged = json.loads(run("search", "levy", "--ledger", own, "--format", "json").out)["statements"][0]
    assert judged["verdict"] is not None
