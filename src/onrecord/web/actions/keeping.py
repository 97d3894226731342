"""Searches are kept, called otherwise, and kept no more."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints

from onrecord.web.pages.searches import kept_search, page_of
from onrecord.web.routing import Done, add_action
from onrecord.web.search_form import Asked
from onrecord.web.site import Role, Site, Visitor

__all__ = ["add"]

_Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]


class Keep(BaseModel):
    """What is kept."""

    name: _Name = Field(description="What to call it.")
    query: str = Field("", max_length=10_000, description="As in the address of the search page: `q=ceasefire&kind=direct`.")


class Rename(BaseModel):
    """What it is called from now on."""

    name: _Name


class Remove(BaseModel):
    """Nothing has to be said."""

    confirm: str = ""


def keep(site: Site, visitor: Visitor, given: Keep, path: dict[str, str]) -> Done:
    """Keep a search. The same search under another name is called so from then on."""
    del path
    asked = Asked.of_address(given.query)
    asked.query()  # what cannot be meant is not kept
    made = site.desk.ledger.save_search(given.name, asked.address, by=visitor.name, on=site.now())
    return Done("search-kept", page_of(made), made.id, {"search": made.to_json()})


def rename(site: Site, visitor: Visitor, given: Rename, path: dict[str, str]) -> Done:
    """Call a search that is kept otherwise."""
    old = kept_search(site, path["id"])
    made = site.desk.ledger.save_search(given.name, old.query, by=visitor.name, on=site.now())
    return Done("done", "/searches", made.id, {"search": made.to_json(), "before": old.name})


def remove(site: Site, visitor: Visitor, given: Remove, path: dict[str, str]) -> Done:
    """Keep a search no more. The page that this leads to can keep it again."""
    del given
    old = kept_search(site, path["id"])
    site.desk.ledger.save_search(old.name, old.query, by=visitor.name, on=site.now(), active=False)
    return Done("search-removed", page_of(old), old.id, {"search": old.to_json()})


def add(router: APIRouter) -> None:
    """Give the actions their addresses."""
    add_action(router, "/searches/save", Keep, keep, role=Role.CODER)
    add_action(router, "/searches/{id}/rename", Rename, rename, role=Role.CODER)
    add_action(router, "/searches/{id}/remove", Remove, remove, role=Role.CODER)
