"""A language model's endpoint: asked as the user says, patient within limits, and silent about the key."""

import json
import socket
import traceback
from collections.abc import Iterator

import pytest
from local_server import Asked, Reply, Server, serve

from onrecord.desk.endpoint import Chat, Endpoint
from onrecord.errors import FetchError, OnrecordError, RefusedError, TryLaterError, UsageError

KEY = "sk-very-secret-0123456789"
PATH = "/v1/chat/completions"
MESSAGES = (("system", "Code."), ("user", "{}"))


def said(words: object) -> Reply:
    return Reply(json.dumps({"choices": [{"message": {"role": "assistant", "content": words}}]}).encode(), headers={"content-type": "application/json"})


@pytest.fixture
def server() -> Iterator[Server]:
    with serve() as found:
        yield found


def chat(server: Server, slept: list[float] | None = None, **more: object) -> Chat:
    endpoint = Endpoint(f"{server.url}/v1", "small-model", **{"key": KEY, "seconds": 20.0} | more)
    return Chat(endpoint, sleep=(slept if slept is not None else []).append)


def test_a_question_is_sent_and_the_answer_is_given(server: Server) -> None:
    server[PATH] = said("yes")
    asking = chat(server)
    assert asking.answer(MESSAGES, {"type": "object"}) == "yes"
    (asked,) = server.asked
    body = json.loads(asked.body)
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert (body["model"], body["temperature"]) == ("small-model", 0)
    assert body["messages"] == [{"role": "system", "content": "Code."}, {"role": "user", "content": "{}"}]
    assert body["response_format"]["json_schema"]["schema"] == {"type": "object"}
    assert asking.endpoint.coder == f"llm:small-model@127.0.0.1:{server.port}+proposal.v1"


def test_one_that_knows_no_schema_is_asked_without(server: Server) -> None:
    def answer(asked: Asked) -> Reply:
        return Reply(b"no", 400) if "response_format" in json.loads(asked.body) else said("plain")

    server[PATH] = answer
    asking = chat(server)
    assert [asking.answer(MESSAGES, {}), asking.answer(MESSAGES, {})] == ["plain", "plain"]
    assert len(server.asked) == 3


def test_it_waits_as_long_as_it_is_asked_to(server: Server) -> None:
    server[PATH] = [Reply(b"", 429, {"retry-after": "7"}), Reply(b"", 503), said("late")]
    slept: list[float] = []
    assert chat(server, slept).answer(MESSAGES, {}) == "late"
    assert slept == [7.0, 4.0]


@pytest.mark.parametrize(
    ("reply", "kind", "message"),
    [
        (Reply(b"", 429, {"retry-after": "3600"}), TryLaterError, "status 429"),
        (Reply(b"", 500), TryLaterError, "status 500"),
        (Reply(KEY.encode(), 401), FetchError, "refuses the key"),
        (Reply(b"", 404), FetchError, "no model 'small-model'"),
        (Reply(KEY.encode(), 418), FetchError, "status 418"),
        (Reply(b"<p>hello", headers={"content-type": "text/html"}), FetchError, "no chat completion"),
        (Reply(b'{"choices": []}'), FetchError, "no chat completion"),
        (Reply(b"[" * 1500), FetchError, "no chat completion"),
        (said(None), FetchError, "no words"),
        (Reply(b"x" * 5000), FetchError, "the answer is larger than"),
        (Reply(b"x", 302, {"location": "http://elsewhere.example/v1"}), RefusedError, "redirects"),
        (Reply(b"x", 307, {"location": PATH}), RefusedError, "redirects"),
        (Reply(b"nonsense " + KEY.encode(), raw=True), FetchError, "connection failed"),
    ],
)
def test_what_goes_wrong_is_one_error_without_the_key(
    reply: Reply, kind: type[OnrecordError], message: str, server: Server, capfd: pytest.CaptureFixture
) -> None:
    server[PATH] = reply
    with pytest.raises(kind, match=message) as raised:
        chat(server, size=2000, tries=2).answer(MESSAGES, {})
    assert raised.value.item == f"{server.url}{PATH}"
    told = "".join(traceback.format_exception(raised.value)) + repr(raised.value) + "".join(capfd.readouterr())
    assert KEY not in told
    assert server.paths == [PATH] * len(server.paths)


def test_a_slow_body_is_given_up(server: Server) -> None:
    server[PATH] = Reply(said("x" * 100).body, pause=0.2)
    with pytest.raises(TryLaterError, match="took longer than"):
        chat(server, seconds=0.6).answer(MESSAGES, {})


def test_nobody_at_home() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(FetchError, match="connection failed"):
        Chat(Endpoint(f"http://127.0.0.1:{port}/v1", "m")).answer(MESSAGES, {})


def test_the_key_does_not_travel_unencrypted_over_the_internet() -> None:
    def public(*_: object, **__: object) -> list:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 80))]

    with pytest.raises(RefusedError, match="unencrypted"):
        Chat(Endpoint("http://models.example/v1", "m", KEY), resolve=public).answer(MESSAGES, {})


@pytest.mark.parametrize("key", ["a b", "line\nbreak", "", "naïve"])
def test_a_key_that_no_header_can_hold_is_refused_and_not_shown(key: str) -> None:
    with pytest.raises(UsageError) as raised:
        Endpoint("http://localhost/v1", "m", key)
    assert not key or key not in str(raised.value)
    assert KEY not in repr(Endpoint("http://localhost/v1", "m", KEY))


def test_an_endpoint_is_what_the_user_names() -> None:
    given = {"ONRECORD_LLM_URL": "https://models.example/v1/", "ONRECORD_LLM_MODEL": "big", "ONRECORD_LLM_KEY": KEY}
    found = Endpoint.of(environment=given)
    assert (found.target.url, found.model, found.key) == ("https://models.example/v1/chat/completions", "big", KEY)
    assert Endpoint.of("http://localhost:8080/v1/chat/completions", "other", environment=given).target.path == "/v1/chat/completions"
    assert Endpoint.of("https://x.example/v1?version=2", "other", environment={}).target.path == "/v1/chat/completions?version=2"
    for wrong in ({}, {"ONRECORD_LLM_URL": "http://localhost/v1"}):
        with pytest.raises(UsageError):
            Endpoint.of(environment=wrong)
    with pytest.raises(RefusedError):
        Endpoint.of("file:///etc/passwd", "m", environment={})
    with pytest.raises(RefusedError):
        Endpoint.of("http://user:word@localhost/v1", "m", environment={})
