"""Names of fictional units and people. Everything here is made up; the words 示例 mark what would otherwise look real."""

import random

HIGH = ["示例一中", "示例二中", "示例三中", "示例四中", "示例外国语学校", "示例职教中心"]
MIDDLE = [
    "示例五中",
    "示例六中",
    "示例七中",
    "示例八中",
    "示例九中",
    "示例十中",
    "示例十一中",
    "示例十二中",
    "城南示例初中",
    "城北示例初中",
    "滨河示例初中",
    "实验示例初中",
]
PRIMARY = ["实验示例小学", "师范附小（示例）", *[f"示例第{n}小学" for n in ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")],
           "城东示例小学", "城西示例小学", "滨河示例小学", "新区示例小学"]  # fmt: skip
KINDERGARTEN = [
    "示例中心幼儿园",
    *[f"示例第{n}幼儿园" for n in ("一", "二", "三", "四", "五", "六", "七", "八")],
    "示例机关幼儿园",
    "新区示例幼儿园",
]
INSTITUTION = ["示例教师进修学校", "示例教研室", "示例特教学校", "示例电教馆", "示例考试中心", "示例青少年宫"]

UNITS = [
    *(("high_school", name) for name in HIGH),
    *(("middle_school", name) for name in MIDDLE),
    *(("primary_school", name) for name in PRIMARY),
    *(("kindergarten", name) for name in KINDERGARTEN),
    *(("institution", name) for name in INSTITUTION),
]
PEOPLE_PER_UNIT = {"high_school": 16, "middle_school": 13, "primary_school": 11, "kindergarten": 8, "institution": 8}
BRANCHES = {"high_school": ("第一党支部", "第二党支部")}

FAMILY = "林周陈温何方许沈陆江程叶苏顾宋唐韩冯邓曹彭曾萧田董袁潘蒋蔡余杜戴夏钟汪姜"
FIRST = "知映望书以若景思明文远清怀承嘉予希安可亦言念初时晓云青禾沐星"
SECOND = "远雪舒言安谷然齐川宁平和宜臻川之一行舟白尧辰昕桐溪朗岚峤庭"

# In the training: the people who hold a party post. The rest are party members who teach.
PARTY_POSTS = ("党组织书记", "党组织副书记", "组织委员", "宣传委员", "纪检委员", "党务干事")
TEACHER = "教师党员"


def people(count, seed):
    """Return `count` different fictional names."""
    dice = random.Random(seed)  # noqa: S311 - made-up names need no secrecy
    seen = {"温书言", "何以安", "方若谷", "林知远", "周映雪", "陈望舒", "许景明"}
    found = []
    while len(found) < count:
        name = dice.choice(FAMILY) + dice.choice(FIRST) + dice.choice(SECOND)
        if name not in seen:
            seen.add(name)
            found.append(name)
    return found
