"""*Tokens*: who is let in. A token is shown once, when it is given; the ledger keeps its hash alone."""
# No `from __future__ import annotations`: the framework reads the annotations of the functions made here, which name what is local to them.

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel, Field

from onrecord.ledger.access import Token
from onrecord.web.page import Page, respond
from onrecord.web.routing import Done, add_action, add_page
from onrecord.web.safety.roles import needs
from onrecord.web.site import Access, Role, Site, SiteOf, Visitor, VisitorOf

__all__ = ["TokensPage", "add", "tokens"]


class Give(BaseModel):
    """Whom to let in."""

    name: str = Field(min_length=1, max_length=120, description="Whom; judgements and codings carry the name.")
    role: Role = Field(Role.READER, description="reader looks; coder judges and codes; admin adds documents and lets others in.")


class Confirm(BaseModel):
    """Nothing has to be said."""

    confirm: str = ""


@dataclass(frozen=True, slots=True)
class TokensPage(Page):
    """Who is let in."""

    template = "tokens.html.j2"

    tokens: Sequence[Token]
    #: Whether the desk asks for them as it is served now.
    asked: bool
    #: The token that was given just now, and whose: it is never shown again.
    secret: str | None = None
    given: Token | None = None

    @property
    def title(self) -> str:
        """Of the page."""
        return "Who is let in"

    @property
    def fleeting(self) -> bool:
        """A token is kept by nobody but whom it was given to."""
        return True

    def to_json(self) -> dict[str, Any]:
        """All tokens that were ever given, without the tokens themselves."""
        return {"tokens": [t.to_json() for t in self.tokens]}


def tokens(site: SiteOf) -> TokensPage:
    """All tokens that were ever given: to whom, by whom, and until when. The tokens themselves are not kept."""
    return TokensPage(site.desk.ledger.tokens()[::-1], site.access is Access.TOKEN)


def revoke(site: Site, _: Visitor, given: Confirm, parts: dict[str, str]) -> Done:
    """Let somebody in no more."""
    del given
    gone = site.desk.ledger.revoke_token(parts["id"], on=site.now())
    return Done("token-revoked", "/tokens", parts["id"], {"tokens": [t.name for t in gone]})


def add(router: APIRouter) -> None:
    """Give the page and its actions their addresses."""
    may = [Depends(needs(Role.ADMIN))]

    def made(site: Site, visitor: Visitor, given: Give) -> tuple[str, Token]:
        secret, token = site.desk.ledger.give_token(given.name, str(given.role), by=visitor.name, on=site.now())
        # The log says that it was given, never what it is.
        site.log(visitor, "tokens_give", token.id, {"name": token.name, "role": token.role})
        return secret, token

    def form(request: Request, site: SiteOf, visitor: VisitorOf, given: Annotated[Give, Form()]) -> HTMLResponse:
        secret, token = made(site, visitor, given)
        return respond(request, TokensPage(site.desk.ledger.tokens()[::-1], site.access is Access.TOKEN, secret, token))

    def json(site: SiteOf, visitor: VisitorOf, given: Give) -> JSONResponse:
        """Let somebody in. The token is in this answer, and cannot be had again."""
        secret, token = made(site, visitor, given)
        return JSONResponse({**token.to_json(), "token": secret}, headers={"cache-control": "no-store"})

    add_page(router, "/tokens", tokens, role=Role.ADMIN)
    router.add_api_route("/tokens", form, methods=["POST"], include_in_schema=False, dependencies=may, response_class=HTMLResponse)
    router.add_api_route(
        "/api/tokens", json, methods=["POST"], dependencies=may, tags=["actions"], summary="Let somebody in.", response_model=dict[str, Any],
        operation_id="do_tokens_give",
    )  # fmt: skip
    add_action(router, "/tokens/{id}/revoke", Confirm, revoke, role=Role.ADMIN)
