"""Why a file is not read at all, in words that say what to do."""

from flask_babel import lazy_gettext as _l

from app.bank.problems import words

MESSAGES = {
    "empty_file": _l("The file is empty. Choose the file that holds the questions."),
    "file_too_large": _l("The file has %(size)s MB; %(limit)s MB is the most. Divide it."),
    "kind_unknown": _l("Files of the kind “%(kind)s” cannot be read. Use .docx, .xlsx, .xls, .txt, .md or .json."),
    "kind_mismatch": _l("The name ends in %(extension)s, but the content is %(found)s. Save it again as the kind its name says."),
    "old_word": _l("This is an old Word file (.doc). Open it in Word or WPS, save it as .docx, and choose that file."),
    "damaged": _l("The file is damaged and cannot be opened. Save it again, or paste the text."),
    "archive_unsafe": _l("The package of this file is not as it should be (%(reason)s) and was refused."),
    "encrypted": _l("The file is protected by a password. Take the password off and try again."),
    "macros": _l("The file holds macros. Save it without macros (.docx or .xlsx) and try again."),
    "xml_unsafe": _l("The file holds definitions that are not allowed in a document and was refused."),
    "encoding_unknown": _l("The characters of this text file cannot be read. Save it as UTF-8 and try again."),
    "json_bad": _l("The JSON in this file cannot be read: line %(line)s. Correct it there."),
    "json_no_questions": _l("No list of questions was found in this JSON."),
    "too_many_rows": _l("The table has more than %(limit)s rows or %(columns)s columns. Divide it."),
}
REASONS = {
    "many": _l("too many parts"),
    "large": _l("unpacked size too large"),
    "ratio": _l("compression ratio too high"),
    "twice": _l("parts with the same name"),
    "name": _l("a part with an unsafe name"),
    "nested": _l("an archive inside the archive"),
    "false": _l("stated sizes are false"),
}


class SourceRefused(Exception):
    """A file that is not read. `code` is stable; `message` says why and what to do, in the reader's language."""

    def __init__(self, code, **params):
        super().__init__(code)
        self.code = code
        self.params = params

    @property
    def message(self):
        return words(MESSAGES[self.code], **self.params)

    def __str__(self):
        return f"{self.code}: {self.message}"


def unsafe_archive(reason):
    """Return the refusal of a package for one of REASONS."""
    return SourceRefused("archive_unsafe", reason=REASONS[reason])
