"""Marks: exact, never above the full mark, the same for the same answer; and when a typed answer is an accepted one."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.bank import kinds
from app.bank.kinds import matching, numerals
from app.bank.kinds.rules import NAMES as RULES
from app.bank.kinds.rules import RuleRefused
from app.bank.problems import TEXTS, words

OPTIONS = [{"label": label, "text": f"选项{label}"} for label in "ABCDE"]
SINGLE = {"stem": "？", "options": OPTIONS, "key": ["B"]}
MULTIPLE = {"stem": "？", "options": OPTIONS, "key": ["A", "C", "D"]}
TRUTH = {"stem": "？", "options": [], "key": ["false"]}
FILL = {"stem": "____、____、____", "options": [], "key": [["三个月", "3个月"], ["民主集中制"], ["《党章》"]]}


def mark(kind, body, response, points="3", rule=None):
    return kinds.get(kind).mark(body, response, points, rule)


@pytest.mark.parametrize(
    ("kind", "body", "response", "points", "state"),
    [
        ("single_choice", SINGLE, ["B"], "3.00", "correct"),
        ("single_choice", SINGLE, ["A"], "0.00", "wrong"),
        ("single_choice", SINGLE, [], "0.00", "blank"),
        ("true_false", TRUTH, ["false"], "3.00", "correct"),
        ("true_false", TRUTH, ["true"], "0.00", "wrong"),
        ("true_false", TRUTH, [], "0.00", "blank"),
        ("fill_blank", FILL, ["三个月", "民主集中制", "党章"], "3.00", "correct"),
        ("fill_blank", FILL, ["三个月", "", "党章"], "2.00", "partial"),
        ("fill_blank", FILL, ["一年", "", ""], "0.00", "wrong"),
        ("fill_blank", FILL, [], "0.00", "blank"),
        ("fill_blank", FILL, ["", "", ""], "0.00", "blank"),
    ],
)
def test_a_response_earns_its_points_and_state(kind, body, response, points, state):
    given_mark = mark(kind, body, response)
    assert (str(given_mark.points), given_mark.state, given_mark.max_points) == (points, state, Decimal("3.00"))


@pytest.mark.parametrize(
    ("rule", "chosen", "points"),
    [
        ("all_or_nothing", "ACD", "3.00"),
        ("all_or_nothing", "AC", "0.00"),
        ("all_or_nothing", "ACDE", "0.00"),
        (None, "AC", "0.00"),
        ("half_for_subset", "AC", "1.50"),
        ("half_for_subset", "A", "1.50"),
        ("half_for_subset", "AB", "0.00"),
        ("per_option", "A", "1.00"),
        ("per_option", "AC", "2.00"),
        ("per_option", "ACD", "3.00"),
        ("per_option", "ACB", "0.00"),
        ("per_option:0.5", "AC", "1.00"),
        ("per_option:0.5", "ACD", "3.00"),
        ("proportional", "AC", "2.00"),
        ("proportional", "ACB", "1.00"),
        ("proportional", "BE", "0.00"),
        ("proportional", "ACDB", "2.00"),
    ],
)
def test_each_multiple_choice_rule_counts_as_its_name_says(rule, chosen, points):
    assert str(mark("multiple_choice", MULTIPLE, sorted(chosen), rule=rule).points) == points


@settings(deadline=None)
@given(
    st.sets(st.sampled_from("ABCDE"), min_size=1), st.sets(st.sampled_from("ABCDE")), st.integers(1, 1000), st.sampled_from(RULES)
)
def test_no_rule_gives_more_than_full_marks_nor_full_marks_for_less_than_all(key, chosen, cents, rule):
    body = {**MULTIPLE, "key": sorted(key)}
    full = Decimal(cents) / 100
    found = mark("multiple_choice", body, sorted(chosen), full, rule)
    assert 0 <= found.points <= found.max_points == full
    assert (found.state == "correct") == (chosen == key) and found.points == found.points.quantize(Decimal("0.01"))
    if chosen == key:
        assert found.points == full


@pytest.mark.parametrize("rule", ["nothing_like_it", "per_option:x", "per_option:0", "per_option:-1", "all_or_nothing:1"])
def test_an_unknown_rule_is_refused(rule):
    with pytest.raises(RuleRefused) as refused:
        kinds.check_rule(rule, "3", 2)
    assert refused.value.code == "unknown_rule" and refused.value.code in TEXTS


def test_a_rule_that_could_give_more_than_full_marks_is_refused():
    with pytest.raises(RuleRefused) as refused:
        kinds.check_rule("per_option:1", "2", 3)
    assert refused.value.code == "rule_above_full"
    assert kinds.check_rule("per_option:0.5", "2", 4) == "per_option"


def test_every_rule_has_its_words_for_the_heading():
    for rule in [*RULES, "per_option:0.5"]:
        text, values = kinds.rule_label(rule)
        assert "%(" not in words(text, **values)
    assert words(kinds.rule_label("per_option:0.50")[0], points="0.5") == "每选对一项得 0.5 分，有错选不得分"


def test_the_last_blank_takes_what_rounding_leaves():
    marks = [
        str(mark("fill_blank", FILL, response, "1").points)
        for response in (["三个月", "", ""], ["", "", "党章"], ["3个月", "民主集中制", "党章"])
    ]
    assert marks == ["0.33", "0.34", "1.00"]


def test_blanks_in_any_order_take_each_accepted_answer_once():
    body = {"stem": "____、____、____", "key": [["甲", "乙"], ["甲"], ["丙"]], "ordered": False}
    assert mark("fill_blank", body, ["丙", "甲", "乙"]).state == "correct"
    assert str(mark("fill_blank", body, ["甲", "甲", "甲"]).points) == "2.00"  # the two blanks that take 甲, not three
    assert str(mark("fill_blank", body, ["丙", "丙", "丙"]).points) == "1.00"
    assert mark("fill_blank", {**body, "ordered": True}, ["丙", "甲", "乙"]).state == "partial"


@settings(deadline=None)
@given(st.lists(st.sampled_from("甲乙丙丁"), min_size=3, max_size=3))
def test_the_best_matching_is_never_beaten_by_trying_every_order(typed):
    from itertools import permutations

    accepted = [["甲", "乙"], ["乙", "丙"], ["甲"]]
    blanks = [matching.Accepted(answers) for answers in accepted]
    best = max(sum(answer in accepted[place] for place, answer in enumerate(order)) for order in permutations(typed))
    assert sum(place is not None for place in matching.best_matching(blanks, typed)) == best


def test_a_compiled_marker_says_the_same_as_marking_one_by_one():
    for kind, body, responses in [
        ("multiple_choice", MULTIPLE, [["A"], ["A", "C"], [], ["A"]]),
        ("fill_blank", FILL, [["三个月"], [], ["三个月"]]),
    ]:
        marker = kinds.get(kind).compile_marker(body, "3", "half_for_subset")
        assert [marker(response) for response in responses] == [
            mark(kind, body, response, rule="half_for_subset") for response in responses
        ]


@pytest.mark.parametrize(
    ("kind", "body", "response", "text"),
    [
        ("single_choice", SINGLE, ["A"], "正确答案是 B。"),
        ("multiple_choice", MULTIPLE, ["A", "B"], "多选了 B，少选了 C、D。"),
        ("multiple_choice", MULTIPLE, ["A"], "少选了 C、D。"),
        ("multiple_choice", MULTIPLE, ["A", "C", "D", "E"], "多选了 E。"),
        ("true_false", TRUTH, ["true"], "这个说法是错误的。"),
        ("fill_blank", FILL, ["一年", "", "党章"], "第 1、2 空不对或没有填。"),
        ("fill_blank", FILL, [], "没有作答。"),
    ],
)
def test_each_mark_has_its_reason_in_words(kind, body, response, text):
    assert kinds.get(kind).why_text(*mark(kind, body, response).why) == text


def test_the_reason_names_the_letters_that_the_candidate_saw():
    code, params = mark("multiple_choice", MULTIPLE, ["A"]).why
    assert kinds.why_text(code, params, letters={"C": "A", "D": "B"}) == "少选了 A、B。"


# typed answers


@pytest.mark.parametrize(
    ("accepted", "typed", "takes"),
    [
        ("三会一课", "“三会一课”", True),
        ("三会一课", " 三会 一课。", True),
        ("《中国共产党章程》", "中国共产党章程", True),
        ("Party", "ＰＡＲＴＹ", True),
        ("三个月", "3个月", True),
        ("3个月", "三个月", True),
        ("二十九", "29", True),
        ("一九四九年", "1949年", True),
        ("两年", "2年", True),
        ("十二", "一十二", True),
        ("30000", "3万", True),
        ("三个月", "三月", False),
        ("三个月", "4个月", False),
        ("民主集中制", "民主", False),
        ("书记", "1书记", False),
        ("一切为了群众", "1切为了群众", True),  # solely the form of the numeral differs
        ("共产党", "", False),
        ("，", "，", True),
        ("万里长征", "万里长征", True),
    ],
)
def test_a_typed_answer_is_taken_when_it_says_the_same(accepted, typed, takes):
    assert matching.Accepted([accepted]).takes(typed) is takes


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("三个月", "<3>个月"),
        ("3 个月", "<3> 个月"),
        ("一百零五", "<105>"),
        ("十", "<10>"),
        ("二〇二二年", "<2022>年"),
        ("三万五千", "<35000>"),
        ("一亿二千万", "<120000000>"),
        ("1.50", "<1.5>"),
        ("没有数", None),
        ("百姓", None),
    ],
)
def test_the_canonical_form_writes_numerals_as_their_values(text, form):
    assert numerals.canonical(text) == form


@settings(deadline=None)
@given(st.integers(0, 10**8 - 1))
def test_arabic_and_chinese_forms_of_a_number_meet(number):
    assert numerals.canonical(chinese(number)) == f"<{number}>"


def chinese(number):
    """Write a number below a hundred million as people do: 10086 is 一万零八十六."""
    digits = "零一二三四五六七八九"
    if number < 10:
        return digits[number]
    for unit, name in ((10**4, "万"), (1000, "千"), (100, "百"), (10, "十")):
        if number >= unit:
            head, rest = divmod(number, unit)
            zero = "零" if rest and rest < unit // 10 else ""
            return chinese(head) + name + (zero + chinese(rest) if rest else "")
    return ""
