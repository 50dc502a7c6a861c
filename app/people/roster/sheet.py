"""Writing roster workbooks: the empty template, the export that is an import again, and a batch's one-time passwords.

Text is written as text, so that no cell is a formula and no leading zero is lost (R67).
"""

import io

import xlsxwriter

from app.people.roster.words import ACTIVE_OF, KIND_SHOWN, LAYOUT, ROLE_SHOWN

ROSTER_SHEET, NOTES_SHEET = "人员", "说明"
TEMPLATE_ROWS = 2000  # rows formatted as text beforehand


def template():
    """Return the template: headings, text columns, choices for kind and state, and a sheet of hints."""
    with _book() as (book, stream):
        sheet = _roster_sheet(book)
        columns = [name for name, *rest in LAYOUT]
        for name, words in (("kind", list(KIND_SHOWN.values())), ("active", ["在职", "停用"])):
            place = columns.index(name)
            sheet.data_validation(1, place, TEMPLATE_ROWS, place, {"validate": "list", "source": words, "ignore_blank": True})
        _notes(book, [])
    return stream.getvalue()


def export(rows, notes):
    """Return a workbook of [{field: text}] in the order of LAYOUT. notes: lines that say who exported what and when."""
    with _book() as (book, stream):
        sheet = _roster_sheet(book)
        text = book.add_format({"num_format": "@"})
        for number, row in enumerate(rows, 1):
            for place, (name, *_rest) in enumerate(LAYOUT):
                if row.get(name):
                    sheet.write_string(number, place, row[name], text)
        _notes(book, notes)
    return stream.getvalue()


def passwords(rows, notes):
    """Return a workbook of one-time passwords: rows are (unit, name, account, password)."""
    with _book() as (book, stream):
        sheet = book.add_worksheet("一次性密码")
        head, text = _head(book), book.add_format({"num_format": "@"})
        code = book.add_format({"num_format": "@", "font_name": "Consolas"})
        for place, (title, width) in enumerate((("单位", 28), ("姓名", 12), ("账号", 18), ("一次性密码", 20))):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, title, head)
        for number, row in enumerate(rows, 1):
            for place, value in enumerate(row):
                sheet.write_string(number, place, value, code if place == 3 else text)
        sheet.freeze_panes(1, 0)
        _notes(book, notes, hints=False)
    return stream.getvalue()


class _book:
    """A workbook in memory, closed at the end; gives (book, stream)."""

    def __enter__(self):
        self.stream = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
        self.book = xlsxwriter.Workbook(self.stream, options)
        return self.book, self.stream

    def __exit__(self, kind, error, trace):
        self.book.close()


def _head(book):
    return book.add_format({"bold": True, "bg_color": "#EDEBE6", "bottom": 1, "num_format": "@"})


def _roster_sheet(book):
    sheet = book.add_worksheet(ROSTER_SHEET)
    text = book.add_format({"num_format": "@"})
    for place, (_name, title, width, _hint) in enumerate(LAYOUT):
        sheet.set_column(place, place, width, text)
        sheet.write_string(0, place, title, _head(book))
    sheet.freeze_panes(1, 0)
    return sheet


def _notes(book, notes, hints=True):
    sheet = book.add_worksheet(NOTES_SHEET)
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 90)
    lines = [("", note) for note in notes]
    if hints:
        lines += [
            ("怎么填", "每人一行，从第 2 行起填。空着的单元格表示不改；要清空已有内容，填“无”。可以重复导入，不会重复添加。")
        ]
        lines += [(title, hint) for _name, title, _width, hint in LAYOUT]
        lines += [("角色可填", "、".join(ROLE_SHOWN.values())), ("状态可填", "、".join(ACTIVE_OF))]
    for number, (title, hint) in enumerate(lines):
        sheet.write_string(number, 0, title)
        sheet.write_string(number, 1, hint)
