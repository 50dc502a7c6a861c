"""More time during a sitting: at once, for one or all, with its reason, to everyone who did not hand in themselves."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.audit import AuditEntry
from app.core.db import db, unit_of_work
from app.exams import errors
from app.exams.models import Adjustment, Attempt, Candidate, MarkSheet, Sitting
from app.exams.service import closing, extending
from tests.exams.conftest import GRACE, right_answer

MINUTE = timedelta(minutes=1)


@pytest.fixture
def give(make, context):
    """`give(sitting, minutes)`: an invigilator gives more time, to all or to one `person`."""
    invigilator = make.person(roles=["invigilator"])

    def extend(sitting, minutes, person=None, reason="停电 10 分钟"):
        with unit_of_work() as work:
            row = work.get(Sitting, sitting.id)
            candidate = work.scalars(select(Candidate).where(Candidate.person_id == person.id)).one() if person else None
            changes = extending.extend(row, minutes, reason, actor=invigilator, now=clock.now(), candidate=candidate)
            return [(change.attempt.id, change.due_at, change.reopens) for change in changes]

    return extend


@pytest.fixture
def two(make, sit):
    people = [make.person(), make.person()]
    sitting = make.sitting(people=people)
    return sitting, people, [sit(sitting, person) for person in people]


def test_more_time_holds_at_the_next_save_and_is_told_there(two, give, set_clock):  # R9
    sitting, _people, (first, second) = two
    due = first.row().due_at
    give(sitting, 10)
    set_clock(due + GRACE + MINUTE)
    answer = first.save((1, ["B"]))
    assert answer.status_code == 200
    assert answer.json["due"] == clock.show_clock(due + 10 * MINUTE)
    assert "加时 10 分钟" in answer.json["notice"]
    assert second.row().due_at - due >= 9 * MINUTE


def test_more_time_for_one_moves_nobody_else(two, give):  # R9
    sitting, (one, _other), (first, second) = two
    before = second.row().due_at
    due = first.row().due_at
    give(sitting, 15, person=one)
    assert first.row().due_at == due + 15 * MINUTE
    assert second.row().due_at == before


def test_whoever_has_not_begun_gets_the_minutes_at_the_start(make, sit, give):  # R9, R2
    person = make.person()
    sitting = make.sitting(people=[person], window=60 * MINUTE)
    give(sitting, 10)
    give(sitting, 5, person=person)
    assert sit(sitting, person).row().due_at == sitting.closes_at + 15 * MINUTE


def test_people_who_ran_out_go_on_but_own_hand_ins_are_final(two, give, set_clock):  # R9, R8
    sitting, _people, (first, second) = two
    second.save((1, ["B"]), final=True)
    due = first.row().due_at
    set_clock(due + 2 * MINUTE)
    closing.close_due(now=clock.now())
    assert first.row().state == "handed_in"
    given = give(sitting, 10)
    assert given == [(first.id, due + 10 * MINUTE, True)]
    row = first.row()
    assert (row.state, row.submitted_at, row.score, row.marked_at) == ("in_progress", None, None, None)
    assert first.save((2, ["C"])).status_code == 200
    assert second.row().state == "handed_in"
    assert second.save((1, ["C"])).status_code == 410


def test_late_answers_that_are_in_time_now_count(two, give, set_clock):  # R6, R9
    sitting, _people, (first, _second) = two
    due = first.row().due_at
    first.save((1, ["A"]))
    set_clock(due + 3 * MINUTE)
    assert first.save((1, right_answer(first, 1)), (2, ["D"])).status_code == 202
    closing.close_due(now=clock.now())
    set_clock(due + 20 * MINUTE)
    assert give(sitting, 5) == [(first.id, due + 5 * MINUTE, False), (_second.id, _second.row().due_at, False)]
    assert first.stored() == {1: right_answer(first, 1), 2: ["D"]}
    closing.close_due(now=clock.now())
    row = first.row()
    assert (row.state, row.submitted_at, row.score >= 2) == ("handed_in", due + 5 * MINUTE, True)
    assert len(db.session.scalars(select(MarkSheet).where(MarkSheet.attempt_id == first.id)).all()) == 2


def test_an_extension_is_a_row_with_its_reason_and_on_the_audit_chain(two, give):  # R9, R72
    sitting, _people, (first, second) = two
    give(sitting, 10)
    adjustment = db.session.scalars(select(Adjustment)).one()
    assert (adjustment.minutes, adjustment.reason, adjustment.candidate_id) == (10, "停电 10 分钟", None)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "attempt.extend")).one()
    assert entry.detail["reason"] == "停电 10 分钟"
    assert entry.detail["attempts"] == [first.id, second.id]


def test_the_preview_says_who_and_until_when_and_changes_nothing(two, context):  # R9
    sitting, people, (first, _second) = two
    due = first.row().due_at
    found = extending.preview(sitting, 10, now=clock.now())
    assert [(change.attempt.person.name, change.reopens) for change in found] == [(person.name, False) for person in people]
    assert found[0].due_at == due + 10 * MINUTE
    assert first.row().due_at == due
    assert db.session.scalars(select(Adjustment)).all() == []


@pytest.mark.parametrize(("minutes", "reason"), [(0, "断网"), (-5, "断网"), (601, "断网"), (10, ""), (10, "  ")])
def test_an_extension_needs_minutes_and_a_reason(two, give, minutes, reason):  # R9
    with pytest.raises(errors.BadExtension):
        give(two[0], minutes, reason=reason)


def test_nobody_is_given_time_after_handing_in_or_after_the_results_are_confirmed(two, give):
    sitting, (one, _other), (first, _second) = two
    first.save(final=True)
    with pytest.raises(errors.NothingToExtend):
        give(sitting, 10, person=one)
    with unit_of_work() as work:
        work.get(Sitting, sitting.id).state = "confirmed"
    with pytest.raises(errors.SittingConfirmed):
        give(sitting, 10)
    assert db.session.scalars(select(Attempt.state).where(Attempt.id == first.id)).one() == "handed_in"


def test_the_board_shows_late_answers_until_more_time_makes_them_count(two, give, make, client_of, set_clock):  # R6 R9
    sitting, (one, _other), (first, _second) = two
    due = first.row().due_at
    set_clock(due + GRACE + MINUTE)
    assert first.save((1, ["B"]), (2, ["A"])).status_code == 202
    watcher = client_of(make.person(unit=db.session.get(Sitting, sitting.id).unit, roles=["administrator"]))
    board = watcher.get(f"/sittings/{sitting.id}/watch").text
    assert "迟到答案 2 题" in board
    assert "截止后才收到" in board
    give(sitting, 5, person=one)
    assert "迟到答案" not in watcher.get(f"/sittings/{sitting.id}/watch").text
