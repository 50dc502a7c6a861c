"""The public check page: confirms that a document is genuine, and shows no name, score or text of it (R38)."""

from flask import redirect, request, url_for

from app.core.access import public
from app.core.limits import limit
from app.core.pages import render_page
from app.notices import forms, queries
from app.notices.views import bp

TRIES, SECONDS = 30, 60  # per address (R38, R79)


@bp.get("/check")
@bp.get("/check/<code>")
@public
@limit("check", TRIES, SECONDS)
def check_document(code=None):
    """Ask for a code, or confirm one."""
    typed = request.args.get("code")
    if typed:
        return redirect(url_for(".check_document", code=plain(typed)), 303)
    form = forms.CheckForm(data={"code": code or ""})
    notice = queries.by_code(plain(code)) if code else None
    return render_page(
        "notices/check_document.html", status=404 if code and notice is None else 200, form=form, code=code, notice=notice
    )


def plain(code):
    """Return a typed code as it is stored: capitals without dashes and spaces; at most 40 characters."""
    return "".join(ch for ch in code.upper() if ch.isascii() and ch.isalnum())[:40] or "-"
