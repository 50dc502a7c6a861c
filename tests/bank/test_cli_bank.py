"""`flask bank …`: looking at a file needs no database; importing twice does not double."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.bank.models import Bank, Question
from app.core.db import db

ROOT = Path(__file__).resolve().parents[2]
TEXT = "1. 支委会任期一般几年？\nA. 三年\nB. 五年\n答案：A\n\n2. 党员大会多久一次？\nA. 每月\nB. 每季度\n"
FIELDS = {"number", "kind", "stem", "options", "key", "explanation", "topic", "difficulty", "source", "lines", "problems"}


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "题.txt"
    path.write_text(TEXT, encoding="gb18030")
    return path


@pytest.fixture
def run(app):
    """`run("bank", …)`: a command in the app; returns its result."""

    def go(*words):
        result = app.test_cli_runner().invoke(args=["bank", *map(str, words)])
        with app.app_context():
            db.session.rollback()
        return result

    return go


def test_recognise_prints_the_documented_json(run, file):
    result = run("recognise", file, "--json")
    found = json.loads(result.output)
    assert set(found) == {"questions", "problems"}
    assert [set(question) for question in found["questions"]] == [FIELDS, FIELDS]
    first, second = found["questions"]
    assert (first["kind"], first["key"], first["lines"], first["options"]) == (
        "single_choice", ["A"], [1, 4], [{"label": "A", "text": "三年"}, {"label": "B", "text": "五年"}],
    )  # fmt: skip
    assert [set(problem) for problem in second["problems"]] == [{"line", "code", "message"}]
    assert second["problems"][0]["code"] == "no_key"
    assert result.exit_code == 1  # something has to be mended


def test_recognise_needs_no_database_and_says_what_it_found(file, tmp_path):
    environment = {
        **os.environ,
        "ZHIZE_DATA_DIR": str(tmp_path / "nothing"),
        "ZHIZE_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "bank", "recognise", str(file)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert "支委会任期一般几年" in done.stdout and "没找到答案" in done.stdout, done.stderr
    assert not (tmp_path / "nothing" / "zhize.db").exists()


def test_a_file_that_cannot_be_read_is_one_sentence(run, tmp_path):
    path = tmp_path / "题.docx"
    path.write_bytes(b"no such thing")
    result = run("recognise", path)
    assert result.exit_code == 1
    assert "Traceback" not in result.output and "docx" in result.output


def test_every_shipped_file_is_recognised_without_a_problem(run):
    for path in sorted((ROOT / "question_bank").glob("*/*.txt")):
        result = run("recognise", path, "--json")
        assert result.exit_code == 0, result.output
        found = json.loads(result.output)
        assert not found["problems"] and not any(question["problems"] for question in found["questions"]), path


def test_import_stores_the_good_ones_once(run, make, file):  # R62
    unit = make.bureau()
    first = run("import", file, "--bank", "党支部工作", "--unit", unit.code)
    assert first.exit_code == 0, first.output
    assert "导入 1 题" in first.output and "要处理 1 题" in first.output and "第 8 行" in first.output
    again = run("import", file, "--bank", "党支部工作")
    assert "导入 0 题" in again.output and "题库已有" in again.output and "0001" in again.output
    assert db.session.scalar(select(func.count()).select_from(Question)) == 1


def test_import_refuses_a_unit_that_is_not_there_and_another_units_bank(run, make, file):
    assert "没有代码为" in run("import", file, "--bank", "新", "--unit", "无").output
    make.bank("别人的", unit=make.unit())
    mine = make.unit()
    refused = run("import", file, "--bank", "别人的", "--unit", mine.code)
    assert refused.exit_code == 1 and "另一个单位" in refused.output
    assert db.session.scalar(select(func.count()).select_from(Question)) == 0


def test_the_shipped_questions_are_loaded_by_a_command_that_can_be_repeated(run, make):
    assert "还没有单位" in run("load-shipped").output
    make.bureau()
    first, again = run("load-shipped"), run("load-shipped")
    total = db.session.scalar(select(func.count()).select_from(Question))
    assert total >= 240
    assert f"共 {total} 题" in first.output and "共 0 题" in again.output
    assert db.session.scalar(select(func.count()).select_from(Bank)) == len(list((ROOT / "question_bank").glob("*/")))
