"""R23 as a machine: any mixture of saves, retries, reorderings, devices, hand-ins and closings ends as a simple reference says."""

import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import select, update

from app.core import clock
from app.core.db import db, unit_of_work
from app.exams.models import Attempt, Candidate, LateResponse, Response
from app.exams.saves.body import Change, answer_text
from app.exams.saves.requests import SaveRequest
from app.exams.service import attempts, closing

GRACE, LATE = timedelta(seconds=30), timedelta(minutes=30)
POSITIONS = 4
moments = st.sampled_from(
    [
        timedelta(minutes=-30),
        timedelta(seconds=-1),
        timedelta(0),
        timedelta(seconds=29),
        timedelta(seconds=30),
        timedelta(minutes=29),
    ]
)
letters = st.lists(st.sampled_from("ABCD"), max_size=2, unique=True)
changes = st.lists(st.tuples(st.integers(1, POSITIONS), st.integers(1, 30), letters), max_size=4)


class Saves(RuleBasedStateMachine):
    """One attempt in the database and what it should hold. `maker` and `app` are set by the test."""

    app = maker = sitting = None

    def __init__(self):
        super().__init__()
        clock.set_for_tests(None)
        person = self.maker.person()
        with unit_of_work() as work:
            work.add(Candidate(sitting_id=self.sitting.id, person_id=person.id, unit_id=person.unit_id))
        attempt = self.maker.attempt(self.sitting, person)
        self.id, self.due = attempt.id, attempt.due_at
        self.generation, self.closed_by = 1, None
        self.answers, self.evidence = {}, set()

    def send(self, generation, at, sent, final):
        rows = [Change(position, seq, answer_text(answer), False, 0) for position, seq, answer in sent]
        return self.app.extensions["save_writer"].save(SaveRequest(self.id, generation, at, rows, [], final))

    @rule(offset=moments, sent=changes, final=st.booleans(), back=st.integers(0, 1))
    def save(self, offset, sent, final, back):
        """A request of the present device, or of the one before it; sequences may repeat, go back, or clash."""
        generation, at = max(1, self.generation - back), self.due + offset
        outcome = self.send(generation, at, sent, final)
        self.expect(generation, at, sent, final)
        assert outcome.over is (self.closed_by is not None or at >= self.due + GRACE)

    def expect(self, generation, at, sent, final):
        if generation != self.generation:
            self.evidence |= {(position, seq, generation) for position, seq, _ in sent}
        elif self.closed_by == "self":
            return
        elif at < self.due + GRACE:
            for position, seq, answer in sent:
                if seq > self.answers.get(position, (0,))[0]:
                    self.answers[position] = (seq, answer)
            if final and self.closed_by is None:
                self.closed_by = "self" if at < self.due else "server"
        elif at < self.due + LATE:
            self.evidence |= {(position, seq, generation) for position, seq, _ in sent}

    @precondition(lambda self: self.closed_by is None)
    @rule()
    def take_over(self):
        with unit_of_work() as work:
            assert attempts.take_over(work.get(Attempt, self.id), now=self.due - timedelta(minutes=1))
        self.generation += 1

    @precondition(lambda self: self.closed_by is None)
    @rule()
    def close(self):
        """The job comes by after the grace."""
        clock.set_for_tests(self.due + GRACE)
        with unit_of_work():
            closing.close_attempts([self.id], now=clock.now())
        self.closed_by = "server"

    @invariant()
    def the_database_holds_what_the_reference_holds(self):
        db.session.rollback()
        rows = db.session.execute(select(Response.position, Response.seq, Response.answer).where(Response.attempt_id == self.id))
        assert {position: (seq, json.loads(answer)) for position, seq, answer in rows} == self.answers
        kept = db.session.execute(
            select(LateResponse.position, LateResponse.seq, LateResponse.generation).where(LateResponse.attempt_id == self.id)
        )
        assert set(map(tuple, kept)) == self.evidence
        state, closed_by = db.session.execute(select(Attempt.state, Attempt.closed_by).where(Attempt.id == self.id)).one()
        assert (state, closed_by) == ("handed_in" if self.closed_by else "in_progress", self.closed_by)

    def teardown(self):
        clock.set_for_tests(None)
        with unit_of_work() as work:
            work.execute(update(Attempt).where(Attempt.id == self.id).values(state="handed_in"))


@pytest.mark.parametrize("examples", [40])
def test_the_end_state_is_the_newest_sequence_that_arrived_in_time(app, make, examples):  # R23
    class Bound(Saves):
        pass

    Bound.app, Bound.maker, Bound.sitting = app, make, make.sitting(paper=make.paper(per_kind=1))
    run_state_machine_as_test(
        Bound,
        settings=settings(max_examples=examples, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)),
    )
