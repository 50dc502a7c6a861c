"""Results from marks to confirmation, export and drafts; who may see which."""

import io
from datetime import timedelta
from decimal import Decimal

import openpyxl
import pytest
import python_calamine
from sqlalchemy import insert, select, update

from app.core import audit
from app.core.db import db, unit_of_work
from app.exams.models import Attempt, Candidate, Response, Result, Sitting
from app.exams.queries import versions
from app.exams.service import marking
from app.notices.models import Notice


@pytest.fixture
def test_day(make, set_clock):
    """A sitting of four people in two schools: one right, one wrong, one absent, one on leave; closed an hour ago."""
    versions.forget()
    start = set_clock("2026-04-20 09:00")
    root = make.bureau()
    schools = [make.unit("示例一中", parent=root), make.unit("示例二小", parent=root)]
    branch = make.unit("示例一中第一党支部", parent=schools[0], kind="branch")
    people = [
        make.person("林知远", unit=schools[0]),
        make.person("=周映雪()", unit=branch),
        make.person("陈望舒", unit=schools[1]),
        make.person("许景明", unit=schools[1]),
    ]
    bank = make.bank(unit=root)
    questions = [make.question(bank, "true_false", topic="党支部/会议与表决") for _ in range(5)]
    paper = make.paper(unit=root, questions=questions, points=Decimal(20))
    sitting = make.sitting(unit=root, paper=paper, people=people, pass_mark=Decimal(60), release_score="confirmed")
    answers = {people[0].id: "true", people[1].id: "false"}
    for person in people[:2]:
        attempt = make.attempt(sitting, person)
        with unit_of_work() as session:
            session.execute(
                insert(Response),
                [
                    {
                        "attempt_id": attempt.id,
                        "position": n,
                        "seq": n,
                        "answer": f'["{answers[person.id]}"]',
                        "flag": False,
                        "generation": 1,
                        "saved_at": start,
                    }
                    for n in range(1, 6)
                ],
            )
            session.execute(
                update(Attempt).where(Attempt.id == attempt.id).values(state="handed_in", closed_by="self", submitted_at=start)
            )
    with unit_of_work() as session:
        session.execute(update(Candidate).where(Candidate.person_id == people[3].id).values(on_leave=True))
    marking.mark_waiting(now=start)
    set_clock(start + timedelta(hours=4))
    return {
        "root": root, "schools": schools, "people": people, "sitting": sitting,
        "admin": make.person("温书言", unit=root, roles=["administrator"]), "trainer": make.person("方若谷", unit=root, roles=["trainer"]),
        "liaison": make.person("联络员", unit=schools[1], roles=["liaison"]),
    }  # fmt: skip


def confirm(browser, day):
    return browser.post(f"/sittings/{day['sitting'].id}/results/confirm", data={"checked": "y"})


def test_the_page_shows_the_figures(test_day, client_of):
    page = client_of(test_day["admin"]).get(f"/sittings/{test_day['sitting'].id}/results").text
    for words in ("应考", "实考", "缺考", "合格率", "50.0%", "请假 1 人", "林知远"):
        assert words in page


def test_confirming_is_a_named_act_that_freezes_every_outcome(test_day, client_of):  # R32, R72
    admin = client_of(test_day["admin"])
    assert admin.post(f"/sittings/{test_day['sitting'].id}/results/confirm", data={}).status_code == 422
    assert confirm(admin, test_day).status_code == 303
    outcomes = {row.person_id: row.outcome for row in db.session.scalars(select(Result))}
    assert [outcomes[person.id] for person in test_day["people"]] == ["passed", "failed", "absent", "on_leave"]
    entry = db.session.scalars(select(audit.AuditEntry).where(audit.AuditEntry.action == "result.confirm")).one()
    assert entry.actor == "温书言"
    assert confirm(admin, test_day).status_code == 409
    assert "由 温书言 确认" in admin.get(f"/sittings/{test_day['sitting'].id}/results").text


def test_nothing_is_confirmed_before_everybody_is_done(test_day, client_of, set_clock):  # R32
    set_clock(test_day["sitting"].closes_at + timedelta(seconds=29))  # the grace is not over
    assert confirm(client_of(test_day["admin"]), test_day).status_code == 409


def test_whoever_sat_the_test_cannot_confirm_it(test_day, client_of, make):  # R54
    taker = make.person(unit=test_day["root"], roles=["administrator"])
    with unit_of_work() as session:
        session.add(Candidate(sitting_id=test_day["sitting"].id, person_id=taker.id, unit_id=taker.unit_id, position=""))
    assert confirm(client_of(taker), test_day).status_code == 403


def test_a_trainer_reads_but_does_not_confirm(test_day, client_of):  # R48
    trainer = client_of(test_day["trainer"])
    assert trainer.get(f"/sittings/{test_day['sitting'].id}/results").status_code == 200
    assert confirm(trainer, test_day).status_code == 403


def test_a_unit_sees_only_its_own_people_and_only_after_confirmation(test_day, client_of):  # R34, R53
    liaison = client_of(test_day["liaison"])
    assert "陈望舒" not in liaison.get("/unit/results").text
    confirm(client_of(test_day["admin"]), test_day)
    page = liaison.get("/unit/results").text
    assert "陈望舒" in page
    assert "林知远" not in page
    assert liaison.get(f"/sittings/{test_day['sitting'].id}/results").status_code == 403


def test_a_score_is_shown_by_the_release_policy(test_day, client_of):  # R52
    taker = client_of(test_day["people"][0])
    assert "100 分" not in taker.get("/results").text
    confirm(client_of(test_day["admin"]), test_day)
    assert "100 分" in taker.get("/results").text


def test_the_export_has_every_answer_as_numbers_and_text(test_day, client_of):  # R67, R68
    answer = client_of(test_day["admin"]).get(f"/sittings/{test_day['sitting'].id}/results.xlsx")
    assert answer.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    people = list(book["人员"].iter_rows(min_row=2, values_only=True))
    assert {row[1] for row in people} == {"林知远", "=周映雪()", "陈望舒", "许景明"}
    cell = next(cell for row in book["人员"].iter_rows() for cell in row if cell.value == "=周映雪()")
    assert cell.data_type == "s"  # text, not a formula
    scores = {row[1]: row[5] for row in people}
    assert scores["林知远"] == 100
    assert isinstance(scores["林知远"], int | float)
    assert len(list(book["作答明细"].iter_rows(min_row=2))) == 10
    other = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_name("人员").to_python()
    assert [row[1] for row in other[1:]] == [row[1] for row in people]
    assert "温书言" in str(list(book["说明"].iter_rows(values_only=True)))
    assert db.session.scalars(select(audit.AuditEntry).where(audit.AuditEntry.action == "result.export")).one()


def test_the_export_waits_until_the_test_is_over(test_day, client_of, set_clock):  # R52
    set_clock(test_day["sitting"].opens_at + timedelta(minutes=30))
    assert client_of(test_day["admin"]).get(f"/sittings/{test_day['sitting'].id}/results.xlsx").status_code == 409


WORDING = {"training": "4月专题培训", "audience": "党务工作者", "place": "知责平台", "sign_by_at": "2026-04-24T17:00"}


def test_notices_are_drafted_for_the_units_concerned_and_name_only_their_own(test_day, client_of):  # R34, R82
    admin = client_of(test_day["admin"])
    url = f"/sittings/{test_day['sitting'].id}/notices"
    assert admin.post(url, data=WORDING).status_code == 409  # not confirmed yet
    confirm(admin, test_day)
    assert "签收期限" in admin.get(f"{url}/new").text
    assert admin.post(url, data=WORDING | {"sign_by_at": "2026-04-01T17:00"}).status_code == 422
    assert admin.post(url, data=WORDING).status_code == 303
    notices = {notice.slot: str(notice.document) for notice in db.session.scalars(select(Notice))}
    first, second = (f"unit:{school.id}" for school in test_day["schools"])
    assert set(notices) == {"overall", first, second}
    assert "=周映雪()" in notices[first]  # a branch's people are reported to their school
    assert "陈望舒" in notices[second]
    assert "陈望舒" not in notices[first]
    assert all(person.name not in notices["overall"] for person in test_day["people"])
    assert "许景明" not in str(notices)  # on leave is not reported


def test_results_of_another_bureau_are_not_found(test_day, client_of, make):  # R48, R49
    stranger = client_of(make.person(unit=make.bureau("别的局"), roles=["administrator"]))
    for path in ("results", "results.xlsx", "notices/new"):
        assert stranger.get(f"/sittings/{test_day['sitting'].id}/{path}").status_code == 404


def test_the_results_page_asks_no_more_for_more_people(test_day, client_of, make, count_queries):  # R53
    admin = client_of(test_day["admin"])
    url = f"/sittings/{test_day['sitting'].id}/results"
    few = count_queries(lambda: admin.get(url))
    for _ in range(8):
        person = make.person(unit=test_day["schools"][0])
        with unit_of_work() as session:
            session.add(Candidate(sitting_id=test_day["sitting"].id, person_id=person.id, unit_id=person.unit_id, position=""))
    assert count_queries(lambda: admin.get(url)) == few


def test_a_confirmed_outcome_stays_when_the_person_moves(test_day, client_of, make):  # R29
    confirm(client_of(test_day["admin"]), test_day)
    with unit_of_work() as session:
        session.get(Sitting, test_day["sitting"].id).pass_mark = Decimal(101)
    page = client_of(test_day["admin"]).get(f"/sittings/{test_day['sitting'].id}/results?outcome=passed").text
    assert "林知远" in page
