"""The pure part: grouping units, agendas, pasted lists, the spine's states."""

from dataclasses import dataclass, replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from app.trainings import rules
from app.trainings.rules import Counts, Known, Typed


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


def test_a_pasted_list_is_read_line_by_line():
    text = "1. 周映雪\n\n２、陈望舒　示例一中\n林 知　远\n王　芳，支部书记\n（3）zz00012\n13800000012"
    assert rules.typed_people(text) == [
        Typed(1, ("周映雪",)),
        Typed(3, ("陈望舒", "示例一中")),
        Typed(4, ("林知远",)),
        Typed(5, ("王芳", "支部书记")),
        Typed(6, ("zz00012",)),
        Typed(7, ("13800000012",)),
    ]


@given(st.text(max_size=300))
def test_any_text_is_read_without_an_error(text):  # R56
    lines = [entry.line for entry in rules.typed_people(text)]
    assert lines == sorted(set(lines))


FANG = Known(1, "王芳", "wangfang", "13800000001", ("示例一中", "一中", "D01", "支部书记"))
OTHER_FANG = Known(2, "王芳", "wf2", None, ("示例二中", "", "D02", "组织委员"))
ONLY = Known(3, "林知远", "lin", None, ("示例一中", "一中", "D01", "支部书记"))


def recognised(*words):
    sure, unclear = rules.recognise([Typed(1, words)], [FANG, OTHER_FANG, ONLY])
    return sure.get(1) or [person.id for person in unclear[1]]


def test_people_are_recognised_by_name_account_phone_and_told_apart_by_unit():
    assert recognised("林知远") == 3
    assert recognised("LIN") == 3
    assert recognised("13800000001") == 1
    assert recognised("王芳", "示例二中") == 2
    assert recognised("支部书记", "王芳") == 1
    assert recognised("王芳") == [1, 2]
    assert recognised("张三") == []
    assert recognised("林知远", "示例九中") == [3]
    assert recognised("示例一中") == []


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
