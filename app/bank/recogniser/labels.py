"""Field labels: 答案, 解析, 知识点, 难度, 出处 and their many spellings, at the start of a line or inside it."""

import re

KEY, EXPLANATION, TOPIC, DIFFICULTY, SOURCE = "key", "explanation", "topic", "difficulty", "source"
KIND, POINTS, STEM, OPTIONS, IGNORED = "kind", "points", "stem", "options", "ignored"
SINGLE_LINE = (TOPIC, DIFFICULTY, SOURCE, KIND, POINTS)  # fields that end with their line

SPELLINGS = """
key: 参考答案 正确答案 标准答案 试题答案 题目答案 本题答案 答案 答 正确选项 正确项 Answer answer ANSWER
key: Key key
explanation: 答案解析 试题解析 题目解析 本题解析 解析 参考解析 答案详解 详解 解答 解题思路 思路 分析 试题分析 点评
explanation: 解读 解释 答案说明 说明 备注 提示
topic: 知识点 考点 考查点 考查知识点 考察点 考核点 所属知识点 知识模块 知识点标签 标签 章节 所属章节 分类 所属分类
difficulty: 难度 难度系数 难易度 难易程度 难易 难度等级 试题难度 题目难度 难度值
source: 出处 来源 题目来源 试题来源 试题出处 答案出处 依据 法规依据 政策依据 条款依据 出题依据 命题依据 答案依据 参考依据
source: 参考文献 依据文件 文件依据
kind: 题型 题目类型 试题类型 题目题型
points: 分值 分数 本题分值
stem: 题目 题干 试题 问题 试题内容 题目内容 试题题干
options: 选项 备选项 备选答案 答案选项 可选项
ignored: 审核 审核状态 复核状态
ignored: 我的答案 学生答案 考生答案 你的答案 您的答案 作答 得分 本题得分 答题时间 用时 正确率
"""
# which of them also begin inside a line, behind a space or a stop; the others are too common in sentences
INLINE_SPELLINGS = """
答案解析 试题解析 题目解析 本题解析 解析 知识点 考点 难度 难度系数 难易度 难易程度 出处 题目来源 试题来源 来源 依据 法规依据
政策依据 出题依据 命题依据 我的答案 学生答案 考生答案 得分 答案详解 正确选项
"""
FIELD_OF = {word: field for field, _, words in (line.partition(": ") for line in SPELLINGS.split("\n")) for word in words.split()}
_ANY = "|".join(word.replace("答案", r"答\s?案") for word in sorted(FIELD_OF, key=len, reverse=True))
_LOOSE = "|".join(sorted(INLINE_SPELLINGS.split(), key=len, reverse=True))

BOXED = re.compile(
    rf"(?:@@@\s*)?(?:[【\[]\s?(?P<boxed>{_ANY})\s?[】\]]\s*:?|\(\s?(?P<round>{_ANY})\s?\)\s*:?|[(\[【]\s?(?P<opened>{_ANY})\s?:)\s*"
)
BARE = re.compile(rf"(?:@@@\s*)?(?P<word>{_ANY})")
COLON = re.compile(r"\s{0,4}(?:是|为|应为|应是|应该是|应选|选)?\s?(?::|=(?!=)|→|-{1,2}>)\s*")
KEY_FOLLOWS = re.compile(r"\s*(?:是|为|应?选)?\s*(?=(?:[A-Ha-h](?:[\s、,]*[A-Ha-h]){0,9}|√|×|对|错|正确|错误)\s*[。.]?\s*$)")
INLINE = re.compile(
    rf"@@@\s*(?:(?P<at>{_ANY})\s*:)?|[【\[]\s?(?P<boxed>{_ANY})\s?[】\]]\s*:?|(?P<open>[(\[【])\s?(?P<opened>{_ANY})\s?:"
    rf"|(?<![的我你您生各列])(?P<key>(?:参考|正确|标准|本题|试题)?答\s?案)\s*(?:是|为|应为)?\s*:(?=\s*[^\s([【]|\s*[(\[【]\s*[^\s)\]】])"
    r"|(?<=\s)(?P<spaced>(?:参考|正确|标准)?答案)\s{1,4}(?=[A-L]{1,8}\s{0,4}[。.]?$)"
    rf"|(?:(?<=[\s。.;,|)\]】?!、A-H√×对错])|^)(?P<loose>{_LOOSE})\s*:"
)
HINT = re.compile(
    "答|解|析|点|难|度|出处|来源|依据|题|@@@|选项|nswer|NSWER|[Kk]ey|备注|说明|分|标签|章节|思路|提示|用时|正确率|审核|复核"
)


def field_of(word):
    """Return the field that a label word names; "答 案" is 答案."""
    return FIELD_OF["".join(word.split())]


def label_at_start(folded):
    """Return (field, end) when a stripped folded line begins with a label, `end` where its text begins; else None."""
    if HINT.search(folded[:14]) is None:
        return None
    match = BOXED.match(folded)
    if match is not None:
        return field_of(match["boxed"] or match["round"] or match["opened"]), match.end()
    match = BARE.match(folded)
    return _bare_label(folded, match["word"], match.end()) if match is not None else None


def _bare_label(folded, word, end):
    """A label word without brackets: a colon must follow it, or what can only be its text."""
    field = field_of(word)
    colon = COLON.match(folded, end)
    if colon is not None:
        return field, colon.end()
    if field == KEY and len(folded) - end <= 40:
        follows = KEY_FOLLOWS.match(folded, end)
        if follows is not None and len(word) > 1:
            return field, follows.end()
        if not folded[end:].strip() and word.endswith("案"):
            return field, len(folded)
    if word.endswith("解析") and (not folded[end:].strip() or folded[end] == " "):
        return field, end + len(folded[end:]) - len(folded[end:].lstrip())
    return None


def segments(folded, start=0):
    """Yield (field, from, to) for the parts of a folded line from `start`: field None for the text before any label.

    A label in brackets with its text, "（答案：B）", ends at its closing bracket.
    """
    if HINT.search(folded, start) is None:
        yield None, start, len(folded)
        return
    field, begin = None, start
    first = label_at_start(folded[start:])
    if first is not None:
        field, begin = first[0], start + first[1]
    for match in INLINE.finditer(folded, begin):
        if field is not None or match.start() > begin:
            yield field, begin, match.start()
        word = match["at"] or match["boxed"] or match["opened"] or match["key"] or match["spaced"] or match["loose"]
        field, begin = field_of(word) if word else KEY, match.end()
    yield field, begin, len(folded)
