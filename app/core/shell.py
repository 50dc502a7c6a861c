"""What every page needs: language, text size, navigation, filters, health checks."""

from flask import Blueprint, current_app, g, has_request_context, request, session, url_for
from flask_babel import Babel, Domain, get_locale
from flask_login import current_user
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.core import clock
from app.core.access import public
from app.core.assets import asset
from app.core.db import db

LOCALES = ("zh_Hans_CN", "en")
TEXT_SIZES = ("std", "lg", "xl")
bp = Blueprint("core", __name__)
NAVIGATION = []  # functions adding (group, item) for the person: each part registers its own
COUNTERS = {}  # name -> function(person) giving the number beside a navigation item


def init_app(app):
    """Add languages, template helpers and the routes that belong to no part."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", LOCALES[0])
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", "translations")
    app.config.setdefault("BABEL_DEFAULT_TIMEZONE", "Asia/Shanghai")
    Babel(app, locale_selector=locale).domain_instance = QuickDomain()
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["asset"] = asset
    for name in ("show_date", "show_time", "show_clock", "machine_time", "show_full_date"):
        app.jinja_env.filters[name] = getattr(clock, name)
    app.context_processor(_page_values)
    app.register_blueprint(bp)


class QuickDomain(Domain):
    """Finds a request's translations once for each language: a page asks for some three hundred words."""

    def get_translations(self):
        """Return the translations of the language in force."""
        here = get_locale()
        found, language = g.get("translations", (None, None)) if g else (None, None)
        if found is None or language is not here:
            found = super().get_translations()
            if g:
                g.translations = found, here
        return found


def locale():
    """The reader's language: chosen by the person, else by this browser, else Chinese."""
    return _preference("locale", LOCALES)


def text_size():
    """The reader's text size: std, lg (大字) or xl (特大)."""
    return _preference("text_size", TEXT_SIZES)


def _preference(name, known):
    """The signed-in person's choice, else this browser's, else the first. An error page must not fail on it, even without a database."""
    if not has_request_context():
        return known[0]
    try:
        chosen = getattr(current_user, name) if current_user.is_authenticated else session.get(name)
    except SQLAlchemyError:
        chosen = session.get(name)
    return chosen if chosen in known else known[0]


def add_navigation(fn):
    """Register `fn(person) -> [(group, sort, label, endpoint, icon, counter or None)]` for the side navigation."""
    NAVIGATION.append(fn)
    return fn


def navigation():
    """Return the side navigation as groups of items for the signed-in person."""
    if not current_user.is_authenticated:
        return []
    entries = sorted(
        (entry for fn in NAVIGATION for entry in fn(current_user)), key=lambda entry: (GROUP_ORDER.index(entry[0]), entry[1])
    )
    urls = [url_for(endpoint) for _, _, _, endpoint, _, _ in entries]
    here = current_among(urls, request.path)
    groups = {}
    for (group, _, label, _, icon, counter), url in zip(entries, urls, strict=True):
        item = {
            "label": label,
            "url": url,
            "icon": icon,
            "current": url == here,
            "count": counter(current_user) if counter else None,
        }
        groups.setdefault(group, []).append(item)
    return [{"label": GROUP_LABELS[name], "items": items} for name, items in groups.items()]


def current_among(urls, path):
    """Return the address that `path` lies at or below: the longest one, so that /admin is not current on /admin/people; or None."""
    matching = [url for url in urls if path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))]
    return max(matching, key=len, default=None)


GROUP_ORDER = ["home", "learn", "bank", "exam", "notice", "manage"]


def _labels():
    from flask_babel import lazy_gettext as _l

    return {
        "home": "",
        "learn": _l("Training"),
        "bank": _l("Preparation"),
        "exam": _l("Exams"),
        "notice": _l("Notices"),
        "manage": _l("Management"),
    }


GROUP_LABELS = _labels()


TABS = []


def add_tab(sort, label, endpoint, icon):
    """Register one tab of the phone's tab bar."""
    TABS.append((sort, label, endpoint, icon))


def tabs():
    """Return the trainee's tabs."""
    if not current_user.is_authenticated:
        return []
    urls = [(label, url_for(endpoint), icon) for _, label, endpoint, icon in sorted(TABS, key=lambda tab: tab[0])]
    here = current_among([url for _, url, _ in urls], request.path)
    return [{"label": label, "url": url, "icon": icon, "current": url == here} for label, url, icon in urls]


def _page_values():
    settings = current_app.extensions["settings"]
    return {
        "navigation": navigation, "tabs": tabs, "text_size": text_size(), "locale": str(get_locale()),
        "bureau_name": settings.bureau_name, "support_contact": settings.support_contact, "settings": settings, "now": clock.now(),
        "unread_count": _unread,
    }  # fmt: skip


def _unread():
    counter = COUNTERS.get("unread")
    return counter(current_user) if counter and current_user.is_authenticated else 0


@bp.get("/healthz")
@public
def alive():
    """Alive: the process answers."""
    return {"ok": True}


@bp.get("/readyz")
@public
def ready():
    """Ready: the database answers."""
    db.session.execute(text("SELECT 1"))
    return {"ok": True}


@bp.post("/csp-reports")
@public
def csp_report():
    """Count a policy violation in the log; nothing personal is kept."""
    import structlog

    report = (request.get_json(force=True, silent=True) or {}).get("csp-report", {})
    if isinstance(report, dict):
        structlog.get_logger().warning("csp", directive=str(report.get("violated-directive", ""))[:80])
    return "", 204


@bp.before_app_request
def _start_page():
    g.setdefault("request_id", "")
