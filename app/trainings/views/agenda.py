"""The agenda: items added, changed, taken off."""

from flask import flash, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from app.core import clock
from app.core.access import requires
from app.core.db import db, unit_of_work
from app.core.errors import Refusal
from app.core.pages import after_post, render_page
from app.trainings import rules, service
from app.trainings.forms import AgendaItemForm
from app.trainings.models import AgendaItem, Training
from app.trainings.views import bp, get_training


def _form(training):
    form = AgendaItemForm()
    form.offer(training)
    return form


def _item(training_id, item_id):
    return db.first_or_404(select(AgendaItem).where(AgendaItem.id == item_id, AgendaItem.training_id == training_id))


def _page(form, training, item, status=200):
    return render_page("trainings/edit_agenda_item.html", form=form, training=training, item=item, status=status)


@bp.route("/trainings/<int:training_id>/agenda/new", methods=["GET", "POST"])
@requires("training.write")
def new_agenda_item(training_id):
    """Add an item; "and another" goes on with the time at which the last one ends."""
    training = get_training(training_id, "training.write")
    form = _form(training)
    if request.method == "GET":
        _propose(form, training)
        return _page(form, training, None)
    return _stored(form, training, None, lambda values: service.add_agenda_item(db.session.get(Training, training_id), **values))


def _propose(form, training):
    last = training.agenda[-1] if training.agenda else None
    if last is not None:
        form.day.data, form.starts.data, form.place.data = (
            clock.local(last.ends_at).date().isoformat(),
            clock.local(last.ends_at).time(),
            last.place,
        )


@bp.route("/trainings/<int:training_id>/agenda/<int:item_id>", methods=["GET", "POST"])
@requires("training.write")
def edit_agenda_item(training_id, item_id):
    """Change an item."""
    training = get_training(training_id, "training.write")
    item, form = _item(training_id, item_id), _form(training)
    if request.method == "GET":
        form.fill(item)
        return _page(form, training, item)
    return _stored(
        form,
        training,
        item,
        lambda values: service.change_agenda_item(db.session.get(Training, training_id), _item(training_id, item_id), **values),
    )


def _stored(form, training, item, store):
    """Store a valid form and say whether the item shares its time with another."""
    training_id = training.id
    if not form.validate():
        return _page(form, training, item, 422)
    values = {
        "title": form.title.data,
        "starts_at": form.starts_at,
        "ends_at": form.ends_at,
        "speaker": form.speaker.data or "",
        "place": form.place.data or "",
    }
    try:
        with unit_of_work():
            store(values)
    except Refusal as refusal:
        form.day.errors = [refusal.text]
        return _page(form, get_training(training_id), item, refusal.status)
    _tell(training_id, values)
    target = ".new_agenda_item" if "again" in request.form else ".show_training"
    return after_post(url_for(target, training_id=training_id))


def _tell(training_id, values):
    items = db.session.scalars(select(AgendaItem).where(AgendaItem.training_id == training_id)).all()
    own = next((row for row in items if (row.title, row.starts_at) == (values["title"], values["starts_at"])), None)
    others = [row.title for row in items if own is not None and row.id != own.id and rules.overlapping([own, row])]
    if others:
        flash(_("Saved. It shares its time with: %(others)s.", others="、".join(others)), "warn")
    else:
        flash(_("Saved."), "ok")


@bp.post("/trainings/<int:training_id>/agenda/<int:item_id>/remove")
@requires("training.write")
def remove_agenda_item(training_id, item_id):
    """Take an item off the agenda."""
    get_training(training_id, "training.write")
    with unit_of_work():
        item = _item(training_id, item_id)
        title = item.title
        service.remove_agenda_item(db.session.get(Training, training_id), item)
    flash(_("“%(title)s” is off the agenda.", title=title), "ok")
    return after_post(url_for(".show_training", training_id=training_id))
