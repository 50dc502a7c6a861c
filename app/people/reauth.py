"""Asking for the password again before an act that needs it (R46), without losing what was typed.

`@confirmed` goes directly below `@requires` or `@signed_in`. When the password was last given more than five minutes ago, a form
post is answered by a page that asks for it and posts to the same address together with the form's own fields, so that the right
password lets the view run at once; a plain address is opened again after `people.confirm`.
"""

from datetime import timedelta
from functools import wraps

from flask import make_response, redirect, request, url_for
from flask_login import current_user

from app.core import clock
from app.core.audit import record
from app.core.db import unit_of_work
from app.core.pages import own_path, render_page
from app.people import browsers, passwords, sessions, throttle
from app.people.errors import WrongPassword
from app.people.forms.own import ConfirmForm

VALID = timedelta(minutes=5)
OWN_FIELDS = {"confirm_password", "csrf_token"}


def is_recent(person, now):
    """True when the person gave the password within the last five minutes."""
    return now - person.current_sign_in.confirmed_at < VALID


def confirmed(view):
    """Let the view run only within five minutes of the password; ask for it otherwise."""

    @wraps(view)
    def guarded(*args, **kwargs):
        if is_recent(current_user, clock.now()):
            return view(*args, **kwargs)
        if request.headers.get("HX-Request"):
            response = make_response("", 204)
            response.headers["HX-Redirect"] = url_for("people.confirm", next=own_path(request.headers.get("HX-Current-Path")))
            return response
        if request.method != "POST":
            return redirect(url_for("people.confirm", next=request.full_path.rstrip("?")))
        form = ConfirmForm()
        if accepted(form):
            return view(*args, **kwargs)
        return ask(form, [(name, value) for name, value in request.form.items(multi=True) if name not in OWN_FIELDS])

    return guarded


def ask(form, kept=(), back=None):
    """Return the page that asks for the password; `kept` are the fields of the form that waits for it."""
    status = 422 if form.errors else 200
    return render_page("people/confirm.html", form=form, kept=kept, back=back, status=status)


def accepted(form):
    """True when the form came with the right password; then the sign-in counts as confirmed. Wrong ones count for the lockout."""
    if "confirm_password" not in request.form or not form.validate():
        return False
    now = clock.now()
    browser_id = browsers.knows(current_user)
    key = throttle.browser_key(current_user, browser_id) if browser_id else throttle.account_key(current_user, None)
    with unit_of_work():
        allowed = throttle.count(key, now=now)
    right = passwords.matches(current_user.password_hash, form.confirm_password.data)
    with unit_of_work():
        if right and allowed:
            throttle.clear(key)
            token = sessions.confirm(current_user.current_sign_in, now=now)
        else:
            record("password.wrong", current_user, locked=not allowed)
    if not (right and allowed):
        form.confirm_password.errors = [WrongPassword().text]
        return False
    sessions.enter_again(current_user, token)
    return True
