"""Planning rules: phases, times, and reading a pasted list of people."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.exams.rules import sittings as rules

OPENS = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
CLOSES = OPENS + timedelta(hours=1)
MILLISECOND = timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("state", "now", "phase"),
    [
        ("draft", OPENS, "draft"),
        ("published", OPENS - MILLISECOND, "upcoming"),
        ("published", OPENS, "open"),
        ("published", CLOSES - MILLISECOND, "open"),
        ("published", CLOSES, "closed"),
        ("confirmed", OPENS, "confirmed"),
        ("cancelled", CLOSES, "cancelled"),
    ],
)
def test_a_sitting_is_open_in_its_half_open_window(state, now, phase):  # R3
    assert rules.phase(state, OPENS, CLOSES, now) == phase


def test_the_pass_mark_is_sixty_percent_to_the_hundredth():
    assert rules.default_pass_mark(Decimal("100")) == Decimal("60.00")
    assert rules.default_pass_mark(Decimal("97.5")) == Decimal("58.50")
    assert rules.default_pass_mark(Decimal("0.01")) == Decimal("0.01")


def test_the_last_full_start_lies_the_time_allowed_before_the_close():  # R2
    assert rules.last_full_start(CLOSES, 45) == OPENS + timedelta(minutes=15)


def test_release_policies_have_an_order():
    assert rules.is_sooner("handed_in", "confirmed")
    assert not rules.is_sooner("never", "closed")
    assert not rules.is_sooner("closed", "closed")


def test_windows_that_only_touch_do_not_overlap():
    assert not rules.overlap(OPENS, CLOSES, CLOSES, CLOSES + timedelta(hours=1))
    assert rules.overlap(OPENS, CLOSES, CLOSES - MILLISECOND, CLOSES + timedelta(hours=1))


def person(number, name, account, unit="示例一中", phone=None, active=True):
    return rules.Known(number, name, account, phone, frozenset({unit, f"D{number:02}"}), active)


LIN = person(1, "林知远", "lin001", phone="13800000001")
WEI_ONE = person(2, "张伟", "wei001", unit="示例一中")
WEI_TWO = person(3, "张伟", "wei002", unit="示例二小")
GONE = person(4, "何以安", "he001", active=False)
ALL = [LIN, WEI_ONE, WEI_TWO, GONE]


@pytest.mark.parametrize(
    ("line", "who"),
    [
        ("林知远", 1), ("LIN001", 1), ("13800000001", 1), ("１３８０００００００１", 1), ("林知远　示例一中", 1), ("1、林知远，lin001", 1),
        ("张伟 示例二小", 3), ("张伟\twei001", 2), ("  张伟，示例一中，书记 ", 2),
    ],
)  # fmt: skip
def test_a_line_may_name_somebody_in_many_ways(line, who):
    assert rules.read_list(line, ALL) == ([who], [])


@pytest.mark.parametrize(
    ("line", "code", "people"),
    [
        ("王无名", "unknown", ()),
        ("张伟", "ambiguous", (WEI_ONE, WEI_TWO)),
        ("何以安", "inactive", (GONE,)),
        ("he001", "inactive", (GONE,)),
        ("张伟 lin001", "mismatch", (LIN,)),
        ("lin001 wei001", "ambiguous", (LIN, WEI_ONE)),
    ],
)
def test_a_line_that_names_nobody_for_certain_is_listed_with_its_number(line, code, people):
    found, bad = rules.read_list(f"林知远\n\n{line}", ALL)
    assert found == [1]
    assert bad == [rules.BadLine(3, line, code, people)]


def test_the_same_person_twice_counts_once():
    assert rules.read_list("林知远\nlin001\n13800000001", ALL)[0] == [1]


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read_without_an_error(text):  # R55
    found, bad = rules.read_list(text, ALL)
    assert len(found) + len(bad) <= len(text.splitlines())
