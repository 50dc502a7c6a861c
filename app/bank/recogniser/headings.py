"""Section headings: 一、单项选择题（每题2分，共20分）, bare 判断题, 第三章 纪律, 参考答案, and what they promise."""

import re
from dataclasses import dataclass

from app.bank.recogniser.characters import fold

SINGLE, MULTIPLE, TRUE_FALSE, FILL = "single_choice", "multiple_choice", "true_false", "fill_blank"
CHOICE = "choice"  # 选择题: one or more, the key decides
INDEFINITE = "indefinite"  # 不定项: one or more
OTHER = "other"  # 简答, 论述 …: kinds that are not read yet

KIND_WORDS = (
    (re.compile(r"单项?选(?:择题?|题)?"), SINGLE),
    (re.compile(r"不定项?(?:选择题?|选题?|题)?"), INDEFINITE),
    (re.compile(r"多项?选(?:择题?|题)?"), MULTIPLE),
    (re.compile(r"(?:正误|是非|对错)?判断(?:正误|对错|是非|说明)?题?|是非题|对错题|正误题"), TRUE_FALSE),
    (re.compile(r"填空题?|填充题"), FILL),
    (re.compile(r"选择题"), CHOICE),
)
OTHER_WORDS = r"简答题?|问答题?|简述题?|论述题?|名词解释题?|案例(?:分析)?题|材料(?:分析)?题|分析题|计算题|排序题|连线题|匹配题|配伍题|综合题|主观题|辨析题|改错题|作文题?|写作题?|公文写作|实务题|操作题|阅读(?:理解)?题"
KIND = (
    r"单项?选择?题?|单选题?|不定项?选?择?题?|多项?选择?题?|多选题?|(?:正误|是非|对错)?判断(?:正误|对错|是非)?题?"
    r"|是非题|对错题|正误题|填空题?|填充题|选择题|客观题|" + OTHER_WORDS
)
CN = r"[一二三四五六七八九十]{1,3}"
ORDINAL = rf"(?:第?\s?{CN}\s?(?:大题|部分)?|[(\[]\s?{CN}\s?[)\]]|[IVXⅠ-Ⅻ]{{1,4}}|\d{{1,2}}|第\s?\d{{1,2}}\s?(?:大题|部分))"
REST = re.compile(
    r"(?:试题|题目|题库|部分|练习|题)?\s*[:。.、,]?\s*"
    r"(?:[(\[【](?P<score>[^()\[\]【】]{0,120}(?:[(\[][^()\[\]]{0,60}[)\]][^()\[\]【】]{0,60})?)[)\]】])?\s*[:。.、,;]?\s*"
    r"(?P<bare>(?=[^_?()]{0,90}(?:\d\s?(?:分|题|道)|打|填[在入]|[√×]|答案|选项|得分))"
    r"(?:本|共|每|总|计|请|将|把|在|从|正确|对的|认为|只有|有且|至少|多选|少选|错选|\d)[^_?()]{0,90})?\s*$"
)
WITH_KIND = re.compile(rf"(?P<ordinal>{ORDINAL})?\s*[.、:：,)]?\s*[【\[(]?\s*(?P<kind>{KIND})\s*[】\])]?(?P<rest>.*)$")
PREFIXED = re.compile(
    rf"(?:(?P<ordinal>{ORDINAL})\s*[.、:,)])?\s*(?P<before>[^_?:。；;]{{1,30}}?)(?P<kind>单项选择题|单选题|多项选择题|多选题|不定项选择题|判断题|是非题|填空题|选择题|简答题|论述题|问答题)(?P<rest>.*)$"
)
CHAPTER = re.compile(rf"第\s?(?:{CN}|\d{{1,3}})\s?(?:章|节|编|篇|单元|讲|部分|大题|专题|模块)(?!第)")
CHINESE_NUMBER = re.compile(rf"(?P<ordinal>{CN})\s?[、.,:：]\s*(?P<text>\S.*)$")
IN_BRACKETS = re.compile(rf"[(\[]\s?(?P<ordinal>{CN})\s?[)\]]\s*(?P<text>\S)")
ANSWERS = re.compile(
    rf"(?:附[:：、]?|{ORDINAL}\s*[.、:：)]?)?\s*(?P<before>[^_?:。，,；;()]{{0,30}}?)[【\[(]?\s*(?P<word>(?:参考|标准|正确)?\s*答\s*案)\s*(?:及|与|和|、)?\s*(?:解析|评分标准|详解|解释|提示)?\s*[】\])]?\s*(?:页|部分|汇总|如下|速查|一览)?\s*(?P<score>[(\[][^()\[\]]{{0,60}}[)\]])?\s*[:：]?\s*$"
)
EACH = re.compile(r"每(?:小|道)?(?:题|空|个|道)\s*(\d{1,3}(?:\.\d{1,2})?)\s*分")
COUNT = re.compile(r"(?:共|计|有)?\s*(\d{1,4})\s*(?:小题|道题|道小题|题|道)")
SPAN = re.compile(r"(\d{1,4})\s*[-~至]\s*(\d{1,4})\s*题")
TOTAL = re.compile(r"(?:共|共计|总计|总分|计|满分|合计)\s*(\d{1,4}(?:\.\d{1,2})?)\s*分")
NUMBERS = {char: i for i, char in enumerate("零一二三四五六七八九十")}


@dataclass(slots=True)
class Section:
    """A part of the text under one heading. `kind` is None under a heading that names none."""

    index: int  # 0 is the text before any heading
    line: int | None = None
    title: str = ""
    kind: str | None = None
    ordinal: int | None = None  # 一、 is 1
    points_each: str | None = None
    promised: int | None = None  # 共 10 题: how many questions it says

    def truth_of(self, letter):
        """Return "true" or "false" for a letter, where the heading says what A and B stand for (正确选A，错误选B); else None."""
        folded = fold(self.title)
        for value, words in (("true", "正确|对|√"), ("false", "错误|不正确|错|×")):
            if re.search(
                rf"{letter}\s?[.、:=]?\s?(?:为|是|表示|代表)?\s?(?:{words})|(?<!不)(?:{words})的?\s?(?:请)?(?:选|填|写|涂|打|用|为)\s?“?{letter}",
                folded,
            ):
                return value
        return None


@dataclass(slots=True)
class Heading:
    """What one heading line says. `answers`: it starts the key table at the end."""

    kind: str | None = None
    ordinal: int | None = None
    points_each: str | None = None
    promised: int | None = None
    answers: bool = False
    sure: bool = True  # False: it might also be a line of text


INSTRUCTION = re.compile(
    r"[(\[]?\s?(?:请|每小?题|本大?题|本部分|共|以下|下列各|下列每|正确的|对的|在每|从每|在下列|多选|答题|说明|注意|将正确|把正确|认为)"
)


def kind_of_word(word):
    """Return the kind that a heading or tag word names, OTHER for kinds not read, None for no kind."""
    for pattern, kind in KIND_WORDS:
        if pattern.fullmatch(word):
            return kind
    if re.fullmatch(OTHER_WORDS, word):
        return OTHER
    return None


def ordinal_of(text):
    """Return 一 → 1, 十二 → 12, "(三)" → 3, "2" → 2; None without a number."""
    digits = re.search(r"\d+", text or "")
    if digits:
        return int(digits.group())
    chars = [NUMBERS[char] for char in text or "" if char in NUMBERS]
    if not chars:
        return None
    if 10 in chars:
        place = chars.index(10)
        return (chars[place - 1] if place else 1) * 10 + (chars[place + 1] if place + 1 < len(chars) else 0)
    return chars[0]


def parse_heading(folded):
    """Return the Heading that a stripped, folded line is, or None. Lines over 120 characters are not headings."""
    if len(folded) > 120:
        return None
    return _kind_heading(folded) or _answers_heading(folded) or _plain_heading(folded)


def _kind_heading(folded):
    match, rest = _kind_and_rest(folded)
    if match is None or rest is None:
        return None
    score = (rest["score"] or "") + (rest["bare"] or "")
    kind = kind_of_word(match["kind"]) or (CHOICE if "客观" in match["kind"] else None)
    each = EACH.search(score)
    sure = bool(match["ordinal"] or match["rest"].strip() or "题" in match["kind"])
    return Heading(kind, ordinal_of(match["ordinal"]), each.group(1) if each else None, _promised(score, each), sure=sure)


def _kind_and_rest(folded):
    """Return the matches of a heading's kind and of what follows it, or None for both."""
    match = WITH_KIND.match(folded)
    rest = REST.match(match["rest"]) if match is not None else None
    if rest is not None:
        return match, rest
    match = PREFIXED.match(folded) if len(folded) <= 60 else None
    if match is None or re.search(r"[()]\s*[)(]|[是属于为]$", match["before"]):
        return None, None
    return match, REST.match(match["rest"])


def _promised(score, each):
    """Return how many questions a heading's bracket promises: 共10题, 21-30题, or total ÷ points each; None if nothing."""
    span, total = SPAN.search(score), TOTAL.search(score)
    if span is not None:
        return int(span.group(2)) - int(span.group(1)) + 1
    count = COUNT.search(score.replace("每题", "").replace("每小题", ""))
    if count is not None:
        return int(count.group(1))
    if each is None or total is None or not float(each.group(1)) or "空" in score:
        return None
    exact = float(total.group(1)) / float(each.group(1))
    return int(exact) if exact == int(exact) else None


def _answers_heading(folded):
    match = ANSWERS.match(folded)
    if match is None:
        return None
    before = match["before"].strip()
    kind = next((kind for pattern, kind in KIND_WORDS if pattern.search(before)), None) if before else None
    return Heading(kind, ordinal_of(folded) if kind else None, answers=True, sure=bool(before) or "参考" in match["word"])


def _plain_heading(folded):
    if len(folded) > 60 or re.search(r"_{2,}|[(\[]\s*[)\]]|\?$|[(\[]\s?(?:[A-H]{1,6}|√|×|对|错)\s?[)\]]|[√×]$", folded):
        return None
    if CHAPTER.match(folded):
        return Heading()
    match = CHINESE_NUMBER.match(folded)
    if match:
        return Heading(ordinal=ordinal_of(match["ordinal"]), sure=False)
    if IN_BRACKETS.match(folded) and len(folded) <= 40:
        return Heading(ordinal=ordinal_of(folded[:6]), sure=False)
    return None
