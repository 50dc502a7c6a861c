"""Planning and publishing a test through its page: who is listed, what is written down, two people at once."""

import re
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.core import clock, jobs
from app.core.db import db, unit_of_work
from app.exams.models import Attempt, Candidate
from app.people.models import Post, Unit
from tests.exams.sittings.stored import acts, names, publish, sittings


@pytest.fixture(autouse=True)
def _now(set_clock):
    set_clock("2026-11-18 09:00")


def make_elsewhere(session, school):
    unit = Unit(
        name="别处",
        code="Z1",
        kind="institution",
        parent_id=school.parent_id,
        path="/",
        short_name="",
        sort=0,
        is_active=True,
        created_at=clock.now(),
    )
    session.add(unit)
    session.flush()
    return unit.id


def test_publishing_lists_the_people_and_has_their_attempts_drawn(client_of, trainer, plan, people):
    browser = client_of(trainer)
    answer = browser.post("/sittings/new", data=plan | {"act": "publish"})
    sitting = sittings()[0]
    assert answer.location.endswith(f"/sittings/{sitting.id}/manage")
    assert (sitting.state, sitting.pass_mark) == ("published", Decimal("9.6"))
    assert names() == ["何以安", "张伟", "林知远", *[name for name in names() if name.startswith("示例人员")]]
    assert "方若谷" not in names()  # R54: who plans it does not sit it
    jobs.run_all_due()
    assert db.session.scalar(select(db.func.count()).select_from(Attempt)) == len(names())
    assert acts()[:2] == ["sitting.plan", "sitting.publish"]


def test_unit_and_position_are_kept_as_they_were(client_of, trainer, plan, people, school, make):
    sitting = publish(client_of(trainer), plan | {"people": "", "positions": "党组织书记"})
    assert names() == ["何以安", "林知远"]
    with unit_of_work() as session:
        person = session.get(type(people[0]), people[0].id)
        person.unit_id, person.position = make_elsewhere(session, school), "校长"
    row = db.session.scalars(select(Candidate).where(Candidate.person_id == people[0].id)).one()
    assert (row.unit_id, row.position, row.sitting_id) == (school.id, "党组织书记", sitting.id)


def test_a_second_post_counts_as_a_position(client_of, trainer, plan, people, school):
    with unit_of_work() as session:
        session.add(Post(person_id=people[2].id, unit_id=school.id, position="党组织书记", started_on=clock.today()))
    publish(client_of(trainer), plan | {"positions": "党组织书记"})
    assert names() == ["何以安", "张伟", "林知远"]


def test_people_can_be_named_beside_units_or_alone(client_of, trainer, plan, people):
    data = {name: value for name, value in plan.items() if name != "unit_ids"} | {"people": "林知远\np2"}
    publish(client_of(trainer), data)
    assert names() == ["张伟", "林知远"]


def test_people_outside_the_planners_units_cannot_be_invited(client_of, make, trainer, plan):  # R50, R53
    stranger = make.person("远方人", unit=make.unit())
    browser = client_of(trainer)
    assert "没有此人" in browser.post("/sittings/new", data=plan | {"people": "远方人"}).text
    foreign = browser.post("/sittings/new", data=plan | {"unit_ids": stranger.unit_id})
    assert foreign.status_code == 422
    publish(browser, plan)
    assert "远方人" not in names()


def test_a_planner_of_one_school_invites_only_its_people(client_of, make, school, plan, people):  # R50
    local = make.person("校级教员", unit=school, roles=["trainer"])
    make.person("局里的人", unit=make.bureau())
    own = make.paper(unit=school)
    data = plan | {"unit_id": school.id, "paper_id": own.id, "unit_ids": school.id}
    publish(client_of(local), data)
    assert "局里的人" not in names()
    assert client_of(local).post("/sittings/new", data=data | {"unit_id": plan["unit_id"], "deed": "two"}).status_code == 422


def test_publishing_twice_publishes_once(client_of, trainer, plan, people):  # R21, R24
    browser = client_of(trainer)
    first = browser.post("/sittings/new", data=plan | {"act": "publish"})
    second = browser.post("/sittings/new", data=plan | {"act": "publish"})
    assert first.location == second.location
    assert len(sittings()) == 1
    draft = browser.post("/sittings/new", data=plan | {"act": "draft", "deed": "two"})
    page = browser.get(draft.location).text
    data = plan | {"act": "publish", "seen": re.search(r'name="seen"[^>]*value="([^"]*)"', page).group(1)}
    one, two = browser.post(draft.location, data=data), browser.post(draft.location, data=data)
    assert one.location == two.location
    assert acts().count("sitting.publish") == 2


def test_many_presses_of_publish_at_once_publish_once(client_of, trainer, plan, people):  # R21
    browser = client_of(trainer)
    url = browser.post("/sittings/new", data=plan | {"act": "draft"}).location
    data = plan | {"act": "publish", "seen": re.search(r'name="seen"[^>]*value="([^"]*)"', browser.get(url).text).group(1)}
    browsers = [client_of(trainer) for _ in range(6)]
    with ThreadPoolExecutor(len(browsers)) as pool:
        answers = list(pool.map(lambda one: one.post(url, data=data), browsers))
    assert {(answer.status_code, answer.location) for answer in answers} == {(303, f"/sittings/{sittings()[0].id}/manage")}
    assert acts().count("sitting.publish") == 1
    assert len(names()) == len(set(names()))


def test_two_planners_see_both_versions(client_of, make, root, trainer, plan):  # R25
    other = make.person("张老师", unit=root, roles=["trainer"])
    mine, theirs = client_of(trainer), client_of(other)
    url = mine.post("/sittings/new", data=plan | {"act": "draft"}).location
    seen = re.search(r'name="seen"[^>]*value="([^"]*)"', mine.get(url).text).group(1)
    assert theirs.post(url, data=plan | {"minutes_allowed": "50", "seen": seen}).status_code == 303
    answer = mine.post(url, data=plan | {"minutes_allowed": "40", "seen": seen})
    assert answer.status_code == 409
    assert "张老师" in answer.text
    assert re.search(r"<td[^>]*>50</td>", answer.text)
    assert re.search(r"<td[^>]*>40</td>", answer.text)
    assert sittings()[0].minutes_allowed == 50


def test_the_next_plan_starts_from_the_last_one(client_of, trainer, plan, people):
    browser = client_of(trainer)
    publish(browser, plan | {"minutes_allowed": "45", "closes_at": "", "positions": "党组织书记", "people": "张伟"})
    page = browser.get("/sittings/new").text
    assert re.search(r'name="minutes_allowed"[^>]*value="45"', page)
    assert "张伟 p2" in page
    assert "3 人参加" in page


def test_draft_and_frozen_papers_are_told_apart(client_of, make, root, trainer, plan):
    draft = make.paper(unit=root, state="draft")
    answer = client_of(trainer).post("/sittings/new", data=plan | {"paper_id": draft.id})
    assert answer.status_code == 422
