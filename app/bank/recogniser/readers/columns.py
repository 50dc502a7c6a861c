"""Which column of a table holds what: recognised by its head, or said by hand."""

import re
from dataclasses import dataclass, field

from app.bank.recogniser.characters import fold

SYNONYMS = {
    "stem": "题干 题目 问题 试题 题目内容 试题内容 试题题干 题目题干 题目名称 试题名称 内容 题面 question stem title 题干内容 题目描述 试题描述 考题",
    "key": "答案 正确答案 参考答案 标准答案 正确选项 试题答案 题目答案 答案选项 right_answer rightanswer answer answers key correct 正确项",
    "kind": "题型 类型 题目类型 试题类型 题型名称 type kind 题类 试题题型",
    "explanation": "解析 答案解析 试题解析 题目解析 解释 说明 提示 备注解析 analysis explanation 详解 答案说明",
    "topic": "知识点 考点 知识点名称 所属知识点 分类 知识模块 topic tag 标签 章节 科目分类",
    "difficulty": "难度 难易度 难易程度 难度系数 难度等级 试题难度 difficulty level",
    "source": "出处 来源 依据 法规依据 试题来源 题目来源 参考依据 依据文件 source 出题依据 命题依据",
    "points": "分值 分数 score points 每题分数",
    "number": "题号 序号 编号 number no id 题目编号 试题编号",
    "options": "选项 备选项 备选答案 options choices 选项内容 题目选项 候选项 选项列表",
}
ROLE_OF = {word: role for role, words in SYNONYMS.items() for word in words.split()}
OPTION = re.compile(r"(?:选项|备选项|答案选项|备选答案|答案|option|choice)?\s*[_(-]?\s*([a-l])\s*\)?\s*(?:选项|项)?$")
OPTION_NUMBER = re.compile(r"(?:选项|备选项|备选答案|option|choice)\s*[_-]?\s*(\d{1,2}|[一二三四五六七八九十])$")
ANSWER_NUMBER = re.compile(r"(?:答案|answer)\s*[_-]?\s*(\d{1,2})")
HEAD_ROWS = 15  # rows in which the head is looked for
CHINESE = "一二三四五六七八九十"


@dataclass
class Columns:
    """Places (from 0) of the columns of a table: `options` in order, A first; `head` is the row of the head (from 0),
    -1 for a table without one."""

    stem: int
    key: int | None = None
    options: list = field(default_factory=list)
    all_options: int | None = None  # one column with all options in it
    kind: int | None = None
    explanation: int | None = None
    topic: int | None = None
    difficulty: int | None = None
    source: int | None = None
    points: int | None = None
    number: int | None = None
    head: int = -1
    unused: list = field(default_factory=list)  # heads of columns that were not understood

    @classmethod
    def by_hand(cls, mapping):
        """Return Columns from what a person chose: {"stem": 0, "options": [1, 2, 3, 4], "key": 6, "head": 2, …}."""
        known = {name: value for name, value in mapping.items() if name in cls.__dataclass_fields__ and value is not None}
        known["options"] = list(known.get("options", []))
        return cls(**known)


def guess_columns(rows):
    """Return the Columns of a table by its first row that names a stem and a key (or options), or None."""
    for place, row in enumerate(rows[:HEAD_ROWS]):
        found = _read_head(row)
        if found is not None:
            found.head = place
            return found
    return None


def _read_head(row):
    roles: dict[str, int | None] = {}
    options: dict[int, int] = {}
    unused: list[tuple[int, str]] = []
    for place, cell in enumerate(row):
        name = fold(str(cell)).strip().lower()
        if not name or len(name) > 40:
            continue
        letter = option_letter(name)
        bare = re.sub(r"\(.*?\)|【.*?】", "", name)
        bare = re.sub(r"[\s*:、。.\-]|必填|选填", "", bare)
        role = ROLE_OF.get(bare) or ROLE_OF.get(name.replace(" ", ""))
        if letter is not None:
            options.setdefault(letter, place)
        elif role is not None:
            roles.setdefault(role, place)
        else:
            unused.append((place, str(cell).strip()))
    if "stem" not in roles or not ("key" in roles or options):
        return None
    if "key" in roles and not options:
        options = _numbered_answers(unused)
    ordered = [options[letter] for letter in sorted(options)]
    if sorted(options) != list(range(len(options))):
        return None
    roles["all_options"] = roles.pop("options", None)
    heads = [name for place, name in unused if place not in ordered]
    return Columns.by_hand({**roles, "options": ordered, "unused": heads})


def _numbered_answers(unused):
    """答案1, 答案2, … beside a column with the right answer are options. Return {0: place, 1: place, …} or {}."""
    found = {}
    for place, name in unused:
        match = ANSWER_NUMBER.fullmatch(fold(name).lower())
        if match is not None:
            found.setdefault(int(match.group(1)) - 1, place)
    return found if len(found) > 1 and sorted(found) == list(range(len(found))) else {}


def option_letter(name):
    """Return 0 for 选项A, A, 选项1, option_a …, 1 for the next; None for another head."""
    match = OPTION.fullmatch(name)
    if match is not None:
        return ord(match.group(1)) - ord("a")
    match = OPTION_NUMBER.fullmatch(name)
    if match is None:
        return None
    return CHINESE.index(match.group(1)) if match.group(1) in CHINESE else int(match.group(1)) - 1
