"""The operation log: filters, words, checking the chain."""

import pytest
from sqlalchemy import select, text

from app.core import audit, jobs, protect
from app.core.db import db, unit_of_work


@pytest.fixture
def auditor(make):
    return make.person("审计员甲", unit=make.bureau(), roles=["auditor"])


@pytest.fixture
def entries(make, set_clock, auditor):
    person = make.person("林知远")
    set_clock("2026-03-01 23:30")
    with unit_of_work():
        audit.record("person.change", person, actor="system", before={"position": "支部书记"}, after={"position": "组织委员"})
    set_clock("2026-03-02 00:30")
    with unit_of_work():
        audit.record("sign_in_failed", person, actor="not signed in", locked=True)
    return person


def test_entries_are_shown_in_words_newest_first(auditor, entries, client_of):  # R72
    page = client_of(auditor).get("/admin/audit").get_data(as_text=True)
    assert "支部书记 → 组织委员" in page
    assert page.index("登录失败") < page.index("支部书记")


@pytest.mark.parametrize(
    ("query", "failed", "changed"),
    [
        ("day=2026-03-01", False, True),
        ("day=2026-03-02", True, False),
        ("action=person.change", False, True),
        ("q=system", False, True),
        ("day=rubbish", True, True),
        ("q=_", False, False),
    ],
)
def test_filters(auditor, entries, client_of, query, failed, changed):  # R61
    page = client_of(auditor).get(f"/admin/audit?{query}").get_data(as_text=True)
    assert ("未登录" in page) == failed
    assert ("组织委员" in page) == changed


def test_only_auditors_read_it(make, client_of):  # R48
    for role in ("administrator", "trainer", "liaison"):
        assert client_of(make.person(roles=[role])).get("/admin/audit").status_code == 403


def test_the_chain_is_checked_in_the_background_and_the_outcome_is_shown(auditor, entries, client_of):  # R73
    browser = client_of(auditor)
    browser.post("/admin/audit/verify")
    assert "正在校验" in browser.get("/admin/audit").get_data(as_text=True)
    jobs.run_all_due()
    assert "全部完好" in browser.get("/admin/audit").get_data(as_text=True)


def test_a_changed_entry_is_named(auditor, entries, client_of, context):  # R73
    browser = client_of(auditor)
    seq = db.session.scalar(select(audit.AuditEntry.seq).where(audit.AuditEntry.action == "person.change"))
    with unit_of_work() as session:
        protect.drop_guards(lambda sql: session.execute(text(sql)), db.engine.dialect.name)
        session.execute(text("UPDATE audit_entries SET actor = 'somebody' WHERE seq = :seq"), {"seq": seq})
        protect.add_guards(lambda sql: session.execute(text(sql)), db.engine.dialect.name)
    browser.post("/admin/audit/verify")
    jobs.run_all_due()
    assert f"第 {seq} 条处不完整" in browser.get("/admin/audit").get_data(as_text=True)


def test_the_part_for_htmx_holds_only_the_outcome(auditor, client_of):
    answer = client_of(auditor).get("/admin/audit", headers={"HX-Request": "true"})
    assert answer.get_data(as_text=True).strip().startswith('<div id="audit-check"')
