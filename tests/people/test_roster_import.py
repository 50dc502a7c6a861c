"""A roster from upload to one-time passwords: dry run, applying once and whole, scope, files that go away; the export; the command."""

import io
import json
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import func, select, update

from app.core import audit, clock, jobs
from app.core.db import db, unit_of_work
from app.core.files import StoredFile
from app.people.models import Person, Post, RoleGrant, RosterImport, Unit
from app.people.roster import apply as applying
from app.people.service import rosters
from tests.people.test_units import queries_of

HEAD = "单位代码,单位名称,姓名,账号,手机号,职务,角色,状态\n"
FILE = HEAD + (
    "0101,示例一中,林知远,lin,13800000012,支部书记,联系人,在职\n"
    "0101,示例一中,何以安,he,13800000013,组织委员,,在职\n"
    "0102,示例二中,温故,wen,1380000001,宣传委员,,在职\n"
    "0102,示例二中,赵新,zhao,13800000014,,,停用\n"
)


@pytest.fixture
def bureau(make):
    return make.unit("示例市教育局", code="0000")


@pytest.fixture
def admin(make, bureau):
    return make.person("温书言", unit=bureau, account="admin", roles=["administrator"])


@pytest.fixture
def upload(client_of, admin):
    """`upload(text)` sends a roster as the administrator, runs the jobs, and returns (browser, the import's address)."""

    def send(text=FILE, browser=None, filename="名单.csv", **fields):
        browser = browser or client_of(admin)
        data = text.encode() if isinstance(text, str) else text
        answer = browser.post("/admin/people/imports/new", data={"file": (io.BytesIO(data), filename), **fields})
        assert answer.status_code == 303, answer.get_data(as_text=True)
        jobs.run_all_due()
        return browser, answer.location

    return send


def apply(browser, address):
    """Press the button of the dry run as it stands, and run the job."""
    answer = browser.post(f"{address}/apply", data={"digest": the_import().digest})
    jobs.run_all_due()
    return answer


def the_import():
    db.session.rollback()
    return db.session.scalars(
        select(RosterImport).order_by(RosterImport.id.desc()).execution_options(populate_existing=True)
    ).first()


def person(account):
    db.session.rollback()
    return db.session.scalars(
        select(Person).where(Person.account == account).execution_options(populate_existing=True)
    ).one_or_none()


class TestDryRun:
    def test_it_shows_what_would_be_done_and_writes_nothing(self, upload):  # R62
        browser, address = upload()
        page = browser.get(address).get_data(as_text=True)
        assert "手机号应为 11 位数字，现在是 10 位" in page
        assert "导入没有问题的行" in page
        assert "示例一中" in browser.get(f"{address}?show=unit").get_data(as_text=True)
        assert "林知远" in browser.get(f"{address}?show=add").get_data(as_text=True)
        assert person("lin") is None
        assert the_import().counts["add"] == 3

    def test_its_progress_is_shown_until_it_is_done(self, client_of, admin):
        browser = client_of(admin)
        answer = browser.post("/admin/people/imports/new", data={"file": (io.BytesIO(FILE.encode()), "a.csv")})
        page = browser.get(answer.location).get_data(as_text=True)
        assert "<progress" in page
        assert 'hx-trigger="every 1s"' in page
        assert 'http-equiv="refresh"' in page
        jobs.run_all_due()
        part = browser.get(answer.location, headers={"HX-Request": "true"}).get_data(as_text=True)
        assert "<progress" not in part
        assert "hx-trigger" not in part
        assert "<html" not in part

    @pytest.mark.parametrize(
        ("filename", "data", "words"),
        [
            ("a.xlsx", b"hello", "扩展名不符"),
            ("a.csv", bytes(10 * 1024 * 1024 + 1), "上限 10 MB"),
            ("a.pdf", b"%PDF-1.7", "扩展名不符"),
        ],
    )
    def test_a_file_of_the_wrong_kind_is_refused_at_once(self, client_of, admin, filename, data, words):  # R57
        answer = client_of(admin).post("/admin/people/imports/new", data={"file": (io.BytesIO(data), filename)})
        assert answer.status_code == 422
        assert words in answer.get_data(as_text=True)

    def test_no_file_is_said_at_the_field(self, client_of, admin):
        answer = client_of(admin).post("/admin/people/imports/new")
        assert answer.status_code == 422
        assert "请选择文件" in answer.get_data(as_text=True)

    def test_a_file_that_cannot_be_understood_says_why(self, upload):  # R62
        browser, address = upload("甲,乙\n1,2\n")
        page = browser.get(address).get_data(as_text=True)
        assert "没有找到标题行" in page
        assert the_import().state == "refused"

    def test_a_file_that_changes_nothing_says_so(self, upload):
        browser, address = upload()
        apply(browser, address)
        browser, address = upload(FILE.replace("1380000001,", ","), browser)
        apply(browser, address)
        _, address = upload(FILE.replace("1380000001,", ","), browser)
        assert "没有要改的" in browser.get(address).get_data(as_text=True)

    def test_only_whoever_uploaded_it_sees_it(self, upload, make, bureau, client_of):  # R48
        _, address = upload()
        other = client_of(make.person(unit=bureau, roles=["administrator"]))
        assert other.get(address).status_code == 404
        assert other.post(f"{address}/apply", data={"digest": the_import().digest}).status_code == 404

    @pytest.mark.parametrize("role", ["trainer", "liaison", "auditor", "grader"])
    def test_other_roles_import_nothing(self, make, bureau, client_of, role):  # R48
        browser = client_of(make.person(unit=bureau, roles=[role]))
        assert browser.get("/admin/people/imports/new").status_code == 403
        assert browser.post("/admin/people/export.xlsx").status_code == 403

    def test_a_school_administrator_reaches_the_own_school_only(self, upload, make, bureau, client_of):  # R50, R53
        school = make.unit("示例一中", parent=bureau, code="0101")
        make.unit("示例二中", parent=bureau, code="0102")
        local = client_of(make.person(unit=school, roles=["administrator"]))
        _, address = upload(browser=local)
        assert "不在你的管理范围内" in local.get(address).get_data(as_text=True)
        apply(local, address)
        assert person("lin") is not None
        assert person("zhao") is None

    def test_twenty_a_day_and_two_at_once(self, client_of, admin, set_clock):  # R79
        start = set_clock("2026-03-01 09:00")
        browser = client_of(admin)

        def send():
            return browser.post("/admin/people/imports/new", data={"file": (io.BytesIO(FILE.encode()), "a.csv")}).status_code

        assert [send() for _ in range(3)] == [303, 303, 429]
        jobs.run_all_due()
        for minute in range(18):
            set_clock(start + timedelta(minutes=minute))
            assert send() == 303
            jobs.run_all_due()
        assert send() == 429

    def test_the_number_of_queries_does_not_grow_with_the_rows(self, app, upload):
        browser, small = upload()
        few = queries_of(app, lambda: browser.get(small))
        _, large = upload(HEAD + "".join(f"0101,示例一中,人员{n},p{n:04},,,,\n" for n in range(300)), browser)
        assert queries_of(app, lambda: browser.get(large)) == few


class TestApplying:
    def test_good_rows_go_in_and_bad_ones_stay_out(self, upload, acts):  # R62, R72
        browser, address = upload()
        apply(browser, address)
        lin, zhao = person("lin"), person("zhao")
        assert (lin.name, lin.phone, lin.unit.code, lin.position, lin.password_hash) == (
            "林知远",
            "13800000012",
            "0101",
            "支部书记",
            None,
        )
        assert [grant.role for grant in lin.grants] == ["liaison"]
        assert (zhao.is_active, zhao.unit.name) == (False, "示例二中")
        assert person("wen") is None
        assert db.session.scalar(select(func.count()).select_from(Post)) == 2
        assert len(acts("person.add")) == 3
        assert acts("roster.apply")[0].detail["after"]["add"] == 3
        assert "有 1 行没有导入" in browser.get(address).get_data(as_text=True)
        assert audit.verify()[1] is None

    def test_nothing_is_doubled_by_a_second_click_a_second_job_or_a_second_import(self, upload, make):  # R24, R26, R62
        browser, address = upload()
        row = the_import()
        first = browser.post(f"{address}/apply", data={"digest": row.digest})
        second = browser.post(f"{address}/apply", data={"digest": row.digest})
        assert (first.status_code, second.status_code) == (303, 409)
        jobs.run_all_due()
        rosters.apply_import(row.id, lambda done, total: None)
        people, posts = (
            db.session.scalar(select(func.count()).select_from(Person)),
            db.session.scalar(select(func.count()).select_from(Post)),
        )
        _, again = upload(browser=browser)
        assert not the_import().counts["has_work"]
        assert (
            db.session.scalar(select(func.count()).select_from(Person)),
            db.session.scalar(select(func.count()).select_from(Post)),
        ) == (people, posts)

    def test_all_kinds_of_change_at_once_and_then_nothing_more(self, upload, acts):  # R62
        browser, address = upload()
        apply(browser, address)
        changed = HEAD.replace("姓名", "上级单位,单位类别,姓名") + (
            "0101,示例一中,,高中,林知远,lin,13800000013,支部书记,监考员,在职\n"
            "0103,示例三中,0101,初中,何以安,he,13800000012,宣传委员,,在职\n"
            "0102,示例二中改名,0101,,赵新,zhao,无,,联系人,在职\n"
        )
        browser, address = upload(changed, browser)
        apply(browser, address)
        lin, he, zhao = person("lin"), person("he"), person("zhao")
        assert (lin.phone, he.phone, zhao.phone) == ("13800000013", "13800000012", None)
        assert [grant.role for grant in lin.grants] == ["invigilator"]
        assert (he.unit.code, he.unit.parent.code) == ("0103", "0101")
        assert (zhao.is_active, zhao.unit.name, [grant.role for grant in zhao.grants]) == (True, "示例二中改名", ["liaison"])
        assert zhao.unit.path.startswith(lin.unit.path)
        posts = db.session.execute(
            select(Person.account, Post.ended_on.is_(None))
            .join(Post, Post.person_id == Person.id)
            .order_by(Person.account, Post.id)
        ).all()
        assert [tuple(row) for row in posts] == [("he", False), ("he", True), ("lin", True), ("zhao", True)]
        assert len(acts("person.change")) == 3
        upload(changed, browser)
        assert not the_import().counts["has_work"]

    def test_missing_people_are_closed_only_when_asked_and_are_signed_out(self, upload, client_of):  # R45
        browser, address = upload()
        apply(browser, address)
        theirs = client_of(person("he"))
        without = HEAD + "0101,示例一中,林知远,lin,,,,\n"
        _, address = upload(without, browser, deactivate_missing="y")
        assert "停用" in browser.get(address).get_data(as_text=True)
        apply(browser, address)
        assert person("he").is_active is False
        assert person("admin").is_active is True
        assert theirs.get("/me").status_code == 302

    def test_a_plan_that_no_longer_fits_is_shown_again_instead_of_carried_out(self, upload):  # R25, R27
        browser, address = upload()
        apply(browser, address)
        browser, address = upload(HEAD + "0101,,林知远,lin,,组织委员,,\n", browser)
        shown = the_import().digest
        browser.post(f"{address}/apply", data={"digest": shown})
        with unit_of_work():
            db.session.get(Person, person("lin").id).position = "宣传委员"
        jobs.run_all_due()
        row = the_import()
        assert (row.state, row.counts["outdated"]) == ("planned", True)
        assert row.digest != shown
        assert person("lin").position == "宣传委员"
        assert "人员数据有变化" in browser.get(address).get_data(as_text=True)
        apply(browser, address)
        assert person("lin").position == "组织委员"

    def test_a_plan_that_was_not_shown_is_not_carried_out(self, upload):  # R24
        browser, address = upload()
        assert browser.post(f"{address}/apply", data={"digest": "0" * 64}).status_code == 409
        assert the_import().state == "planned"

    @pytest.mark.parametrize("step", ["_change_people", "_grant", "_note_changes"])
    def test_a_crash_on_the_way_leaves_nothing_half_done_and_the_next_run_finishes(
        self, upload, monkeypatch, set_clock, step
    ):  # R26, R27
        start = set_clock("2026-03-01 09:00")
        browser, address = upload()
        before = db.session.scalar(select(func.count()).select_from(Unit))
        with monkeypatch.context() as broken:
            broken.setattr(applying, step, lambda *args: 1 / 0)
            apply(browser, address)
        assert person("lin") is None
        assert db.session.scalar(select(func.count()).select_from(Unit)) == before
        assert the_import().state == "applying"
        set_clock(start + timedelta(minutes=5))
        jobs.run_all_due()
        assert person("lin") is not None
        assert the_import().state == "applied"

    def test_a_row_changed_between_plan_and_write_stops_everything(self, upload, admin, app):  # R21, R27
        browser, address = upload()
        apply(browser, address)
        data = (HEAD + "0101,,林知远,lin,,组织委员,,\n0101,,何以安,he,,,监考员,\n").encode()
        plan, _ = rosters.plan_of(data, "a.csv", None, deactivate_missing=False)
        with unit_of_work():
            db.session.get(Person, person("lin").id).position = "宣传委员"
        with pytest.raises(applying.Outdated), unit_of_work():
            rosters.carry_out(plan, "command", "a.csv")
        assert person("he").grants == []

    def test_it_needs_the_own_password_when_that_was_given_long_ago(self, upload, set_clock):  # R46
        start = set_clock("2026-03-01 09:00")
        browser, address = upload()
        set_clock(start + timedelta(minutes=6))
        browser.post(f"{address}/apply", data={"digest": the_import().digest})
        assert the_import().state == "planned"

    def test_a_person_who_lost_the_right_meanwhile_changes_nothing(self, upload, admin):  # R45
        browser, address = upload()
        browser.post(f"{address}/apply", data={"digest": the_import().digest})
        with unit_of_work() as session:
            session.execute(update(RoleGrant).values(revoked_at=clock.now()))
        jobs.run_all_due()
        assert person("lin") is None


class TestPasswords:
    @pytest.fixture
    def applied(self, upload):
        browser, address = upload()
        apply(browser, address)
        return browser, address

    def issue(self, browser, address):
        assert browser.post(f"{address}/passwords").status_code == 303
        jobs.run_all_due()

    def codes(self, answer):
        page = openpyxl.load_workbook(io.BytesIO(answer.data))["一次性密码"]
        return {row[2].value: row[3].value for row in page.iter_rows(min_row=2)}

    def test_the_list_opens_the_accounts_of_the_new_people(self, applied, enter, acts):  # R40
        browser, address = applied
        assert "为 2 人发放一次性密码" in browser.get(address).get_data(as_text=True)
        self.issue(browser, address)
        answer = browser.get(f"{address}/passwords.xlsx")
        codes = self.codes(answer)
        assert set(codes) == {"lin", "he"}
        assert enter("lin", codes["lin"])[0].location.startswith("/me/password")
        (entry,) = acts("roster.passwords")
        assert entry.detail["count"] == 2
        assert codes["lin"] not in json.dumps(entry.detail)

    def test_the_list_is_for_one_person_and_one_day(self, applied, make, bureau, client_of, set_clock):  # R68
        browser, address = applied
        self.issue(browser, address)
        other = client_of(make.person(unit=bureau, roles=["administrator"]))
        assert other.get(f"{address}/passwords.xlsx").status_code == 404
        file = db.session.scalars(select(StoredFile).where(StoredFile.filename.like("一次性%"))).one()
        path = file.path
        set_clock(clock.now() + timedelta(hours=24))
        rosters.forget_old(clock.now())
        assert not path.exists()
        assert the_import().passwords_file_id is None
        assert the_import().lines is not None

    def test_whoever_chose_a_password_keeps_it_when_new_ones_are_issued(self, applied, enter):  # R40
        browser, address = applied
        self.issue(browser, address)
        first = self.codes(browser.get(f"{address}/passwords.xlsx"))
        _, theirs = enter("lin", first["lin"])
        theirs.post("/me/password", data={"new_password": "明月几时有 把酒问青天", "again": "明月几时有 把酒问青天"})
        self.issue(browser, address)
        second = self.codes(browser.get(f"{address}/passwords.xlsx"))
        assert set(second) == {"he"}
        assert enter("lin", "明月几时有 把酒问青天")[0].status_code == 303

    def test_nothing_is_issued_before_the_roster_is_applied(self, upload):
        browser, address = upload()
        assert browser.post(f"{address}/passwords").status_code == 409

    def test_rosters_themselves_go_after_a_month(self, applied, set_clock):  # R74
        path = the_import().file.path
        set_clock(clock.now() + timedelta(days=30))
        rosters.forget_old(clock.now())
        row = the_import()
        assert not path.exists()
        assert (row.file_id, row.lines, row.added_ids, row.counts["add"]) == (None, None, None, 3)
        browser, address = applied
        assert row.state == "applied"


class TestExport:
    def test_masked_unless_there_is_a_reason(self, upload, client_of, admin, acts):  # R68
        browser, address = upload()
        apply(browser, address)
        masked = browser.post("/admin/people/export.xlsx")
        assert "attachment" in masked.headers["Content-Disposition"]
        cells = [str(one.value) for row in openpyxl.load_workbook(io.BytesIO(masked.data))["人员"].iter_rows() for one in row]
        assert "138****0012" in cells
        assert "13800000012" not in cells
        assert browser.post("/admin/people/export.xlsx", data={"whole_phones": "y"}).status_code == 422
        whole = browser.post("/admin/people/export.xlsx", data={"whole_phones": "y", "reason": "通知会议"})
        book = openpyxl.load_workbook(io.BytesIO(whole.data))
        assert "13800000012" in [one.value for row in book["人员"].iter_rows() for one in row]
        assert "温书言（admin）" in book["说明"]["B1"].value
        assert [
            (entry.detail["rows"], entry.detail["whole_phones"], entry.detail["reason"]) for entry in acts("roster.export")
        ] == [(4, False, None), (4, True, "通知会议")]

    def test_it_can_be_imported_again_without_any_change(self, upload):  # R67
        browser, address = upload()
        apply(browser, address)
        for data in ({}, {"whole_phones": "y", "reason": "核对"}):
            file = browser.post("/admin/people/export.xlsx", data=data).data
            upload(file, browser, "导出.xlsx")
            assert the_import().counts["has_work"] is False
            assert the_import().counts["bad"] == 0

    def test_it_holds_the_own_units_only(self, upload, make, bureau, client_of):  # R53
        school = make.unit("示例九中", parent=bureau, code="0901")
        make.person("本校人员", unit=school)
        make.person("局里的人", unit=bureau)
        local = client_of(make.person(unit=school, roles=["administrator"]))
        data = local.post("/admin/people/export.xlsx").data
        cells = {one.value for row in openpyxl.load_workbook(io.BytesIO(data))["人员"].iter_rows() for one in row}
        assert "本校人员" in cells
        assert "局里的人" not in cells


class TestCommands:
    @pytest.fixture
    def run(self, app):
        return lambda *args: app.test_cli_runner().invoke(args=["people", *args])

    @pytest.fixture
    def file(self, tmp_path):
        path = tmp_path / "名单.csv"
        path.write_text(FILE, encoding="gb18030")
        return str(path)

    def test_the_first_administrator_is_made_with_a_one_time_password(self, run, context, enter):  # R39
        answer = run("create-admin")
        assert answer.exit_code == 0, answer.output
        code = answer.output.split("one-time password: ")[1].split()[0]
        location, browser = enter("admin", code)
        assert location.location.startswith("/me/password")
        admin = person("admin")
        assert (admin.unit.name, [grant.role for grant in admin.grants]) == ("示例市教育局", ["administrator"])
        again = run("create-admin")
        assert again.exit_code == 1
        assert "exists already" in again.output
        assert run("issue-password", "admin").exit_code == 0
        assert enter("admin", code)[0].status_code == 422

    def test_a_roster_is_shown_and_with_dry_run_not_applied(self, run, bureau, file, context):
        answer = run("import", file, "--dry-run")
        assert answer.exit_code == 0, answer.output
        assert "新增人员（3）" in answer.output
        assert "第 4 行「手机号」手机号应为 11 位数字，现在是 10 位。" in answer.output
        assert person("lin") is None

    def test_a_roster_is_applied(self, run, bureau, file, context, acts):  # R72
        answer = run("import", file)
        assert "已导入" in answer.output
        assert person("lin").position == "支部书记"
        assert acts("roster.apply")[0].actor == "command"
        assert "已导入" not in run("import", file).output

    def test_a_refused_file_ends_with_exit_code_1(self, run, bureau, tmp_path):
        path = tmp_path / "a.xlsx"
        path.write_bytes(b"no workbook")
        answer = run("import", str(path))
        assert answer.exit_code == 1
        assert "扩展名不符" in answer.output
