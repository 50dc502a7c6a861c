"""Saving, checking and handing in without scripts, and the receipt."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import delete

from app.core import clock
from app.core.db import unit_of_work
from app.exams.service import closing
from app.people.models import SignIn


@pytest.fixture
def plain(sitter):
    """The sitter on the plain page, whose fields hold what is saved."""
    text = sitter.browser.get(f"/attempts/{sitter.id}?plain=1").text
    sitter.token = re.search(r'name="token" value="([^"]+)"', text).group(1)
    return sitter


def version(sitter, position):
    return sitter.row().items[position - 1][0]


def fields(sitter, answers):
    """Return the form's fields for {position: letters, or texts of the blanks}."""
    found = {}
    for position, answer in answers.items():
        name = f"r-{version(sitter, position)}"
        found |= {f"{name}-{n}": text for n, text in enumerate(answer, 1)} if position > 6 else {name: answer}
    return found


def send(sitter, go="save", **values):
    return sitter.browser.post(f"/attempts/{sitter.id}/answers", data={"token": sitter.token, "go": go, **values})


def test_a_form_saves_all_kinds_of_answers(plain):
    answer = send(
        plain, **fields(plain, {1: ["B"], 3: ["A", "C"], 5: ["true"], 7: ["三个月"]}), **{f"f-{version(plain, 3)}": "1"}
    )
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/attempts/{plain.id}?plain=1"
    assert plain.stored() == {1: ["B"], 3: ["A", "C"], 5: ["true"], 7: ["三个月"]}
    page = plain.browser.get(answer.headers["Location"]).text
    assert page.count(" checked>") >= 5
    assert 'value="三个月"' in page


def test_an_empty_field_clears_only_where_the_page_showed_the_answer(sitter):
    sitter.save((1, ["B"]), (3, ["A"]))
    send(sitter, **fields(sitter, {5: ["true"]}))  # from the page whose fields were empty because its scripts fill them
    assert sitter.stored() == {1: ["B"], 3: ["A"], 5: ["true"]}
    text = sitter.browser.get(f"/attempts/{sitter.id}?plain=1").text
    sitter.token = re.search(r'name="token" value="([^"]+)"', text).group(1)
    send(sitter, **fields(sitter, {1: ["B"], 5: ["true"]}))
    assert sitter.stored() == {1: ["B"], 3: [], 5: ["true"]}


def test_the_form_of_a_person_who_is_no_longer_signed_in_is_saved_first(plain):  # R15
    with plain.app.app_context(), unit_of_work() as work:
        work.execute(delete(SignIn))
    answer = send(plain, **fields(plain, {1: ["B"]}))
    assert answer.status_code == 303
    assert plain.stored() == {1: ["B"]}
    assert "sign" in plain.browser.get(answer.headers["Location"]).headers["Location"]


def test_a_form_without_a_genuine_token_saves_nothing(plain, client):  # R15, R47
    wrong = plain.browser.post(f"/attempts/{plain.id}/answers", data={"token": "x", **fields(plain, {1: ["B"]})})
    assert wrong.headers["Location"] == f"/attempts/{plain.id}?plain=1"
    stranger = client.post(f"/attempts/{plain.id}/answers", data=fields(plain, {1: ["B"]}))
    assert stranger.status_code in (302, 303)
    assert plain.stored() == {}


def test_a_plain_save_goes_on_from_what_the_scripts_saved(plain):  # R23
    plain.save((1, ["A"]), (2, ["C"]))
    send(plain, **fields(plain, {1: ["D"], 2: ["C"]}))
    assert plain.stored() == {1: ["D"], 2: ["C"]}


def test_the_check_page_counts_and_links_what_is_open(plain):
    answer = send(plain, "check", **fields(plain, {1: ["B"]}))
    assert answer.headers["Location"] == f"/attempts/{plain.id}/check?plain=1"
    page = plain.browser.get(answer.headers["Location"]).text.replace("\xa0", " ")
    assert "8 题，已答 1 题" in page
    assert f"#v-{version(plain, 2)}" in page


def test_handing_in_by_form_closes_and_shows_the_receipt(plain):
    answer = send(plain, "hand_in")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/attempts/{plain.id}/receipt")
    row = plain.row()
    assert (row.state, row.closed_by) == ("handed_in", "self")
    page = plain.browser.get(answer.headers["Location"]).text
    assert f"{row.receipt_code[:4]}-{row.receipt_code[4:]}" in page
    assert send(plain, "hand_in").headers["Location"] == f"/attempts/{plain.id}/receipt"


def test_submit_hands_in_what_is_saved(plain):
    plain.save((1, ["B"]))
    answer = plain.browser.post(f"/attempts/{plain.id}/submit", data={"token": plain.token})
    assert answer.headers["Location"] == f"/attempts/{plain.id}/receipt"
    assert plain.row().state == "handed_in"


def test_handing_in_by_form_too_early_goes_back_to_the_check(make, sit):
    person = make.person()
    early = sit(make.sitting(people=[person], earliest_hand_in_minutes=30), person)
    answer = send(early, "hand_in")
    assert answer.headers["Location"] == f"/attempts/{early.id}/check?plain=1"
    page = early.browser.get(answer.headers["Location"]).text
    assert " disabled>" in page
    assert early.row().state == "in_progress"


def test_an_answer_that_is_too_long_is_refused_in_words(plain):  # R55
    answer = send(plain, **fields(plain, {7: ["长" * 20_001]}))
    assert answer.status_code == 422
    assert "过长" in answer.text
    assert plain.stored() == {}


def test_the_receipt_of_a_paper_closed_by_the_clock_is_the_same_before_and_after_the_job(sitter, set_clock):  # R8
    sitter.save((1, ["B"]))
    due = sitter.row().due_at
    set_clock(due + timedelta(minutes=2))
    before = sitter.browser.get(f"/attempts/{sitter.id}/receipt").text
    with sitter.app.app_context():
        closing.close_due(now=clock.now())
    after = sitter.browser.get(f"/attempts/{sitter.id}/receipt").text
    code = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}")
    assert code.search(before).group() == code.search(after).group()
    for page in (before, after):
        assert f"{clock.local(due):%H:%M:%S}" in page
        assert "1 / 8 题" in page.replace("\xa0", " ")


def test_the_receipt_tells_of_late_answers(sitter, set_clock):  # R6
    set_clock(sitter.row().due_at + timedelta(minutes=1))
    sitter.save((1, ["B"]), (2, ["C"]))
    assert "2 题" in sitter.browser.get(f"/attempts/{sitter.id}/receipt").text.replace("\xa0", " ")


def test_a_running_attempt_has_no_receipt_yet(sitter):
    assert sitter.browser.get(f"/attempts/{sitter.id}/receipt").headers["Location"] == f"/attempts/{sitter.id}"
