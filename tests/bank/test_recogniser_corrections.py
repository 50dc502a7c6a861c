"""One-click fixes on the import page, the report for the command line, and the words of problems."""

import pytest
from flask_babel import force_locale

from app.bank.problems import TEXTS, Problem
from app.bank.recogniser import recognise, report_text

TEXT = """1. 党支部委员会一般不超过多少人？
A. 5 人
B. 7 人
C. 9 人
答案：
2. （单选）应当讨论的有：
A、接收预备党员
B、购买办公用品
C、选举支部委员会
答案：AC
3. 预备期为____，延长不超过____。
答案：一年
4. 党员应当交纳党费。
"""


def codes(question):
    return [problem.code for problem in question.problems]


def test_before_any_correction_each_fault_is_named_with_its_line():
    found = recognise(TEXT)
    assert [(question.lines[0], codes(question)) for question in found.questions] == [
        (1, ["no_key"]),
        (6, ["kind_key_conflict"]),
        (11, ["blank_count_mismatch"]),
        (13, ["unknown_kind"]),
    ]
    assert found.questions[0].problems[0].message == "没找到答案，请在第 5 行写「答案：B」，或点选正确项。"
    assert found.questions[1].problems[0].message == "标为单选题，但答案是 A、C 共 2 项，请改题型或改答案。"


def test_a_chosen_key_a_changed_kind_and_written_answers_mend_their_questions():
    overrides = {
        1: {"key": ["B"]},
        "6": {"kind": "multiple_choice"},
        11: {"key": [["一年"], ["一年", "1年"]]},
        13: {"key": ["true"]},
    }
    found = recognise(TEXT, overrides)
    assert [(question.kind, question.key, codes(question)) for question in found.questions] == [
        ("single_choice", ["B"], []),
        ("multiple_choice", ["A", "C"], []),
        ("fill_blank", [["一年"], ["一年", "1年"]], []),
        ("true_false", ["true"], []),
    ]


def test_two_chosen_options_make_an_undeclared_question_multiple_choice():
    assert recognise(TEXT, {1: {"key": ["A", "B"]}}).questions[0].kind == "multiple_choice"


def test_a_correction_is_checked_like_anything_else():
    assert codes(recognise(TEXT, {1: {"key": ["E"]}}).questions[0]) == ["key_not_in_options"]
    assert codes(recognise(TEXT, {6: {"key": ["A"], "kind": "true_false"}}).questions[1]) == ["bad_key", "true_false_options"]


def test_a_skipped_question_is_gone_and_its_lines_say_so():
    found = recognise(TEXT, {6: {"skip": True}})
    assert [question.number for question in found.questions] == [1, 3, 4]
    assert found.roles[5:10] == ["skipped"] * 5


def test_a_correction_whose_question_is_gone_is_reported():
    found = recognise(TEXT, {99: {"key": ["A"]}})
    assert [(problem.line, problem.code) for problem in found.problems] == [(99, "correction_without_question")]


def test_corrections_go_with_rows_of_a_pasted_table():
    text = "题干\t选项A\t选项B\t答案\n甲（ ）\t一\t二\t\n乙（ ）\t一\t二\tA"
    found = recognise(text, {2: {"key": ["B"]}, 3: {"skip": True}})
    assert [(question.key, codes(question)) for question in found.questions] == [(["B"], [])]


def test_the_report_counts_kinds_shows_questions_and_lists_problems_with_lines():
    report = report_text(
        recognise(
            "毛概第四章\n" + TEXT + "\n第四部分\n这句话不属于任何题目，它只是一段说明文字，写得比较长，长到不会被当作标题来看待。"
        )
    )
    assert report.startswith("识别出 4 题：可入库 0（其中请核对 0），要处理 4\n")
    assert "  单选题 1\n" in report and "  题型不明 2\n" in report and "  填空题 1\n" in report
    assert "    ✓ A. 接收预备党员" in report and "    答案：A、C" in report
    assert "    [要处理] 第 6 行  没找到答案" in report


def test_the_words_of_a_problem_follow_the_language_of_the_app(app):
    problem = Problem(3, "missing_option", {"label": "C"})
    assert problem.message == "选项 C 缺失，请看第 3 行。"
    with app.test_request_context():
        assert problem.message == "选项 C 缺失，请看第 3 行。"
        with force_locale("en"):
            assert problem.message == "Option C is missing; see line 3."


@pytest.mark.parametrize("code", sorted(TEXTS))
def test_every_problem_has_chinese_words_with_the_same_places(code):
    import re

    from app.bank.problems import _chinese, _msgid

    english = _msgid(TEXTS[code][1])
    places = re.compile(r"%\((\w+)\)s")
    assert sorted(places.findall(_chinese()[english])) == sorted(places.findall(english)), code
