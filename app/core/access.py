"""Who may call a route: every view is public, for anyone signed in, or requires named permissions (R48).

`requires` only opens the door; which rows a person sees is decided in the queries, by scope.
"""

from functools import wraps

from flask import abort, current_app
from flask_login import current_user


def public(view):
    """Anyone may call this view, signed in or not."""
    view.access = "public"
    return view


def signed_in(view):
    """Every signed-in person may call this view; it shows only their own things."""

    @wraps(view)
    def guarded(*args, **kwargs):
        if not current_user.is_authenticated:
            return current_app.login_manager.unauthorized()
        return view(*args, **kwargs)

    guarded.access = "signed_in"
    return guarded


def requires(*permissions):
    """The view needs one of these permissions, held for any unit; the queries narrow it to the right ones. 403 otherwise."""

    def wrap(view):
        @wraps(view)
        def guarded(*args, **kwargs):
            if not current_user.is_authenticated:
                return current_app.login_manager.unauthorized()
            if not any(current_user.may(permission) for permission in permissions):
                abort(403)
            return view(*args, **kwargs)

        guarded.access = permissions
        return guarded

    return wrap
