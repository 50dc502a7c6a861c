"""Planning a roster: pure comparisons of rows with what is stored."""

import pytest

from app.people.roster.facts import PersonFact, Stored, UnitFact
from app.people.roster.lines import lines_of
from app.people.roster.plan import make_plan
from app.people.roster.read import read
from app.people.roster.rows import understand


def stored(**more):
    """bureau 0000 > school 0101 (lin, he) and school 0102 (wen)."""
    units = [
        UnitFact(1, "0000", "示例市教育局", "", "bureau", None, "/1/", 1),
        UnitFact(2, "0101", "示例一中", "一中", "high_school", 1, "/1/2/", 1),
        UnitFact(3, "0102", "示例二中", "", "high_school", 1, "/1/3/", 1),
    ]
    people = [
        PersonFact(10, 2, "林知远", "lin", "13800000012", None, "支部书记", True, 4),
        PersonFact(11, 2, "何以安", "he", None, "he@example.org", "", True, 1),
        PersonFact(12, 3, "温书言", "wen", "13800000099", None, "", True, 1),
        PersonFact(13, 1, "局管理员", "boss", None, None, "", True, 1),
    ]
    grants = {10: {("liaison", 2)}, 13: {("administrator", 1)}}
    return Stored(
        {unit.id: unit for unit in units}, {person.id: person for person in people}, **{"grants": grants, "actor_id": 13, **more}
    )


def plan(text, base=None, **options):
    """The Plan of a roster given as lines of CSV."""
    table = read("a.csv", text.strip().replace(" ", "").encode())
    rows, problems = understand(table)
    return make_plan(table, rows, problems, base or stored(), **options)


def codes(made):
    return [(one.row, one.column, one.code) for one in made.problems]


HEAD = "单位代码,单位名称,上级单位,单位类别,姓名,账号,手机号,邮箱,职务,角色,状态\n"


class TestPeople:
    def test_someone_new_is_added(self):
        made = plan(HEAD + "0101,,,,赵新,zhao,13811112222,,组织委员,联系人;监考,在职")
        (one,) = made.people_added
        assert (one.name, one.account, one.phone, one.unit, one.roles) == (
            "赵新",
            "zhao",
            "13811112222",
            2,
            {"liaison", "invigilator"},
        )

    def test_an_empty_cell_leaves_and_无_empties(self):
        assert not plan(HEAD + "0101,,,,林知远,lin,,,,,").has_work
        (change,) = plan(HEAD + "0101,,,,林知远,lin,无,无,无,,").people_changed
        assert change.after == {"phone": None, "position": ""}

    def test_changes_are_listed_field_by_field(self):
        made = plan(HEAD + "0101,,,,林致远,LIN,13911112222,lin@example.org,组织委员,,")
        (change,) = made.people_changed
        assert change.kind == "change"
        assert change.before == {"name": "林知远", "phone": "13800000012", "email": None, "position": "支部书记"}
        (line,) = lines_of(made, stored())
        assert line["caution"] is True
        assert ["position", "支部书记", "组织委员"] in line["fields"]

    def test_another_unit_is_a_move_and_ends_the_liaisons_role_there(self):  # R37
        (change,) = plan(HEAD + "0102,,,,林知远,lin,,,,,").people_changed
        assert change.kind == "move"
        assert change.roles_ended == {("liaison", 2)}

    def test_without_an_account_the_number_tells_who_it_is(self):
        made = plan("姓名,手机号,职务\n林知远,13800000012,宣传委员")
        assert [change.id for change in made.people_changed] == [10]

    def test_someone_new_without_an_account_signs_in_with_the_number(self):
        made = plan("单位代码,姓名,手机号\n0101,赵新,13811112222")
        assert made.people_added[0].account == "13811112222"

    def test_停用_closes_and_在职_opens_again(self):
        (change,) = plan("姓名,账号,状态\n林知远,lin,停用").people_changed
        assert change.kind == "deactivate"
        assert change.roles_ended == {("liaison", 2)}
        base = stored()
        base.people[11] = PersonFact(11, 2, "何以安", "he", None, None, "", False, 1)
        (change,) = plan("姓名,账号,状态\n何以安,he,在职", base).people_changed
        assert change.after == {"active": True}

    def test_roles_are_the_whole_list_for_the_own_unit(self):
        (change,) = plan("姓名,账号,角色\n林知远,lin,监考员、培训员").people_changed
        assert change.roles_added == {"invigilator", "trainer"}
        assert change.roles_ended == {("liaison", 2)}
        (change,) = plan("姓名,账号,角色\n林知远,lin,无").people_changed
        assert change.roles_ended == {("liaison", 2)}

    @pytest.mark.parametrize(
        ("line", "problem"),
        [
            ("0101,,,,赵新,,,,,,", "account_missing"),
            ("0101,,,,,zhao,,,,,", "name_missing"),
            (",,,,赵新,zhao,,,,,", "unit_missing"),
            ("0101,,,,赵新,x,,,,,", "account_form"),
            ("0101,,,,赵新,13900000000,,,,,", "account_is_phone"),
            ("0101,,,,赵新,zhao,138****9999,,,,", "phone_masked"),
            ("0101,,,,赵新,zhao,13800000012,,,,", "phone_taken"),
            ("0101,,,,赵新,zhao,,,,校长,", "role_unknown"),
            ("0101,,,,赵新,zhao,,,,审计员、管理员,", "auditor_alone"),
            ("0101,,,,林知远,lin,,,,审计员,", None),
            ("0101,,,,赵新,zhao,,,,,请假", "active_unknown"),
            ("0101,,,,林知远,lin,139****0000,,,,", "phone_masked"),
            (",,,,局管理员,boss,,,,,停用", "own_row"),
            (",,,,局管理员,boss,,,,培训员,", "own_row"),
            ("0101,,,,,,,,委员,,", "account_missing"),
        ],
    )
    def test_what_is_wrong_is_named_and_the_row_left_out(self, line, problem):  # R55, R62
        made = plan(HEAD + line + "\n0102,,,,温书言,wen,,,组织委员,,")
        assert [one.code for one in made.problems] == ([problem] if problem else [])
        assert [change.id for change in made.people_changed if change.id == 12] == [12]

    def test_the_same_person_twice_counts_once(self):  # R62
        made = plan("姓名,账号,手机号,职务\n林知远,lin,,甲\n林知远,,13800000012,乙\n赵,lin,,丙")
        assert codes(made) == [(3, "phone", "repeated"), (4, "account", "repeated")]
        assert [change.after for change in made.people_changed] == [{"position": "甲"}]

    def test_numbers_may_change_hands_within_one_file(self):
        made = plan("姓名,账号,手机号\n林知远,lin,13800000099\n温书言,wen,13800000012")
        assert made.problems == []
        assert {change.id: change.after["phone"] for change in made.people_changed} == {10: "13800000099", 12: "13800000012"}

    def test_a_refused_row_frees_no_number(self):
        made = plan(
            "姓名,账号,手机号\n林知远,lin,13811110000\n赵,he,13811110000\n温书言,wen,无\n钱,boss,13800000099\n何,x1,13800000012"
        )
        assert (3, "phone", "phone_repeated") in codes(made)
        assert (6, "unit", "unit_missing") in codes(made)
        assert {change.id for change in made.people_changed} == {10, 12, 13}

    def test_a_masked_number_that_fits_changes_nothing(self):  # R68
        assert not plan("姓名,账号,手机号\n林知远,lin,138****0012").has_work

    def test_two_plans_that_do_the_same_have_the_same_digest(self):
        text = HEAD + "0101,,,,赵新,zhao,13811112222,,组织委员,联系人,"
        assert plan(text).digest == plan(text).digest
        assert plan(text).digest != plan(text.replace("组织", "宣传")).digest


class TestLostZeros:
    def test_a_code_that_lost_its_zeros_is_reported_not_guessed(self):  # R62
        made = plan("单位代码,单位名称,姓名,账号\n101,示例一中,赵新,zhao")
        assert codes(made) == [(2, "unit_code", "zeros_lost")]
        assert made.units_added == []

    def test_an_account_too(self):
        base = stored()
        base.people[10] = PersonFact(10, 2, "林知远", "0012", None, None, "", True, 1)
        assert codes(plan("单位代码,姓名,账号\n0101,林知远,12", base)) == [(2, "account", "zeros_lost")]

    def test_a_shorter_number_among_codes_with_zeros_is_reported(self):
        made = plan("单位代码,单位名称\n0301,甲校\n0302,乙校\n303,丙校")
        assert codes(made) == [(4, "unit_code", "zeros_likely_lost")]

    def test_a_known_code_without_zeros_is_taken_as_it_is(self):
        base = stored()
        base.units[4] = UnitFact(4, "101", "示例三中", "", "high_school", 1, "/1/4/", 1)
        assert plan("单位代码,姓名,账号\n101,赵新,zhao", base).people_added[0].unit == 4


class TestUnits:
    def test_a_new_unit_hangs_below_the_one_named_or_below_ones_own(self):
        made = plan("单位代码,单位名称,上级单位,单位类别\n0201,甲支部,示例一中,党支部\n0202,新校,,小学\n0203,乙支部,0202,")
        assert [(unit.code, unit.parent, unit.kind) for unit in made.units_added] == [
            ("0201", 2, "branch"),
            ("0202", 1, "primary_school"),
            ("0203", "0202", "institution"),
        ]

    def test_units_come_after_those_above_them_whatever_the_order_of_rows(self):
        made = plan("单位代码,单位名称,上级单位\n3,丙,2\n2,乙,1\n1,甲,")
        assert [unit.code for unit in made.units_added] == ["1", "2", "3"]

    def test_a_stored_unit_changes_and_moves(self):
        (change,) = plan("单位代码,单位名称,上级单位,单位类别\n0102,示例二中分校,0101,初中").units_changed
        assert change.after == {"name": "示例二中分校", "kind": "middle_school", "parent": 2}

    @pytest.mark.parametrize(
        ("lines", "expected"),
        [
            ("0301,,,", [(2, "unit_name", "unit_name_missing")]),
            ("0301,示例一中,,", [(2, "unit_name", "unit_name_taken")]),
            (",没有的单位,,", [(2, "unit_name", "unit_unknown")]),
            ("0301,新校,没有的上级,", [(2, "parent", "parent_unknown")]),
            ("0301,新校,,大学", [(2, "kind", "kind_unknown")]),
            ("0101,,0101,", [(2, "parent", "unit_loop")]),
            ("1,甲,2,\n2,乙,1,", [(2, "parent", "unit_loop"), (3, "parent", "unit_loop")]),
            ("0301,新校,,\n0301,别的名,,", [(3, "unit_name", "unit_conflict")]),
        ],
    )
    def test_what_is_wrong_with_a_unit(self, lines, expected):  # R62
        made = plan("单位代码,单位名称,上级单位,单位类别\n" + lines)
        assert codes(made) == expected

    def test_rows_of_an_unusable_unit_name_the_row_to_correct_first(self):
        made = plan("单位代码,单位名称,上级单位,姓名,账号\n0301,新校,没有,赵,zhao\n0301,新校,,钱,qian\n0101,,,孙,sunn")
        assert codes(made) == [(2, "parent", "parent_unknown"), (3, "unit", "unit_unusable")]
        assert [one.account for one in made.people_added] == ["sunn"]
        assert made.units_added == []

    def test_a_unit_that_only_refused_people_have_is_not_added(self):
        made = plan("单位代码,单位名称,姓名,账号,手机号\n0301,新校,赵新,zhao,13800000012")
        assert [one.code for one in made.problems] == ["phone_taken"]
        assert made.units_added == []

    def test_units_can_be_told_by_name(self):
        assert plan("单位,姓名,账号\n示例一中,赵新,zhao").people_added[0].unit == 2
        base = stored()
        base.units[4] = UnitFact(4, "9", "示例一中", "", "high_school", 1, "/1/4/", 1)
        assert codes(plan("单位,姓名,账号\n示例一中,赵新,zhao", base)) == [(2, "unit_name", "unit_ambiguous")]

    def test_an_empty_tree_gets_exactly_one_root(self):
        empty = Stored({}, {})
        made = plan("单位代码,单位名称,上级单位\n1,甲局,\n2,乙校,1", empty)
        assert [(unit.code, unit.parent) for unit in made.units_added] == [("1", None), ("2", "1")]
        assert codes(plan("单位代码,单位名称\n1,甲局\n2,乙校", empty)) == [
            (2, "parent", "parent_missing"),
            (3, "parent", "parent_missing"),
        ]

    def test_nobody_is_added_to_a_unit_no_longer_in_use(self):
        base = stored()
        base.units[3] = UnitFact(3, "0102", "示例二中", "", "high_school", 1, "/1/3/", 1, False)
        assert codes(plan("单位代码,姓名,账号\n0102,赵新,zhao\n0102,温书言,wen", base)) == [(2, "unit", "unit_stopped")]


class TestScope:
    """The importer administers school 0101 only."""

    @pytest.fixture
    def mine(self):
        return stored(paths=("/1/2/",), actor_id=11)

    def test_other_units_and_their_people_are_out_of_reach(self, mine):  # R50, R53
        text = "单位代码,姓名,账号\n0102,赵新,zhao\n0101,温书言,wen\n0101,钱新,qian"
        assert codes(plan(text, mine)) == [(2, "unit_code", "unit_not_yours"), (3, "account", "account_elsewhere")]

    def test_a_number_of_someone_elsewhere_is_refused_without_saying_whose(self, mine):  # R49
        (problem,) = plan("单位代码,姓名,账号,手机号\n0101,赵新,zhao,13800000099", mine).problems
        assert (problem.code, problem.values) == ("phone_elsewhere", {})

    def test_a_unit_cannot_be_hung_elsewhere(self, mine):  # R50
        assert codes(plan("单位代码,单位名称,上级单位\n0901,新支部,0102", mine)) == [(2, "parent", "parent_unknown")]
        assert plan("单位代码,单位名称,上级单位\n0901,新支部,", mine).units_added[0].parent == 2

    def test_the_top_unit_named_with_its_own_parent_is_unchanged(self, mine):
        assert not plan("单位代码,单位名称,上级单位\n0101,示例一中,0000\n0101,,示例市教育局", mine).has_work

    def test_people_with_roles_elsewhere_are_not_changed(self, mine):  # R50
        mine.grants[10] = {("administrator", 1)}
        made = plan("姓名,账号,职务\n林知远,lin,委员\n何以安,he,委员", mine)
        assert codes(made) == [(2, "", "above_you")]


class TestMissing:
    FILE = "单位代码,姓名,账号\n0101,林知远,lin"

    def test_nobody_is_closed_unless_asked(self):
        assert not plan(self.FILE).has_work

    def test_people_of_the_listed_units_who_are_missing_are_closed(self):
        (change,) = plan(self.FILE, deactivate_missing=True).people_changed
        assert (change.id, change.row, change.kind) == (11, None, "deactivate")

    def test_people_of_other_units_and_oneself_stay(self):
        made = plan("单位代码,姓名,账号\n0000,新人,newone", deactivate_missing=True)
        assert made.people_changed == []

    @pytest.mark.parametrize("row", ["0101,何以安,he,123", "0101,何以安,,123", "0101,何以安,h,"])
    def test_who_stands_in_a_refused_row_is_not_closed(self, row):  # R62
        made = plan("单位代码,姓名,账号,手机号\n0101,林知远,lin,\n" + row, deactivate_missing=True)
        assert made.bad_rows == 1
        assert made.people_changed == []
