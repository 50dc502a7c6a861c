"""The parts lean one way, and only the clock reads the time."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ORDER = ["core", "people", "courses", "notices", "bank", "papers", "exams", "trainings", "reports"]
FREE = {"__init__.py", "commands.py", "config.py", "messages.py"}  # where all parts meet
OWN = ("views", "forms", "templates")
SOURCES = sorted((ROOT / "app").rglob("*.py"))


def imports_of(path):
    """Yield (line, dotted module) of each import from app in a file, wherever it stands."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names if alias.name.startswith("app"))
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "app":
            yield node.lineno, node.module
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


@pytest.mark.parametrize("path", [p for p in SOURCES if p.parent != ROOT / "app"], ids=lambda p: str(p.relative_to(ROOT)))
def test_a_part_imports_only_from_parts_before_it(path):
    part = path.relative_to(ROOT / "app").parts[0]
    place = ORDER.index(part)
    for line, module in imports_of(path):
        names = module.split(".")
        if len(names) < 2 or names[1] not in ORDER:
            continue
        assert ORDER.index(names[1]) <= place, (
            f"{path.relative_to(ROOT)}:{line} imports {module}, which lies to the right of {part}"
        )
        if names[1] != part and len(names) > 2:
            assert names[2] not in OWN, f"{path.relative_to(ROOT)}:{line} imports another part's {names[2]}"


def test_every_top_level_module_is_a_part_or_known():
    for path in (ROOT / "app").iterdir():
        if path.name.startswith("__pycache__") or path.name == "translations":
            continue
        assert path.name in FREE | set(ORDER), path.name


TIME_CALLS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time"), ("time", "time_ns"),
              ("time", "localtime"), ("time", "gmtime")}  # fmt: skip


@pytest.mark.parametrize("path", [p for p in SOURCES if p.name != "clock.py"], ids=lambda p: str(p.relative_to(ROOT)))
def test_only_the_clock_reads_the_time(path):  # R1
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
            called = (node.func.value.id, node.func.attr)
            assert called not in TIME_CALLS, f"{path.relative_to(ROOT)}:{node.lineno} reads the time itself"


def test_templates_hold_no_inline_script_style_or_handler():  # R65
    import re

    bad = re.compile(
        r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\bsrc=)(?![^>]*application/json)|hx-on|hx-vals=.js:|\|\s*safe\b",
        re.IGNORECASE,
    )
    for path in (ROOT / "templates").rglob("*.html"):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            assert not bad.search(line), f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
