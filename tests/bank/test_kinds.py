"""The contract of every question kind: problems, what a candidate gets, normal forms, and the plain text both ways."""

import subprocess
import sys
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.bank import kinds
from app.bank.kinds.marks import BadResponse
from app.bank.problems import TEXTS

SINGLE = {
    "stem": "党章规定，年满多少岁可以申请入党（　）",
    "options": [
        {"label": label, "text": text, "pinned": False}
        for label, text in zip("ABCD", ("16", "18", "20", "以上都不对"), strict=True)
    ],
    "key": ["B"],
    "explanation": "",
}
MULTIPLE = {**SINGLE, "key": ["A", "C"]}
TRUTH = {"stem": "党员应当按期交纳党费。", "options": [], "key": ["true"], "explanation": ""}
FILL = {"stem": "预备期为____，延长不能超过____。", "options": [], "key": [["一年", "1年"], ["一年"]], "explanation": ""}
BODIES = {"single_choice": SINGLE, "multiple_choice": MULTIPLE, "true_false": TRUTH, "fill_blank": FILL}


def codes(kind, body):
    return [problem.code for problem in kinds.get(kind).problems(body)]


def test_the_four_kinds_are_found_by_their_stored_names():
    assert kinds.NAMES == ("single_choice", "multiple_choice", "true_false", "fill_blank")
    assert [kinds.get(name).name for name in kinds.NAMES] == list(kinds.NAMES)


@pytest.mark.parametrize("kind", kinds.NAMES)
def test_a_sound_body_has_no_problem(kind):
    assert codes(kind, BODIES[kind]) == []


@pytest.mark.parametrize(
    ("kind", "change", "code"),
    [
        ("single_choice", {"stem": " "}, "empty_stem"),
        ("single_choice", {"stem": "长" * 20_001}, "too_long"),  # R55
        ("single_choice", {"explanation": "长" * 20_001}, "explanation_too_long"),
        ("single_choice", {"key": []}, "no_key"),
        ("single_choice", {"key": ["E"]}, "key_not_in_options"),
        ("single_choice", {"key": ["A", "C"]}, "kind_key_conflict"),
        ("single_choice", {"options": []}, "missing_options"),
        ("single_choice", {"options": SINGLE["options"][:1], "key": ["A"]}, "single_option"),
        ("single_choice", {"options": [SINGLE["options"][0], SINGLE["options"][2]], "key": ["A"]}, "missing_option"),
        ("single_choice", {"options": [*SINGLE["options"], {"label": "B", "text": "又一个"}]}, "duplicate_label"),
        ("single_choice", {"options": [{**SINGLE["options"][0], "text": " "}, *SINGLE["options"][1:]]}, "empty_option"),
        (
            "single_choice",
            {"options": [{**SINGLE["options"][0], "text": "长" * 2001}, *SINGLE["options"][1:]]},
            "option_too_long",
        ),
        ("single_choice", {"options": [{**SINGLE["options"][0], "text": "18"}, *SINGLE["options"][1:]]}, "same_option_text"),
        ("multiple_choice", {"key": ["B"]}, "single_key_in_multiple"),
        ("multiple_choice", {"key": ["A", "A"]}, "key_repeated"),
        ("true_false", {"key": []}, "no_key_true_false"),
        ("true_false", {"key": ["A"]}, "bad_key"),
        ("true_false", {"options": SINGLE["options"]}, "true_false_options"),
        ("fill_blank", {"stem": "没有空位。"}, "no_blank"),
        ("fill_blank", {"key": []}, "no_key_fill_blank"),
        ("fill_blank", {"key": [["一年"]]}, "blank_count_mismatch"),
        ("fill_blank", {"key": [["一年"], [" "]]}, "empty_answer"),
        ("fill_blank", {"key": [["一年"], ["长" * 501]]}, "answer_too_long"),
    ],
)
def test_each_fault_of_a_body_is_named(kind, change, code):
    assert code in codes(kind, {**BODIES[kind], **change})


def test_every_problem_has_words_in_chinese_that_fill_their_places():
    for kind, change in [
        ("single_choice", {"key": ["E"]}),
        ("fill_blank", {"key": [["一年"]]}),
        ("multiple_choice", {"key": ["B"]}),
    ]:
        for problem in kinds.get(kind).problems({**BODIES[kind], **change}):
            assert "%(" not in problem.message and any("一" <= char <= "鿿" for char in problem.message)
    assert all(severity in ("error", "warning") for severity, _ in TEXTS.values())


# what a candidate gets


@pytest.mark.parametrize("kind", kinds.NAMES)
def test_nothing_shown_to_a_candidate_tells_the_answer(kind):
    body = {**BODIES[kind], "explanation": "因为所以"}
    shown = kinds.get(kind).presented(body, seed=7)
    assert set(shown) == {"kind", "stem", "options", "blanks"}
    assert "因为所以" not in str(shown) and "key" not in str(shown)
    assert all(set(option) == {"letter", "text"} for option in shown["options"])


def test_the_same_seed_gives_the_same_order_in_every_process():
    program = "from app.bank import kinds; from tests.bank.test_kinds import SINGLE; print(kinds.get('single_choice').option_order(SINGLE, 'x7'))"
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."}
        ).stdout
        for seed in ("1", "2")
    }
    assert outputs == {f"{kinds.get('single_choice').option_order(SINGLE, 'x7')}\n"}


@settings(deadline=None)
@given(st.integers(0, 10**6))
def test_an_option_like_none_of_these_stays_last_and_the_others_move(seed):
    order = kinds.get("single_choice").option_order(SINGLE, seed)
    assert order[-1] == "D" and sorted(order) == ["A", "B", "C", "D"]


def test_seeds_spread_the_first_place_over_all_options():
    firsts = [kinds.get("single_choice").option_order(SINGLE, seed)[0] for seed in range(600)]
    assert all(140 <= firsts.count(label) <= 260 for label in "ABC")


@pytest.mark.parametrize(
    "text", ["以上都对", "以上皆是", "以上都不对", "以上均不正确", "全部正确", "以上都是", "以上选项都不正确", "都不是"]
)
def test_options_about_all_the_others_are_pinned(text):
    body = {**SINGLE, "options": [{"label": "A", "text": text}, *SINGLE["options"][1:3]]}
    assert all(kinds.get("single_choice").option_order(body, seed)[-1] == "A" for seed in range(20))


@pytest.mark.parametrize("text", ["A和B", "A、B都对", "选项C", "AB都对", "A项和C项"])
def test_options_that_name_letters_are_not_shuffled(text):
    body = {**SINGLE, "options": [*SINGLE["options"][:3], {"label": "D", "text": text}]}
    assert all(kinds.get("single_choice").option_order(body, seed) == list("ABCD") for seed in range(20))


def test_a_pinned_flag_and_no_shuffling_are_kept():
    body = {
        **SINGLE,
        "options": [{"label": "A", "text": "甲", "pinned": True}, {"label": "B", "text": "乙"}, {"label": "C", "text": "丙"}],
    }
    assert {kinds.get("single_choice").option_order(body, seed)[-1] for seed in range(20)} == {"A"}
    assert kinds.get("single_choice").option_order(body, 3, shuffle=False) == ["A", "B", "C"]


# normal forms


@settings(deadline=None)
@given(st.integers(0, 10**6), st.sets(st.sampled_from("ABCD")))
def test_displayed_letters_lead_back_to_the_labels_behind_them(seed, letters):
    kind = kinds.get("multiple_choice")
    order = kind.option_order(MULTIPLE, seed)
    expected = sorted(order["ABCD".index(letter)] for letter in letters)
    assert kind.normalised(MULTIPLE, sorted(letters), seed) == expected
    shown = {option["letter"]: option["text"] for option in kind.presented(MULTIPLE, seed)["options"]}
    texts = {option["label"]: option["text"] for option in MULTIPLE["options"]}
    assert sorted(shown[letter] for letter in letters) == sorted(texts[label] for label in expected)


@pytest.mark.parametrize(
    ("kind", "response", "code"),
    [
        ("single_choice", "A", "response_not_a_list"),
        ("single_choice", [1], "response_not_a_list"),
        ("single_choice", ["A", "B"], "more_than_one"),
        ("single_choice", ["E"], "no_such_option"),
        ("single_choice", [""], "no_such_option"),
        ("multiple_choice", ["A", "A"], "option_twice"),
        ("multiple_choice", ["AB"], "no_such_option"),
        ("true_false", ["yes"], "no_such_option"),
        ("true_false", ["true", "false"], "more_than_one"),
        ("fill_blank", ["一", "二", "三"], "too_many_blanks"),
        ("fill_blank", [None], "response_not_a_list"),
    ],
)
def test_a_malformed_response_is_refused_with_a_code(kind, response, code):
    with pytest.raises(BadResponse) as refused:
        kinds.get(kind).normalised(BODIES[kind], response, 1)
    assert refused.value.code == code and code in TEXTS


@pytest.mark.parametrize("kind", kinds.NAMES)
def test_a_cleared_response_is_empty(kind):
    assert kinds.get(kind).normalised(BODIES[kind], [], 1) == []


def test_typed_answers_are_folded_trimmed_cut_and_padded():
    kind = kinds.get("fill_blank")
    assert kind.normalised(FILL, ["　１年 "]) == ["1年", ""]
    assert kind.normalised(FILL, [" ", "\0"]) == []
    assert kind.normalised(FILL, ["长" * 900, "x"]) == ["长" * 500, "x"]


# plain text both ways

WORDS = st.text(
    st.sampled_from("党员支部组织民主集中的是（）()【】《》“”、，。；：:.A B C D E1 23年对错√×_-|/\\答案解析#*@①一\n甲乙"),
    min_size=1,
    max_size=24,
)


def tidy(text):
    """A body as it is stored: no blank lines, no white space around a line, no blanks but the four underscores."""
    lines = [" ".join(line.split()) for line in text.replace("_", "").split("\n")]
    return "\n".join(line for line in lines if line)


def texts_of(text):
    return tidy(text).replace("\n", "")


@st.composite
def choice_bodies(draw):
    count = draw(st.integers(2, 6))
    texts = draw(st.lists(WORDS.map(texts_of).filter(bool), min_size=count, max_size=count))
    labels = "ABCDEF"[:count]
    key = sorted(draw(st.sets(st.sampled_from(labels), min_size=1)))
    options = [{"label": label, "text": text, "pinned": False} for label, text in zip(labels, texts, strict=True)]
    stem, explanation = draw(WORDS.map(tidy).filter(bool)), draw(WORDS.map(tidy))
    return {"stem": stem, "options": options, "key": key, "explanation": explanation}


META = st.fixed_dictionaries(
    {
        "number": st.integers(1, 999),
        "topic": st.one_of(st.none(), WORDS.map(texts_of).filter(bool)),
        "difficulty": st.sampled_from([None, "易", "中", "难"]),
        "source": st.one_of(st.none(), WORDS.map(texts_of).filter(bool)),
    }
)


def assert_reads_back(kind, body, meta):
    text = kinds.get(kind).to_text(body, meta)
    again, found = kinds.get(kind).from_text(text)
    assert again == body, text
    assert found == meta, text


@settings(max_examples=100, deadline=None)
@given(choice_bodies(), META)
def test_a_choice_question_written_as_text_is_read_back_the_same(body, meta):
    assert_reads_back("single_choice" if len(body["key"]) == 1 else "multiple_choice", body, meta)


@settings(max_examples=60, deadline=None)
@given(WORDS.map(tidy).filter(bool), WORDS.map(tidy), st.sampled_from(["true", "false"]), META)
def test_a_true_false_question_written_as_text_is_read_back_the_same(stem, explanation, key, meta):
    assert_reads_back("true_false", {"stem": stem, "options": [], "key": [key], "explanation": explanation}, meta)


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS.map(texts_of).filter(bool), min_size=2, max_size=4), st.data(), st.booleans(), META)
def test_a_fill_in_question_written_as_text_is_read_back_the_same(parts, data, ordered, meta):
    answers = st.lists(WORDS.map(texts_of).filter(bool), min_size=1, max_size=3, unique=True)
    key = [data.draw(answers) for _ in parts[1:]]
    body = {"stem": "____".join(parts), "options": [], "key": key, "explanation": ""}
    assert_reads_back("fill_blank", body if ordered else {**body, "ordered": False}, meta)


def test_plain_questions_are_written_without_any_backslash():
    text = kinds.get("multiple_choice").to_text(
        MULTIPLE, {"number": 3, "topic": "党章", "difficulty": "易", "source": "党章第一条"}
    )
    assert text == (
        "3. 【多选题】党章规定，年满多少岁可以申请入党（　）\nA. 16\nB. 18\nC. 20\nD. 以上都不对\n答案：AC\n知识点：党章\n难度：易\n出处：党章第一条\n"
    )


def test_text_that_is_not_one_question_of_the_kind_is_refused():
    with pytest.raises(ValueError, match="not one question"):
        kinds.get("single_choice").from_text("1. 党员应当交纳党费。\n答案：对")


def test_points_are_exact_hundredths():
    with pytest.raises(ValueError, match="not a number"):
        kinds.get("single_choice").mark(SINGLE, ["B"], "two")
    assert kinds.get("single_choice").mark(SINGLE, ["B"], "0.1").points == Decimal("0.10")
