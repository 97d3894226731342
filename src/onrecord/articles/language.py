"""Which language a text is in."""

from __future__ import annotations

import functools
import re
from typing import Any

__all__ = ["identify"]

_SAMPLE = 6000
#: Below so many letters the words decide nothing; what the page declares does.
_ENOUGH = 60
_LETTERS = re.compile(r"[^\W\d_]")


@functools.lru_cache(maxsize=1)
def _identifier() -> Any:  # noqa: ANN401 - py3langid has no types
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def identify(text: str, declared: str | None = None) -> tuple[str | None, float | None]:
    """Name a text's language.

    Args:
        text: The story.
        declared: What the page says, such as `en-GB`; it counts for texts too short to tell.

    Returns:
        ISO 639-1 code and score from 0 to 1 (py3langid; Lui and Baldwin 2012), or the declared code without a score, or
        None and None.
    """
    sample = text[:_SAMPLE]
    said = re.match(r"[A-Za-z]{2,3}(?=$|[-_])", declared.strip()) if declared else None
    if len(_LETTERS.findall(sample)) < _ENOUGH:
        return (said[0].lower() if said else None), None
    # Shouted text looks like German to the model: its nouns are all capitals.
    code, score = _identifier().classify(sample.lower() if sample.isupper() else sample)
    return str(code), round(float(score), 4)
