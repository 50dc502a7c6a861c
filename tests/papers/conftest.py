"""Fixtures of the tests of papers."""

import pytest

from tests.papers.counting import counter


@pytest.fixture
def statements(app):
    """`statements(act)`: how many statements `act()` costs."""
    return counter(app)
