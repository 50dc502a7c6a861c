"""A roster of 10,000 people as a workbook: read, planned and applied by the same steps as its jobs; and the memory it takes."""

import io
import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

import xlsxwriter
from sqlalchemy import func, select

from app.core import clock
from app.core.db import db, unit_of_work
from app.people.models import Person, RoleGrant, RosterImport, Unit
from app.people.service import rosters
from bench import processes, stores
from bench.results import at_most

ROWS, UNITS = 10_000, 200
MOST_SECONDS, MOST_MEGABYTES = 10, 300
SAMPLE_SECONDS = 0.2
HEADINGS = ("单位代码", "单位名称", "上级单位", "单位类别", "姓名", "账号", "手机号", "邮箱", "职务", "角色")
FAMILY, GIVEN = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", "知远映雪望舒景明若谷书言以安清和怀瑾守正"


def measure(name, options):
    """Return the rows for one store: an import of which the memory counts, first in this process, then some that are timed."""
    with stores.opened(name) as store, processes.MemorySamples(os.getpid(), SAMPLE_SECONDS) as samples:
        data = _workbook_elsewhere(store.folder / "roster.xlsx")
        _import(store, data)
    memory = max(samples.highest, own_highest()) / 1e6
    runs = []
    for _ in range(options.repeats):
        with stores.opened(name) as store:
            runs.append(_import(store, data))
    what = f"roster, {ROWS:,} rows"
    rows = [
        at_most(f"{what}: read, planned, applied", name, [sum(run) for run in runs], "s", MOST_SECONDS),
        at_most(f"{what}: memory", name, [memory], "MB", MOST_MEGABYTES),
    ]
    return rows, [_note(name, runs)]


def _note(name, runs):
    planned, applied = (statistics.median(part) for part in zip(*runs, strict=True))
    return (
        f"{name}: roster: read and planned in {planned:.1f} s, applied in {applied:.1f} s; the memory is that of the importing process "
        "and the reader it starts, shared pages once, without the database server"
    )


def _import(store, data):
    """Import the roster; return (seconds to the plan, seconds to apply it)."""
    with store.app.app_context():
        import_id = _begin(data)
        begun = time.perf_counter()
        rosters.read_import(import_id, _quiet)
        planned = time.perf_counter()
        with unit_of_work() as session:
            row = session.get(RosterImport, import_id)
            rosters.order_apply(row, row.digest)
        rosters.apply_import(import_id, _quiet)
        over = time.perf_counter()
        _check(import_id)
    return planned - begun, over - planned


def own_highest():
    """Return the highest resident memory of this process so far, in bytes."""
    return int(re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text()).group(1)) * 1024


def _begin(data):
    now = clock.now()
    with unit_of_work() as session:
        bureau = Unit(code="JY", name="示例市教育局", kind="bureau", path="/1/", created_at=now)
        session.add(bureau)
        session.flush()
        bureau.path = f"/{bureau.id}/"
        admin = Person(name="温书言", account="admin", unit_id=bureau.id, created_at=now, updated_at=now)
        session.add(admin)
        session.flush()
        session.add(RoleGrant(person_id=admin.id, role="administrator", unit_id=bureau.id, granted_at=now))
    with unit_of_work():
        return rosters.begin_import(admin, "roster.xlsx", data, deactivate_missing=False, now=now).id


def _quiet(done, total):
    """Take the progress that a job would show."""


def _check(import_id):
    row = db.session.get(RosterImport, import_id)
    people = db.session.scalar(select(func.count()).select_from(Person))
    assert row.state == "applied" and people == ROWS + 1, (
        f"the import is {row.state}: {row.refusal or row.counts}; {people} people"
    )
    db.session.remove()


def _workbook_elsewhere(path):
    """Write the workbook in another process, so that its memory is not counted; return its bytes."""
    subprocess.run([sys.executable, "-m", "bench.figures.roster", str(path)], check=True, timeout=120)
    return path.read_bytes()


def write_workbook(path):
    """Write a roster of 10,000 people in 200 units."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"constant_memory": True})
    sheet = book.add_worksheet("人员")
    sheet.write_row(0, 0, HEADINGS)
    for number in range(ROWS):
        unit = number % UNITS + 1
        person = FAMILY[number % len(FAMILY)] + GIVEN[number % (len(GIVEN) - 1) :][:2]
        cells = (f"D{unit:03}", f"示例第{unit}小学", "JY", "小学", person, f"s{number:05}", f"138{number:08}", f"s{number:05}@example.cn",
                 "党支部书记" if number < UNITS else "党务工作者", "单位联系人" if number < UNITS else "")  # fmt: skip
        for column, text in enumerate(cells):
            sheet.write_string(number + 1, column, text)
    book.close()
    path.write_bytes(stream.getvalue())


if __name__ == "__main__":
    write_workbook(Path(sys.argv[1]))
