"""What can be wrong with a question, a line or a file: one code, one severity and one sentence for each.

A problem is plain data until its `message` is read; the words then come from the running app's
language, or, where no app runs (tests, the bare command), from the Chinese catalogue beside this package.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from app.bank.problem_texts import TEXTS

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. `line` counts from 1 in the text that was read (None: the whole text or a bare body);
    `code` is stable; `params` fill the message; `sheet` names the worksheet when there are several."""

    line: int | None
    code: str
    params: dict = field(default_factory=dict)
    sheet: str | None = None

    @property
    def severity(self):
        """ "error": the question cannot be used as it is. "warning": it can, but a person should look."""
        return TEXTS[self.code][0]

    @property
    def is_error(self):
        return self.severity == ERROR

    @property
    def message(self):
        """Return the sentence for people, in the reader's language."""
        params = {"line": self.line if self.line is not None else "?", **self.params}
        text = words(TEXTS[self.code][1], **params)
        if self.sheet is not None:
            return words(TEXTS["on_sheet"][1], sheet=self.sheet, message=text)
        return text

    def as_json(self):
        return {"line": self.line, "code": self.code, "message": self.message}


def words(lazy, **params):
    """Return a lazy text as a plain string with its placeholders filled; Chinese where no app is running.

    Parameters that are lazy themselves (the label of a kind) are resolved the same way."""
    filled = {name: words(value) if _is_lazy(value) else value for name, value in params.items()}
    text = str(lazy) if _app_is_running() else _chinese().get(_msgid(lazy), str(lazy))
    return text % filled if filled else text


def _is_lazy(value):
    return hasattr(value, "_func")


def _msgid(lazy):
    return lazy._args[0] if _is_lazy(lazy) else str(lazy)


def _app_is_running():
    from flask import has_app_context

    return has_app_context()


@lru_cache(maxsize=1)
def _chinese():
    """The msgid → Chinese pairs of the recogniser's own part of the catalogue."""
    from babel.messages.pofile import read_po

    path = Path(__file__).parent.parent / "translations" / "zh_Hans_CN" / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return {message.id: message.string for message in read_po(file) if message.id and message.string}
