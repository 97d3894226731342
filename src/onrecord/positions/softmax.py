"""From logits to probabilities."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["softmax"]


def softmax(logits: NDArray[Any]) -> NDArray[Any]:
    """Probabilities of the labels of each row, of the same precision as the logits.

    Example:
        >>> softmax(np.log(np.array([[1.0, 3.0]]))).tolist()
        [[0.25, 0.75]]
    """
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares: NDArray[Any] = raised / raised.sum(axis=-1, keepdims=True)
    return shares
