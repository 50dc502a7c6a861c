"""What this part refuses, in words."""

from flask_babel import lazy_gettext as _l

from app.core.errors import Refusal


class SignInRefused(Refusal):
    """Unknown account, wrong password, locked or disabled: one answer for all of them (R42)."""

    status = 422
    message = _l("The account or the password is wrong. After several wrong passwords an account is closed for a while.")


class IssuedPasswordExpired(Refusal):
    """Said only after the right one-time password (R42)."""

    status = 422
    message = _l("This one-time password is no longer valid. Ask the administrator for a new one.")


class WrongPassword(Refusal):
    status = 422
    message = _l("The password is wrong.")


class PasswordRefused(Refusal):
    """A chosen password breaks rules; `details` has one sentence for each (R39)."""

    status = 422
    message = _l("Choose another password.")

    def __init__(self, problems):
        super().__init__(details=[PASSWORD_RULES[problem] for problem in problems])
        self.problems = problems


PASSWORD_RULES = {
    "short": _l("Use at least 10 characters. A short sentence is easy to remember."),
    "long": _l("Use at most 128 characters."),
    "common": _l("Many people use this password. Choose one that nobody would guess."),
    "own_word": _l("The password must not contain your name, account, phone number, unit or the name of this system."),
    "different": _l("The two passwords are not the same."),
    "same": _l("This is the password you have now. Choose a new one."),
}


class PhoneTaken(Refusal):
    status = 422
    message = _l("Another person uses this mobile number. Check it, or ask the administrator.")


class AccountTaken(Refusal):
    status = 422
    message = _l("Another person has the account “%(account)s”.")


class UnitCodeTaken(Refusal):
    status = 422
    message = _l("Another unit has the code “%(code)s”.")


class UnitLoop(Refusal):
    status = 422
    message = _l("A unit cannot lie below itself. Choose another unit above it.")


class UnitInUse(Refusal):
    message = _l("This unit still has active people or units below it. Move or stop them first.")


class NotYourself(Refusal):
    status = 403
    message = _l("Nobody does this for themselves. Ask another administrator.")


class AboveYou(Refusal):
    status = 403
    message = _l("This person holds a role outside your units. An administrator of those units can do this.")


class BeyondYourUnits(Refusal):
    status = 403
    message = _l("You can grant and revoke roles only for your own units.")


class AuditorAlone(Refusal):
    message = _l("An auditor holds no other role: revoke the others first, or choose another person.")


class AlreadyGranted(Refusal):
    message = _l("This person holds that role there already.")


class ImportNotReady(Refusal):
    message = _l("This roster is not in a state for that any more. Reload the page and look at it again.")
