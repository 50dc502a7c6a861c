"""What the lanes need of HTTP: the security headers every answer has, cookies, and who a request comes from."""

from app.core import security

HSTS = ("Strict-Transport-Security", security.HSTS)
_BASE = [*security.HEADERS.items(), ("Content-Security-Policy", security.POLICY), ("Cache-Control", "no-store")]


def headers(environ, content_type, length, *more):
    """Return the headers of an answer, the same that Flask's answers have."""
    secure = [HSTS] if environ["wsgi.url_scheme"] == "https" else []
    return [("Content-Type", content_type), ("Content-Length", str(length)), *_BASE, *secure, *more]


def cookies(environ):
    """Return the cookies of a request; the first of two with one name counts, as in Flask."""
    found = {}
    for part in environ.get("HTTP_COOKIE", "").split(";"):
        name, _, value = part.strip().partition("=")
        found.setdefault(name, value)
    return found


def is_from_elsewhere(environ):
    """True when another site may have sent the request (R47); the view decides then."""
    if environ.get("HTTP_SEC_FETCH_SITE") == "cross-site":
        return True
    origin = environ.get("HTTP_ORIGIN")
    return bool(origin) and origin.split("://")[-1] != environ.get("HTTP_HOST")


def takes_gzip(accepted):
    """True when an Accept-Encoding header lets the answer be gzipped."""
    for part in accepted.lower().split(","):
        name, _, weight = part.strip().partition(";")
        if name.strip() == "gzip":
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
