"""Uploaded files → text: each is read by a child process with limits, so that a hostile file costs little and reaches nothing (R57–R59)."""

import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

import structlog
from flask_babel import gettext as in_words  # of texts that others name

from app.bank.errors import FileRefused, FileTooCostly, TooMuchText
from app.bank.imports.child import MOST_CHARACTERS, SECONDS
from app.bank.problems import Problem
from app.bank.recogniser import SourceRefused
from app.core.errors import TooMany

log = structlog.get_logger()
CHILD = Path(__file__).with_name("child.py")
AT_ONCE = 2  # children of one server process
PATIENCE = 20  # seconds to wait for one's turn
KINDS = (".docx", ".xlsx", ".xls", ".csv", ".txt", ".md", ".json", ".doc")
_turns = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True)
class Read:
    """What a file gave: its text, or, for a table whose columns were not recognised, `sheets` to choose them from.

    sheets: [{"name", "rows", "count", "columns"}], the first rows only. marks: see `recognise`. problems: of the reading itself.
    """

    text: str = ""
    marks: dict = field(default_factory=dict)
    problems: list = field(default_factory=list)
    sheets: list | None = None


def read(filename, data, columns=None):
    """Return the Read of an uploaded file. columns: what a person named, see `recognise_file`.

    Raises FileRefused, FileTooCostly, TooMuchText, TooMany. Takes up to a minute: never inside a unit of work.
    """
    if not _turns.acquire(timeout=PATIENCE):
        raise TooMany(retry_after=PATIENCE)
    try:
        answer = _run(filename, data, columns)
    finally:
        _turns.release()
    return _understood(answer)


def _run(filename, data, columns):
    command = [sys.executable, "-I", str(CHILD), filename[-200:].replace("\0", ""), json.dumps(columns)]
    environment = {"PATH": os.defpath, "LANG": "C.UTF-8"}  # nothing of ours: no secrets, no settings
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, env=environment, cwd="/", check=False)  # noqa: S603 - no shell, our own file
    except subprocess.TimeoutExpired as error:
        raise FileTooCostly from error
    if done.returncode:
        log.warning("reading a file failed", code=done.returncode, error=done.stderr[-300:].decode("utf-8", "replace"))
        if done.returncode == 1:
            raise FileRefused(reason=SourceRefused("damaged").message)
        raise FileTooCostly
    return json.loads(done.stdout)


def _understood(answer):
    if "refused" in answer:
        refused = answer["refused"]
        raise FileRefused(reason=SourceRefused(refused["code"], **_spoken(refused["params"])).message)
    if "too_much" in answer:
        raise TooMuchText(count=answer["too_much"], most=MOST_CHARACTERS)
    problems = [Problem(one["line"], one["code"], _spoken(one["params"]), one["sheet"]) for one in answer["problems"]]
    return Read(answer.get("text", ""), answer.get("marks", {}), problems, answer.get("sheets"))


def _spoken(params):
    return {name: in_words(value["words"]) if isinstance(value, dict) else value for name, value in params.items()}
