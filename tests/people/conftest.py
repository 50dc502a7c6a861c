"""People with passwords, and a browser that goes through the sign-in page."""

import pytest

from app.people import passwords

PASSWORD = "山高月小 水落石出 1082"
HASH = passwords.hash_password(PASSWORD)


@pytest.fixture
def password():
    """The password of everyone made by `person_with_password`."""
    return PASSWORD


@pytest.fixture
def member(make):
    """`member(**fields)`: a person who can sign in with `password`."""

    def new(**fields):
        return make.person(**{"password_hash": HASH, **fields})

    return new


@pytest.fixture
def enter(app):
    """`enter(name, password, browser=None, address=None)` posts the sign-in page; returns (answer, browser)."""

    def sign_in(name, password, browser=None, address="203.0.113.7", next=""):
        browser = browser or app.test_client()
        answer = browser.post(
            "/signin", data={"name": name, "password": password, "next": next}, environ_base={"REMOTE_ADDR": address}
        )
        return answer, browser

    return sign_in


@pytest.fixture
def acts(context):
    """`acts("sign_in")`: the details of the audit entries with that action, oldest first."""
    from sqlalchemy import select

    from app.core.audit import AuditEntry
    from app.core.db import db

    def of(action):
        db.session.rollback()
        return db.session.scalars(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.seq)).all()

    return of
