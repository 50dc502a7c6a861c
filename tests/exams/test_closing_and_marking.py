"""Closing by the clock, and marking that may run any number of times."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select, update

from app.core import clock, jobs
from app.core.audit import AuditEntry
from app.core.db import db, unit_of_work
from app.exams.models import Attempt, MarkSheet, Response
from app.exams.queries import best
from app.exams.service import closing, marking
from tests.exams.conftest import GRACE, right_answer

MS = timedelta(milliseconds=1)


def sheets(attempt_id):
    return db.session.scalars(select(MarkSheet).where(MarkSheet.attempt_id == attempt_id).order_by(MarkSheet.run)).all()


@pytest.mark.parametrize(("offset", "closed"), [(-MS, 0), (timedelta(0), 1), (MS, 1)])
def test_the_job_closes_when_the_grace_is_over(sitter, context, offset, closed):  # R3, R8
    assert closing.close_due(now=sitter.row().due_at + GRACE + offset)[0] == closed
    assert sitter.row().state == ("handed_in" if closed else "in_progress")


def test_an_hour_without_the_job_changes_no_result(make, sit, set_clock, context):  # R8
    results = []
    for late in (timedelta(0), timedelta(hours=1)):
        clock.set_for_tests(None)
        person = make.person()
        sitter = sit(make.sitting(people=[person]), person)
        for position in range(1, 5):
            sitter.save((position, right_answer(sitter, position)))
        due = sitter.row().due_at
        set_clock(due + timedelta(seconds=20))
        sitter.save((5, right_answer(sitter, 5)))
        set_clock(due + GRACE + timedelta(minutes=1))
        sitter.save((6, right_answer(sitter, 6)))
        closing.close_due(now=due + GRACE + timedelta(minutes=2) + late)
        row = sitter.row()
        results.append((row.state, row.closed_by, row.submitted_at - due, row.score, len(sitter.stored())))
    assert results[0] == results[1] == ("handed_in", "server", timedelta(0), Decimal(10), 5)


def test_a_clock_stepped_back_reopens_nothing(sitter, context, set_clock):  # R8
    due = sitter.row().due_at
    closing.close_due(now=due + GRACE)
    set_clock(due - timedelta(minutes=30))
    assert sitter.browser.get(f"/attempts/{sitter.id}").headers["Location"] == f"/attempts/{sitter.id}/receipt"
    assert sitter.row().state == "handed_in"


def test_readers_treat_a_due_attempt_as_handed_in_before_the_job(sitter, context):  # R8
    due = sitter.row().due_at
    for now, state in ((due + GRACE - MS, "in_progress"), (due + GRACE, "handed_in")):
        assert db.session.scalar(select(best.effective_state(now)).where(Attempt.id == sitter.id)) == state


def test_the_periodic_job_and_the_command_do_the_same(sitter, set_clock, app):  # R26
    set_clock(sitter.row().due_at + GRACE)
    with app.app_context():
        jobs.run_periodic()
    assert sitter.row().marked_at is not None
    assert app.test_cli_runner().invoke(args=["exams", "close-due"]).output == "0 closed, 0 marked\n"


def test_marks_are_exact_and_say_why(make, sit, context):  # R28
    person = make.person()
    sitter = sit(make.sitting(people=[person], paper=make.paper(points=Decimal("1.5"), per_kind=1)), person)
    sitter.save((1, right_answer(sitter, 1)), (3, ["false"]), (4, [" ３个月 "]), final=True)
    (sheet,) = sheets(sitter.id)
    assert sheet.score == sitter.row().score == Decimal("3.00")
    assert [(points, state, code) for points, state, code, _ in sheet.marks] == [
        ("1.50", "correct", "all_right"), ("0.00", "blank", "not_answered"), ("0.00", "wrong", "not_false"), ("1.50", "correct", "all_right"),
    ]  # fmt: skip


def test_marking_again_adds_a_sheet_only_when_something_changed(sitter, context):  # R28
    sitter.save((1, right_answer(sitter, 1)), final=True)
    with unit_of_work():
        marking.mark_attempts([sitter.id], now=clock.now())
    assert len(sheets(sitter.id)) == 1
    with unit_of_work() as work:
        work.execute(update(Response).where(Response.attempt_id == sitter.id).values(answer="[]"))
    with unit_of_work():
        assert marking.mark_attempts([sitter.id], now=clock.now()) == {sitter.id: Decimal(0)}
    first, second = sheets(sitter.id)
    assert (first.run, first.score, first.reason) == (1, 2, "")
    assert (second.run, second.score) == (2, 0)
    assert second.reason


def test_an_answer_that_no_question_could_have_gets_no_points_and_stops_nobody(sitter, context):
    sitter.save((1, ["Z", "Z"]), (5, ["maybe"]), (7, ["a", "b", "c"]), (2, right_answer(sitter, 2)), final=True)
    assert sitter.row().score == 2


def test_a_crash_between_closing_and_marking_is_made_good_by_the_job(sitter, context, monkeypatch):  # R26
    def crash(*args, **kwargs):
        raise RuntimeError("killed")

    monkeypatch.setattr(marking, "mark_attempts", crash)
    assert sitter.save((1, right_answer(sitter, 1)), final=True).json["state"] == "handed_in"
    assert sitter.row().marked_at is None
    monkeypatch.undo()
    assert marking.mark_waiting(now=clock.now()) == 1
    assert sitter.row().score == 2


def test_one_attempt_that_cannot_be_marked_keeps_no_other_waiting(make, sit, context, monkeypatch):
    people = [make.person() for _ in range(3)]
    sitting = make.sitting(people=people)
    sitters = [sit(sitting, person) for person in people]
    real = marking.marks_of

    def fail_for_the_second(attempt, answers):
        if attempt.id == sitters[1].id:
            raise ValueError("broken")
        return real(attempt, answers)

    monkeypatch.setattr(marking, "marks_of", fail_for_the_second)
    closing.close_due(now=sitters[0].row().due_at + GRACE + timedelta(seconds=5))
    assert [sitter.row().marked_at is not None for sitter in sitters] == [True, False, True]


def test_an_unmarked_attempt_is_not_open_and_closing_is_on_the_audit_chain(sitter, context):  # R72
    closing.close_due(now=sitter.row().due_at + GRACE)
    actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)).all()
    assert actions[-2:] == ["exam.close_due", "exam.mark"]
    assert db.session.scalar(select(func.count()).select_from(Attempt).where(Attempt.state == "in_progress")) == 0


def test_the_best_attempt_counts_and_of_equal_ones_the_first(make, sit, context):
    person = make.person()
    sitting = make.sitting(people=[person], attempts_allowed=3)
    ids = []
    for right in (1, 2, 2):
        sitter = sit(sitting, person)
        sitter.save(*[(position, right_answer(sitter, position)) for position in range(1, right + 1)], final=True)
        ids.append(sitter.id)
    ((_, attempt_id, score),) = db.session.execute(best.best_attempts(sitting.id)).all()
    assert (attempt_id, score) == (ids[1], Decimal(4))
