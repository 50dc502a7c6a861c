"""After publication: the list of candidates, leave, a later end, calling off."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core import clock, jobs
from app.core.db import db, unit_of_work
from app.exams.models import Attempt, Candidate, Response, Sitting
from tests.exams.sittings.stored import attempt_of, audit, rows, stands


@pytest.fixture(autouse=True)
def _now(set_clock):
    set_clock("2026-11-20 10:30")


@pytest.fixture
def chief(make, root):
    return make.person("何主任", unit=root, roles=["trainer", "invigilator"])


@pytest.fixture
def people(make, school):
    return [make.person(name, unit=school, account=f"p{n}") for n, name in enumerate(["林知远", "何以安", "张伟", "李明"])]


@pytest.fixture
def sitting(make, root, people):
    return make.sitting(unit=root, people=people, minutes=60, opens_in=timedelta(0), window=timedelta(hours=2))


@pytest.fixture
def browser(client_of, chief):
    return client_of(chief)


def answer(attempt, position, text):
    with unit_of_work() as session:
        session.add(
            Response(
                attempt_id=attempt.id,
                position=position,
                seq=position,
                answer=text,
                flag=False,
                saved_at=clock.now(),
                generation=1,
            )
        )


def test_the_list_tells_where_everyone_stands(make, browser, sitting, people, set_clock):
    working = make.attempt(sitting, people[0])
    make.attempt(sitting, people[1], state="handed_in")
    make.attempt(sitting, people[2], state="ready")
    answer(working, 1, '["B"]')
    answer(working, 2, "[]")  # cleared
    answer(working, 3, '["",""]')  # emptied blanks
    answer(working, 4, '["","三个月"]')
    with unit_of_work() as session:
        session.get(Candidate, rows()["李明"].id).on_leave = True
    page = browser.get(f"/sittings/{sitting.id}/candidates").text
    assert stands(page) == {"林知远": "答题中 2/8", "何以安": "已交卷", "张伟": "未进", "李明": "请假"}
    only = browser.get(f"/sittings/{sitting.id}/candidates?state=waiting").text
    assert list(stands(only)) == ["张伟"]
    assert list(stands(browser.get(f"/sittings/{sitting.id}/candidates?q=p1").text)) == ["何以安"]


def test_an_attempt_past_its_time_and_grace_counts_as_handed_in_without_the_job(
    make, client_of, chief, sitting, people, set_clock
):  # R8
    due_at = make.attempt(sitting, people[0], minutes=60).due_at
    set_clock(due_at + timedelta(seconds=29))
    browser = client_of(chief)
    assert stands(browser.get(f"/sittings/{sitting.id}/candidates").text)["林知远"].startswith("离线")
    set_clock(due_at + timedelta(seconds=30))
    assert stands(browser.get(f"/sittings/{sitting.id}/candidates").text)["林知远"] == "已交卷"


def test_people_are_added_with_a_reason_and_get_an_attempt(make, browser, sitting, school):
    make.person("新来的", unit=school, account="new1")
    url = f"/sittings/{sitting.id}/candidates"
    assert browser.post(url, data={"people": "新来的", "reason": "补报"}).status_code == 303
    assert "新来的" in rows()
    jobs.run_all_due()
    assert db.session.scalar(select(db.func.count()).select_from(Attempt)) == 5
    assert audit("sitting.add_candidates")[0].detail["reason"] == "补报"
    again = browser.post(url, data={"people": "新来的", "reason": "补报"})
    assert again.status_code == 422
    assert "没有新增考生" in again.text


def test_an_unreadable_line_adds_nobody(make, browser, sitting, school):
    make.person("新来的", unit=school)
    answered = browser.post(f"/sittings/{sitting.id}/candidates", data={"people": "新来的\n无此人", "reason": "补报"})
    assert answered.status_code == 422
    assert "第 2 行“无此人”" in answered.text
    assert "新来的" not in rows()


def test_who_prepared_the_test_cannot_be_added(make, browser, sitting, chief):  # R54
    answered = browser.post(f"/sittings/{sitting.id}/candidates", data={"people": chief.account, "reason": "x"})
    assert answered.status_code == 422
    assert "何主任 参与命题或组织" in answered.text


def test_leave_needs_a_reason_and_can_be_taken_back(browser, sitting, people):
    url = f"/sittings/{sitting.id}/candidates/{rows()['张伟'].id}"
    assert browser.post(url, data={"act": "leave", "reason": ""}).status_code == 422
    browser.post(url, data={"act": "leave", "reason": "住院"})
    assert rows()["张伟"].on_leave
    browser.post(url, data={"act": "back", "reason": "已出院"})
    assert not rows()["张伟"].on_leave
    assert [entry.detail["reason"] for entry in audit("sitting.leave")] == ["住院", "已出院"]


def test_somebody_who_has_not_begun_is_taken_off_with_the_drawn_attempt(make, browser, sitting, people):
    make.attempt(sitting, people[2], state="ready")
    browser.post(f"/sittings/{sitting.id}/candidates/{rows()['张伟'].id}", data={"act": "remove", "reason": "调离"})
    assert "张伟" not in rows()
    assert db.session.scalars(select(Attempt)).all() == []


@pytest.mark.parametrize("act", ["leave", "remove"])
def test_somebody_who_has_begun_stays_on_the_list(make, browser, sitting, people, act):  # R21
    make.attempt(sitting, people[0])
    answered = browser.post(f"/sittings/{sitting.id}/candidates/{rows()['林知远'].id}", data={"act": act, "reason": "x"})
    assert answered.status_code == 409
    assert "已开始答题" in answered.text
    assert not rows()["林知远"].on_leave


def test_a_candidate_of_another_sitting_is_not_found_here(make, root, browser, sitting):  # R48
    other = make.sitting(unit=root, people=[make.person(unit=root)])
    candidate = db.session.scalars(select(Candidate).where(Candidate.sitting_id == other.id)).one()
    assert browser.get(f"/sittings/{sitting.id}/candidates/{candidate.id}").status_code == 404


def test_a_later_end_gives_those_who_were_cut_short_their_minutes_back(
    make, client_of, chief, sitting, people, set_clock
):  # R2, R9
    start = clock.now()
    full = make.attempt(sitting, people[0], minutes=60).due_at
    set_clock(start + timedelta(minutes=90))
    cut = make.attempt(sitting, people[1], minutes=30).due_at  # began at 12:00, the end is 12:30
    answered = client_of(chief).post(
        f"/sittings/{sitting.id}/close-later", data={"closes_at": "2026-11-20T12:50", "reason": "停电"}
    )
    assert answered.status_code == 303
    assert attempt_of(people[1]).due_at == cut + timedelta(minutes=20)
    assert attempt_of(people[0]).due_at == full
    row = db.session.get(Sitting, sitting.id)
    assert clock.show_clock(row.closes_at) == clock.show_clock(row.latest_entry_at) == "12:50"
    assert audit("sitting.extend_close")[0].detail["reason"] == "停电"


@pytest.mark.parametrize("when", ["2026-11-20T12:30", "2026-11-20T11:00", "2028-01-01T00:00"])
def test_the_end_moves_only_to_a_later_time(browser, sitting, when):
    answered = browser.post(f"/sittings/{sitting.id}/close-later", data={"closes_at": when, "reason": "x"})
    assert answered.status_code == 422
    assert clock.show_clock(db.session.get(Sitting, sitting.id).closes_at) == "12:30"


def test_a_test_is_called_off_with_a_reason_while_nobody_has_begun(make, browser, sitting, people):
    assert browser.post(f"/sittings/{sitting.id}/cancel", data={"cancel-reason": ""}).status_code == 422
    assert browser.post(f"/sittings/{sitting.id}/cancel", data={"cancel-reason": "改期"}).status_code == 303
    assert db.session.get(Sitting, sitting.id).state == "cancelled"
    assert audit("sitting.cancel")[0].detail["reason"] == "改期"
    assert browser.post(f"/sittings/{sitting.id}/candidates", data={"people": "林知远", "reason": "x"}).status_code == 409


def test_a_test_that_somebody_has_begun_is_not_called_off(make, browser, sitting, people):
    make.attempt(sitting, people[0])
    answered = browser.post(f"/sittings/{sitting.id}/cancel", data={"cancel-reason": "改期"})
    assert answered.status_code == 409
    assert "已有 1 人开始答题" in answered.text
