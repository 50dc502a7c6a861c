"""Headings, numerals, shortages and draws: plain values in, plain values out."""

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from app.papers import rules

POOLS = st.lists(st.sampled_from([1, 2, 3]), min_size=1, max_size=60).map(
    lambda levels: [[100 + n, level] for n, level in enumerate(levels)]
)
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.filter_too_much])  # the machine may be busy
SEEDS = st.integers(min_value=0, max_value=2**63 - 1)


@pytest.mark.parametrize(
    ("number", "written"),
    [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (23, "二十三"), (90, "九十"), (99, "九十九")],
)
def test_a_number_is_written_as_chinese_numerals(number, written):
    assert rules.numeral(number) == written


def test_no_section_has_the_number_nought_or_a_hundred():
    for number in (0, 100):
        with pytest.raises(ValueError):
            rules.numeral(number)


@pytest.mark.parametrize(
    ("arguments", "printed"),
    [
        ((1, "单项选择题", 30, Decimal("2.00")), "一、单项选择题（每题2分，共30题，60分）"),
        ((2, "判断题", 20, Decimal("0.50")), "二、判断题（每题0.5分，共20题，10分）"),
        (
            (3, "多项选择题", 5, Decimal("3"), "少选得一半分，错选不得分"),
            "三、多项选择题（每题3分，共5题，15分，少选得一半分，错选不得分）",
        ),
        ((11, "填空题", 100, Decimal("1")), "十一、填空题（每题1分，共100题，100分）"),
    ],
)
def test_a_heading_says_points_count_and_sum_without_trailing_zeros(arguments, printed):
    assert rules.heading(*arguments) == printed


def test_a_shortage_names_the_level_the_need_and_what_there_is():
    draw = {"count": 20, "difficulty": {"1": 10, "2": 10, "3": 0}}
    assert rules.shortages(draw, {1: 7, 2: 10}) == [rules.Shortage(1, 10, 7)]
    assert rules.shortages({"count": 10, "difficulty": None}, {1: 3, 2: 4}) == [rules.Shortage(None, 10, 7)]
    assert rules.shortages({"count": 7, "difficulty": None}, {1: 3, 2: 4}) == []


@unhurried
@given(POOLS, SEEDS, st.data())
def test_a_draw_has_no_repeats_and_the_right_number(pool, seed, data):
    count = data.draw(st.integers(0, len(pool)))
    drawn = rules.draw(pool, count, None, seed)
    assert len(drawn) == len(set(drawn)) == count
    assert set(drawn) <= {version_id for version_id, _ in pool}


@unhurried
@given(POOLS, SEEDS, st.data())
def test_a_draw_honours_its_difficulty_numbers(pool, seed, data):
    there = Counter(level for _, level in pool)
    wanted = {str(level): data.draw(st.integers(0, there[level])) for level in rules.LEVELS}
    drawn = rules.draw(pool, sum(wanted.values()), wanted, seed)
    levels = dict(map(tuple, pool))
    assert Counter(str(levels[version_id]) for version_id in drawn) == Counter(
        {level: count for level, count in wanted.items() if count}
    )
    assert [levels[version_id] for version_id in drawn] == sorted(levels[version_id] for version_id in drawn)


@unhurried
@given(POOLS, SEEDS)
def test_the_order_of_the_pool_changes_nothing(pool, seed):
    assert rules.draw(pool, len(pool) // 2, None, seed) == rules.draw(pool[::-1], len(pool) // 2, None, seed)


KNOWN = {
    "any": [36, 32, 12, 5, 33, 27, 20, 14],
    "levels": [36, 33, 10, 4, 32, 26],
    "order": [[1, 1], [2, 1], [0, 1], [4, 1], [5, 1], [3, 1], [3, 2], [5, 2], [0, 2], [2, 2], [1, 2], [4, 2]],
    "mixed": 16088545258877220095,
}


def test_a_seed_gives_the_same_draw_on_every_machine_and_in_every_year():
    pool = [[version_id, 1 + version_id % 3] for version_id in range(1, 41)]
    assert rules.draw(pool, 8, None, 20260401) == KNOWN["any"]
    assert rules.draw(pool, 6, {"1": 2, "2": 2, "3": 2}, 20260401) == KNOWN["levels"]
    assert rules.order([[n, 1] for n in range(6)] + [[n, 2] for n in range(6)], 20260401, True) == KNOWN["order"]
    assert rules.mixed(7, "draw", 3) == KNOWN["mixed"]


def test_too_few_questions_are_refused_not_repeated():
    with pytest.raises(rules.TooFew):
        rules.draw([[1, 1], [2, 1]], 3, None, 1)
    with pytest.raises(rules.TooFew):
        rules.draw([[1, 1], [2, 2]], 2, {"1": 2}, 1)


def test_every_question_of_a_pool_is_drawn_about_equally_often():
    pool = [[version_id, 2] for version_id in range(20)]
    drawn = Counter(version_id for seed in range(4000) for version_id in rules.draw(pool, 5, None, seed))
    # 1,000 expected each, standard deviation 27: five of them are never passed by a fair draw, and at once by an unfair one.
    assert all(abs(drawn[version_id] - 1000) < 140 for version_id in range(20)), drawn


def test_every_place_in_the_order_is_about_equally_likely():
    first = Counter(rules.order([[n, 1] for n in range(8)], seed, True)[0][0] for seed in range(4000))
    assert all(abs(first[n] - 500) < 110 for n in range(8)), first


@unhurried
@given(st.lists(st.integers(1, 8), min_size=1, max_size=5), SEEDS)
def test_shuffling_stays_inside_each_section(sizes, seed):
    items = [[100 * section + n, section] for section, size in enumerate(sizes, 1) for n in range(size)]
    shuffled = rules.order(items, seed, True)
    assert [section for _, section in shuffled] == [section for _, section in items]
    assert sorted(map(tuple, shuffled)) == sorted(map(tuple, items))
    assert rules.order(items, seed, False) == items


@unhurried
@given(st.data(), SEEDS)
def test_what_is_left_over_is_enough_for_every_draw_in_turn(data, seed):
    """When no shortage is reported, no seed can run a later section dry."""
    everything = [[n, data.draw(st.sampled_from([1, 2, 3]))] for n in range(14)]
    keys = range(1, 1 + data.draw(st.integers(1, 3)))
    pools = {key: data.draw(st.lists(st.sampled_from(everything), unique_by=tuple, max_size=14)) for key in keys}
    draws = {}
    for key in keys:
        if data.draw(st.booleans()):
            wanted = {str(level): data.draw(st.integers(0, 3)) for level in rules.LEVELS}
            draws[key] = {"count": sum(wanted.values()), "difficulty": wanted}
        else:
            draws[key] = {"count": data.draw(st.integers(1, 5)), "difficulty": None}
    left = rules.left_over(draws, pools)
    assume(not any(rules.shortages(draws[key], left[key]) for key in keys))
    taken = set()
    for key in rules.draw_order(pools):
        open_ones = [entry for entry in pools[key] if entry[0] not in taken]
        drawn = rules.draw(open_ones, draws[key]["count"], draws[key]["difficulty"], rules.mixed(seed, key))
        assert not taken & set(drawn)
        taken |= set(drawn)


@pytest.mark.parametrize(
    ("supply", "total"),
    [
        ({"single_choice": 186, "multiple_choice": 131, "true_false": 95, "fill_blank": 30}, 100),
        ({"single_choice": 186, "multiple_choice": 131, "true_false": 95}, 100),
        ({"single_choice": 186}, 100),
        ({"single_choice": 3}, 6),
        ({}, 0),
    ],
)
def test_a_proposal_makes_a_hundred_points_where_the_bank_has_enough(supply, total):
    plan = rules.proposal(supply)
    assert rules.total(plan.values())[1] == total
    assert all(count <= supply.get(kind, 0) for kind, (count, _) in plan.items())


def test_the_digest_of_the_same_contents_is_the_same():
    assert rules.digest({"a": [1, Decimal("2.50")], "b": "二"}) == rules.digest({"b": "二", "a": [1, Decimal("2.50")]})
    assert rules.digest([1, 2]) != rules.digest([2, 1])
