"""How long and how often is measured."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """The defaults are those of the published figures."""

    repeats: int = 3  # pairs, or rounds
    seconds: int = 4  # of each side of a pair
    warm_seconds: int = 6
    people: int = 2000
    open_loop_seconds: int = 60
    sittings: int = 100  # of each round


FULL = Options()
QUICK = Options(repeats=3, seconds=1, warm_seconds=3, open_loop_seconds=20, sittings=30)  # to try the benchmarks, not to publish
