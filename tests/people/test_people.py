"""People for administrators, liaisons and auditors: lists, one person, acts, roles."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.db import db, unit_of_work
from app.people.models import Person, Post, RoleGrant
from app.people.service import people as service
from tests.people.test_units import queries_of

FORM = {"name": "林知远", "account": "linzhiyuan", "phone": "138 0000 0012", "email": "lin@example.org", "position": "支部书记"}


@pytest.fixture
def bureau(make):
    return make.bureau()


@pytest.fixture
def school(make, bureau):
    return make.unit("示例一中", parent=bureau, code="S1")


@pytest.fixture
def admin(make, bureau):
    return make.person("温书言", unit=bureau, roles=["administrator"])


@pytest.fixture
def local(make, school):
    """An administrator of one school only."""
    return make.person("校管理员", unit=school, roles=["administrator"])


def stored(account):
    db.session.rollback()
    return db.session.scalars(select(Person).where(Person.account == account)).one_or_none()


class TestLists:
    @pytest.fixture(autouse=True)
    def some(self, make, bureau, school):
        make.person("林知远", unit=school, account="lin", phone="13800000012", roles=["liaison"])
        make.person("何以安", unit=bureau, account="he", phone="13900000099", password_hash="x")

    @pytest.mark.parametrize(
        ("query", "seen"),
        [
            ("q=林", "林知远"),
            ("q=he", "何以安"),
            ("q=0000009", "何以安"),
            ("role=liaison", "林知远"),
            ("state=no_password", "林知远"),
            ("q=%25", None),
            ("state=stopped", None),
        ],
    )
    def test_search_and_filters(self, admin, client_of, query, seen):  # R61
        page = client_of(admin).get(f"/admin/people?{query}").get_data(as_text=True)
        shown = {name for name in ("林知远", "何以安") if f">{name}</a>" in page}
        assert shown == ({seen} if seen else set())

    def test_the_unit_filter_covers_the_units_below(self, admin, client_of, school, make):
        make.person("支部人员", unit=make.unit(parent=school))
        page = client_of(admin).get(f"/admin/people?unit={school.id}").get_data(as_text=True)
        assert "支部人员" in page
        assert ">何以安</a>" not in page

    def test_numbers_are_masked_in_lists(self, admin, client_of):  # R68
        page = client_of(admin).get("/admin/people").get_data(as_text=True)
        assert "138****0012" in page
        assert "13800000012" not in page

    def test_auditors_see_masked_numbers_only_and_cannot_search_by_them(self, make, bureau, client_of):  # R68
        browser = client_of(make.person(unit=bureau, roles=["auditor"]))
        person = stored("lin")
        assert "13800000012" not in browser.get(f"/admin/people/{person.id}").get_data(as_text=True)
        assert ">林知远</a>" not in browser.get("/admin/people?q=13800000012").get_data(as_text=True)

    def test_a_liaison_sees_the_own_unit_only(self, make, school, client_of):  # R48, R53
        browser = client_of(make.person("联络员", unit=school, roles=["liaison"]))
        page = browser.get("/unit/people").get_data(as_text=True)
        assert "林知远" in page
        assert "何以安" not in page
        assert browser.get(f"/admin/people/{stored('he').id}").status_code == 404
        assert browser.get(f"/admin/people/{stored('lin').id}").status_code == 200
        assert browser.get(f"/admin/people/{stored('lin').id}/edit").status_code == 403

    def test_a_school_administrator_sees_the_own_school_only(self, local, client_of):  # R53
        page = client_of(local).get("/admin/people").get_data(as_text=True)
        assert "林知远" in page
        assert "何以安" not in page

    def test_the_number_of_queries_does_not_grow_with_the_people(self, app, admin, make, school, client_of):
        browser = client_of(admin)
        browser.get("/admin/people")
        few = queries_of(app, lambda: browser.get("/admin/people"))
        for _ in range(10):
            make.person(unit=make.unit(parent=school), roles=["liaison", "trainer"])
        assert queries_of(app, lambda: browser.get("/admin/people")) == few


class TestAddingAndChanging:
    def test_a_person_is_added_with_a_post(self, admin, school, client_of, acts):  # R72
        answer = client_of(admin).post("/admin/people/new", data={**FORM, "unit_id": school.id})
        person = stored("linzhiyuan")
        assert answer.location == f"/admin/people/{person.id}"
        assert (person.phone, person.unit_id, person.password_hash) == ("13800000012", school.id, None)
        post = db.session.scalars(select(Post)).one()
        assert (post.unit_id, post.position, post.ended_on) == (school.id, "支部书记", None)
        (entry,) = acts("person.add")
        assert entry.detail["after"]["phone"] == "138****0012"

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"phone": "1380000001"}, "手机号应为 11 位数字，现在是 10 位"),
            ({"account": "x"}, "账号由 2 至 50 个"),
            ({"account": "13911112222"}, "必须是本人的手机号"),
            ({"name": "林" * 51}, "50"),
            ({"email": "lin@"}, "name@example.org"),
            ({"unit_id": "987654"}, ""),
        ],
    )
    def test_what_is_wrong_is_said_at_the_field_and_the_rest_is_kept(self, admin, school, client_of, wrong, words):  # R55
        answer = client_of(admin).post("/admin/people/new", data={**FORM, "unit_id": school.id, **wrong})
        assert answer.status_code == 422
        assert words in answer.get_data(as_text=True)
        assert "支部书记" in answer.get_data(as_text=True)
        assert stored("linzhiyuan") is None

    @pytest.mark.parametrize(
        ("clash", "words"),
        [({"account": "linzhiyuan"}, "账号“linzhiyuan”已有人使用"), ({"phone": "13800000012"}, "手机号已有人使用")],
    )
    def test_account_and_number_are_used_once(self, admin, school, make, client_of, clash, words):  # R22
        make.person(**{"account": "someone", **clash})
        answer = client_of(admin).post("/admin/people/new", data={**FORM, "unit_id": school.id})
        assert answer.status_code == 422
        assert words in answer.get_data(as_text=True)

    def test_a_move_closes_the_post_and_opens_the_next(self, admin, school, bureau, make, client_of, acts, set_clock):
        set_clock("2026-03-01 09:00")
        browser = client_of(admin)
        browser.post("/admin/people/new", data={**FORM, "unit_id": school.id})
        person = stored("linzhiyuan")
        set_clock("2026-03-01 09:20")
        browser.post(
            f"/admin/people/{person.id}/edit",
            data={**FORM, "unit_id": bureau.id, "position": "组织委员", "version": person.version},
        )
        posts = db.session.scalars(select(Post).order_by(Post.id)).all()
        assert [(post.unit_id, post.position, str(post.ended_on)) for post in posts] == [
            (school.id, "支部书记", "2026-03-01"),
            (bureau.id, "组织委员", "None"),
        ]
        assert acts("person.change")[0].detail["before"] == {"position": "支部书记", "unit_id": school.id}

    def test_a_stale_form_shows_both_and_overwrites_nothing(self, admin, school, make, client_of):  # R25
        person = make.person("旧名", unit=school, account="old", position="")
        browser = client_of(admin)
        form = {"account": "old", "unit_id": school.id, "position": "", "version": person.version}
        browser.post(f"/admin/people/{person.id}/edit", data={**form, "name": "甲改"})
        answer = browser.post(f"/admin/people/{person.id}/edit", data={**form, "name": "乙改"})
        assert answer.status_code == 409
        assert "甲改" in answer.get_data(as_text=True)
        assert stored("old").name == "甲改"

    def test_nobody_is_moved_into_or_out_of_units_of_others(self, local, admin, school, bureau, make, client_of):  # R50
        browser = client_of(local)
        own = make.person(unit=school, account="own")
        foreign = make.person(unit=bureau, account="foreign")
        assert browser.post(f"/admin/people/{own.id}/edit", data={**FORM, "unit_id": bureau.id, "version": 1}).status_code == 422
        assert browser.get(f"/admin/people/{foreign.id}/edit").status_code == 404

    def test_fields_that_are_not_on_the_form_are_ignored(self, admin, school, client_of):  # R51
        client_of(admin).post(
            "/admin/people/new", data={**FORM, "unit_id": school.id, "password_hash": "x", "is_active": "", "version": "9"}
        )
        person = stored("linzhiyuan")
        assert (person.password_hash, person.is_active, person.version) == (None, True, 1)


class TestOneTimePassword:
    def test_it_is_shown_once_opens_the_account_and_must_be_replaced(self, admin, school, make, client_of, enter, acts):  # R40
        person = make.person(unit=school, account="lin")
        browser = client_of(admin)
        page = browser.post(f"/admin/people/{person.id}/password").get_data(as_text=True)
        code = re.search(r"people-code[^>]*>([a-z0-9-]+)<", page).group(1)
        assert code not in browser.get(f"/admin/people/{person.id}").get_data(as_text=True)
        assert code not in str([entry.detail for entry in acts("password.issue")])
        assert enter("lin", code)[0].location.startswith("/me/password")

    def test_it_ends_the_persons_sign_ins_and_the_lockout(self, admin, school, member, client_of, enter):  # R41, R45
        person = member(unit=school, account="lin")
        theirs = client_of(person)
        for _ in range(5):
            enter("lin", "wrong-password")
        page = client_of(admin).post(f"/admin/people/{person.id}/password").get_data(as_text=True)
        code = re.search(r"people-code[^>]*>([a-z0-9-]+)<", page).group(1)
        assert theirs.get("/me").status_code == 302
        assert enter("lin", code)[0].status_code == 303

    def test_it_needs_the_own_password_when_that_was_given_long_ago(self, admin, school, make, client_of, set_clock):  # R46
        start = set_clock("2026-03-01 09:00")
        person = make.person(unit=school)
        browser = client_of(admin)
        set_clock(start + timedelta(minutes=6))
        assert "people-code" not in browser.post(f"/admin/people/{person.id}/password").get_data(as_text=True)

    def test_a_school_administrator_cannot_take_over_a_colleague_of_higher_rank(
        self, local, school, bureau, make, client_of
    ):  # R50
        boss = make.person(unit=school, roles=["administrator"], over=bureau)
        browser = client_of(local)
        assert browser.post(f"/admin/people/{boss.id}/password").status_code == 403
        assert browser.post(f"/admin/people/{boss.id}/deactivate", data={"reason": "x"}).status_code == 403


class TestClosing:
    def test_a_closed_account_is_signed_out_and_its_post_ends(
        self, admin, school, member, client_of, enter, password, acts
    ):  # R45, R72
        person = member(unit=school, account="lin")
        theirs = client_of(person)
        with unit_of_work():
            service.open_post(db.session.get(Person, person.id), clock.now())
        browser = client_of(admin)
        assert browser.post(f"/admin/people/{person.id}/deactivate", data={"reason": ""}).status_code == 422
        browser.post(f"/admin/people/{person.id}/deactivate", data={"reason": "退休"})
        assert theirs.get("/me").status_code == 302
        assert enter("lin", password)[0].status_code == 422
        assert db.session.scalars(select(Post)).one().ended_on is not None
        assert acts("person.deactivate")[0].detail["reason"] == "退休"
        browser.post(f"/admin/people/{person.id}/reactivate", data={"reason": "返聘"})
        assert enter("lin", password)[0].status_code == 303

    def test_nobody_closes_the_own_account(self, admin, client_of):
        assert client_of(admin).post(f"/admin/people/{admin.id}/deactivate", data={"reason": "x"}).status_code == 403

    def test_a_lockout_is_ended_by_an_administrator(self, admin, school, member, client_of, enter, password):  # R41
        person = member(unit=school, account="lin")
        for _ in range(5):
            enter("lin", "wrong-password")
        browser = client_of(admin)
        assert "前暂停登录" in browser.get(f"/admin/people/{person.id}").get_data(as_text=True)
        browser.post(f"/admin/people/{person.id}/unlock")
        assert enter("lin", password)[0].status_code == 303

    def test_an_administrator_signs_somebody_out_everywhere(self, admin, school, make, client_of):  # R45
        person = make.person(unit=school)
        theirs = client_of(person)
        client_of(admin).post(f"/admin/people/{person.id}/sign-out")
        assert theirs.get("/me").status_code == 302


class TestRoles:
    def test_a_role_is_granted_and_revoked_with_reasons_and_works_at_the_next_click(
        self, admin, school, make, client_of, acts
    ):  # R45, R72
        person = make.person(unit=school)
        theirs, browser = client_of(person), client_of(admin)
        assert theirs.get("/unit/people").status_code == 403
        assert (
            browser.post(
                f"/admin/people/{person.id}/roles/new", data={"role": "liaison", "unit_id": school.id, "reason": ""}
            ).status_code
            == 422
        )
        browser.post(
            f"/admin/people/{person.id}/roles/new", data={"role": "liaison", "unit_id": school.id, "reason": "新任联系人"}
        )
        assert theirs.get("/unit/people").status_code == 200
        grant = db.session.scalars(select(RoleGrant).where(RoleGrant.person_id == person.id)).one()
        browser.post(f"/admin/people/{person.id}/roles/{grant.id}/revoke", data={"reason": "换届"})
        assert theirs.get("/unit/people").status_code == 403
        assert [entry.detail["reason"] for entry in acts("grant.add") + acts("grant.revoke")] == ["新任联系人", "换届"]

    def test_nobody_changes_the_own_roles(self, admin, bureau, client_of, context):  # R50
        browser = client_of(admin)
        assert (
            browser.post(
                f"/admin/people/{admin.id}/roles/new", data={"role": "trainer", "unit_id": bureau.id, "reason": "x"}
            ).status_code
            == 403
        )
        grant = db.session.scalars(select(RoleGrant)).one()
        assert browser.post(f"/admin/people/{admin.id}/roles/{grant.id}/revoke", data={"reason": "x"}).status_code == 403

    def test_nobody_grants_beyond_the_own_units(self, local, school, bureau, make, client_of):  # R50
        person = make.person(unit=school)
        answer = client_of(local).post(
            f"/admin/people/{person.id}/roles/new", data={"role": "liaison", "unit_id": bureau.id, "reason": "x"}
        )
        assert answer.status_code == 422
        foreign = make.person(unit=bureau)
        answer = client_of(local).post(
            f"/admin/people/{foreign.id}/roles/new", data={"role": "liaison", "unit_id": school.id, "reason": "x"}
        )
        assert answer.status_code == 404

    def test_a_role_beyond_the_own_units_is_not_revoked(self, local, school, bureau, make, client_of, context):  # R50
        person = make.person(unit=school, roles=["trainer"], over=bureau)
        grant = db.session.scalars(select(RoleGrant).where(RoleGrant.person_id == person.id)).one()
        assert (
            client_of(local).post(f"/admin/people/{person.id}/roles/{grant.id}/revoke", data={"reason": "x"}).status_code == 403
        )

    @pytest.mark.parametrize(("held", "new"), [("trainer", "auditor"), ("auditor", "trainer")])
    def test_an_auditor_is_nothing_else(self, admin, school, make, client_of, held, new):  # R54
        person = make.person(unit=school, roles=[held])
        answer = client_of(admin).post(
            f"/admin/people/{person.id}/roles/new", data={"role": new, "unit_id": school.id, "reason": "x"}
        )
        assert answer.status_code == 409
        assert "不能兼任" in answer.get_data(as_text=True)

    def test_a_role_is_granted_once(self, admin, school, make, client_of):  # R22
        person = make.person(unit=school, roles=["liaison"])
        answer = client_of(admin).post(
            f"/admin/people/{person.id}/roles/new", data={"role": "liaison", "unit_id": school.id, "reason": "x"}
        )
        assert answer.status_code == 409

    def test_it_needs_the_own_password_when_that_was_given_long_ago(self, admin, school, make, client_of, set_clock):  # R46
        start = set_clock("2026-03-01 09:00")
        person = make.person(unit=school)
        browser = client_of(admin)
        set_clock(start + timedelta(minutes=6))
        browser.post(f"/admin/people/{person.id}/roles/new", data={"role": "liaison", "unit_id": school.id, "reason": "x"})
        assert db.session.scalars(select(RoleGrant).where(RoleGrant.person_id == person.id)).all() == []
