"""Questions in JSON: a list of objects somewhere in it, their fields named like the columns of a table."""

import json
import re

from app.bank.recogniser.characters import fold
from app.bank.recogniser.readers.columns import ROLE_OF, option_letter
from app.bank.recogniser.readers.refusals import SourceRefused

DEEPEST = 20  # R56
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]\n]', re.DOTALL)
LETTER_NAMES = ("letter", "label", "key", "name", "选项", "序号", "code", "id")
TEXT_NAMES = ("content", "text", "value", "内容", "title", "option", "选项内容", "desc")


def read_records(text):
    """Return [(line, {role: text or list of option texts})] of the questions in a JSON text.

    line: where the object begins. Raises SourceRefused for bad JSON or JSON without questions.
    """
    lines = _object_lines(text)
    closed = iter(lines)
    found = []

    def collect(pairs):
        line = next(closed, 1)
        names = [name for name, _ in pairs]
        if len(set(names)) != len(names):
            raise ValueError("a name twice")
        record = _record(pairs)
        if record is not None:
            found.append((line, record))
        return dict(pairs)

    def refuse(word):
        raise ValueError(word)

    try:
        json.loads(text, object_pairs_hook=collect, parse_constant=refuse)
    except json.JSONDecodeError as error:
        raise SourceRefused("json_bad", line=error.lineno) from error
    except (ValueError, RecursionError) as error:
        raise SourceRefused("json_bad", line=1) from error
    if not found:
        raise SourceRefused("json_no_questions")
    return sorted(found, key=lambda pair: pair[0])


def _object_lines(text):
    """Return the line where each object begins, in the order in which objects end. Raises SourceRefused when too deep."""
    line, opened, ended, depth = 1, [], [], 0
    for match in TOKEN.finditer(text):
        sign = match.group()
        if sign == "\n":
            line += 1
        elif sign in "{[":
            depth += 1
            if depth > DEEPEST:
                raise SourceRefused("json_bad", line=line)
            if sign == "{":
                opened.append(line)
        elif sign in "}]":
            depth -= 1
            if sign == "}" and opened:
                ended.append(opened.pop())
        else:
            line += sign.count("\n")
    return ended


def _record(pairs):
    """Return {role: words} of an object that has a stem, else None."""
    record, options = {}, {}
    for name, value in pairs:
        word = re.sub(r"[\s*:_.-]", "", fold(name).strip().lower())
        letter = option_letter(fold(name).strip().lower())
        if isinstance(value, (str, int, float)) and not isinstance(value, bool) and letter is not None:
            options[letter] = str(value)
        elif ROLE_OF.get(word) == "options":
            record["options"] = _option_texts(value)
        elif word in ROLE_OF:
            record.setdefault(ROLE_OF[word], _words(value))
    if options:
        record["options"] = [options.get(place, "") for place in range(max(options) + 1)]
    return record if record.get("stem") and ("key" in record or record.get("options")) else None


def _words(value):
    if isinstance(value, bool):
        return "对" if value else "错"
    if isinstance(value, list):
        return "；".join("/".join(map(str, item)) if isinstance(item, list) else str(item) for item in value)
    return "" if value is None else str(value)


def _option_texts(value):
    """Return the texts of options given as strings, as {"A": …}, or as objects with a letter and a text."""
    if isinstance(value, dict):
        return [str(value[name]) for name in sorted(value)]
    if isinstance(value, str):
        return value
    texts = {}
    for place, item in enumerate(value if isinstance(value, list) else []):
        if isinstance(item, dict):
            letter = next((str(item[name]) for name in LETTER_NAMES if name in item), "")
            words = next((str(item[name]) for name in TEXT_NAMES if name in item), "")
            index = ord(letter.upper()) - 65 if len(letter) == 1 and letter.isascii() and letter.isalpha() else place
            texts[index] = words
        else:
            texts[place] = str(item)
    return [texts.get(place, "") for place in range(max(texts, default=-1) + 1)]
