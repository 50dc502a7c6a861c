"""The refusals of notices, with their words."""

from flask_babel import lazy_gettext as _l

from app.core.errors import Refusal


class AlreadyDrafted(Refusal):
    message = _l("The notices of this test are already approved or issued. They are not drafted a second time.")


class NotDraft(Refusal):
    message = _l("Only drafts can be approved. Reload the page to see what became of them.")


class OwnDraft(Refusal):
    status = 403
    message = _l("You drafted these notices yourself. A second person has to approve them.")


class NotApproved(Refusal):
    message = _l("Only approved notices can be issued. Reload the page to see what became of them.")


class SignTooEarly(Refusal):
    message = _l("The time to sign, %(due)s, is already over. Draft the notices again with a later time.")


class DocumentProblems(Refusal):
    message = _l("The notices cannot be made. Put these points right first.")


class CannotSign(Refusal):
    message = _l("This copy cannot be signed for: it has been withdrawn or needs no signature.")


class NotIssued(Refusal):
    message = _l("Only an issued notice can be withdrawn.")


class Unsound(Refusal):
    status = 500
    message = _l("The stored document is not the one that was issued. Tell the administrator; nothing is handed out.")
