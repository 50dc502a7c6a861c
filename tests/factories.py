"""People, units, banks, papers, sittings with good defaults: `make.person(name="林知远")`. Each call commits."""

import itertools
from datetime import timedelta
from decimal import Decimal

from app.bank.models import Bank, Question, QuestionVersion, Topic
from app.core import clock
from app.core.db import db, unit_of_work
from app.exams.models import Attempt, Candidate, Sitting
from app.papers.models import Paper, PaperItem, PaperSection
from app.people.models import Person, RoleGrant, Unit, UnitKind

numbers = itertools.count(1)


class Maker:
    """One method per kind of row. Unnamed things get a running number, so that calls never clash."""

    def _add(self, *rows):
        with unit_of_work() as session:
            session.add_all(rows)
            session.flush()
        for row in rows:
            db.session.refresh(row)
        return rows[0]

    def unit(self, name=None, parent=None, kind=UnitKind.PRIMARY_SCHOOL, code=None):
        """A unit below `parent`; without one, a root of its own."""
        n = next(numbers)
        with unit_of_work() as session:
            unit = Unit(name=name or f"示例第{n}小学", code=code or f"U{n:04}", kind=kind, parent_id=parent.id if parent else None, path="/",
                        short_name="", sort=n, is_active=True, created_at=clock.now())  # fmt: skip
            session.add(unit)
            session.flush()
            unit.path = f"{parent.path if parent else '/'}{unit.id}/"
        db.session.refresh(unit)
        return unit

    def bureau(self, name="示例市教育局"):
        """The root of the tree."""
        return self.unit(name, kind=UnitKind.BUREAU)

    def person(self, name=None, unit=None, roles=(), over=None, **fields):
        """A person of `unit`; each of `roles` is granted over `over`, or over the person's own unit."""
        n = next(numbers)
        unit = unit or self.unit()
        now = clock.now()
        with unit_of_work() as session:
            person = Person(name=name or f"示例人员{n}", account=fields.pop("account", f"zz{n:05}"), unit_id=unit.id, is_active=True,
                            position=fields.pop("position", "党务工作者"), created_at=now, updated_at=now, text_size="std", locale="zh_Hans_CN", **fields)  # fmt: skip
            session.add(person)
            session.flush()
            for role in roles:
                session.add(RoleGrant(person_id=person.id, role=role, unit_id=(over or unit).id, granted_at=now))
        db.session.refresh(person)
        return person

    def bank(self, name=None, unit=None):
        """An empty bank."""
        return self._add(
            Bank(
                name=name or f"示例题库{next(numbers)}",
                unit_id=(unit or self.unit()).id,
                description="",
                last_number=0,
                created_at=clock.now(),
            )
        )

    def question(
        self,
        bank,
        kind="single_choice",
        stem=None,
        key=None,
        options=4,
        topic=None,
        difficulty=2,
        state="approved",
        explanation="见文件。",
    ):
        """An approved question with its first version."""
        n = next(numbers)
        now = clock.now()
        stem = stem or (f"示例填空题{n}：期限为____。" if kind == "fill_blank" else f"示例题干{n}，下列说法正确的是（　　）")
        body = {"stem": stem, "options": [], "key": key or DEFAULT_KEYS[kind], "explanation": explanation}
        if kind in {"single_choice", "multiple_choice"}:
            body["options"] = [{"label": letter, "text": f"选项{letter}{n}", "pinned": False} for letter in "ABCDEFGH"[:options]]
        with unit_of_work() as session:
            topic_row = None
            if topic:
                topic_row = session.query(Topic).filter_by(bank_id=bank.id, name=topic).one_or_none() or Topic(
                    bank_id=bank.id, name=topic
                )
                session.add(topic_row)
                session.flush()
            question = Question(bank_id=bank.id, number=n, kind=kind, topic_id=topic_row.id if topic_row else None, difficulty=difficulty, state=state,
                                fingerprint=f"{n:064}", search_text=stem, updated_at=now)  # fmt: skip
            session.add(question)
            session.flush()
            version = QuestionVersion(question_id=question.id, number=1, kind=kind, body=body, source="", created_at=now, note="")
            session.add(version)
            session.flush()
            question.current_version_id = version.id
        db.session.refresh(question)
        return question

    def paper(
        self,
        unit=None,
        questions=None,
        points=Decimal(2),
        rule="all_or_nothing",
        state="frozen",
        kinds=("single_choice", "multiple_choice", "true_false", "fill_blank"),
        per_kind=2,
        bank=None,
    ):
        """A frozen paper of fixed sections: `questions`, or `per_kind` new ones of each kind."""
        unit = unit or self.unit()
        if questions is None:
            bank = bank or self.bank(unit=unit)
            questions = [self.question(bank, kind) for kind in kinds for _ in range(per_kind)]
        author = self.person(unit=unit)
        now = clock.now()
        with unit_of_work() as session:
            paper = Paper(unit_id=unit.id, title=f"示例试卷{next(numbers)}", instructions="", state=state, created_by_id=author.id, created_at=now,
                          frozen_at=now if state == "frozen" else None, total_points=points * len(questions), question_count=len(questions))  # fmt: skip
            session.add(paper)
            session.flush()
            for place, kind in enumerate(dict.fromkeys(question.kind for question in questions), 1):
                section = PaperSection(
                    paper_id=paper.id,
                    position=place,
                    title=KIND_TITLES[kind],
                    kind=kind,
                    points_each=points,
                    rule=rule,
                    drawn=False,
                )
                session.add(section)
                session.flush()
                for spot, question in enumerate((q for q in questions if q.kind == kind), 1):
                    session.add(PaperItem(section_id=section.id, position=spot, question_version_id=question.current_version_id))
        db.session.refresh(paper)
        return paper

    def sitting(
        self,
        unit=None,
        paper=None,
        people=(),
        minutes=60,
        opens_in=timedelta(minutes=-5),
        window=timedelta(hours=2),
        state="published",
        **fields,
    ):
        """A published sitting, open now; `people` are its candidates. Attempts are not drawn yet (exams.service draws them)."""
        unit = unit or self.unit()
        paper = paper or self.paper(unit=unit)
        author = self.person(unit=unit)
        now = clock.now()
        opens = now + opens_in
        values = {"pass_mark": Decimal("0.6") * paper.total_points, "latest_entry_at": opens + window, "audience": {}} | fields
        with unit_of_work() as session:
            sitting = Sitting(unit_id=unit.id, paper_id=paper.id, title=f"示例考试{next(numbers)}", state=state, opens_at=opens, closes_at=opens + window,
                              minutes_allowed=minutes, created_by_id=author.id, created_at=now, published_at=now, **values)  # fmt: skip
            session.add(sitting)
            session.flush()
            for person in people:
                session.add(
                    Candidate(sitting_id=sitting.id, person_id=person.id, unit_id=person.unit_id, position=person.position)
                )
        db.session.refresh(sitting)
        return sitting

    def attempt(self, sitting, person, minutes=60, state="in_progress", seed=7):
        """An attempt at the sitting's fixed items, in the paper's order, started now."""
        now = clock.now()
        with unit_of_work() as session:
            candidate = session.query(Candidate).filter_by(sitting_id=sitting.id, person_id=person.id).one_or_none()
            if candidate is None:
                candidate = Candidate(
                    sitting_id=sitting.id, person_id=person.id, unit_id=person.unit_id, position=person.position
                )
                session.add(candidate)
                session.flush()
            paper = session.get(Paper, sitting.paper_id)
            items = [[item.question_version_id, section.id] for section in paper.sections for item in section.items]
            begun = state != "ready"
            attempt = Attempt(sitting_id=sitting.id, candidate_id=candidate.id, person_id=person.id, number=1, state=state, seed=seed, items=items,
                              generation=1 if begun else 0, started_at=now if begun else None, due_at=now + timedelta(minutes=minutes) if begun else None)  # fmt: skip
            session.add(attempt)
        db.session.refresh(attempt)
        return attempt


DEFAULT_KEYS = {
    "single_choice": ["B"],
    "multiple_choice": ["A", "C"],
    "true_false": ["true"],
    "fill_blank": [["三个月", "3个月"]],
}
KIND_TITLES = {"single_choice": "单项选择题", "multiple_choice": "多项选择题", "true_false": "判断题", "fill_blank": "填空题"}
