"""A bureau with a school, its people, a planner and a sound plan."""

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
def paper(make, root):
    return make.paper(unit=root)


@pytest.fixture
def school(make, root):
    return make.unit("示例第一小学", parent=root)


@pytest.fixture
def people(make, school):
    return [make.person(name, unit=school, account=f"p{n}", position=position)
            for n, (name, position) in enumerate([("林知远", "党组织书记"), ("何以安", "党组织书记"), ("张伟", "干事")])]  # fmt: skip


@pytest.fixture
def plan(root, paper, people):
    """The fields of a sound plan for everybody."""
    return {"title": "第四季度应知应会考试", "unit_id": root.id, "paper_id": paper.id, "opens_at": "2026-11-20T10:30", "closes_at": "2026-11-20T11:30", "minutes_allowed": "60",
            "entry_minutes": "", "earliest_hand_in_minutes": "0", "attempts_allowed": "1", "shuffle_questions": "y", "release_score": "confirmed",
            "release_answers": "never", "release_key": "never", "unit_ids": root.id, "role": "", "people": "", "deed": "one"}  # fmt: skip
