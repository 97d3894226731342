"""What every page has: a context with a JSON form, an address, a template; and how it is sent."""

from __future__ import annotations

import functools
import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import date, datetime
from importlib.resources import files
from typing import Any, ClassVar
from urllib.parse import quote, urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from onrecord.export.shown import shown
from onrecord.positions.shifts import LEAST
from onrecord.web import links
from onrecord.web.charts.matrix_cell import WORD_LETTERS, cell_word
from onrecord.web.notices import NOTICES

__all__ = ["Page", "PartOf", "anew", "asset", "rendered", "respond"]

#: Gives a part of a page by its name, made by a macro of the template or kept from before.
PartOf = Callable[[str, Callable[[], Markup]], Markup]


def anew(name: str, make: Callable[[], Markup]) -> Markup:  # noqa: ARG001 - as those that keep
    """Keeps nothing."""
    return make()


class Page(ABC):
    """The context of a page: what its template shows, and what its JSON twin says. Pages are frozen dataclasses of this kind."""

    #: File under `templates/`.
    template: ClassVar[str]

    @property
    @abstractmethod
    def title(self) -> str:
        """What stands in the title bar and in the first heading."""

    @property
    def fleeting(self) -> bool:
        """Whether it is made of more than the ledger, the day, the visitor and the address: then nobody keeps it."""
        return False

    @property
    def code(self) -> int:
        """Status of the answer: 400 on a page that says what cannot be meant, at its place."""
        return 200

    @property
    def headers(self) -> dict[str, str]:
        """What goes with it."""
        return {"cache-control": "no-store"} if self.fleeting else {}

    @abstractmethod
    def to_json(self) -> dict[str, Any]:
        """The same as JSON: what `/api` and the path of the page give."""


def respond(request: Request, page: Page, *, status: int | None = None) -> HTMLResponse:
    """A page as HTML."""
    return HTMLResponse(rendered(request, page), status_code=page.code if status is None else status, headers=page.headers)


def rendered(request: Request, page: Page) -> str:
    """The HTML of a page.

    Args:
        request: What was asked: tells who asks, and under which address.
        page: The page.
    """
    query = f"?{request.url.query}" if request.url.query else ""
    return (
        _environment()
        .get_template(page.template)
        .render(
            page=page,
            visitor=request.state.visitor,
            path=request.url.path,
            twin="/api" + (request.url.path if request.url.path != "/" else "/today") + query,
            # Whoever is not in yet is not told where the ledger is.
            ledger=request.app.state.site.desk.ledger.name if request.state.visitor.name else "",
            notice=NOTICES.get(request.query_params.get("done", "")),
        )
    )


@functools.cache
def _environment() -> Environment:
    made = Environment(loader=PackageLoader("onrecord.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters |= {"day": _day, "moment": _moment, "number": _number, "shown": shown, "percent": lambda x: f"{x:.0%}", "with_query": _with_query}
    made.filters["cell_word"] = cell_word
    made.globals |= {"asset": asset, "links": links, "word_letters": WORD_LETTERS, "least_score": LEAST}
    # Stray characters that would turn the text around them are shown as pictures of themselves, whatever a template forgets.
    made.finalize = _safe
    return made


def _safe(value: Any) -> Any:  # noqa: ANN401 - whatever a template prints
    return shown(value) if type(value) is str else "" if value is None else value


@functools.cache
def asset(name: str) -> str:
    """Address of a file under `static/`, with a hash of its bytes, so that browsers may keep it for ever."""
    content = (files("onrecord.web") / "static" / name).read_bytes()
    return f"/static/{hashlib.sha256(content).hexdigest()[:12]}/{quote(name)}"


def _day(value: date | datetime | str | None) -> str:
    """`14 March 2026`."""
    if not value:
        return ""
    when = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return f"{when.day} {when:%B %Y}"


def _moment(value: datetime | str | None) -> Markup:
    """`14 March 2026, 09:30`, in a `time` element."""
    if not value:
        return Markup("")
    when = datetime.fromisoformat(value) if isinstance(value, str) else value
    return Markup('<time datetime="{}">{} {:%B %Y, %H:%M}</time>').format(when.isoformat(), when.day, when)


def _number(value: int) -> str:
    return f"{value:,}"


def _with_query(path: str, **values: Any) -> str:  # noqa: ANN401 - whatever goes into an address
    """An address with a query; what is empty is left out, lists are repeated."""
    some = {k: v for k, v in values.items() if v not in (None, "", (), [])}
    return f"{path}?{urlencode(some, doseq=True)}" if some else path
