"""Papers with drawn sections, and reading what is stored and shown, for the tests of this part."""

import re
from decimal import Decimal

from sqlalchemy import select

from app.core.db import db, unit_of_work
from app.papers.models import Paper, PaperSection


def drawn_section(
    paper, position, bank, *, count, kind="single_choice", difficulty=None, banks=None, topics=(), points=Decimal(2)
):
    """Add a section to `paper` that draws `count` questions from `bank`, or from `banks`."""
    draw = {"bank_ids": [one.id for one in banks or [bank]], "topic_ids": list(topics), "difficulty": difficulty, "count": count}
    with unit_of_work() as session:
        section = PaperSection(
            paper_id=paper.id,
            position=position,
            title="单项选择题",
            kind=kind,
            points_each=points,
            rule="all_or_nothing",
            drawn=True,
            draw=draw,
        )
        session.add(section)
    db.session.refresh(section)
    return section


def field(page, name):
    return re.search(rf'name="{name}"[^>]*value="([^"]*)"', page).group(1)


def papers():
    db.session.rollback()
    return db.session.scalars(select(Paper).order_by(Paper.id)).all()
