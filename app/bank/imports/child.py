"""Reads one uploaded file in a process of its own, with limits on time and memory (R57), and prints what it found as JSON.

Run by path, by `reading.read`: the file's bytes on stdin, its name and the chosen columns as arguments. It holds no secret, no
database and no web application: the package `app` is only named, so that the recogniser can be imported.
"""

import json
import resource
import sys
import types
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SECONDS, MEMORY, FILE_BYTES = 60, 1024 * 1024 * 1024, 64 * 1024 * 1024
MOST_CHARACTERS = 3_000_000
SHOWN_ROWS, SHOWN_COLUMNS, SHOWN_CELL = 12, 30, 80  # of a table whose columns a person has to name


def confine():
    """Set the limits of this process."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))


def name_app():
    """Let `import app.bank…` work without running app/__init__.py, which would load the whole web application."""
    package = types.ModuleType("app")
    package.__path__ = [str(ROOT / "app")]
    sys.modules["app"] = package
    sys.path.insert(0, str(ROOT))


def read(filename, data, columns):
    """Return {"text", "marks", "problems"}, or {"sheets"} when a person has to name the columns, or {"refused"}."""
    from app.bank.recogniser import SourceRefused, read_source, recognise_file

    try:
        source = read_source(filename, data)
        if source.sheets is None and source.kind != "json":
            found = {"text": source.text, "marks": source.marks, "problems": [_plain(problem) for problem in source.problems]}
        else:
            found = _from_rows(source, recognise_file(filename, data, columns))
    except SourceRefused as refusal:
        return {"refused": {"code": refusal.code, "params": _values(refusal.params)}}
    if len(found.get("text", "")) > MOST_CHARACTERS:
        return {"too_much": len(found["text"])}
    return found


def _from_rows(source, recognition):
    if not recognition.questions:
        return {"sheets": [_shown(sheet) for sheet in source.sheets or [] if any(map(any, sheet.rows))], "problems": []}
    from app.bank.imports.texts import text_of_questions

    problems = [problem for problem in recognition.problems if problem.code != "no_columns"]
    return {"text": text_of_questions(recognition.questions), "marks": {}, "problems": [_plain(problem) for problem in problems]}


def _shown(sheet):
    rows = [[cell[:SHOWN_CELL] for cell in row[:SHOWN_COLUMNS]] for row in sheet.rows[:SHOWN_ROWS]]
    return {"name": sheet.name, "rows": rows, "count": len(sheet.rows), "columns": max(map(len, sheet.rows), default=0)}


def _plain(problem):
    return {"line": problem.line, "code": problem.code, "params": _values(problem.params), "sheet": problem.sheet}


def _values(params):
    """Return params as JSON can hold them; a lazy text goes as {"words": its English}, to be put into words by the parent."""
    return {name: {"words": value._args[0]} if hasattr(value, "_func") else value for name, value in params.items()}


def main():
    confine()
    name_app()
    filename, columns = sys.argv[1], json.loads(sys.argv[2])
    found = read(filename, sys.stdin.buffer.read(), columns)
    sys.stdout.buffer.write(json.dumps(found, ensure_ascii=False).encode("utf-8", "surrogatepass"))


if __name__ == "__main__":
    try:
        main()
    except MemoryError:
        sys.exit(3)
