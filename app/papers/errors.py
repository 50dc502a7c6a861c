"""What papers refuse, with their words."""

from flask_babel import lazy_gettext as _l

from app.core.errors import Refusal


class PaperFrozen(Refusal):
    message = _l("This paper is frozen and cannot be changed any more. Make a copy and change that.")


class NotReady(Refusal):
    """`details` are the sentences of the check."""

    message = _l("The paper cannot be frozen yet. Put these right first:")


class ChangedSinceSeen(Refusal):
    message = _l("The paper or a question in it was changed after you opened this page. Look at it again before you freeze it.")


class NotYourBank(Refusal):
    status = 422
    message = _l("One of the chosen banks is not open to you. Choose others.")


class NotPickable(Refusal):
    status = 422
    message = _l("Some of these questions cannot be added: they are in the paper already, of another kind, or not approved.")


class TooManyQuestions(Refusal):
    status = 422
    message = _l("A paper takes at most %(most)s questions.")


class TooManySections(Refusal):
    status = 422
    message = _l("A paper takes at most %(most)s sections.")


class Sealed(Refusal):
    status = 403
    message = _l("You sit a test with this paper, so it stays closed to you until that test is over.")
