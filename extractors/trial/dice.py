"""Drawing from a discrete distribution by looking up a table: a few nanoseconds per
draw.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

Array = np.ndarray
Rng = np.random.Generator
# the least probability a face can have; the table (1 MB) still fits the L2 cache
SIDES = 1 << 18


class Dice:
    """A loaded die; face i comes up in proportion to `weights[i]`.

    If nothing has any weight, all faces are alike.
    """

    def __init__(self, weights: Sequence[float] | Array):
        weights = np.asarray(weights, dtype=float)
        total = weights.sum()
        cumulated = np.cumsum(weights if total > 0 else np.ones(len(weights)))
        sides = (np.arange(SIDES) + 0.5) * (cumulated[-1] / SIDES)
        self._faces = np.searchsorted(cumulated, sides, side="right").astype(np.int32)

    def roll(self, rng: Rng, size: int) -> Array:
        """`size` faces as int32."""
        return self._faces[rng.integers(0, SIDES, size, dtype=np.uint32)]


def steep(count: int, exponent: float = 1.3) -> Array:
    """Weights of which the first few carry most, as the use of codes does (Zipf's
    law).
    """
    return 1.0 / np.arange(1, count + 1) ** exponent


def chance(rng: Rng, probability: Any, size: int) -> Array:
    """True with a probability: one number, or one for each of `size`."""
    return rng.random(size, dtype=np.float32) < probability


def between(rng: Rng, low: Any, high: Any, size: int) -> Array:
    """Whole numbers (int32) from low to high, both inclusive; low where high is
    smaller.
    """
    width = np.maximum(np.asarray(high) - low, 0) + 1
    return (low + np.floor(rng.random(size) * width)).astype(np.int32)
