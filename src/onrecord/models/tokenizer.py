"""Word pieces with offsets into the text they were cut from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onrecord.errors import ModelError

__all__ = ["WordPieces"]


class WordPieces:
    """A tokenizer file, loaded (Wu et al. 2016, WordPiece)."""

    def __init__(self, path: Path) -> None:
        from tokenizers import Tokenizer

        try:
            self._tokenizer: Any = Tokenizer.from_file(str(path))
        except Exception as error:
            msg = f"the tokenizer cannot be loaded: {error}"
            raise ModelError(msg, item=str(path)) from error
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        cls, sep = (self._tokenizer.token_to_id(name) for name in ("[CLS]", "[SEP]"))
        if cls is None or sep is None:
            raise ModelError("the tokenizer has no [CLS] or no [SEP]", item=str(path))
        self.cls, self.sep = int(cls), int(sep)

    def encode(self, texts: Sequence[str]) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Cut texts into word pieces.

        Args:
            texts: Any strings; lone surrogates count as unknown characters.

        Returns:
            For each text: ids, shape (n,), and half-open code point offsets, shape (n, 2).
        """
        encodings = self._tokenizer.encode_batch([_encodable(t) for t in texts], add_special_tokens=False)
        return [(np.array(e.ids, dtype=np.int64), np.array(e.offsets, dtype=np.int64).reshape(-1, 2)) for e in encodings]


def _encodable(text: str) -> str:
    """Put U+FFFD for each lone surrogate, which UTF-8 cannot hold; offsets stay."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)
    return text
