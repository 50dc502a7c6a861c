"""Random papers in the styles in which trainers write them, with the truth they were written from."""

import random

WORDS = [
    "党的全国代表大会",
    "党支部",
    "预备党员",
    "组织生活会",
    "1921年7月",
    "2022年修订",
    "“三会一课”",
    "《中国共产党章程》",
    "第三十条",
    "民主集中制",
    "3.5%",
    "50人以上",
    "党组织书记",
    "主题党日",
    "发展党员工作",
    "5至7人",
    "A类单位",
    "党费收缴",
    "批评与自我批评",
    "基层组织",
    "换届选举",
    "请示报告",
    "两个维护",
]
VERBS = ["应当", "规定", "负责", "包括", "提出", "指出", "要求", "执行", "讨论", "决定"]
OPTIONS = [
    "3年",
    "5年",
    "一年",
    "30人",
    "2.5%",
    "1921年",
    "20 人",
    "2021年7月1日",
    "以上都对",
    "以上都不对",
    "A、B都对",
    "①②",
    "①②③",
]
ANSWERS = ["一年", "民主集中制", "全心全意为人民服务", "3", "十八", "理论联系实际", "党员大会", "书记"]
BRACKETS = ("（ ）", "( )", "（　　）")
KINDS = {
    "single_choice": ["单选题", "单项选择题"],
    "multiple_choice": ["多选题", "多项选择题"],
    "true_false": ["判断题"],
    "fill_blank": ["填空题"],
}
NUMBERS = {
    "1.": "{}.",
    "1、": "{}、",
    "1．": "{}．",
    "(1)": "({})",
    "（1）": "（{}）",
    "第1题": "第{}题 ",
    "第1题：": "第{}题：",
    "1 .": "{} .",
}
ANSWER_LABELS = [
    "答案：",
    "【答案】",
    "参考答案：",
    "正确答案：",
    "答案:",
    "正确答案: ",
    "[答案]",
    "答：",
    "【正确答案】 ",
    "答案是：",
]
LETTERS = ["A.", "A、", "A．", "A:", "(A)", "A. ", "（A）", "Ａ．"]
GAPS = ["  ", "    ", "\t", "　　"]
CHINESE = "一二三四"


class Paper:
    """One paper by a seed: `text`, and `truth` as {"number", "kind", "stem", "options", "key"}."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines, self.truth = [], []
        pick = self.random.choice
        self.number, self.letter, self.label = pick(list(NUMBERS)), pick(LETTERS), pick(ANSWER_LABELS)
        self.layout, self.place = pick(["lines", "one", "two", "stem"]), pick(["line", "line", "stem", "behind", "table"])
        self.restart, self.blank = pick([True, False]), pick([True, False])
        self._write([self._question(pick(list(KINDS))) for _ in range(self.random.randint(2, 9))])
        self.text = "\n".join(self.lines)

    def _phrase(self, count):
        pick = self.random.choice
        return "".join(pick(WORDS) + (pick(VERBS) if self.random.random() < 0.6 else "") for _ in range(count))

    def _question(self, kind):
        pick = self.random.choice
        if kind == "true_false":
            return {"kind": kind, "stem": self._phrase(2) + "。", "options": [], "key": [pick(["true", "false"])]}
        if kind == "fill_blank":
            count = pick([1, 1, 2, 3])
            stem = self._phrase(1) + "".join(f"____{pick('、和，')}{self._phrase(1)}" for _ in range(count)) + "。"
            return {"kind": kind, "stem": stem, "options": [], "key": [[pick(ANSWERS)] for _ in range(count)]}
        count, options = pick([3, 4, 4, 5]), []
        while len(options) < count:
            options = list(
                dict.fromkeys([*options, pick(OPTIONS) if self.random.random() < 0.3 else self._phrase(pick([1, 2, 3]))])
            )
        size = 1 if kind == "single_choice" else self.random.randint(2, count)
        key = sorted(self.random.sample("ABCDE"[:count], size))
        ending = pick(
            [
                *(f"的是{bracket}" for bracket in BRACKETS),
                *(f"的是{bracket}。" for bracket in BRACKETS),
                "？",
                "是",
                "下列正确的是",
            ]
        )
        return {"kind": kind, "stem": self._phrase(pick([1, 2, 3])) + ending, "options": options, "key": key}

    def _write(self, questions):
        tables, number = [], 0
        for place, kind in enumerate(KINDS):
            section = [question for question in questions if question["kind"] == kind]
            if not section:
                continue
            count = len(section)
            self.lines.append(
                f"{CHINESE[place]}、{self.random.choice(KINDS[kind])}"
                + self.random.choice(["", "（每题2分）", f"(每题2分,共{2 * count}分)"])
            )
            number, keys = 0 if self.restart else number, []
            for question in section:
                number += 1
                question["number"] = number
                key = self._write_question(question)
                keys += [(number, key)] if key else []
            tables += [(place, kind, keys)] if keys else []
        self._write_tables(tables)

    def _key(self, question):
        pick, kind = self.random.choice, question["kind"]
        if kind == "true_false":
            return pick([("√", "×"), ("对", "错"), ("正确", "错误")])[question["key"] == ["false"]]
        if kind == "fill_blank":
            return "；".join("/".join(blank) for blank in question["key"])
        plain = self.place == "table" or self.place == "behind" and self.layout == "stem"
        return pick(["", "", "、", ","]).join(question["key"]) if not plain else "".join(question["key"])

    def _write_question(self, question):
        """Write one question; return its key when it goes to a table at the end."""
        key, stem = self._key(question), question["stem"]
        inside = self._with_key(question, key) if self.place in ("stem", "behind") else None
        lines = [NUMBERS[self.number].format(question["number"]) + (inside or stem)]
        self._write_options(question, lines)
        to_table = self.place == "table"
        if inside is None and not to_table:
            lines.append(self.label + key)
        if not to_table and self.random.random() < 0.3:
            lines.append(self.random.choice(["解析：", "【解析】", "答案解析："]) + self._phrase(2) + "。")
        if not to_table and self.random.random() < 0.2:
            lines.append(f"知识点：{self.random.choice(WORDS)}")
        self.lines += [*lines, ""] if self.blank else lines
        self.truth.append(question)
        return key if to_table else None

    def _with_key(self, question, key):
        """Return the stem with its key written into it or behind it, None where that cannot be."""
        stem = question["stem"]
        if question["kind"] == "true_false":
            return stem + self.random.choice([f"（{key}）", f"( {key} )"])
        if question["kind"] == "fill_blank":
            for blank in question["key"]:
                stem = stem.replace("____", f"（{blank[0]}）", 1)
            return stem
        bracket = next((bracket for bracket in BRACKETS if bracket in stem), None)
        if bracket is None:
            return None
        if self.place == "behind":
            return stem + self.random.choice(["", " ", "  "]) + key
        return stem.replace(bracket, bracket[0] + self.random.choice(["", " "]) + key + bracket[-1])

    def _write_options(self, question, lines):
        wide = str.maketrans("ABCDE", "ＡＢＣＤＥ")
        options = []
        for label, text in zip("ABCDE", question["options"], strict=False):
            letter = label.translate(wide) if "Ａ" in self.letter else label
            options.append(self.letter.replace("A", letter).replace("Ａ", letter) + text)
        gap = self.random.choice(GAPS)
        if not options:
            return
        if self.layout == "lines":
            lines += options
        elif self.layout == "one":
            lines.append(gap.join(options))
        elif self.layout == "two":
            lines += [gap.join(options[:2]), gap.join(options[2:])]
        else:
            lines[0] += " " + "  ".join(options)

    def _write_tables(self, tables):
        if not tables:
            return
        self.lines.append(self.random.choice(["参考答案", "参考答案：", "附：参考答案"]))
        for place, kind, keys in tables:
            self.lines.append(f"{CHINESE[place]}、{KINDS[kind][0]}")
            if kind == "fill_blank":
                self.lines += [f"{number}. {key}" for number, key in keys]
            elif len(keys) > 1 and all(len(key) == 1 for _, key in keys) and self.random.random() < 0.5:
                self.lines.append(f"{keys[0][0]}-{keys[-1][0]} " + "".join(key for _, key in keys))
            else:
                sign, gap = self.random.choice([".", "、", "．"]), self.random.choice(["  ", " ", "；"])
                self.lines.append(gap.join(f"{number}{sign}{key}" for number, key in keys))
