"""The one-day training with its agenda, roster, course, and the test that is open now."""

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import insert, select

from app.core import clock
from app.core.db import unit_of_work
from app.exams.models import Candidate, Sitting
from app.exams.service import attempts
from app.papers.models import Paper
from app.people.models import Person
from app.reports.sample import earlier
from app.trainings.models import AgendaItem, Participant, RosterConfirmation, Training, TrainingCourse, TrainingSitting

TITLE = "2026年4月党务工作者专题培训（示例）"
PLAN = [
    ("single_choice", 20, Decimal(2)),
    ("multiple_choice", 10, Decimal(3)),
    ("true_false", 15, Decimal(1)),
    ("fill_blank", 5, Decimal(3)),
]
AGENDA = [
    (9, 0, 10, 20, "党员教育管理与组织生活", "方若谷", "一楼报告厅"),
    (10, 30, 11, 50, "学校党组织会议与校长办公会议的职责", "温书言", "一楼报告厅"),
    (14, 0, 15, 20, "请示报告与公文常见差错", "方若谷", "一楼报告厅"),
    (15, 30, 16, 30, "党建知识测试", "", "各自手机或机房"),
]
OPEN_DAYS = 7  # so that whoever tries the sample finds the test open


def load(sample, course_id, now):
    """Make the training and all that hangs on it."""
    paper_id = earlier.make_paper(sample, "党建知识测试试卷（示例）", PLAN, now)
    with unit_of_work() as session:
        people = session.execute(select(Person.id, Person.unit_id, Person.position).where(Person.id.in_(sample.invited))).all()
        sitting_id = _sitting(session, sample, paper_id, people, now)
        _training(session, sample, course_id, sitting_id, people, now)
        attempts.enqueue_prepare(session.get(Sitting, sitting_id))


def _sitting(session, sample, paper_id, people, now):
    total = session.get(Paper, paper_id).total_points
    closes = now + timedelta(days=OPEN_DAYS)
    sitting = Sitting(
        unit_id=sample.bureau, paper_id=paper_id, title="党建知识测试（示例）", state="published", opens_at=now - timedelta(minutes=10), closes_at=closes,
        latest_entry_at=closes, minutes_allowed=60, earliest_hand_in_minutes=0, pass_mark=total * Decimal("0.6"), attempts_allowed=1, shuffle_questions=True,
        shuffle_options=True, release_score="handed_in", release_answers="handed_in", release_key="closed", audience={}, venue="知责平台",
        created_by_id=sample.trainer, created_at=now - timedelta(days=3), published_at=now - timedelta(days=2),
    )  # fmt: skip
    session.add(sitting)
    session.flush()
    session.execute(
        insert(Candidate),
        [{"sitting_id": sitting.id, "person_id": p.id, "unit_id": p.unit_id, "position": p.position} for p in people],
    )
    return sitting.id


def _training(session, sample, course_id, sitting_id, people, now):
    today = clock.local(now).date()
    training = Training(
        unit_id=sample.bureau, title=TITLE, summary="一天专题培训，当日测试；不合格和缺考人员通报到所在单位。以下单位和人员均为虚构的示例数据。", place="示例市教育局一楼报告厅",
        starts_on=today, ends_on=today, state="planned", confirm_by_at=now - timedelta(days=1), created_by_id=sample.admin, created_at=now - timedelta(days=10),
    )  # fmt: skip
    training.agenda = [
        AgendaItem(
            starts_at=_at(today, hour, minute),
            ends_at=_at(today, end_hour, end_minute),
            title=title,
            speaker=speaker,
            place=place,
        )
        for hour, minute, end_hour, end_minute, title, speaker, place in AGENDA
    ]
    session.add(training)
    session.flush()
    session.execute(insert(Participant), [{"training_id": training.id, "person_id": p.id, "unit_id": p.unit_id} for p in people])
    session.add_all(
        RosterConfirmation(
            training_id=training.id,
            unit_id=unit_id,
            confirmed_by_id=sample.liaisons[unit_id],
            confirmed_at=now - timedelta(days=2),
        )
        for unit_id in sample.units[3:]
    )
    session.add_all(
        [
            TrainingCourse(training_id=training.id, course_id=course_id),
            TrainingSitting(training_id=training.id, sitting_id=sitting_id),
        ]
    )


def _at(day, hour, minute):
    return clock.from_local(clock.datetime(day.year, day.month, day.day, hour, minute))
