"""One's own account: profile, password, phone and e-mail, devices, text size and language, own data as a file."""

import json

from flask import abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.core import clock, files
from app.core.access import signed_in
from app.core.db import unit_of_work
from app.core.pages import own_path, render_page
from app.people import own_data, passwords, queries, reauth, sessions
from app.people.errors import PasswordRefused, PhoneTaken
from app.people.forms.own import ConfirmForm, ContactForm, NewPasswordForm
from app.people.service import own
from app.people.views import bp


@bp.get("/me")
@signed_in
def show_me():
    """One's own page."""
    return render_page(
        "people/show_me.html",
        posts=queries.posts_of(current_user.id),
        devices=queries.live_sign_ins(current_user.id, now=clock.now()),
    )


@bp.route("/me/password", methods=["GET", "POST"])
@signed_in
def replace_password():
    """Choose a new own password. After an issued one this is the only page that opens (R40); otherwise the present one is asked first."""
    issued = current_user.password_issued_until is not None
    if not issued and not reauth.is_recent(current_user, clock.now()):
        return redirect(url_for("people.confirm", next=url_for(".replace_password")))
    form = NewPasswordForm()
    if request.method == "GET":
        form.next.data = request.args.get("next")
        return render_page("people/replace_password.html", form=form, issued=issued)
    if not form.validate():
        return render_page("people/replace_password.html", form=form, issued=issued, status=422)
    try:
        own.check_new_password(current_user, form.new_password.data, form.again.data)
    except PasswordRefused as refusal:
        form.new_password.errors = [str(line) for line in refusal.details]
        return render_page("people/replace_password.html", form=form, issued=issued, status=422)
    new_hash = passwords.hash_password(form.new_password.data)
    with unit_of_work():
        own.set_password(current_user, new_hash, now=clock.now())
    flash(_("Your new password is set. Other devices were signed out."), "ok")
    return redirect(own_path(form.next.data, url_for(".show_me")), 303)


@bp.route("/me/confirm", methods=["GET", "POST"])
@signed_in
def confirm():
    """Give the password again, then go on to `next`."""
    back = own_path(request.values.get("next"), url_for(".show_me"))
    form = ConfirmForm()
    if request.method == "POST" and reauth.accepted(form):
        return redirect(back, 303)
    return reauth.ask(form, kept=[("next", back)], back=back)


@bp.route("/me/contact", methods=["GET", "POST"])
@signed_in
@reauth.confirmed
def edit_contact():
    """Change one's own phone number and e-mail address (R46)."""
    form = ContactForm(obj=current_user)
    if request.method == "GET":
        return render_page("people/edit_contact.html", form=form)
    if not form.validate():
        return render_page("people/edit_contact.html", form=form, status=422)
    try:
        with unit_of_work():
            own.set_contact(current_user, form.phone.data, form.email.data, now=clock.now())
    except PhoneTaken as refusal:
        form.phone.errors = [refusal.text]
        return render_page("people/edit_contact.html", form=form, status=refusal.status)
    flash(_("Your phone number and e-mail address are saved."), "ok")
    return redirect(url_for(".show_me"), 303)


@bp.post("/me/devices/end")
@signed_in
def end_devices():
    """Sign out one other device (`id`), or all others."""
    here = current_user.current_sign_in.id
    only = request.form.get("id", type=int)
    if "id" in request.form and (only is None or only == here):
        abort(404)
    with unit_of_work():
        ended = own.end_sign_ins(current_user, now=clock.now(), only_id=only, keep_id=here)
    flash(_("Signed out there.") if ended else _("That device was signed out already."), "ok")
    return redirect(url_for(".show_me") + "#devices", 303)


@bp.get("/me/data.json")
@signed_in
@reauth.confirmed
def download_own_data():
    """Everything stored about oneself as one file (R83)."""
    data = json.dumps(own_data.collect(current_user, clock.now()), ensure_ascii=False, indent=2, default=str)
    return files.download(data.encode(), f"{current_user.account}.json", "application/json")


@bp.get("/session")
@signed_in
def time_left():
    """Seconds until the sign-in ends if nothing more is done. Asking does not prolong it."""
    return {"seconds_left": sessions.seconds_left_here()}


@bp.post("/session")
@signed_in
def stay():
    """The one act to stay signed in (R45)."""
    with unit_of_work():
        sessions.touch(current_user.current_sign_in, clock.now())
    return {"seconds_left": sessions.seconds_left_here()}
