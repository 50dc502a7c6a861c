"""The refusals of the exams part, with their words."""

from flask_babel import lazy_gettext as _l

from app.core.errors import Refusal


class NotOpenYet(Refusal):
    message = _l("The test opens at %(time)s. The button works from then on.")


class EntryClosed(Refusal):
    message = _l("The latest time to enter, %(time)s, is over. Contact the invigilator.")


class SittingOver(Refusal):
    message = _l("The test ended at %(time)s.")


class SittingCancelled(Refusal):
    message = _l("This test was cancelled. Nothing is to be done.")


class OnLeave(Refusal):
    message = _l("You are on leave for this test. Ask the organiser if that is wrong.")


class NoAttemptsLeft(Refusal):
    message = _l("You have handed in. There is no further attempt at this test.")


class SaveFailed(Refusal):
    """The disk or the database said no (R16). Nothing was acknowledged; the same request may be sent again."""

    status = 503
    message = _l("The server cannot save at the moment. Go back: your answers are still on the page. Try again in a few seconds.")
    retry_after = 3


class NothingToExtend(Refusal):
    message = _l("Nobody is concerned: everyone has handed in.")


class SittingConfirmed(Refusal):
    message = _l("The results are confirmed, or the test is not published: no more time can be given.")


class BadExtension(Refusal):
    status = 422
    message = _l("Give between 1 and %(most)s more minutes, and a reason.")


class AlreadyConfirmed(Refusal):
    message = _l("The results are already confirmed.")


class StillOpen(Refusal):
    message = _l("The test has not closed for everybody yet.")


class AttemptsOpen(Refusal):
    message = _l("%(count)s attempts are still open. They close by themselves within a minute.")


class AttemptsUnmarked(Refusal):
    message = _l("%(count)s attempts are not marked yet. Marking runs by itself; wait a minute.")


class OwnResults(Refusal):
    status = 403
    message = _l("You sat this test yourself. Somebody else has to confirm its results.")


class NotConfirmed(Refusal):
    message = _l("Notices are drafted from confirmed results. Confirm the results first.")


class NothingToReport(Refusal):
    message = _l("Nobody was due to sit this test, so there is nothing to report.")


class BadAnswer(Refusal):
    status = 422
    message = _l("An answer is too long or cannot be read. Go back, shorten it and save again.")


class NotYours(Refusal):
    status = 422
    message = _l("The unit or the paper is not open to you. Choose others.")


class NotNow(Refusal):
    message = _l("The test is no longer in a state that allows this. Reload the page to see where it stands.")


class NotPublishable(Refusal):
    """`details` are the sentences of the check."""

    status = 422
    message = _l("The test cannot be published yet. Put these right first:")


class NobodyToAdd(Refusal):
    status = 422
    message = _l("Nobody was added: these people are on the list already, or cannot sit this test.")


class HasBegun(Refusal):
    message = _l("This person has begun the test already, so the list stays as it is.")


class SomeHaveBegun(Refusal):
    message = _l("%(count)s people have begun already, so the test can no longer be cancelled.")


class NotLater(Refusal):
    status = 422
    message = _l("The new end must lie after the present one, and after now.")


class OpenTooLong(Refusal):
    status = 422
    message = _l("A test may stay open for a year at most.")


class Examinee(Refusal):
    """R54: who sits a test neither plans nor watches it."""

    status = 403
    message = _l("You sit this test yourself, so its preparation and its board are closed to you until it is over.")
