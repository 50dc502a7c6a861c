"""Rows by their ids, within the person's scope; 404 for those that are not there or not theirs (R49)."""

from flask import abort
from flask_login import current_user
from sqlalchemy import select

from app.core import clock
from app.core.db import db, in_unit_of_work
from app.papers import queries, seals
from app.papers.models import Paper, PaperItem, PaperSection


def get_paper(paper_id, permission):
    """Return the paper, locked inside a unit of work. Raises 404, or Sealed for somebody who is to sit it (R54)."""
    query = queries.papers_for(current_user, permission).where(Paper.id == paper_id).execution_options(populate_existing=True)
    paper = db.session.scalars(query.with_for_update(of=Paper) if in_unit_of_work() else query).one_or_none() or abort(404)
    seals.refuse_sealed(current_user, paper, clock.now())
    return paper


def get_section(paper, section_id):
    """Return one section of a paper, or 404."""
    query = select(PaperSection).where(PaperSection.paper_id == paper.id, PaperSection.id == section_id)
    return db.session.scalars(query).one_or_none() or abort(404)


def get_item(section, item_id):
    """Return one fixed question of a section, or 404."""
    return db.session.scalars(
        select(PaperItem).where(PaperItem.section_id == section.id, PaperItem.id == item_id)
    ).one_or_none() or abort(404)
