"""Units, people, the posts they hold over time, the roles they are granted, and their sign-ins."""

from datetime import date, datetime
from enum import StrEnum

from flask_babel import lazy_gettext as _l
from flask_login import UserMixin
from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Model, UTCDateTime
from app.core.files import StoredFile
from app.core.jobs import Job
from app.people import rules


class UnitKind(StrEnum):
    """What a unit is; the order is that of the board of units."""

    BUREAU = "bureau"
    HIGH_SCHOOL = "high_school"
    MIDDLE_SCHOOL = "middle_school"
    PRIMARY_SCHOOL = "primary_school"
    KINDERGARTEN = "kindergarten"
    INSTITUTION = "institution"  # 直属单位
    BRANCH = "branch"  # 党支部

    @property
    def label(self):
        return UNIT_KIND_LABELS[self]


UNIT_KIND_LABELS = {
    UnitKind.BUREAU: _l("Bureau"),
    UnitKind.HIGH_SCHOOL: _l("Senior high schools"),
    UnitKind.MIDDLE_SCHOOL: _l("Junior high schools"),
    UnitKind.PRIMARY_SCHOOL: _l("Primary schools"),
    UnitKind.KINDERGARTEN: _l("Kindergartens"),
    UnitKind.INSTITUTION: _l("Institutions"),
    UnitKind.BRANCH: _l("Branches"),
}


class Unit(Model):
    """One unit of the tree: the bureau, a school, a branch. `path` lists the ids from the root, so a subtree is one LIKE."""

    __tablename__ = "units"

    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(100), index=True)
    short_name: Mapped[str] = mapped_column(String(40), default="")
    kind: Mapped[UnitKind] = mapped_column(String(20), default=UnitKind.INSTITUTION)
    path: Mapped[str] = mapped_column(String(200), index=True)  # "/1/7/": own id last
    sort: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    parent: Mapped["Unit | None"] = relationship(remote_side=[id])

    __mapper_args__ = {"version_id_col": version}  # R25

    @property
    def label(self):
        """The short name where there is one."""
        return self.short_name or self.name


class Person(UserMixin, Model):
    """One person. Everyone is a trainee; other roles are granted per unit."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    name: Mapped[str] = mapped_column(String(50), index=True)
    account: Mapped[str] = mapped_column(String(50), unique=True)  # account or staff number, lower case
    phone: Mapped[str | None] = mapped_column(String(20), unique=True)
    email: Mapped[str | None] = mapped_column(String(254))
    position: Mapped[str] = mapped_column(String(100), default="")  # of the current post, kept beside it for lists
    password_hash: Mapped[str | None] = mapped_column(String(200))
    password_issued_until: Mapped[datetime | None] = mapped_column(
        UTCDateTime
    )  # set: an issued password, to be replaced at first use
    is_active: Mapped[bool] = mapped_column(default=True)
    text_size: Mapped[str] = mapped_column(String(3), default="std")  # std lg xl
    locale: Mapped[str] = mapped_column(String(12), default="zh_Hans_CN")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    unit: Mapped[Unit] = relationship(lazy="joined")
    grants: Mapped[list["RoleGrant"]] = relationship(
        primaryjoin="and_(Person.id == RoleGrant.person_id, RoleGrant.revoked_at.is_(None))", viewonly=True, lazy="select"
    )

    __mapper_args__ = {"version_id_col": version}  # R25: a stale save is refused

    current_sign_in = None  # the SignIn row of this request, set by the loader

    def get_id(self):
        """Flask-Login's name for the session: the random token of this sign-in, never the person's id."""
        return self.sign_in_token

    sign_in_token = None

    @property
    def roles(self):
        """The set of role names held anywhere, "trainee" always among them."""
        return {grant.role for grant in self.grants} | {rules.TRAINEE}

    def may(self, permission):
        """True when some role of this person includes the permission, whatever the unit."""
        return any(permission in rules.PERMISSIONS.get(role, ()) for role in self.roles)

    def scope_paths(self, permission):
        """Return the unit paths under which this person holds the permission; trainee permissions have no scope."""
        return sorted({grant.unit.path for grant in self.grants if permission in rules.PERMISSIONS[grant.role]})

    def may_in(self, permission, unit):
        """True when the person holds the permission for this unit."""
        return any(unit.path.startswith(path) for path in self.scope_paths(permission))

    @property
    def is_staff(self):
        return self.roles != {rules.TRAINEE}


class Post(Model):
    """One position a person holds or held at a unit (from–to)."""

    __tablename__ = "posts"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    position: Mapped[str] = mapped_column(String(100))
    started_on: Mapped[date]
    ended_on: Mapped[date | None]

    person: Mapped[Person] = relationship()
    unit: Mapped[Unit] = relationship()


class RoleGrant(Model):
    """A role that a person holds for a unit and all below it. Revoked, never deleted."""

    __tablename__ = "role_grants"
    __table_args__ = (
        Index(
            "ux_role_grants_current",
            "person_id",
            "role",
            "unit_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
        CheckConstraint("role IN ('administrator','trainer','grader','invigilator','liaison','auditor')", name="role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    granted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    unit: Mapped[Unit] = relationship(lazy="joined")

    @property
    def role_label(self):
        return ROLE_LABELS[self.role]


ROLE_LABELS = {
    rules.ADMINISTRATOR: _l("Administrator"),
    rules.TRAINER: _l("Trainer"),
    rules.GRADER: _l("Grader"),
    rules.INVIGILATOR: _l("Invigilator"),
    rules.LIAISON: _l("Unit liaison"),
    rules.AUDITOR: _l("Auditor"),
    rules.TRAINEE: _l("Trainee"),
}


class SignIn(Model):
    """One signed-in browser: only the hash of its token is kept, so the table cannot be used to sign in (R44)."""

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    confirmed_at: Mapped[datetime] = mapped_column(UTCDateTime)  # when the password was last given (R46)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    address: Mapped[str] = mapped_column(String(45), default="")
    device: Mapped[str] = mapped_column(String(200), default="")

    person: Mapped[Person] = relationship(lazy="joined")


class SignInThrottle(Model):
    """Tries at one account, unknown name, or account on a known browser: counted before the check (R41). See `throttle`."""

    __tablename__ = "sign_in_throttles"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)  # digest of "person:…", "name:…" or "browser:…"
    failures: Mapped[int] = mapped_column(default=0)
    window_started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    locked_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    locks: Mapped[int] = mapped_column(default=0)  # how often in a row, for the doubling


class RosterImport(Model):
    """One roster file on its way in: read and planned by a job, shown as a dry run, applied when an administrator says so."""

    __tablename__ = "roster_imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))  # removed with its contents after a while
    job_id: Mapped[int | None] = mapped_column(ForeignKey("jobs.id"))  # the job now working on it
    state: Mapped[str] = mapped_column(String(12), default="reading")  # reading planned applying applied refused
    deactivate_missing: Mapped[bool] = mapped_column(default=False)
    counts: Mapped[dict] = mapped_column(JSON, default=dict)  # how many of each kind of line; rows read
    lines: Mapped[list | None] = mapped_column(JSON, deferred=True)  # the plan, as roster.lines shows it
    digest: Mapped[str | None] = mapped_column(String(64))  # of the plan that was shown: only this one may be applied
    refusal: Mapped[dict | None] = mapped_column(JSON)  # {"code", "values"} when the file as a whole is refused
    added_ids: Mapped[list | None] = mapped_column(JSON, deferred=True)  # people made by it, for their one-time passwords
    passwords_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    applied_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    file: Mapped[StoredFile | None] = relationship(foreign_keys=[file_id])
    job: Mapped[Job | None] = relationship()
    created_by: Mapped[Person] = relationship()

    @property
    def is_busy(self):
        """True while a job works on it."""
        return self.job is not None and self.job.state in {"ready", "running"}

    @property
    def has_failed(self):
        """True when the job gave up: the import stays where it was."""
        return self.job is not None and self.job.state == "dead" and self.state in {"reading", "applying"}
