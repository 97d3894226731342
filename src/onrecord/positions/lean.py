"""What all texts have in common to a trained model: the direction that every vector leans to, which says nothing of what a text is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["Vectors", "lean_of"]

#: Sentences on topics that have nothing to do with each other: what they share, all do.
_REFERENCE = (
    "The orchestra must be paid before the season begins.",
    "We will not raise the price of bread this year.",
    "Scientists should be allowed to publish the measurements.",
    "I promise that the bridge will be repaired by spring.",
    "They reject any change to the rules of the tournament.",
    "Our party supports a tax on sugar.",
    "The army could leave the province within weeks.",
    "She called for an inquiry into the fire at the depot.",
    "Teachers will strike if their wages are cut again.",
    "The two companies should share the patent.",
    "No patient ought to wait longer than a month.",
    "He offered to sell the island to the state.",
    "The court will hear the appeal of the fishermen.",
    "We back the election of judges by parliament.",
    "Trains must run at night as well.",
    "The bank refuses to lower its rates.",
    "Farmers want help against the drought.",
    "The museum has to give the statues back.",
    "Nobody will be sent home without a hearing.",
    "Let the astronauts decide when to land.",
    "The port should be closed to tankers.",
    "Police must wear cameras on duty.",
    "Our athletes will not travel to the games.",
    "The internet ought to be free for pupils.",
)


class Vectors(Protocol):
    """What knows the places of texts among others; `onrecord.positions.coder.Coder` as a rule."""

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of shape (n, width), the nearer the more alike."""
        ...


def lean_of(vectors: Vectors, places: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mean of some texts and of sentences on many topics. A few texts may well be about one thing, which is no lean: then the sentences weigh more.

    Args:
        vectors: What knows the places of texts.
        places: Those of the texts, shape (n, width).
    """
    reference = np.asarray(vectors.vectors(_REFERENCE), dtype=np.float32)
    mean: NDArray[np.float32] = np.vstack([places, reference]).mean(axis=0)
    return mean
