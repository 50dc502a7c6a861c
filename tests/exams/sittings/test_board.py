"""The board, and more time for one or for all."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.db import db, unit_of_work
from app.exams import presence
from app.exams.models import Adjustment, Candidate, Presence
from tests.exams.sittings.stored import attempt_of, rows, stands


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


def test_the_board_says_who_is_offline_and_for_how_long(app, make, browser, sitting, people, set_clock):
    attempt = make.attempt(sitting, people[0])
    url = f"/sittings/{sitting.id}/watch"
    assert stands(browser.get(url).text)["林知远"] == "答题中 0/8"
    start = clock.now()
    set_clock(start + timedelta(minutes=5))
    assert stands(browser.get(url).text)["林知远"] == "离线 5 分 答题中 0/8"
    app.extensions["presence"].note(attempt.id, clock.now() - timedelta(minutes=2))
    app.extensions["presence"].store()
    assert stands(browser.get(url).text)["林知远"] == "离线 2 分 答题中 0/8"
    app.extensions["presence"].note(attempt.id, clock.now())
    app.extensions["presence"].store()
    assert stands(browser.get(url).text)["林知远"] == "答题中 0/8"


def test_an_older_sign_of_life_never_replaces_a_newer_one(make, sitting, people):
    attempt = make.attempt(sitting, people[0])
    now = clock.now()
    for moment in (now, now - timedelta(minutes=3)):
        with unit_of_work():
            presence.keep({attempt.id: moment, 987654: moment})  # an attempt that is gone does no harm
    assert [(row.attempt_id, row.seen_at) for row in db.session.scalars(select(Presence))] == [(attempt.id, now)]


def test_the_board_renews_its_part_alone(browser, sitting):
    part = browser.get(f"/sittings/{sitting.id}/watch", headers={"HX-Request": "true"}).text
    assert 'id="board"' in part
    assert "<html" not in part


def test_more_time_is_shown_first_and_given_once(make, browser, sitting, people):  # R9, R24
    due_at = make.attempt(sitting, people[0], minutes=60).due_at
    url = f"/sittings/{sitting.id}/extend"
    page = browser.post(url, data={"minutes": "10", "reason": "断网", "deed": "d1", "act": "preview"}).text
    assert "林知远" in page
    assert "11:40" in page
    assert attempt_of(people[0]).due_at == due_at
    data = {"minutes": "10", "reason": "断网", "deed": "d1", "act": "extend"}
    assert browser.post(url, data=data).status_code == 303
    assert browser.post(url, data=data).status_code == 303
    assert attempt_of(people[0]).due_at == due_at + timedelta(minutes=10)
    assert len(db.session.scalars(select(Adjustment)).all()) == 1


def test_more_time_for_one_leaves_the_others(make, browser, sitting, people):
    one, other = make.attempt(sitting, people[0]).due_at, make.attempt(sitting, people[1]).due_at
    url = f"/sittings/{sitting.id}/extend?candidate={rows()['林知远'].id}"
    browser.post(url, data={"minutes": "15", "reason": "设备故障", "deed": "d2", "act": "extend"})
    assert attempt_of(people[0]).due_at == one + timedelta(minutes=15)
    assert attempt_of(people[1]).due_at == other


@pytest.mark.parametrize("change", [{"minutes": "0"}, {"minutes": "601"}, {"minutes": "十"}, {"reason": " "}])
def test_more_time_needs_minutes_and_a_reason(browser, sitting, change):
    answered = browser.post(f"/sittings/{sitting.id}/extend", data={"minutes": "10", "reason": "断网", "act": "extend"} | change)
    assert answered.status_code == 422
    assert db.session.scalars(select(Adjustment)).all() == []


def test_who_sits_a_test_neither_plans_nor_watches_it_until_it_closes(client_of, make, root, sitting, set_clock):  # R54
    helper = make.person("监考考生", unit=root, roles=["trainer", "invigilator"])
    with unit_of_work() as session:
        session.add(Candidate(sitting_id=sitting.id, person_id=helper.id, unit_id=root.id, position=""))
    browser = client_of(helper)
    for path in ("manage", "candidates", "watch", "extend", "edit"):
        answered = browser.get(f"/sittings/{sitting.id}/{path}")
        assert answered.status_code == 403
        assert "你是本场考生" in answered.text
    assert browser.get(f"/papers/{sitting.paper_id}").status_code == 403
    assert browser.get(f"/papers/{sitting.paper_id}/preview?key=1").status_code == 403
    set_clock(sitting.closes_at)
    browser = client_of(helper)
    assert browser.get(f"/sittings/{sitting.id}/manage").status_code == 200
    assert browser.get(f"/papers/{sitting.paper_id}").status_code == 200


def test_an_invigilator_watches_and_a_grader_does_not(client_of, make, root, sitting):  # R48
    assert client_of(make.person(unit=root, roles=["invigilator"])).get(f"/sittings/{sitting.id}/watch").status_code == 200
    assert client_of(make.person(unit=root, roles=["grader"])).get(f"/sittings/{sitting.id}/watch").status_code == 403
    foreign = make.person(unit=make.unit(), roles=["invigilator"])
    assert client_of(foreign).get(f"/sittings/{sitting.id}/watch").status_code == 404


def test_the_overview_shows_counts_and_what_is_fixed(make, browser, sitting, people):
    make.attempt(sitting, people[0])
    page = browser.get(f"/sittings/{sitting.id}/manage").text
    assert "正在准备答卷：1/4" in page
    assert "取消考试" not in page  # somebody has begun
    assert "9.6 分" in page


def test_queries_of_the_board_do_not_grow_with_its_rows(make, browser, root, sitting, statements):
    make.attempt(sitting, make.person(unit=root))
    url = f"/sittings/{sitting.id}/watch"
    browser.get(url)
    few = statements(lambda: browser.get(url))
    for _ in range(8):
        make.attempt(sitting, make.person(unit=root))
    assert statements(lambda: browser.get(url)) <= few
