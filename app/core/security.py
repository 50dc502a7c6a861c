"""Headers on every response (R64), refusal of cross-site requests (R47), request ids, body limits (R56)."""

import secrets

from flask import abort, g, request
from werkzeug.exceptions import RequestEntityTooLarge

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "
    "media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; frame-src 'self'; object-src 'none'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; report-uri /csp-reports"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}
HSTS = "max-age=31536000; includeSubDomains"  # on https only
FORM_BYTES = 2 * 1024 * 1024
UPLOAD_BYTES = 21 * 1024 * 1024
SAFE = {"GET", "HEAD", "OPTIONS"}


def init_app(app):
    """Hook the checks into every request."""
    app.config.setdefault("MAX_FORM_MEMORY_SIZE", FORM_BYTES)
    app.config.setdefault("MAX_FORM_PARTS", 1000)
    app.config.setdefault("MAX_CONTENT_LENGTH", UPLOAD_BYTES)
    app.before_request(_before)
    app.after_request(add_headers)


def _before():
    g.request_id = secrets.token_hex(8)
    if request.method in SAFE:
        return
    if request.headers.get("Sec-Fetch-Site") == "cross-site" or _foreign_origin():
        abort(403)
    multipart = (request.content_type or "").startswith("multipart/")
    if not multipart and (request.content_length or 0) > FORM_BYTES:
        raise RequestEntityTooLarge


def _foreign_origin():
    origin = request.headers.get("Origin")
    return bool(origin) and origin != "null" and origin.split("://")[-1] != request.host


def add_headers(response):
    """Set the security headers; a view may have set its own Content-Security-Policy or Cache-Control before."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", POLICY)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", HSTS)
    if request.endpoint in ("static", "assets.other_version"):
        response.headers["Cache-Control"] = "no-cache"
    else:
        response.headers.setdefault("Cache-Control", "no-store")
    return response
