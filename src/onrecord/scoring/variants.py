"""The same gold in another typography: changes that move no character, so that every span stays where it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from onrecord.scoring.gold import GoldArticle

__all__ = ["VARIANTS", "single_quotes", "varied"]

_TO_SINGLE = str.maketrans('“”"', "‘’'")


def single_quotes(text: str) -> str:
    """Turn double quotation marks to single ones, as British newspapers print them, character for character.

    Guillemets stay: no newspaper exchanges them for single quotation marks.

    Example:
        >>> single_quotes('“No,” she said.')
        '‘No,’ she said.'
    """
    return text.translate(_TO_SINGLE)


#: Variants by name: functions of a text that keep its length.
VARIANTS: Mapping[str, Callable[[str], str]] = MappingProxyType({"plain": str, "single-quotes": single_quotes})


def varied(article: GoldArticle, variant: str) -> GoldArticle:
    """The article with its text in a variant of `VARIANTS`, spans unchanged."""
    return replace(article, text=VARIANTS[variant](article.text))
