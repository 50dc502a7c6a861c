"""What the bank refuses, with its words."""

from flask_babel import lazy_gettext as _l

from app.core.errors import Refusal


class BankNameTaken(Refusal):
    status = 422
    message = _l("There is a question bank of this name already. Choose another name.")


class BankSealed(Refusal):
    status = 403
    message = _l("You sit a test with questions of this bank, so it stays closed to you until that test is over.")


class NotSound(Refusal):
    """`details` are the sentences of what is wrong with the question."""

    status = 422
    message = _l("The question cannot be saved yet. Put these right first:")


class OwnQuestion(Refusal):
    message = _l("You wrote this version. Somebody else has to check it before it is used.")


class NothingChosen(Refusal):
    status = 422
    message = _l("No question is chosen. Tick the questions first.")


class TooManyChosen(Refusal):
    status = 422
    message = _l("At most %(most)s questions can be changed at once.")


class TooMuchText(Refusal):
    status = 413
    message = _l("The text has %(count)s characters; %(most)s is the most. Divide it and import the parts one after the other.")


class ImportFinished(Refusal):
    message = _l("This import is finished. Start a new one for further questions.")


class FileRefused(Refusal):
    """A file that is not read; nothing of it is kept. `reason` is the whole sentence, in the reader's language."""

    status = 422

    def __init__(self, reason):
        super().__init__()
        self.message = reason


class FileTooCostly(Refusal):
    status = 422
    message = _l("Reading the file took too long or too much memory, and was stopped. Divide it into smaller files.")
