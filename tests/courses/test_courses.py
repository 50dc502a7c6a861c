"""Courses: written, published, enrolled, read; files are what they say they are."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.core.db import db
from app.core.markup import render
from app.core.uploads import FileRefused, document_kind
from app.courses.models import Course, LessonProgress
from app.courses.rules import share


@pytest.fixture
def people(make):
    """A trainer of the bureau, a learner of a school, somebody of another bureau."""
    root = make.bureau()
    school = make.unit(parent=root)
    return {
        "trainer": make.person(unit=root, roles=["trainer"]),
        "learner": make.person(unit=school),
        "school": school,
        "stranger": make.person(roles=["trainer"]),
    }


def new_course(browser, title="党务基础"):
    browser.post("/admin/courses/new", data={"title": title, "summary": "要点"})
    return db.session.scalars(select(Course)).all()[-1].id


def test_from_writing_to_reading(people, client_of):
    trainer, learner = client_of(people["trainer"]), client_of(people["learner"])
    course = new_course(trainer)
    assert trainer.post(f"/admin/courses/{course}/publish").status_code == 409  # nothing to read yet
    for title in ("第一课", "第二课"):
        answer = trainer.post(
            f"/admin/courses/{course}/lessons/new", data={"title": title, "body": "正文 **重点**", "minutes": "5"}
        )
        assert answer.status_code == 303
    trainer.post(f"/admin/courses/{course}/enrol", data={"unit_ids": [people["school"].id]})
    assert learner.get(f"/courses/{course}").status_code == 404  # a draft is not seen
    assert trainer.post(f"/admin/courses/{course}/publish").status_code == 303
    assert "<strong>重点</strong>" in learner.get(f"/courses/{course}/lessons/1").text
    learner.post(f"/courses/{course}/lessons/1/open")
    learner.post(f"/courses/{course}/lessons/1/open")
    learner.post(f"/courses/{course}/lessons/1/complete")
    assert "已读 1 / 2 课" in learner.get(f"/courses/{course}").text
    assert len(db.session.scalars(select(LessonProgress)).all()) == 1
    assert "1 / 2" in trainer.get(f"/admin/courses/{course}").text


def test_other_bureaus_and_people_not_enrolled_find_nothing(people, client_of):  # R48, R53
    course = new_course(client_of(people["trainer"]))
    assert client_of(people["stranger"]).get(f"/admin/courses/{course}").status_code == 404
    assert client_of(people["learner"]).get(f"/courses/{course}").status_code == 404
    assert client_of(people["learner"]).get("/admin/courses").status_code == 403


def test_a_lesson_needs_an_article_or_a_file_and_keeps_what_was_typed(people, client_of):  # R55
    trainer = client_of(people["trainer"])
    course = new_course(trainer)
    answer = trainer.post(f"/admin/courses/{course}/lessons/new", data={"title": "只有标题", "minutes": "5"})
    assert answer.status_code == 422
    assert "只有标题" in answer.text
    assert "请写正文或选择文件" in answer.text


def test_a_file_is_stored_and_handed_out_as_what_it_is(people, client_of):  # R57
    trainer = client_of(people["trainer"])
    course = new_course(trainer)
    url = f"/admin/courses/{course}/lessons/new"
    bad = trainer.post(url, data={"title": "课件", "minutes": "5", "file": (io.BytesIO(b"MZ not a pdf"), "课件.pdf")})
    assert bad.status_code == 422
    assert "文件内容与扩展名不符" in bad.text
    good = trainer.post(url, data={"title": "课件", "minutes": "5", "file": (io.BytesIO(b"%PDF-1.7 ..."), "课件.pdf")})
    assert good.status_code == 303
    trainer.post(f"/admin/courses/{course}/enrol", data={"unit_ids": [people["school"].id]})
    trainer.post(f"/admin/courses/{course}/publish")
    answer = client_of(people["learner"]).get(f"/courses/{course}/lessons/1/file")
    assert answer.data == b"%PDF-1.7 ..."
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def office(*names, body=b"x"):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, body)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "name, data",
    [
        ("a.pdf", office("word/document.xml")),
        ("a.docx", b"%PDF-1.4"),
        ("a.docx", office("xl/workbook.xml")),
        ("a.docx", office("word/document.xml", "word/vbaProject.bin")),
        ("a.docx", office("word/document.xml", "../evil")),
        ("a.docx", office("word/document.xml", body=b"0" * 5_000_000)),
        ("a.docx", b"PK\x03\x04 broken"),
        ("a.exe", b"MZ"),
        ("noextension", b"%PDF-1.4"),
    ],
)
def test_files_that_are_not_what_they_say_are_refused(name, data):  # R57, R58
    with pytest.raises(FileRefused):
        document_kind(name, data)


@given(st.text())
def test_no_article_carries_a_script(text):  # R63
    html = str(render(text + "\n\n<script>alert(1)</script><img src=x onerror=alert(1)>\n\n[x](javascript:alert(1))"))
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html


@given(st.integers(0, 500), st.integers(0, 500))
def test_a_hundred_per_cent_means_all(done, lessons):
    if lessons and done <= lessons:
        assert (share(done, lessons) == 100) == (done == lessons)


def test_lists_ask_no_more_for_more_rows(people, client_of, count_queries):  # R53
    trainer = client_of(people["trainer"])
    new_course(trainer, "甲")
    few = count_queries(lambda: trainer.get("/admin/courses"))
    for n in range(5):
        new_course(trainer, f"课程{n}")
    assert count_queries(lambda: trainer.get("/admin/courses")) == few
