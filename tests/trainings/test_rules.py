"""The pure part: grouping units, agendas, pasted lists, the spine's states."""

from dataclasses import dataclass, replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from app.trainings import rules
from app.trainings.rules import Counts


def test_a_branch_counts_with_its_school():
    assert rules.group_of("/1/7/12/", {1, 7}) == 7
    assert rules.group_of("/1/", {1, 7}) == 1
    assert rules.group_of("/3/9/", {1, 7}) == 9


def test_a_training_runs_from_its_first_day_to_its_last():
    first, last = date(2026, 4, 20), date(2026, 4, 21)
    days = [date(2026, 4, 19), first, last, date(2026, 4, 22)]
    assert [rules.phase(first, last, day) for day in days] == ["upcoming", "running", "running", "over"]
    assert rules.phase(first, last, first, "closed") == "closed"


@dataclass
class Item:
    id: int
    starts_at: int
    ends_at: int


def test_items_that_only_touch_do_not_overlap():
    assert rules.overlapping([Item(1, 9, 10), Item(2, 10, 11)]) == set()
    assert rules.overlapping([Item(1, 9, 11), Item(2, 10, 12), Item(3, 13, 14)]) == {1, 2}


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 9)), max_size=12))
def test_overlapping_names_exactly_the_items_that_share_a_moment(spans):
    items = [Item(number, start, start + length) for number, (start, length) in enumerate(spans)]
    shared = {
        item.id
        for item in items
        for other in items
        if item is not other and set(range(item.starts_at, item.ends_at)) & set(range(other.starts_at, other.ends_at))
    }
    assert rules.overlapping(items) == shared


def test_names_padded_to_three_characters_are_joined():
    assert (
        rules.tidy("王　芳\n林 知 远，示例一中\n陈望舒 示例一中\n1. 王 芳") == "王芳\n林知远，示例一中\n陈望舒 示例一中\n1. 王芳"
    )


@given(st.text(max_size=300))
def test_tidying_a_list_loses_nothing_but_blanks(text):  # R56
    tidied = rules.tidy(text)
    assert "".join(tidied.split()) == "".join(text.split())
    assert len(tidied.splitlines()) <= len(text.splitlines())


def test_the_spine_is_done_step_by_step():
    start = Counts()
    assert set(rules.steps(start).values()) == {"todo"}
    planned = replace(start, agenda=4, people=8, units=2)
    assert (rules.steps(planned)["plan"], rules.steps(planned)["roster"], rules.steps(planned)["test"]) == ("done", "now", "todo")
    sitting = replace(planned, units_confirmed=2, sittings=1, sittings_open=1, due=8, handed_in=3, marked=3)
    assert (rules.steps(sitting)["roster"], rules.steps(sitting)["test"], rules.steps(sitting)["results"]) == (
        "done",
        "now",
        "todo",
    )
    over = replace(sitting, sittings_open=0)
    assert (rules.steps(over)["test"], rules.steps(over)["results"], rules.steps(over)["notices"]) == ("done", "now", "todo")
    confirmed = replace(over, confirmed=1)
    assert rules.steps(confirmed)["notices"] == "now"
    signed = replace(confirmed, notices=3, issued=3, to_sign=2, signed=2)
    assert {rules.steps(signed)[step] for step in ("results", "notices", "signing")} == {"done"}
