"""Random numbers by part: each part draws from a stream of its own.

Adding a part, or drawing more in one part, changes no other part's numbers.
"""

from __future__ import annotations

from zlib import crc32

import numpy as np


def stream(seed: int, part: str) -> np.random.Generator:
    """Open the stream of one part.

    Parameters
    ----------
    seed
        The seed of the whole simulation.
    part
        The part's name; a name always gives the same numbers for a seed.

    Returns
    -------
    numpy.random.Generator
        Independent of every other part's stream.
    """
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(crc32(part.encode()),)))
