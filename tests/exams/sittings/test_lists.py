"""The list of tests: what it shows, and to whom."""

import re

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.db import db, unit_of_work
from app.exams.models import Candidate
from app.people.models import Person
from tests.exams.sittings.stored import publish

START = "2026-11-20T10:30"


@pytest.fixture(autouse=True)
def _now(set_clock):
    set_clock("2026-11-18 09:00")


def make_row(session, unit, n):
    now = clock.now()
    person = Person(
        name=f"甲{n}", account=f"row{n}", unit_id=unit.id, is_active=True, position="", created_at=now, updated_at=now
    )
    session.add(person)
    session.flush()
    return person


def test_a_sitting_of_another_unit_is_not_there(client_of, make, trainer):  # R48, R49
    foreign = make.sitting(unit=make.unit(), people=[make.person()])
    candidate = db.session.scalars(select(Candidate)).one()
    browser = client_of(trainer)
    for path in ("edit", "manage", "candidates", f"candidates/{candidate.id}"):
        assert browser.get(f"/sittings/{foreign.id}/{path}").status_code == 404
    for path in ("cancel", "close-later", "candidates"):
        assert (
            browser.post(
                f"/sittings/{foreign.id}/{path}", data={"reason": "x", "cancel-reason": "x", "people": "x", "closes_at": START}
            ).status_code
            == 404
        )


def test_an_auditor_reads_and_changes_nothing(client_of, make, root, plan, trainer):  # R48
    sitting = publish(client_of(trainer), plan)
    auditor = client_of(make.person(unit=root, roles=["auditor"]))
    page = auditor.get(f"/sittings/{sitting.id}/candidates").text
    assert "增加考生" not in page
    assert auditor.post(f"/sittings/{sitting.id}/cancel", data={"cancel-reason": "x"}).status_code == 403
    assert auditor.get("/sittings/new").status_code == 403


def test_the_list_shows_states_times_and_counts(client_of, make, root, trainer, plan, people):
    browser = client_of(trainer)
    publish(browser, plan | {"people": "", "positions": "党组织书记"})
    browser.post("/sittings/new", data=plan | {"title": "草稿场", "deed": "two"})
    page = browser.get("/sittings").text
    assert "1 场未开始" in re.sub(r"\s+", " ", page)
    assert re.search(r'data-label="应考">2<', page)
    assert "11月20日 10:30–11:30" in page
    assert "草稿场" in browser.get("/sittings?phase=draft").text
    assert "第四季度" not in browser.get("/sittings?phase=draft&q=草稿").text
    assert "没有符合条件的考试" in browser.get("/sittings?q=%25").text


def test_queries_do_not_grow_with_the_lists(client_of, make, root, trainer, statements, people):
    make.sitting(unit=root, people=people[:1])
    browser = client_of(trainer)
    browser.get("/sittings")
    few = statements(lambda: browser.get("/sittings"))
    for _ in range(6):
        sitting = make.sitting(unit=root, people=people)
    assert statements(lambda: browser.get("/sittings")) <= few
    url = f"/sittings/{sitting.id}/candidates"
    some = statements(lambda: browser.get(url))
    with unit_of_work() as session:
        for person in [make_row(session, root, n) for n in range(30)]:
            session.add(Candidate(sitting_id=sitting.id, person_id=person.id, unit_id=root.id, position=""))
    assert statements(lambda: browser.get(url)) <= some
