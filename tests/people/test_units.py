"""The unit tree: what a path is, moving subtrees, who sees and changes what."""

import pytest
from sqlalchemy import event, select

from app.core import clock
from app.core.db import db, unit_of_work
from app.people.models import Unit, UnitKind
from app.people.service import units as service

FORM = {"code": "U900", "name": "示例新校", "short_name": "新校", "kind": "primary_school", "sort": "3", "is_active": "y"}


@pytest.fixture
def tree(make):
    """bureau > school > (branch, branch), and another school."""
    bureau = make.bureau()
    school = make.unit("示例一中", parent=bureau, code="S1")
    return {
        "bureau": bureau,
        "school": school,
        "branches": [make.unit(f"第{n}支部", parent=school) for n in (1, 2)],
        "other": make.unit("示例二中", parent=bureau, code="S2"),
    }


def path_of(unit_id):
    db.session.rollback()
    return db.session.scalar(select(Unit.path).where(Unit.id == unit_id))


def version_of(unit_id):
    db.session.rollback()
    return db.session.scalar(select(Unit.version).where(Unit.id == unit_id))


def test_a_moved_unit_takes_its_subtree_along(tree, make):
    below = make.unit("小组", parent=tree["branches"][0])
    with unit_of_work():
        service.move_unit(db.session.get(Unit, tree["school"].id), db.session.get(Unit, tree["other"].id))
    assert path_of(tree["school"].id) == f"{tree['other'].path}{tree['school'].id}/"
    assert path_of(below.id) == f"{tree['other'].path}{tree['school'].id}/{tree['branches'][0].id}/{below.id}/"
    assert path_of(tree["other"].id) == tree["other"].path


def test_a_unit_does_not_move_below_itself(tree, make, client_of):
    admin = make.person(unit=tree["bureau"], roles=["administrator"])
    school = tree["school"]
    answer = client_of(admin).post(
        f"/admin/units/{school.id}/edit",
        data={**FORM, "code": "S1", "parent_id": tree["branches"][0].id, "version": version_of(school.id)},
    )
    assert answer.status_code == 422
    assert path_of(school.id) == school.path


class TestScreens:
    @pytest.fixture
    def admin(self, tree, make):
        return make.person("温书言", unit=tree["bureau"], roles=["administrator"])

    def test_the_list_shows_kinds_numbers_and_liaisons(self, admin, tree, make, client_of):
        make.person("何以安", unit=tree["school"], roles=["liaison"])
        page = client_of(admin).get("/admin/units").get_data(as_text=True)
        for words in ("示例一中", "S1", "何以安", "示例市教育局"):
            assert words in page

    def test_a_unit_is_added_changed_and_moved(self, admin, tree, client_of, acts):  # R72
        browser = client_of(admin)
        answer = browser.post("/admin/units/new", data={**FORM, "parent_id": tree["school"].id})
        unit = db.session.scalars(select(Unit).where(Unit.code == "U900")).one()
        assert answer.location == f"/admin/units/{unit.id}"
        assert unit.path == f"{tree['school'].path}{unit.id}/"
        browser.post(
            f"/admin/units/{unit.id}/edit",
            data={**FORM, "name": "示例改名校", "parent_id": tree["other"].id, "version": unit.version},
        )
        assert path_of(unit.id) == f"{tree['other'].path}{unit.id}/"
        (entry,) = acts("unit.change")
        assert entry.detail["before"] == {"name": "示例新校", "parent_id": tree["school"].id}
        assert entry.detail["after"] == {"name": "示例改名校", "parent_id": tree["other"].id}

    def test_a_code_is_used_once(self, admin, tree, client_of):  # R22
        answer = client_of(admin).post("/admin/units/new", data={**FORM, "code": "S2", "parent_id": tree["school"].id})
        text = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert "单位代码“S2”已被其他单位使用" in text
        assert 'value="示例新校"' in text

    def test_a_unit_with_active_people_is_not_stopped(self, admin, tree, make, client_of):
        make.person(unit=tree["other"])
        data = {**FORM, "code": "S2", "name": "示例二中", "parent_id": tree["bureau"].id, "version": version_of(tree["other"].id)}
        del data["is_active"]
        answer = client_of(admin).post(f"/admin/units/{tree['other'].id}/edit", data=data)
        assert answer.status_code == 409
        assert "还有在用的人员" in answer.get_data(as_text=True)

    def test_a_stale_form_shows_both_texts_and_overwrites_nothing(self, admin, tree, client_of):  # R25
        browser = client_of(admin)
        unit, form = (
            tree["other"],
            {**FORM, "code": "S2", "parent_id": tree["bureau"].id, "version": version_of(tree["other"].id)},
        )
        browser.post(f"/admin/units/{unit.id}/edit", data={**form, "name": "第一次改"})
        answer = browser.post(f"/admin/units/{unit.id}/edit", data={**form, "name": "第二次改"})
        text = answer.get_data(as_text=True)
        assert answer.status_code == 409
        assert "第一次改" in text
        assert "第二次改" in text
        assert db.session.scalar(select(Unit.name).where(Unit.id == unit.id)) == "第一次改"
        assert (
            browser.post(
                f"/admin/units/{unit.id}/edit", data={**form, "name": "第二次改", "version": version_of(unit.id)}
            ).status_code
            == 303
        )

    def test_a_units_administrator_sees_and_moves_only_own_units(self, tree, make, client_of):  # R48, R50, R53
        local = client_of(make.person(unit=tree["school"], roles=["administrator"]))
        page = local.get("/admin/units").get_data(as_text=True)
        assert "第1支部" in page
        assert "示例二中" not in page
        assert local.get(f"/admin/units/{tree['other'].id}").status_code == 404
        assert local.get(f"/admin/units/{tree['other'].id}/edit").status_code == 404
        branch = tree["branches"][0]
        moved = local.post(
            f"/admin/units/{branch.id}/edit",
            data={**FORM, "code": branch.code, "parent_id": tree["other"].id, "version": version_of(branch.id)},
        )
        assert moved.status_code == 422
        assert path_of(branch.id) == branch.path

    @pytest.mark.parametrize("role", ["trainer", "grader", "invigilator"])
    def test_other_roles_have_no_unit_screens(self, tree, make, client_of, role):  # R48
        assert client_of(make.person(unit=tree["bureau"], roles=[role])).get("/admin/units").status_code == 403

    def test_auditors_read_but_do_not_change(self, tree, make, client_of):  # R54
        browser = client_of(make.person(unit=tree["bureau"], roles=["auditor"]))
        assert browser.get(f"/admin/units/{tree['school'].id}").status_code == 200
        assert browser.get(f"/admin/units/{tree['school'].id}/edit").status_code == 403

    def test_the_number_of_queries_does_not_grow_with_the_units(self, app, admin, tree, make, client_of):
        browser = client_of(admin)
        browser.get("/admin/units")
        few = queries_of(app, lambda: browser.get("/admin/units"))
        for n in range(12):
            make.person(unit=make.unit(parent=tree["bureau"], kind=UnitKind.KINDERGARTEN, code=f"K{n}"), roles=["liaison"])
        assert queries_of(app, lambda: browser.get("/admin/units")) == few


def queries_of(app, act):
    """Return how many statements `act` runs."""
    seen = []

    def note(*args):
        seen.append(args[2])

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", note)
        try:
            act()
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


def test_the_root_of_an_empty_tree_can_be_added(context):
    with unit_of_work():
        root = service.add_unit({"code": "0", "name": "示例市教育局", "kind": UnitKind.BUREAU}, None, now=clock.now())
        assert root.path == f"/{root.id}/"
