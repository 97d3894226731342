"""The browser desk: pages, their JSON twins, and what a person does on them. `onrecord serve` opens it; it needs the extra `web`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onrecord.web.app import make_app
    from onrecord.web.serving import serve
    from onrecord.web.site import Access, Site

__all__ = ["Access", "Site", "make_app", "serve"]

_HOME = {"make_app": "app", "serve": "serving", "Access": "site", "Site": "site"}


def __getattr__(name: str) -> object:
    # The web framework is loaded when a desk is served.
    if name in _HOME:
        from importlib import import_module

        from onrecord.web.extra import needed

        needed()
        return getattr(import_module(f"onrecord.web.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
