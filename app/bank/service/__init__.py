"""What people do with banks: make and edit banks and questions, review them, store imports, load the shipped questions."""

from flask_babel import lazy_gettext as _l

from app.bank.rules import Draft
from app.bank.service.banks import create_bank, edit_bank, stamp_of_bank
from app.bank.service.questions import create_question, edit_question, topic_of
from app.bank.service.review import approve, retire, set_level, set_topic
from app.bank.service.shipped import load_shipped
from app.bank.service.storing import Stored, store_questions
from app.core import audit

audit.ACTIONS.update({
    "bank.create": _l("Question bank made"),
    "bank.edit": _l("Question bank changed"),
    "bank.import": _l("Questions imported"),
    "bank.export": _l("Questions exported"),
    "question.create": _l("Question written"),
    "question.edit": _l("Question changed"),
    "question.approve": _l("Questions approved"),
    "question.retire": _l("Questions retired"),
    "question.sort": _l("Topic or difficulty of questions changed"),
})  # fmt: skip

__all__ = [
    "Draft", "Stored", "approve", "create_bank", "create_question", "edit_bank", "edit_question", "load_shipped", "retire", "set_level",
    "set_topic", "stamp_of_bank", "store_questions", "topic_of",
]  # fmt: skip
