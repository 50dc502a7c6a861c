"""Signing in and out, and the two settings that work before it: text size and language."""

from flask import flash, make_response, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user, logout_user

from app.core import clock, limits
from app.core.access import public
from app.core.db import unit_of_work
from app.core.pages import own_path, render_page
from app.core.shell import LOCALES, TEXT_SIZES, navigation, tabs
from app.people import browsers, demo_accounts, sessions
from app.people.errors import IssuedPasswordExpired, SignInRefused
from app.people.forms.own import SignInForm
from app.people.service import own
from app.people.service import sign_in as service
from app.people.views import bp

FAILURES_OF_ADDRESS = (300, 600)  # R79: so many in so many seconds; then strangers' browsers wait, known ones never


@bp.get("/")
@public
def index():
    """The start: the sign-in page, or the first page of the person's own navigation."""
    if not current_user.is_authenticated:
        return redirect(url_for(".sign_in"))
    items = [item for group in navigation() for item in group["items"]] if current_user.is_staff else tabs()
    return redirect(items[0]["url"] if items else url_for(".show_me"))


@bp.route("/signin", methods=["GET", "POST"])
@public
def sign_in():
    """Sign in by account or phone with a password. Unknown, wrong, locked and disabled look alike (R42)."""
    form = SignInForm()
    if request.method == "GET":
        form.next.data = request.args.get("next")
        return redirect(own_path(form.next.data)) if current_user.is_authenticated else _page(form)
    if not form.validate():
        return _page(form, status=422)
    try:
        return _sign_in(form, clock.now())
    except (SignInRefused, IssuedPasswordExpired) as refusal:
        return _page(form, status=refusal.status, problem=refusal.text)


def _page(form, **values):
    return render_page("people/sign_in.html", form=form, accounts=demo_accounts(), **{"problem": None, **values})


def _sign_in(form, now):
    address = f"sign-in:{request.remote_addr}"
    crowded = limits.is_exceeded(address, *FAILURES_OF_ADDRESS)
    with unit_of_work():
        attempt = service.begin(form.name.data, now=now)
    if crowded and not attempt.known_browser:
        limits.hold_back()
    try:
        service.check(attempt, form.password.data, now=now)
        with unit_of_work():
            token, failures = service.succeed(attempt, now=now)
            own.adopt_choices(attempt.person, session)
    except SignInRefused:
        with unit_of_work():
            service.fail(attempt)
            limits.hit(address, *FAILURES_OF_ADDRESS)
        raise
    return _enter(attempt.person, token, failures, form.next.data)


def _enter(person, token, failures, wanted):
    if current_user.is_authenticated:
        with unit_of_work():
            service.leave(current_user, now=clock.now())
    sessions.enter(person, token)
    browsers.remember(person)
    if failures:
        flash(
            ngettext(
                "%(num)s failed sign-in with your account since your last visit.",
                "%(num)s failed sign-ins with your account since your last visit.",
                failures,
            ),
            "warn",
        )
    if person.password_issued_until is not None:
        return redirect(url_for("people.replace_password", next=own_path(wanted)), 303)
    return redirect(own_path(wanted), 303)


@bp.post("/signout")
@public
def sign_out():
    """End this browser's sign-in. Answers kept on the device stay: only the cache is cleared (R64)."""
    if current_user.is_authenticated:
        with unit_of_work():
            service.leave(current_user, now=clock.now())
        logout_user()
    sessions.forget()
    flash(_("You are signed out."), "ok")
    response = make_response(redirect(url_for("people.sign_in"), 303))
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@bp.post("/preferences")
@public
def set_preferences():
    """Set text size or language, for this browser and, when signed in, for the account."""
    chosen = {
        name: request.form[name]
        for name, allowed in (("text_size", TEXT_SIZES), ("locale", LOCALES))
        if request.form.get(name) in allowed
    }
    session.update(chosen)
    if chosen and current_user.is_authenticated:
        with unit_of_work():
            own.set_preferences(current_user, **chosen)
    elif chosen:
        session["chosen_here"] = True
    return redirect(own_path(request.form.get("next")), 303)
