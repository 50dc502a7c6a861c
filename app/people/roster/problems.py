"""What can be wrong with a roster: a file as a whole (FileRefused) or one row (Problem), each with words that say what to do."""

from dataclasses import dataclass, field

from flask_babel import lazy_gettext as _l


@dataclass(frozen=True)
class Problem:
    """One thing wrong in one row. `column` is a field's name, or "" for the row as a whole."""

    row: int
    column: str
    code: str
    values: dict = field(default_factory=dict, hash=False)

    @property
    def words(self):
        """The sentence, in the reader's language."""
        return str(TEXTS[self.code]) % self.values


class FileRefused(Exception):
    """The file as a whole cannot be taken: `code` of FILE_TEXTS with its values."""

    def __init__(self, code, **values):
        super().__init__(code)
        self.code, self.values = code, values


def refusal_words(code, values):
    """The sentence for a refused file."""
    return str(FILE_TEXTS[code]) % values


COLUMNS = {
    "unit_code": _l("Unit code"),
    "unit_name": _l("Unit name"),
    "short_name": _l("Short name of the unit"),
    "parent": _l("Unit above"),
    "kind": _l("Kind of unit"),
    "name": _l("Name"),
    "account": _l("Account or staff number"),
    "phone": _l("Mobile number"),
    "email": _l("E-mail"),
    "position": _l("Position"),
    "roles": _l("Roles"),
    "active": _l("On duty"),
    "unit": _l("Unit"),
    "": _l("Row"),
}

FILE_TEXTS = {
    "too_big": _l("The file is larger than %(most)s MB. Split it, or remove pictures from it."),
    "wrong_kind": _l("The contents of the file are not what its name says. Save it as an Excel workbook (.xlsx) or as CSV and try again."),
    "encrypted": _l("The file is protected by a password. Save it without one and try again."),
    "damaged": _l("The file is damaged or unpacks to far more than a roster needs. Open it in Excel or WPS, save it as .xlsx and try again."),
    "too_heavy": _l(
        "The file took too long or too much memory to read. Copy its rows into the template and try again."
    ),
    "encoding": _l("The characters of the CSV file cannot be read. Save it as “CSV UTF-8” and try again."),
    "too_many_rows": _l("The file has more than %(most)s rows. Split it."),
    "too_many_columns": _l("The file has more than %(most)s columns. Delete those that are not needed."),
    "empty": _l("The file has no rows below its headings."),
    "no_header": _l("No row of headings was found. One of the first ten rows must hold 姓名 with 账号 or 手机号, or 单位代码 with 单位名称. The template shows all of them."),
    "double_column": _l("Two columns mean the same: “%(first)s” and “%(second)s”. Rename or delete one of them."),
}  # fmt: skip

TEXTS = {
    "too_long": _l("Has %(count)s characters; at most %(most)s are possible."),
    "is_date": _l("Excel turned this into a date. Format the column as text and type it again."),
    "precision": _l("The number has more than 15 digits, and Excel has rounded it. Format the column as text and type it again."),
    "scientific": _l("Excel shortened the number to “%(text)s”. Format the column as text and type it again."),
    "zeros_lost": _l("Excel may have dropped leading zeros: here %(text)s, known is %(known)s. Format the column as text and type the zeros."),
    "zeros_likely_lost": _l("Other codes of this column begin with 0 and have %(length)s digits; this one may have lost its zeros. Format the column as text."),
    "name_missing": _l("The name is missing."),
    "account_missing": _l("The account or the mobile number is missing: without one of them the person cannot be told from others."),
    "account_form": _l("An account has 2 to 50 letters, digits or . _ - @ and begins with a letter or digit."),
    "account_is_phone": _l("An account that looks like a mobile number must be the person's own number."),
    "account_elsewhere": _l("The account belongs to somebody in a unit that is not yours."),
    "phone_digits": _l("A mobile number has 11 digits; this one has %(count)s."),
    "phone_form": _l("A mobile number has 11 digits and begins with 1."),
    "phone_masked": _l("The number is masked and does not fit the stored one. Enter the whole number, or leave the cell empty."),
    "phone_taken": _l("The number belongs to %(who)s already."),
    "phone_elsewhere": _l("The number belongs to somebody else already."),
    "email_form": _l("Enter an e-mail address such as name@example.org."),
    "kind_unknown": _l("“%(text)s” is not a kind of unit. Possible: %(known)s."),
    "role_unknown": _l("“%(text)s” is not a role. Possible: %(known)s."),
    "active_unknown": _l("“%(text)s” is not understood. Possible: 在职, 停用."),
    "repeated": _l("The same person is in row %(row)s already. Only that row is used."),
    "phone_repeated": _l("Row %(row)s has the same mobile number."),
    "unit_missing": _l("The unit is missing. Enter its code or name."),
    "unit_unknown": _l("No unit has the name “%(text)s”. Check it, or enter a unit code so that it can be added."),
    "unit_ambiguous": _l("Several units have the name “%(text)s”. Enter the unit code."),
    "unit_name_missing": _l("The unit %(code)s is new: enter its name."),
    "unit_name_taken": _l("A unit of this name has the code %(code)s. Use that code, or another name."),
    "unit_conflict": _l("Row %(row)s says “%(other)s” for the same unit."),
    "unit_not_yours": _l("This unit is not one of yours."),
    "unit_loop": _l("The unit would lie below itself."),
    "unit_unusable": _l("Row %(row)s says something wrong about this unit. Correct that row first."),
    "parent_unknown": _l("No unit above has the code or name “%(text)s”."),
    "parent_missing": _l("The unit is new: enter the unit above it."),
    "unit_stopped": _l("This unit is no longer in use."),
    "own_row": _l("This is you: another administrator must change your roles or close your account."),
    "above_you": _l("This person holds a role outside your units. An administrator of those units can change them."),
    "auditor_alone": _l("An auditor holds no other role."),
}  # fmt: skip
