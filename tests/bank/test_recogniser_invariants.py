"""What holds for any text: no exception, every line accounted for, nothing wrong without a problem; and time that grows with length."""

import json
import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.bank.recogniser import recognise, report_text
from app.bank.recogniser.characters import CONTROL, fold
from tests.bank.oracles import squeeze
from tests.bank.papers import Paper

PIECES = [
    "1. 2、 3．",
    "(4)",
    "（5）",
    "第6题",
    "10.",
    "l.",
    "A.",
    "B、",
    "C．",
    "D:",
    "(A)",
    "E ",
    "Ａ．",
    "c.",
    "答案：",
    "【答案】",
    "参考答案",
    "正确答案：",
    "解析：",
    "【解析】",
    "知识点：",
    "难度：",
    "出处：",
    "题型：单选题",
    "题干：",
    "选项：",
    "我的答案：",
    "√",
    "×",
    "对",
    "错",
    "正确",
    "（ ）",
    "（\u3000）",
    "____",
    "《》",
    "“ ”",
    "(B)",
    "（AC）",
    "（√）",
    "[单选题]",
    "（2分）",
    "一、单选题",
    "二、多选题（每题2分，共4分）",
    "判断题",
    "填空题",
    "三、简答题",
    "（一）",
    "第一章",
    "参考答案：",
    "- [x] ",
    "- [ ] ",
    "### ",
    "> ",
    "**",
    "-----",
    "第1页",
    "1-5 ABCDD",
    "6-10 √×√√×",
    "1.A 2.B",
    "题号 1 2 3",
    "答案 A B C",
    "@@@",
    "-D:",
    "；",
    "、",
    "/",
    "\\",
    "\n",
    "\n",
    "\n\n",
    " ",
    "\t",
    "\u3000",
    "党的宗旨",
    "2021年",
    "3.5%",
    "顺序不限",
    "\u200b",
    "\x00",
    "\u202e",
    "\ue000",
    "①",
    "1、1.",
    "abc",
    "ABCD",
    "x",
]
TEXT = st.lists(st.one_of(st.sampled_from([*PIECES, "|"]), st.text(max_size=3)), max_size=60).map("".join)


def assert_accounted(text):
    found = recognise(text)
    lines = found.text.split("\n")
    assert len(found.roles) == len(lines)
    spans = [question.lines for question in found.questions]
    named = {problem.line for problem in found.all_problems()}
    for number, (line, role) in enumerate(zip(lines, found.roles, strict=True), 1):
        if not line.strip(" \t\\"):
            continue
        inside = any(first <= number <= last for first, last in spans)
        good = role in ("heading", "key_table") or role == "question" and inside or role == "stray" and number in named
        assert good or not fold(line).strip(" \\"), (number, role, line)
    for problem in found.all_problems():
        assert problem.line is None or 1 <= problem.line <= len(lines)
        assert problem.message and "%(" not in problem.message
    return found


@settings(max_examples=300, deadline=None)
@given(TEXT)
def test_any_text_is_read_without_error_and_every_line_is_accounted_for(text):
    found = assert_accounted(text)
    assert json.loads(json.dumps(found.as_json())) == found.as_json()
    assert report_text(found)
    assert CONTROL.search(found.text) is None  # R55


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9), st.data())
def test_a_damaged_paper_is_accounted_for_too(seed, data):
    text = Paper(seed).text
    place = data.draw(st.integers(0, len(text)))
    assert_accounted(text[:place] + data.draw(st.sampled_from(PIECES)) + text[place + data.draw(st.integers(0, 40)) :])


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10**9))
@example(21146)  # "7.50人以上…" behind a blank line, which ends the explanation before it
def test_papers_in_every_style_are_recognised_and_nothing_is_wrong_without_a_problem(seed):
    paper = Paper(seed)
    found = recognise(paper.text)
    flagged = bool(found.problems) or any(p.code in ("number_gap", "number_in_text") for q in found.questions for p in q.problems)
    for truth in paper.truth:
        question = next((one for one in found.questions if _is_read(truth, one)), None)
        if question is None:
            near = [
                one
                for one in found.questions
                if one.number == truth["number"] and squeeze(one.stem)[:4] == squeeze(truth["stem"])[:4]
            ]
            assert flagged or any(one.problems for one in near), (truth, [one.as_json() for one in near], paper.text)
    exact = sum(any(_is_read(truth, one) for one in found.questions) for truth in paper.truth)
    assert exact >= len(paper.truth) - 1, paper.text


def _is_read(truth, question):
    options = [option["text"] for option in question.options]
    words = squeeze(question.stem) == squeeze(truth["stem"])
    return words and (question.number, question.kind, options, question.key) == (
        truth["number"],
        truth["kind"],
        truth["options"],
        truth["key"],
    )


LETTERED = re.compile(r"[(（]?[A-EＡ-Ｅ][.、．:)）]")


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**9), st.data())
def test_taking_a_line_out_of_a_question_never_leaves_a_wrong_question_without_a_problem(seed, data):
    text = Paper(seed).text
    whole = recognise(text)
    if whole.problems or any(question.problems for question in whole.questions):
        return
    good = {json.dumps({**question.as_json(), "lines": 0}) for question in whole.questions}
    lines = text.split("\n")
    gone = data.draw(st.integers(0, len(lines) - 1))
    if not any(first - 1 < gone < last - 1 for first, last in (question.lines for question in whole.questions)):
        return  # a whole question, or the last line of one: nothing shows that it was there
    if LETTERED.match(lines[gone]) and not LETTERED.match(lines[gone + 1]):
        return  # nor the last option
    rest = recognise("\n".join(lines[:gone] + lines[gone + 1 :]))
    wrong = [one for one in rest.questions if json.dumps({**one.as_json(), "lines": 0}) not in good and not one.problems]
    assert not wrong or lines[gone].startswith(("解析", "【解析】", "答案解析", "知识点")), (lines[gone], wrong)


def test_questions_on_one_line_are_divided():
    found = recognise("".join(f"{n}.党员应当参加组织生活（√）" for n in range(1, 61)))
    assert len(found.questions) == 60 and all(question.key == ["true"] for question in found.questions)


def test_what_hangs_on_one_line_beyond_that_is_kept_and_reported():
    found = recognise("".join(f"{n}.党员应当参加组织生活（√）" for n in range(1, 1200)))
    assert len(found.usable) == 61 and [problem.code for problem in found.questions[-1].problems if problem.is_error] == [
        "too_many_on_line"
    ]


def test_a_line_that_is_too_long_is_reported_and_the_rest_is_read():
    found = recognise("1. " + "长" * 30_000 + "\n2. 党员应当参加组织生活。（√）")
    assert [question.key for question in found.questions] == [["true"]]
    assert "line_too_long" in [problem.code for problem in found.problems]


def test_more_questions_than_one_import_takes_are_read_and_marked():  # R57
    found = recognise("\n".join(f"{n}. 第{n}种说法是对的。（√）" for n in range(1, 5003)))
    assert len(found.questions) == 5002 and len(found.usable) == 5000
    assert [problem.code for problem in found.questions[-1].problems] == ["too_many_questions"]
    assert "too_many_questions" in [problem.code for problem in found.problems]


def test_control_and_direction_changing_characters_are_taken_out_and_reported():  # R55
    found = recognise("1. 党\x00员应当\u202e参加组织生活。（√）")
    assert found.questions[0].stem == "党员应当参加组织生活。"
    assert [(problem.line, problem.code) for problem in found.problems] == [(1, "control_characters")]


def test_awkward_repetitions_cost_no_more_than_their_length():
    for piece in (
        "（" * 5,
        "A. ",
        "1.A ",
        "1-5 ",
        "答案：",
        "____ ",
        "√×",
        " " * 50,
        "\\",
        "【",
        "A、B、",
        "1、1.",
        "-D:",
        "《",
        "《》",
        "@@@",
        "解析：",
    ):
        assert recognise((piece * (20_000 // len(piece)))[:20_000]) is not None
        assert recognise("1. 题（ ）\n" + (piece + "\n") * 1000) is not None
