"""A question written in the plain text that trainers write, such that the recogniser reads back the same question.

It is written plainly; only when that would be misread are the characters that mean something put behind backslashes.
"""

from app.bank.kinds.base import BLANK_MARK
from app.bank.recogniser.characters import escape

TAGS = {"single_choice": "单选题", "multiple_choice": "多选题", "true_false": "判断题", "fill_blank": "填空题"}
ANY_ORDER = "（不分顺序）"


def written(kind, body, meta):
    """Return the text of one question. meta: number, topic, difficulty, source, all optional."""
    from app.bank.recogniser.recognising import recognise

    plain = _lines(kind, body, meta, lambda words: words, "")
    found = recognise(plain).questions
    if len(found) == 1 and _same(found[0], kind, body, meta) and not found[0].problems:
        return plain
    guard = escape_beside_blanks if kind == "fill_blank" else escape
    return _lines(kind, body, meta, guard, "\\ ")


def escape_beside_blanks(words):
    """Escape all but the blanks."""
    return BLANK_MARK.join(escape(part) for part in words.split(BLANK_MARK))


def _same(question, kind, body, meta):
    wanted = {name: meta.get(name) or None for name in ("number", "topic", "difficulty", "source")}
    return question.kind == kind and _words(question.body()) == _words(body) and question.meta() == wanted


def _words(body):
    options = [(option["label"], option["text"]) for option in body.get("options") or []]
    return body["stem"], options, body["key"], body.get("explanation") or "", body.get("ordered", True)


def _lines(kind, body, meta, guard, further):
    """Write all lines; `guard` protects words, `further` begins the lines that go on with words."""
    number = meta.get("number") or 1
    lines = [f"{number}. 【{TAGS[kind]}】{_text(body['stem'], guard, further)}"]
    lines += [f"{option['label']}. {_text(option['text'], guard, further)}" for option in body.get("options") or []]
    lines.append(f"答案：{_key(kind, body, guard)}")
    if body.get("explanation"):
        lines.append(f"解析：{_text(body['explanation'], guard, further)}")
    named = (("知识点", "topic"), ("难度", "difficulty"), ("出处", "source"))
    lines += [f"{label}：{guard(meta[name])}" for label, name in named if meta.get(name)]
    return "\n".join(lines) + "\n"


def _text(words, guard, further):
    return f"\n{further}".join(guard(line) for line in words.split("\n"))


def _key(kind, body, guard):
    if kind == "true_false":
        return "对" if body["key"] == ["true"] else "错"
    if kind != "fill_blank":
        return "".join(body["key"])
    sign = "|" if any(answer[:1].isdigit() or answer[-1:].isdigit() for blank in body["key"] for answer in blank) else "/"
    blanks = [sign.join(guard(answer) for answer in blank) for blank in body["key"]]
    return (ANY_ORDER if not body.get("ordered", True) else "") + "；".join(blanks)
