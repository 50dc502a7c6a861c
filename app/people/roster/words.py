"""The words of roster files. Files are Chinese whatever the reader's language, so that an export is an import again."""

import re
import unicodedata

from app.people import rules

HEADERS = {
    "unit_code": "单位代码 单位编码 单位编号 机构代码 组织代码 unitcode",
    "unit_name": "单位名称 单位 工作单位 所在单位 机构名称 所属单位 所在党组织 unit",
    "short_name": "单位简称 简称",
    "parent": "上级单位 上级单位代码 上级单位编码 上级单位名称 主管单位 上级 上级党组织",
    "kind": "单位类别 单位类型 单位性质 类别",
    "name": "姓名 名字 人员姓名 name",
    "account": "账号 帐号 工号 人员编号 职工号 教工号 登录账号 登录名 用户名 账号/工号 账号或工号 account",
    "phone": "手机号 手机 手机号码 移动电话 联系电话 电话 电话号码 phone",
    "email": "邮箱 电子邮件 电子邮箱 邮件地址 email e-mail",
    "position": "职务 职位 岗位 党内职务 职务/职位",
    "roles": "角色 系统角色 角色权限 roles",
    "active": "状态 在职状态 人员状态 账号状态",
}
FIELD_OF = {header: field for field, headers in HEADERS.items() for header in headers.split()}

# the columns of template and export, in order: field, heading, width in characters, hint
LAYOUT = (
    ("unit_code", "单位代码", 14, "单位的唯一代码，前面的 0 也算。新单位必填。"),
    ("unit_name", "单位名称", 26, "单位全称。只填名称也可以，但该单位须已在系统中。"),
    ("short_name", "单位简称", 14, "看板上显示的短名，可不填。"),
    ("parent", "上级单位", 20, "上级单位的代码或名称。不填：已有单位不变，新单位挂在你管理的单位下面。"),
    ("kind", "单位类别", 12, "教育局、高中、初中、小学、幼儿园、直属单位、党支部。不填：已有单位不变，新单位为直属单位。"),
    ("name", "姓名", 12, "新人员必填。"),
    ("account", "账号", 16, "工号或账号，2 至 50 个字母、数字或 . _ - @。不填则用手机号作账号。系统按账号认人。"),
    ("phone", "手机号", 14, "11 位数字，可用来登录。"),
    ("email", "邮箱", 24, "电子邮箱，可不填。"),
    ("position", "职务", 16, "例如 支部书记、组织委员。"),
    (
        "roles",
        "角色",
        24,
        "管理员、培训员、阅卷员、监考员、单位联系人、审计员，多个用顿号分开，适用于本人所在单位及下级。不填则不变。",
    ),
    ("active", "状态", 8, "在职 或 停用。不填则不变。"),
)
CLEARED = "无"  # written into a cell to empty what is stored; an empty cell leaves it as it is

KIND_WORDS = {
    "bureau": "教育局 局机关 教体局",
    "high_school": "高中 高级中学 普通高中 中职",
    "middle_school": "初中 初级中学",
    "primary_school": "小学",
    "kindergarten": "幼儿园",
    "institution": "直属单位 事业单位 直属",
    "branch": "党支部 支部",
}
KIND_OF = {word: kind for kind, words in KIND_WORDS.items() for word in words.split()}
KIND_SHOWN = {kind: words.split()[0] for kind, words in KIND_WORDS.items()}

ROLE_WORDS = {
    rules.ADMINISTRATOR: "管理员 系统管理员",
    rules.TRAINER: "培训员 命题员 培训管理员 命题教师 教员",
    rules.GRADER: "阅卷员 阅卷教师 阅卷",
    rules.INVIGILATOR: "监考员 监考教师 监考",
    rules.LIAISON: "单位联系人 联系人 联络员 单位联络员",
    rules.AUDITOR: "审计员 审计",
}
ROLE_OF = {word: role for role, words in ROLE_WORDS.items() for word in words.split()} | {
    "学员": rules.TRAINEE,
    "考生": rules.TRAINEE,
}
ROLE_SHOWN = {role: words.split()[0] for role, words in ROLE_WORDS.items()}

ACTIVE_OF = dict.fromkeys(["在职", "在岗", "启用", "正常", "是"], True) | dict.fromkeys(
    ["停用", "离职", "退休", "调离", "禁用", "不在职", "离岗", "否"], False
)


def field_of(heading):
    """Return the field that a column heading means, or None."""
    plain = unicodedata.normalize("NFKC", heading or "")
    plain = re.sub(r"\([^)]*\)|[\s*:：]", "", plain).lower()
    return FIELD_OF.get(plain)


def roles_shown(roles):
    """Roles as a cell shows them, in the order of the permissions' table."""
    return "、".join(ROLE_SHOWN[role] for role in rules.ROLES if role in roles)
