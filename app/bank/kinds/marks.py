"""The mark for one response, and the exact arithmetic behind it: hundredths of a point, never above the full mark."""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import NamedTuple

CENT = Decimal("0.01")
ZERO = Decimal("0.00")

CORRECT, PARTIAL, WRONG, BLANK = "correct", "partial", "wrong", "blank"


class Mark(NamedTuple):
    """Points for one response. `why` is (code, params) for `why_text`."""

    points: Decimal
    max_points: Decimal
    state: str
    why: tuple


class BadResponse(ValueError):
    """A response that cannot be one to this question. `code` says why."""

    def __init__(self, code, **params):
        super().__init__(code)
        self.code = code
        self.params = params


def points(value):
    """Return a number, or its text, as a Decimal with two places; ValueError if it is not one or is below zero."""
    try:
        number = Decimal(str(value)).quantize(CENT, ROUND_HALF_UP)
    except ArithmeticError as error:
        raise ValueError(f"not a number of points: {value!r}") from error
    if number < 0:
        raise ValueError(f"points below zero: {value!r}")
    return number


def share(max_points, parts):
    """Return an equal share, rounded down so that no sum of shares passes the whole."""
    return (max_points / parts).quantize(CENT, ROUND_DOWN)


def capped(value, max_points):
    """Return `value` in hundredths, between nothing and the full mark."""
    return min(max(value.quantize(CENT, ROUND_HALF_UP), ZERO), max_points)
