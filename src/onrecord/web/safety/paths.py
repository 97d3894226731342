"""Where a browser may be led after signing in: to a page of this desk, and nowhere else."""

from __future__ import annotations

__all__ = ["local"]


def local(to: str) -> str:
    r"""The path if it is one of this desk, else that of the first page.

    Browsers take `//host` and `/\host` for other hosts, and leave out tabs and ends of lines wherever they stand.

    Args:
        to: What an address or a form asked for.

    Example:
        >>> local("/issues?q=a"), local("//evil.example"), local("https://evil.example")
        ('/issues?q=a', '/', '/')
    """
    inside = to.startswith("/") and not to.startswith("//") and "\\" not in to and to.isprintable() and not any(c.isspace() and c != " " for c in to)
    return to if inside and to.partition("?")[0] not in ("/login", "/logout") else "/"
