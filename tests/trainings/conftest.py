"""A bureau with two schools and a branch, an organiser, a liaison, and a training with its roster."""

from datetime import date, timedelta

import pytest

from app.core import clock
from app.core.db import db, unit_of_work
from app.people.models import Unit, UnitKind
from app.trainings import service
from app.trainings.models import Training
from tests.factories import Person


class World:
    """The people and units of these tests."""


@pytest.fixture
def world(make):
    """`root` with `school` (branch `branch`, liaison `liaison`, members `members`) and `other` (liaison `neighbour`)."""
    world = World()
    world.root = make.bureau()
    world.school = make.unit("示例一中", parent=world.root, kind=UnitKind.HIGH_SCHOOL)
    world.branch = make.unit("示例一中第二党支部", parent=world.school, kind=UnitKind.BRANCH)
    world.other = make.unit("示例二中", parent=world.root, kind=UnitKind.HIGH_SCHOOL)
    world.trainer = make.person("方若谷", unit=world.root, roles=["trainer"])
    world.admin = make.person("温书言", unit=world.root, roles=["administrator"])
    world.auditor = make.person("许景明", unit=world.root, roles=["auditor"])
    world.liaison = make.person("林知远", unit=world.school, roles=["liaison"])
    world.neighbour = make.person("江晚晴", unit=world.other, roles=["liaison"])
    world.members = [
        make.person("周映雪", unit=world.school, position="支部书记"),
        make.person("陈望舒", unit=world.branch, position="组织委员"),
    ]
    world.others = [make.person("宋清和", unit=world.other, position="支部书记")]
    return world


@pytest.fixture
def plan(world):
    """`plan(people, **fields)`: the id of a training of the bureau with these people on its roster."""

    def make_training(people=(), **fields):
        values = {
            "title": "四月党务培训",
            "starts_on": date(2026, 4, 20),
            "ends_on": date(2026, 4, 21),
            "place": "报告厅",
        } | fields
        with unit_of_work():
            training = service.create_training(
                db.session.get(Unit, world.root.id), **values, person=db.session.get(Person, world.trainer.id), now=clock.now()
            )
            service.add_people(training, [person.id for person in people], now=clock.now())
            return training.id

    return make_training


def at(day, hour, minute=0):
    """A Shanghai time of April 2026."""
    return clock.day_start(date(2026, 4, day)) + timedelta(hours=hour, minutes=minute)


def act(training_id, fn):
    """Call `fn(training)` in a unit of work of its own."""
    with unit_of_work():
        return fn(db.session.get(Training, training_id))
