"""Who answers for a judgement."""

from __future__ import annotations

import getpass

from onrecord.errors import UsageError

__all__ = ["login"]


def login(by: str | None = None) -> str:
    """Who decides: who is named, else who is at the keyboard.

    Raises:
        UsageError: The login is not known.
    """
    try:
        return by or getpass.getuser()
    except (OSError, KeyError, ImportError) as error:
        raise UsageError("your login is not known", hint="say who decides: --by NAME") from error
