"""Text of strangers, as a page may hold it."""

from __future__ import annotations

__all__ = ["SHOWN", "shown"]

#: Characters that a page must not hold, or that would turn the text around them: shown as pictures of themselves.
SHOWN = {
    **{n: chr(0x2400 + n) for n in range(0x20) if n not in (0x09, 0x0A, 0x0D)},
    0x7F: "\u2421",
    **dict.fromkeys(range(128, 160), "�"),
    **{n: f"[U+{n:04X}]" for n in (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))},
    **dict.fromkeys(range(55296, 57344), "�"),
}


def shown(text: str) -> str:
    """The text with stray controls, surrogates and marks of direction made visible."""
    return text if text.isascii() and text.isprintable() else text.translate(SHOWN)
