"""Saving answers: what is acknowledged is stored, in any order, from the live device, in time."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from app.core.db import db, unit_of_work
from app.exams.models import Incident, LateResponse
from app.exams.saves.limits import Bucket
from app.people.models import SignIn
from tests.exams.conftest import GRACE, right_answer

MS = timedelta(milliseconds=1)


def late_rows(sitter):
    with sitter.app.app_context():
        rows = db.session.scalars(
            select(LateResponse).where(LateResponse.attempt_id == sitter.id).order_by(LateResponse.id)
        ).all()
        return [(row.position, json.loads(row.answer), row.why, row.generation) for row in rows]


def test_an_acknowledged_answer_is_stored(sitter):  # R12
    answer = sitter.save((1, ["B"]), (3, ["A", "C"], True))
    assert answer.status_code == 200, answer.text
    assert answer.json["acked"] == 2
    assert answer.json["state"] == "in_progress"
    assert answer.json["notice"] is None
    assert sitter.stored() == {1: ["B"], 3: ["A", "C"]}


def test_the_answer_tells_the_time_left_and_never_too_much(sitter, set_clock):  # R5, R7
    due = sitter.row().due_at
    set_clock(due - timedelta(minutes=42, microseconds=500))
    told = sitter.save((1, ["B"])).json
    assert told["ms_left"] == 42 * 60_000
    set_clock(due + timedelta(seconds=3))
    assert sitter.save((1, ["C"])).json["ms_left"] == 0


def test_an_empty_save_asks_for_time_state_and_the_last_sequence(sitter):  # R7
    sitter.save((1, ["B"]), (2, ["A"]))
    told = sitter.post({"changes": [], "events": [], "final": False}).json
    assert (told["acked"], told["state"]) == (2, "in_progress")


def test_retries_and_reordering_are_harmless(sitter):  # R14, R23
    newer, older = sitter.change(1, ["C"], seq=5), sitter.change(1, ["A"], seq=4)
    for change in (newer, older, newer, older):
        answer = sitter.post({"changes": [change], "events": [], "final": False})
        assert answer.status_code == 200
        assert answer.json["acked"] == change["seq"]
    assert sitter.stored() == {1: ["C"]}


def test_an_answer_can_be_cleared(sitter):
    sitter.save((1, ["B"]))
    sitter.save((1, []))
    assert sitter.stored() == {1: []}


def test_saves_go_on_when_all_sessions_are_deleted(sitter):  # R15
    with sitter.app.app_context(), unit_of_work() as work:
        work.execute(delete(SignIn))
    assert sitter.save((1, ["B"])).status_code == 200
    stranger = sitter.app.test_client()
    sitter.browser = stranger
    assert sitter.save((2, ["C"])).status_code == 200
    assert sitter.save((3, ["A"]), final=True).json["state"] == "handed_in"
    assert sitter.stored() == {1: ["B"], 2: ["C"], 3: ["A"]}


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "ü"])
def test_without_a_genuine_token_nothing_is_saved(sitter, token):  # R15, R47
    answer = sitter.post({"changes": [sitter.change(1, ["B"])]}, token=token)
    assert (answer.status_code, answer.json) == (401, {"state": "sign_in"})
    assert sitter.stored() == {}


def test_a_token_opens_only_its_own_attempt(sitter, make, sit):  # R19, R52
    person = make.person()
    other = sit(make.sitting(people=[person]), person)
    answer = sitter.post({"changes": [sitter.change(1, ["B"])]}, token=other.token)
    assert answer.status_code == 401
    assert (sitter.stored(), other.stored()) == ({}, {})


def test_a_foreign_site_cannot_save(sitter):  # R47
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}):
        assert sitter.post({"changes": [sitter.change(1, ["B"])]}, headers=headers).status_code == 403
    assert sitter.post({"changes": [sitter.change(1, ["B"])]}, headers={"Origin": "http://localhost"}).status_code == 200


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"{", 400, "不是有效的 JSON"), ({"changes": [{"position": 99, "seq": 1, "answer": []}]}, 422, "第 1 项"),
        (b'{"changes":[],"changes":[]}', 422, "重复"), (b" " * (256 * 1024 + 1), 413, "256"),
    ],
)  # fmt: skip
def test_a_body_that_cannot_be_taken_is_explained(sitter, body, status, words):  # R56
    answer = sitter.post(body)
    assert answer.status_code == status
    assert answer.json["state"] == "refused"
    assert words in answer.json["message"]


def test_only_json_is_taken(sitter):  # R47
    assert sitter.post({"changes": []}, content_type="text/plain").status_code == 415


def test_too_many_saves_are_put_off_and_nothing_is_lost(sitter):  # R79
    sitter.app.extensions["save_limits"] = Bucket()
    try:
        statuses = [sitter.save((1, ["B"])).status_code for _ in range(30)]
        assert statuses[:20] == [200] * 20
        assert 429 in statuses[20:]
        refused = next(answer for answer in iter(lambda: sitter.save((2, ["B"])), None) if answer.status_code == 429)
        assert refused.headers["Retry-After"] == "1"
    finally:
        sitter.app.extensions["save_limits"] = Bucket()


def test_the_bucket_gives_four_a_second_after_a_burst_of_twenty():  # R79
    bucket = Bucket()
    assert [bucket.takes("a", 0.0) for _ in range(21)] == [True] * 20 + [False]
    assert [bucket.takes("a", 1.0) for _ in range(5)] == [True] * 4 + [False]
    assert bucket.takes("b", 1.0)


def test_answers_within_the_grace_count_and_later_ones_are_kept_as_evidence(sitter, set_clock):  # R5, R6
    due = sitter.row().due_at
    set_clock(due + timedelta(seconds=29))
    assert sitter.save((1, ["B"])).status_code == 200
    set_clock(due + timedelta(seconds=31))
    answer = sitter.save((2, ["C"]))
    assert (answer.status_code, answer.json["state"], answer.json["acked"]) == (202, "late", 2)
    assert sitter.stored() == {1: ["B"]}
    assert late_rows(sitter) == [(2, ["C"], "late", 1)]


def test_evidence_sent_twice_is_kept_once(sitter, set_clock):  # R6, R23
    set_clock(sitter.row().due_at + GRACE)
    change = sitter.change(1, ["B"])
    for _ in range(3):
        assert sitter.post({"changes": [change]}).status_code == 202
    assert len(late_rows(sitter)) == 1


def test_long_after_the_end_only_the_receipt_is_shown(sitter, set_clock):  # R6
    set_clock(sitter.row().due_at + timedelta(minutes=30))
    answer = sitter.save((1, ["B"]))
    assert (answer.status_code, answer.json["state"]) == (410, "handed_in")
    assert answer.json["receipt_url"] == f"/attempts/{sitter.id}/receipt"
    assert late_rows(sitter) == []


def test_an_older_device_is_told_and_its_answers_are_evidence(sitter):  # R18
    sitter.save((1, ["B"]))
    sitter.browser.post(f"/attempts/{sitter.id}/take-over")
    answer = sitter.save((1, ["D"]))
    assert (answer.status_code, answer.json) == (409, {"state": "taken_over"})
    assert sitter.stored() == {1: ["B"]}
    assert late_rows(sitter) == [(1, ["D"], "replaced", 1)]


def test_leaving_the_page_is_recorded_once_however_often_it_is_sent(sitter, set_clock):
    began = sitter.row().started_at
    set_clock(began + timedelta(minutes=5))
    for delay in (0, 900):
        event = {"kind": "left_page", "age_ms": 60_000 + delay, "seconds": 4}
        set_clock(began + timedelta(minutes=5, milliseconds=delay))
        assert sitter.save(events=[event]).status_code == 200
    with sitter.app.app_context():
        found = db.session.scalars(select(Incident).where(Incident.attempt_id == sitter.id)).all()
        assert [(row.kind, row.seconds, row.at) for row in found] == [("left_page", 4, began + timedelta(minutes=4))]


def test_handing_in_saves_closes_and_marks_at_once(sitter):
    answer = sitter.save((1, ["B"]), final=True)
    assert answer.status_code == 200
    assert (answer.json["state"], answer.json["receipt_url"]) == ("handed_in", f"/attempts/{sitter.id}/receipt")
    row = sitter.row()
    assert (row.state, row.closed_by) == ("handed_in", "self")
    assert row.receipt_code
    assert row.marked_at is not None
    assert sitter.stored() == {1: ["B"]}


def test_a_hand_in_sent_again_gets_the_same_answer_and_another_one_is_too_late(sitter):  # R8, R23, R24
    body = {"changes": [sitter.change(1, ["B"])], "events": [], "final": True}
    first, again = sitter.post(body), sitter.post(body)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json["receipt_url"] == again.json["receipt_url"]
    other = sitter.save((1, ["C"]), final=True)
    assert (other.status_code, other.json["state"]) == (410, "handed_in")
    assert sitter.save((1, ["D"])).status_code == 410
    assert sitter.stored() == {1: ["B"]}
    assert late_rows(sitter) == []


def test_handing_in_too_early_saves_and_says_from_when(make, sit):
    person = make.person()
    early = sit(make.sitting(people=[person], earliest_hand_in_minutes=30), person)
    answer = early.save((1, ["B"]), final=True)
    assert (answer.status_code, answer.json["state"]) == (200, "in_progress")
    assert "答案已保存" in answer.json["notice"]
    assert early.row().state == "in_progress"
    assert early.stored() == {1: ["B"]}


def test_a_hand_in_at_zero_is_the_clocks_and_its_time_is_the_due_time(make, sit, set_clock):  # R3, R8
    person = make.person()
    forced = sit(make.sitting(people=[person], earliest_hand_in_minutes=600), person)
    due = forced.row().due_at
    set_clock(due + timedelta(seconds=2))
    assert forced.save((1, ["B"]), final=True).json["state"] == "handed_in"
    row = forced.row()
    assert (row.closed_by, row.submitted_at) == ("server", due)


def test_an_answer_on_its_way_during_the_automatic_close_counts_and_is_marked_again(sitter, set_clock):  # R4, R8
    from app.core import clock
    from app.exams.service import closing

    due = sitter.row().due_at
    set_clock(due + GRACE)
    with sitter.app.app_context():
        assert closing.close_due(now=clock.now()) == (1, 1)
    before = sitter.row()
    set_clock(due + GRACE - MS)  # it arrived just in time, and waited in our queue
    answer = sitter.save((1, right_answer(sitter, 1)))
    assert (answer.status_code, answer.json["state"]) == (200, "handed_in")
    after = sitter.row()
    assert (before.score, after.score) == (0, 2)
    assert after.submitted_at == due
