"""A bureau with a trainer and a bank; counting statements."""

import pytest

from tests.papers.counting import counter


@pytest.fixture
def statements(app):
    """`statements(act)`: how many statements `act()` costs."""
    return counter(app)


@pytest.fixture
def root(make):
    return make.bureau()


@pytest.fixture
def trainer(make, root):
    return make.person("方若谷", unit=root, roles=["trainer"])


@pytest.fixture
def bank(make, root):
    bank = make.bank("党支部工作题库", unit=root)
    for kind, count in (("single_choice", 30), ("multiple_choice", 12), ("true_false", 25), ("fill_blank", 6)):
        for _ in range(count):
            make.question(bank, kind)
    return bank
