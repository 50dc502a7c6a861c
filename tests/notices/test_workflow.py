"""A notice from draft to signature, by service and by page."""

import re
import threading

import pytest
from sqlalchemy import func, select

from app.core import audit, clock, jobs
from app.core.db import db, unit_of_work
from app.notices import errors
from app.notices.models import Delivery, NoticeCopy, NoticeNumber, Receipt
from app.notices.service import delivery, drafting, issuing, signing
from tests.notices.conftest import SOURCE, approve, draft, issue, notices, person


def copy_of(unit, kind="unit"):
    db.session.rollback()
    return next(copy for notice in notices() if notice.kind == kind for copy in notice.copies if copy.unit_id == unit.id)


def test_drafting_again_replaces_drafts_and_stops_after_approval(bureau):
    draft(bureau)
    draft(bureau)
    assert len(notices()) == 4
    approve(bureau)
    with pytest.raises(errors.AlreadyDrafted):
        draft(bureau)


def test_whoever_drafted_cannot_approve(bureau):  # R33, R54
    draft(bureau)
    with pytest.raises(errors.OwnDraft):
        approve(bureau, bureau.drafter)
    assert approve(bureau) == 4


def test_nothing_is_issued_without_approval(bureau):  # R33
    draft(bureau)
    with pytest.raises(errors.NotApproved):
        issue(bureau)


def test_numbers_rise_without_gaps_and_the_overall_notice_is_first(bureau):  # R22
    draft(bureau)
    approve(bureau)
    issue(bureau)
    year = clock.local(clock.now()).year
    assert [notice.document["number_text"] for notice in notices()] == [f"示教党通〔{year}〕{n}号" for n in (1, 2, 3, 4)]
    assert notices()[0].kind == "overall"
    assert all(notice.state == "issued" and notice.pdf_digest for notice in notices())


def test_a_failed_issue_takes_no_number(bureau):  # R22, R27
    draft(bureau)
    approve(bureau)
    with pytest.raises(ZeroDivisionError), unit_of_work():
        issuing.issue(SOURCE, person=person(bureau.drafter), now=clock.now())
        raise ZeroDivisionError
    assert db.session.scalar(select(func.count()).select_from(NoticeNumber)) == 0
    issue(bureau)
    assert [notice.number_seq for notice in notices()] == [1, 2, 3, 4]


def test_making_may_be_cut_off_and_run_again(bureau, monkeypatch):  # R26, R27
    draft(bureau)
    approve(bureau)
    issue(bureau, make_now=False)
    real, made = issuing.make, []

    def make_two(notice_id):
        if len(made) == 2:
            raise RuntimeError("killed")
        made.append(notice_id)
        real(notice_id)

    monkeypatch.setattr(issuing, "make", make_two)
    jobs.run_one()
    assert [notice.state for notice in notices()] == ["issued", "issued", "numbered", "numbered"]
    monkeypatch.setattr(issuing, "make", real)
    run = jobs.Run(0, {"source": SOURCE}, "again", 2)
    run.progress = lambda *_: None
    issuing.make_batch(run)
    assert {notice.state for notice in notices()} == {"issued"}
    inbox = db.session.scalar(select(func.count()).select_from(Delivery).where(Delivery.channel == "inbox"))
    assert inbox == 6  # one for each unit's own and one for the overall notice, none twice


def test_issuing_after_the_time_to_sign_is_refused(bureau, set_clock):
    draft(bureau)
    approve(bureau)
    set_clock(notices()[0].sign_by_at)
    with pytest.raises(errors.SignTooEarly):
        issue(bureau)


def test_each_reader_gets_one_letter_with_its_pdf(bureau, mailbox):  # R35, R34
    draft(bureau)
    approve(bureau)
    issue(bureau)
    assert len(mailbox.letters) == 6
    assert sorted({letter.rcpt_tos[0] for letter in mailbox.letters}) == [
        "unit1@example.org",
        "unit2@example.org",
        "unit3@example.org",
    ]
    assert all(b"application/pdf" in letter.content for letter in mailbox.letters)
    assert db.session.scalar(select(func.count()).select_from(Delivery).where(Delivery.state != "sent")) == 0


@pytest.mark.parametrize("trouble", ["451 try later", "drop"])
def test_a_letter_that_was_not_taken_is_sent_again(bureau, mailbox, trouble, set_clock):  # R35
    draft(bureau)
    approve(bureau)
    mailbox.answers = [trouble]
    issue(bureau)
    assert len(mailbox.letters) == 5
    waiting = db.session.scalars(select(Delivery).where(Delivery.state == "queued")).one()
    assert waiting.last_error
    set_clock(clock.now() + 2 * clock.timedelta(minutes=1))
    jobs.run_all_due()
    assert len(mailbox.letters) == 6
    assert db.session.scalar(select(func.count()).select_from(Delivery).where(Delivery.state != "sent")) == 0


def test_a_letter_whose_answer_was_lost_is_one_letter_to_the_mailbox(bureau, mailbox, set_clock):  # R35
    draft(bureau)
    approve(bureau)
    mailbox.answers = ["accept and drop"]
    issue(bureau)
    set_clock(clock.now() + 2 * clock.timedelta(minutes=1))
    jobs.run_all_due()
    names = [re.search(rb"Message-ID: (<[^>]+>)", letter.content).group(1) for letter in mailbox.letters]
    assert len(names) == 7
    assert len(set(names)) == 6  # the letter sent twice carries the same Message-ID


def test_a_refused_address_fails_with_its_cause_and_can_be_sent_again(bureau, mailbox):  # R35, R36
    draft(bureau)
    approve(bureau)
    mailbox.answers = ["550 no such mailbox"]
    issue(bureau)
    failed = db.session.scalars(select(Delivery).where(Delivery.state == "failed")).one()
    assert "550" in failed.last_error
    with unit_of_work():
        delivery.retry(db.session.get(Delivery, failed.id), now=clock.now())
    jobs.run_all_due()
    assert len(mailbox.letters) == 6


def test_a_unit_named_its_liaison_late_and_still_gets_its_copy(bureau, make):  # R36
    lonely = make.unit("示例四小党支部", parent=bureau.root)
    bureau.units.append(lonely)
    draft(bureau)
    approve(bureau)
    issue(bureau)
    assert delivery.readers_of([copy_of(lonely)])[copy_of(lonely).id] == []
    make.person("新联络员", unit=lonely, roles=["liaison"])
    delivery.watch()
    delivery.watch()
    assert db.session.scalar(select(func.count()).select_from(Delivery).where(Delivery.copy_id == copy_of(lonely).id)) == 1


def test_overdue_units_are_reminded_once_a_day_until_they_sign(bureau, set_clock):
    start = set_clock("2026-04-21 09:00")
    draft(bureau)
    approve(bureau)
    issue(bureau)
    set_clock(start + clock.timedelta(days=4))
    delivery.remind_overdue()
    delivery.remind_overdue()
    with unit_of_work():
        signing.sign(copy_of(bureau.units[0]).id, person=person(bureau.liaisons[0]), address="", now=clock.now())
    set_clock(start + clock.timedelta(days=5, minutes=1))
    delivery.remind_overdue()
    assert [copy_of(unit).reminders for unit in bureau.units] == [1, 2, 2]
    assert copy_of(bureau.units[0], "overall").reminders == 0


def test_signing_twice_gives_one_receipt(bureau):  # R22, R37
    draft(bureau)
    approve(bureau)
    issue(bureau)
    copy_id = copy_of(bureau.units[0]).id
    ids = []
    for _ in range(2):
        with unit_of_work():
            ids.append(signing.sign(copy_id, person=person(bureau.liaisons[0]), address="127.0.0.1", now=clock.now()).id)
    assert ids[0] == ids[1]
    receipt = db.session.scalars(select(Receipt)).one()
    assert receipt.document_digest == copy_of(bureau.units[0]).notice.pdf_digest


def test_sixteen_presses_at_once_give_one_receipt(app, bureau):  # R21
    draft(bureau)
    approve(bureau)
    issue(bureau)
    copy_id, liaison_id = copy_of(bureau.units[0]).id, bureau.liaisons[0].id
    trouble = []

    def press():
        with app.app_context():
            try:
                with unit_of_work():
                    from app.people.models import Person

                    signing.sign(copy_id, person=db.session.get(Person, liaison_id), address="", now=clock.now())
            except Exception as error:  # noqa: BLE001 - the test wants to see any
                trouble.append(error)
            finally:
                db.session.remove()

    db.session.remove()
    threads = [threading.Thread(target=press) for _ in range(16)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert trouble == []
    assert db.session.scalar(select(func.count()).select_from(Receipt)) == 1


def test_withdrawn_notices_are_not_signed_and_keep_their_words(bureau):  # R33
    draft(bureau)
    approve(bureau)
    issue(bureau)
    copy = copy_of(bureau.units[0])
    words = copy.notice.document
    with unit_of_work():
        issuing.withdraw(copy.notice, person=person(bureau.approver), reason="名单有误", now=clock.now())
    with pytest.raises(errors.CannotSign), unit_of_work():
        signing.sign(copy.id, person=person(bureau.liaisons[0]), address="", now=clock.now())
    assert copy_of(bureau.units[0]).notice.document == words


# —— pages ——


def test_the_whole_way_by_pages(bureau, client_of, client):  # R33, R37, R38
    draft(bureau)
    drafter, approver, liaison = client_of(bureau.drafter), client_of(bureau.approver), client_of(bureau.liaisons[0])
    assert "等待批准" in drafter.get("/admin/notices").text
    assert drafter.post("/admin/notices/approve", data={"source": SOURCE}).status_code == 403
    assert approver.post("/admin/notices/approve", data={"source": SOURCE}).status_code == 303
    assert drafter.post("/admin/notices/issue", data={"source": SOURCE}).status_code == 303
    assert drafter.get(f"/admin/notices/batch?source={SOURCE}", headers={"HX-Request": "true"}).status_code == 200
    jobs.run_all_due()
    copy = copy_of(bureau.units[0])
    page = liaison.get(f"/notices/{copy.id}").text
    assert copy.notice.document["number_text"] in page
    assert liaison.post(f"/notices/{copy.id}/read").status_code == 204
    refused = liaison.post(f"/notices/{copy.id}/sign", data={})
    assert refused.status_code == 422
    assert liaison.post(f"/notices/{copy.id}/sign", data={"read": "y"}).status_code == 303
    assert "已签收" in liaison.get(f"/notices/{copy.id}").text
    pdf = liaison.get(f"/notices/{copy.id}/pdf")
    assert pdf.data.startswith(b"%PDF")
    assert "attachment" in pdf.headers["Content-Disposition"]
    batch = drafter.get(f"/admin/notices/batch?source={SOURCE}").text
    assert "联络员1" in batch
    check = client.get(f"/check/{copy.notice.check_code}").text
    assert copy.notice.document["number_text"] in check
    assert "周映雪" not in check
    assert copy.notice.title not in check
    actions = set(db.session.scalars(select(audit.AuditEntry.action)))
    assert {"notice.draft", "notice.approve", "notice.issue", "notice.sign", "notice.download"} <= actions


def test_another_units_copy_is_not_found(bureau, client_of):  # R34, R48, R49
    draft(bureau)
    approve(bureau)
    issue(bureau)
    stranger = client_of(bureau.liaisons[1])
    copy_id = copy_of(bureau.units[0]).id
    for path in (f"/notices/{copy_id}", f"/notices/{copy_id}/pdf"):
        assert stranger.get(path).status_code == 404
    for path in (f"/notices/{copy_id}/sign", f"/notices/{copy_id}/read"):
        assert stranger.post(path, data={"read": "y"}).status_code == 404
    assert "示例一中" not in stranger.get("/notices").text + stranger.get("/messages").text


def test_a_draft_is_invisible_to_units(bureau, client_of):  # R33
    draft(bureau)
    copy_id = copy_of(bureau.units[0]).id
    assert client_of(bureau.liaisons[0]).get(f"/notices/{copy_id}").status_code == 404


def test_a_liaison_replaced_yesterday_cannot_sign_today(bureau, client_of):  # R37
    draft(bureau)
    approve(bureau)
    issue(bureau)
    browser = client_of(bureau.liaisons[0])
    with unit_of_work() as session:
        from app.people.models import RoleGrant

        session.query(RoleGrant).filter_by(person_id=bureau.liaisons[0].id).update({"revoked_at": clock.now()})
    assert browser.post(f"/notices/{copy_of(bureau.units[0]).id}/sign", data={"read": "y"}).status_code in (403, 404)


def test_a_changed_pdf_is_not_handed_out(bureau, client_of):  # R33
    draft(bureau)
    approve(bureau)
    issue(bureau)
    copy = copy_of(bureau.units[0])
    path = copy.notice.pdf.path
    path.write_bytes(path.read_bytes() + b"x")
    answer = client_of(bureau.liaisons[0]).get(f"/notices/{copy.id}/pdf")
    assert answer.status_code == 500
    assert b"%PDF" not in answer.data


def test_a_wrong_code_confirms_nothing_and_thirty_tries_are_enough(client, app, bureau):  # R38, R79
    answers = [client.get("/check/AAAA-BBBB").status_code for _ in range(31)]
    assert answers[0] == 404
    assert answers[-1] == 429


def test_the_batch_page_asks_no_more_questions_for_more_units(bureau, make, client_of, count_queries):  # R53
    draft(bureau)
    approve(bureau)
    issue(bureau)
    browser = client_of(bureau.drafter)
    few = count_queries(lambda: browser.get(f"/admin/notices/batch?source={SOURCE}"))
    for n in range(6):
        unit = make.unit(f"示例多{n}", parent=bureau.root)
        with unit_of_work() as session:
            session.add(NoticeCopy(notice_id=notices()[1].id, unit_id=unit.id, needs_signature=True))
    many = count_queries(lambda: browser.get(f"/admin/notices/batch?source={SOURCE}"))
    assert many <= few


def test_sending_back_needs_a_reason_and_makes_drafts_again(bureau, client_of):
    draft(bureau)
    approve(bureau)
    browser = client_of(bureau.drafter)
    assert browser.post("/admin/notices/send-back", data={"source": SOURCE}).status_code == 404
    assert browser.post("/admin/notices/send-back", data={"source": SOURCE, "reason": "日期有误"}).status_code == 303
    assert {notice.state for notice in notices()} == {"draft"}


def test_documents_with_faults_are_not_drafted(bureau):
    from dataclasses import replace

    from app.notices.document.content import Document

    draft(bureau)
    document = replace(Document.from_json(notices()[1].document), title="")
    with pytest.raises(errors.DocumentProblems) as refusal, unit_of_work():
        drafting.draft_batch("sitting:2", [drafting.Draft("overall", "overall", document, ())], owner_unit=bureau.root,
                             person=person(bureau.drafter), sign_by_at=None, now=clock.now())  # fmt: skip
    assert refusal.value.details
