"""Choices that move with the text, cards and their states, lines and their colours: all without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bank import rules
from app.bank.imports import cards, fixes
from app.bank.imports.drafts import draft_of, waits_for_review
from app.bank.queries.likeness import Known, Like
from app.bank.recogniser import recognise

TEXT = """一、单项选择题

1. 支委会任期一般几年？
A. 三年
B. 五年
答案：A

2. 党员大会多久一次？
A. 每月
B. 每季度

3. （单选）下列哪些是三会一课？
A. 党课
B. 党员大会
C. 聚餐
答案：AB
"""


def made(text=TEXT, choices=None, known=None, most_like=lambda text: None):
    choices = choices or {}
    found = recognise(text, overrides=fixes.corrections(choices))
    lines = found.text.split("\n")
    made_cards = cards.make_cards(found.questions, choices, [waits_for_review(question, lines) for question in found.questions])
    return cards.settle(made_cards, known or {}, most_like), found


def states(*args, **values):
    return [card.state for card in made(*args, **values)[0]]


def print_of(text, place=0):
    return rules.fingerprint(recognise(text).questions[place].body())


# ---- states and fixes ----


def test_a_question_without_its_answer_is_one_to_be_mended(app):
    found, _ = made()
    assert [card.state for card in found] == ["ready", "error", "error"]
    assert [card.fixes for card in found] == [[], ["letters"], ["multiple", "letters"]]


def test_a_chosen_key_makes_it_ready(app):
    assert states(choices={"8": {"key": ["B"]}, "12": {"kind": "multiple_choice"}}) == ["ready", "ready", "ready"]


def test_a_skipped_question_stays_skipped_whatever_is_wrong_with_it(app):
    assert states(choices={"8": {"do": "skip"}}) == ["ready", "skipped", "error"]


def test_what_the_bank_has_is_left_out_unless_somebody_wants_it(app):
    known = {print_of(TEXT): Known(5, 12, ["A"])}
    assert states(known=known)[0] == "same"
    assert states(known=known, choices={"3": {"do": "import"}})[0] == "ready"


def test_the_same_question_with_another_key_needs_a_person(app):
    card = made(known={print_of(TEXT): Known(5, 12, ["B"])})[0][0]
    assert (card.state, card.other_key, card.needs_work) == ("like", True, True)


def test_nearly_the_same_needs_a_person(app):
    assert states(most_like=lambda text: Like(5, 12, 96) if "支委会" in text else None)[0] == "like"


def test_a_question_that_comes_twice_in_the_text_is_stored_once(app):
    text = "1. 支委会任期一般几年？\nA. 三年\nB. 五年\n答案：A\n\n2. 支委会任期一般几年\nA.五年\nB.三年\n答案：B\n"
    found, _ = made(text)
    assert found[0].state == "ready"
    assert found[1].same.line == 1


def test_a_topic_that_is_too_long_is_one_to_be_mended(app):
    card = made("1. 支委会任期一般几年？\nA. 三年\nB. 五年\n答案：A\n知识点：" + "长" * 101 + "\n")[0][0]
    assert card.state == "error" and "101" in card.too_long[0]


def test_a_line_that_says_so_makes_the_question_wait_for_review(app):
    text = "1. 支委会任期一般几年？\nA. 三年\nB. 五年\n答案：A\n出处：《条例》第十一条\n审核：待复核\n"
    found = recognise(text)
    draft = draft_of(found.questions[0], found.text.split("\n"))
    assert (draft.review, draft.source) == (True, "《条例》第十一条")


def test_what_the_text_leaves_open_is_filled_in_for_all(app):
    found = recognise("1. 甲？\nA. 三年\nB. 五年\n答案：A\n知识点：自己的\n\n2. 乙？\nA. 三年\nB. 五年\n答案：A\n")
    settings = {"topic": "冬训", "source": "题单", "review": True}
    drafts = [draft_of(question, found.text.split("\n"), settings) for question in found.questions]
    assert [(draft.topic, draft.source, draft.review) for draft in drafts] == [("自己的", "题单", True), ("冬训", "题单", True)]


# ---- colours ----


def test_every_line_has_the_colour_of_its_question(app):
    found, recognition = made()
    tones = {line: tone for tone, first, last in cards.runs(found, recognition.roles) for line in range(first, last + 1)}
    assert (tones[1], tones[3], tones[6], tones[8], tones[12]) == ("h", "q", "q", "e", "e")
    assert 7 not in tones


@given(st.text(alphabet="1234.、ABCD答案：（）\n党课是", max_size=300))
def test_colours_never_overlap_nor_leave_the_text(text):
    recognition = recognise(text)
    found = [cards.Card(place, question) for place, question in enumerate(recognition.questions)]
    last = 0
    for _tone, first, end in cards.runs(found, recognition.roles):
        assert last < first <= end <= len(recognition.roles)
        last = end


# ---- choices move with their lines ----


def test_a_line_put_in_above_moves_the_choices_below():
    assert fixes.moved({"3": {"do": "skip"}}, "a\nb\nc\nd", "新\na\nb\nc\nd") == {"4": {"do": "skip"}}


def test_a_mended_line_keeps_its_choice():
    assert fixes.moved({"2": {"do": "skip"}}, "a\nb\nc", "a\nb改\nc") == {"2": {"do": "skip"}}


def test_a_line_taken_out_takes_its_choice_along():
    assert fixes.moved({"2": {"do": "skip"}, "3": {"do": "import"}}, "a\nb\nc", "a\nc") == {"2": {"do": "import"}}


@given(st.lists(st.sampled_from("abcdefgh"), max_size=12), st.lists(st.sampled_from("abcdefgh"), max_size=12))
def test_no_two_choices_end_at_one_line(old, new):
    place = fixes.line_moves(old, new)
    ends = [place(line) for line in range(1, len(old) + 1) if place(line)]
    assert len(ends) == len(set(ends))
    assert all(1 <= end <= len(new) for end in ends)


@given(st.lists(st.text("甲乙丙", max_size=3), min_size=1, max_size=20), st.data())
def test_lines_around_one_change_keep_their_choices(lines, data):
    at = data.draw(st.integers(0, len(lines)))
    put = data.draw(st.lists(st.text("丁戊", min_size=1, max_size=3), max_size=4))
    new = [*lines[:at], *put, *lines[at:]]
    place = fixes.line_moves(lines, new)
    for line in range(1, len(lines) + 1):
        assert new[place(line) - 1] == lines[line - 1]


def test_taking_back_a_choice_leaves_no_trace():
    assert fixes.chosen({"3": {"key": ["A"]}}, 3, key=None, do=None, kind=None) == {}


@pytest.mark.parametrize("choices", [{}, {"3": {"do": "skip"}}])
def test_only_corrections_go_to_the_recogniser(choices):
    assert fixes.corrections({**choices, "5": {"key": ["A"], "do": "import"}}) == {5: {"key": ["A"]}}
