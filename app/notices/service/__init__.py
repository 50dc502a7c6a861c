"""What people do with notices: draft, approve, issue, withdraw; deliver, remind; read, sign."""

from flask_babel import lazy_gettext as _l

from app.core import audit

audit.ACTIONS.update(
    {
        "notice.draft": _l("Notices drafted"),
        "notice.approve": _l("Notices approved"),
        "notice.send_back": _l("Notices sent back"),
        "notice.issue": _l("Notices issued"),
        "notice.withdraw": _l("Notice withdrawn"),
        "notice.sign": _l("Notice signed for"),
        "notice.remind": _l("Unit reminded"),
        "notice.download": _l("Notice downloaded"),
        "notice.retry_delivery": _l("E-mail sent again"),
    }
)
