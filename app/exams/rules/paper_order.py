"""How one attempt shows its questions: which seed orders the options of which question.

Whoever maps displayed letters back (marking, review, exports) must use the same seed; `queries.answers` does it for them.
"""

from functools import lru_cache
from hashlib import shake_128

SPREAD = 1024  # questions of one attempt that have seeds of their own; more than a paper may hold
VARIANTS = 256  # seeds: 24 orders of four options, each about as often


@lru_cache(maxsize=256)
def seeds_of(attempt_seed):
    """Return the seeds of one attempt as bytes; question version v has the one at v modulo SPREAD."""
    return shake_128(b"options|%d" % attempt_seed).digest(SPREAD)


def option_seed(attempt_seed, version_id):
    """Return the seed (0–255) for the options of one question in one attempt. Few seeds, so that rendered questions are shared."""
    return seeds_of(attempt_seed)[version_id % SPREAD]
