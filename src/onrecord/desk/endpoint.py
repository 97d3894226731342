"""A language model behind an OpenAI-compatible endpoint that the user names. It is asked only where a command or a call says so.

The key goes into one header of requests to the very host that was named: redirects are not followed, and it is not sent unencrypted to a host on
the public internet. It is in no message, error or file.
"""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from onrecord.errors import FetchError, OnrecordError, RefusedError, TryLaterError, UsageError
from onrecord.positions.proposing import VERSION
from onrecord.sources.addresses import Target, target_of
from onrecord.sources.connection import Budget, Network, Reply, Resolve, exchange, forbidden, user_agent
from onrecord.sources.hosts import asked_wait
from onrecord.sources.redirects import REDIRECTS

__all__ = ["Chat", "Endpoint"]

_PATH = "/chat/completions"
_SUCCESS = range(200, 300)
_WRONG = (400, 422)
_KEYLESS = (401, 403)
_TOO_MANY, _SERVER_ERROR, _NOT_FOUND = 429, 500, 404
#: Seconds that are waited after a first refusal if the server does not say how long, and at most.
_FIRST_WAIT, _LONGEST_WAIT = 2.0, 60.0
#: Tokens of the longest answer.
_TOKENS = 1500


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a language model is, and how it is asked."""

    #: Base URL, such as `http://localhost:11434/v1`.
    url: str
    model: str
    #: None where none is needed.
    key: str | None = field(default=None, repr=False)
    #: Seconds for one answer.
    seconds: float = 120.0
    #: Bytes of the longest answer.
    size: int = 2**20
    #: Requests for one answer, when the server asks for patience.
    tries: int = 4

    def __post_init__(self) -> None:
        """Refuse what cannot be asked.

        Raises:
            UsageError: No model, or a key that no header can hold.
            RefusedError: The URL is no web address, or holds a password.
        """
        if not self.model.strip():
            raise UsageError("no model is named", hint="say which: --model NAME or ONRECORD_LLM_MODEL")
        if self.key is not None and not (self.key.isascii() and self.key.isprintable() and self.key and " " not in self.key):
            raise UsageError("the key holds a space, a line break, or no character at all", hint="check ONRECORD_LLM_KEY")
        target_of(self.url)

    @classmethod
    def of(cls, url: str | None = None, model: str | None = None, key: str | None = None, *, environment: Mapping[str, str] | None = None) -> Endpoint:
        """The endpoint that a user names, by arguments or by `ONRECORD_LLM_URL`, `ONRECORD_LLM_MODEL`, `ONRECORD_LLM_KEY`.

        Args:
            url: Base URL.
            model: Its name there.
            key: What it asks for as `Authorization`.
            environment: In place of the process's own.

        Raises:
            UsageError: No URL or no model is named.
        """
        given = os.environ if environment is None else environment
        url, model, key = url or given.get("ONRECORD_LLM_URL"), model or given.get("ONRECORD_LLM_MODEL"), key or given.get("ONRECORD_LLM_KEY") or None
        if not url:
            raise UsageError("no endpoint is named", hint="say which: --url URL or ONRECORD_LLM_URL, such as http://localhost:11434/v1")
        return cls(url.strip(), (model or "").strip(), key.strip() if key else None)

    @property
    def target(self) -> Target:
        """Where requests go."""
        parts = urlsplit(self.url.strip())
        path = parts.path.rstrip("/")
        return target_of(parts._replace(path=path if path.endswith(_PATH) else path + _PATH, fragment="").geturl())

    @property
    def host(self) -> str:
        """Host, with an unusual port."""
        return self.target.authority

    @property
    def coder(self) -> str:
        """What its proposals carry: `llm:MODEL@HOST+proposal.v1`."""
        return f"llm:{self.model}@{self.host}+{VERSION}"


class Chat:
    """Asks a model.

    Args:
        endpoint: Which.
        sleep: Waits so many seconds.
        now: The moment, for dates in headers.
        resolve: Finds a name's addresses, as `socket.getaddrinfo` does.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        resolve: Resolve = socket.getaddrinfo,
    ) -> None:
        self.endpoint = endpoint
        self._sleep, self._now, self._resolve = sleep, now, resolve
        self._plain = False

    def answer(self, messages: Sequence[tuple[str, str]], schema: Mapping[str, Any]) -> str:
        """What the model writes.

        Args:
            messages: (role, words) of each.
            schema: JSON Schema that the answer is to be of; an endpoint that does not know such a thing is asked without.

        Raises:
            RefusedError: It redirects, or the key would travel unencrypted over the internet.
            TryLaterError: Too slow, or it asks for patience for too long.
            FetchError: It says no, or what it sends is no answer.
        """
        reply = self._sent(messages, schema)
        if reply.status in _WRONG and not self._plain:
            self._plain = True
            reply = self._sent(messages, schema)
        where = self._shown
        if reply.status in REDIRECTS:
            raise RefusedError("the endpoint redirects, which is not followed", item=where, hint="give the address where it is")
        if reply.status in _KEYLESS:
            raise FetchError(f"the endpoint refuses the key (status {reply.status})", item=where, hint="check ONRECORD_LLM_KEY")
        if reply.status == _NOT_FOUND:
            raise FetchError(f"no such address, or no model {self.endpoint.model!r} (status 404)", item=where, hint="the base URL ends in /v1 as a rule")
        if reply.status not in _SUCCESS:
            raise FetchError(f"the endpoint answers with status {reply.status}", item=where, hint="check the model's name and the base URL")
        return self._words(reply.body)

    @property
    def _shown(self) -> str:
        """The address as errors name it: without a query, which may hold a secret."""
        target = self.endpoint.target
        return target.origin + target.path.partition("?")[0]

    def _words(self, body: bytes) -> str:
        try:
            message = json.loads(body)["choices"][0]["message"]
            words = message["content"]
        except (ValueError, LookupError, TypeError, RecursionError) as error:
            raise FetchError("what the endpoint sends is no chat completion", item=self._shown, hint="is it an OpenAI-compatible endpoint?") from error
        if not isinstance(words, str):
            raise FetchError("the model gave no words", item=self._shown, hint="try another model")
        return words

    def _sent(self, messages: Sequence[tuple[str, str]], schema: Mapping[str, Any]) -> Reply:
        """One request, and further ones as long as the server asks for patience."""
        asked: dict[str, Any] = {"model": self.endpoint.model, "messages": [{"role": r, "content": w} for r, w in messages]}
        if not self._plain:
            form = {"type": "json_schema", "json_schema": {"name": "positions", "strict": True, "schema": schema}}
            asked |= {"temperature": 0, "max_tokens": _TOKENS, "response_format": form}
        body = json.dumps(asked).encode()
        for number in range(1, self.endpoint.tries + 1):
            reply = self._once(body)
            if reply.status != _TOO_MANY and reply.status < _SERVER_ERROR:
                return reply
            wait = asked_wait(reply.headers, now=self._now())
            wait = _FIRST_WAIT * 2 ** (number - 1) if wait is None else wait
            if number == self.endpoint.tries or wait > _LONGEST_WAIT:
                raise TryLaterError(
                    f"the endpoint answers with status {reply.status}", item=self._shown, hint=f"try again in {wait:.0f} seconds", retry_after=wait
                )
            self._sleep(wait)
        raise UsageError("an endpoint is asked at least once", hint="give tries of 1 or more")

    def _once(self, body: bytes) -> Reply:
        point = self.endpoint
        headers = {"User-Agent": user_agent(), "Accept": "application/json", "Content-Type": "application/json"}
        if point.key is not None:
            headers["Authorization"] = f"Bearer {point.key}"
        budget = Budget(point.seconds)
        # The user named this very host: it may well be on this machine.
        network = Network(allow_private=True, resolve=self._found)
        try:
            return exchange(point.target, headers=headers, size=point.size, budget=budget, network=network, post=body, silent=point.seconds)
        except OnrecordError as error:
            raise self._about(error) from None

    def _found(self, *arguments: Any, **more: Any) -> list[Any]:  # noqa: ANN401 - as `socket.getaddrinfo`
        found = self._resolve(*arguments, **more)
        if self.endpoint.key is not None and self.endpoint.target.scheme == "http" and not all(forbidden(str(a[4][0])) for a in found):
            raise RefusedError("the key would travel unencrypted over the internet", item=self._shown, hint="give an https address")
        return found

    def _about(self, error: OnrecordError) -> OnrecordError:
        """The error without the key, wherever a library may have put it."""
        key = self.endpoint.key
        message = error.message.replace(key, "…") if key else error.message
        if isinstance(error, TryLaterError):
            return TryLaterError(message, item=self._shown, hint=error.hint, retry_after=error.retry_after)
        if isinstance(error, FetchError) and message.startswith(("larger than", "more bytes")):
            return FetchError(f"the answer is larger than {self.endpoint.size / 2**20:g} MiB", item=self._shown, hint="is it an OpenAI-compatible endpoint?")
        return type(error)(message, item=self._shown, hint=error.hint)
