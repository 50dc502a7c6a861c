"""Where the title of a notice may be broken: lines of like length that cut no word (GB/T 9704-2012, 7.3.1)."""

import re

LINE = 19  # full-width characters of 22 pt that fit beside each other in 156 mm, with a margin of one
# Words that such titles are made of, longer ones first. What stands between two of them is kept together as well.
WORDS = (
    "情况的通报", "党组织书记", "党支部书记", "党务工作者", "党务工作人员", "党务干部", "工作人员", "工作者", "发展对象",
    "积极分子",
    "党组织", "党支部", "党总支", "副书记", "书记", "干部", "党员", "委员", "教师", "校长", "人员", "教育系统", "教育局", "学校",
    "应知应会", "专题", "知识", "业务", "理论", "培训班", "培训", "轮训", "学习",
    "考试", "测试", "测验", "考核", "竞赛", "抽测", "补考",
    "不合格", "缺考", "上半年", "下半年", "全市", "全县", "全区",
)  # fmt: skip
PIECE = re.compile(r"\d+年(?:\d+月(?:\d+日)?|第[一二三四]季度|[上下]半年)?|" + "|".join(WORDS) + r"|[A-Za-z0-9.]+")
LEADS = ("关于", "专题", "业务", "理论", "全市", "全县", "全区")  # never last on a line
JOINS_BACK = tuple("的及和、，。：；）》”）,.)") + ("班",)  # never first on a line


def width(text):
    """Return the width of `text` in full-width characters; Latin letters and digits count half, the dot in names whole."""
    return sum(0.5 if ord(ch) < 0x2000 and ch != "·" else 1 for ch in text)


def phrases(title):
    """Return the title cut into phrases; joined again they are the title."""
    pieces: list[str] = []
    for piece in _pieces(title):
        glue = pieces and (pieces[-1].endswith(LEADS) or piece.startswith(JOINS_BACK))
        if glue:
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces


def _pieces(title):
    end = 0
    for match in PIECE.finditer(title):
        if match.start() > end:
            yield title[end : match.start()]
        yield match.group()
        end = match.end()
    if end < len(title):
        yield title[end:]


def lines(title, limit=LINE):
    """Return the title in as few lines as fit `limit`, as even as can be; [title] when one phrase alone is too wide."""
    parts = phrases(title)
    if not parts or max(map(width, parts)) > limit:
        return [title]
    fewest = max(1, -int(-width(title) // limit))
    for count in range(fewest, len(parts) + 1):
        found = _evenest(tuple(parts), count, limit)
        if found:
            return found
    return [title]


def _evenest(parts, count, limit):
    """Return `parts` in `count` lines no wider than `limit` with the least sum of squared widths, or None."""
    best: dict[tuple[int, int], tuple[float, list[str]]] = {(0, 0): (0.0, [])}  # (parts used, lines made) -> (cost, lines)
    for end in range(1, len(parts) + 1):
        for made in range(1, min(end, count) + 1):
            options = []
            for start in range(made - 1, end):
                line = "".join(parts[start:end])
                before = best.get((start, made - 1))
                if before and width(line) <= limit:
                    options.append((before[0] + width(line) ** 2, [*before[1], line]))
            if options:
                best[end, made] = min(options)
    found = best.get((len(parts), count))
    return found[1] if found else None
