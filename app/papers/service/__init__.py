"""What people do with papers: write, fill, check, freeze, copy; and drawing an attempt from one."""

from flask_babel import lazy_gettext as _l

from app.core import audit
from app.papers.service.drawing import Drawer, items_for_attempt
from app.papers.service.freezing import digest_of, freeze_paper
from app.papers.service.papers import copy_paper, create_paper, delete_draft, edit_paper, require_draft, stamp_of_paper
from app.papers.service.sections import (
    add_questions,
    add_section,
    assemble,
    edit_section,
    move_item,
    move_section,
    remove_item,
    remove_section,
    renew_items,
    settings_of,
    stamp_of_section,
)

audit.ACTIONS.update({
    "paper.create": _l("Paper made"),
    "paper.edit": _l("Paper renamed"),
    "paper.copy": _l("Paper copied"),
    "paper.delete": _l("Draft paper thrown away"),
    "paper.section": _l("Section of a paper changed"),
    "paper.questions": _l("Questions of a paper changed"),
    "paper.freeze": _l("Paper frozen"),
})  # fmt: skip

__all__ = [
    "Drawer", "add_questions", "add_section", "assemble", "copy_paper", "create_paper", "delete_draft", "digest_of",
    "edit_paper", "edit_section", "freeze_paper", "items_for_attempt", "move_item", "move_section", "remove_item",
    "remove_section", "renew_items", "require_draft", "settings_of", "stamp_of_paper", "stamp_of_section",
]  # fmt: skip
