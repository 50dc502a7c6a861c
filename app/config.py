"""Every setting: its environment variable, default, unit and meaning. Read once, at start."""

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
SECRET_BYTES = 32  # R69: anything shorter refuses the start


class BadSetting(SystemExit):
    """A setting that stops the start, with one sentence saying which and why."""


@dataclass(frozen=True)
class Settings:
    """One field per setting; the variable is `ZHIZE_` + the field's name in capitals."""

    secret_key: str = field(default="", repr=False)  # >= 32 bytes; without it <data_dir>/secret.key is made and used
    data_dir: str = str(ROOT / "var")  # database, files, fonts, keys
    database_url: str = ""  # sqlite:////path or postgresql://…; default: <data_dir>/zhize.db
    public_url: str = "http://127.0.0.1:8000"  # what links in mail and documents start with
    trusted_proxies: int = 0  # hops whose X-Forwarded-* are believed
    bureau_name: str = "示例市教育局"  # shown in the masthead
    issuer_name: str = "中共示例市教育局委员会"  # signs notices
    issuer_mark: str = "中共示例市教育局委员会文件"  # red head of notices
    notice_prefix: str = "示教党通"  # 发文字号 before the year
    printed_by: str = "示例市教育局党建工作办公室"  # 印发机关
    support_contact: str = "示例市教育局党建工作办公室 000-00000000"
    smtp_host: str = ""  # empty: no e-mail is sent, the inbox still works
    smtp_port: int = 587
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    smtp_tls: str = "starttls"  # starttls | tls | none
    smtp_timeout_seconds: int = 20
    mail_from: str = "zhize@localhost"
    time_zone: str = "Asia/Shanghai"  # R1: shown times; stored times are UTC
    grace_seconds: int = 30  # R5: transport time after the deadline
    late_minutes: int = 30  # R6: evidence is accepted so long
    idle_minutes_trainee: int = 120  # R45
    idle_minutes_staff: int = 30  # R45
    session_hours: int = 12  # R45
    lockout_failures: int = 5  # R41
    lockout_minutes: int = 15  # R41
    issued_password_days: int = 7  # R40
    sign_within_days: int = 3  # a unit's time to sign for a notice
    overdue_reminder_hours: int = 24  # between reminders to a unit that has not signed
    worker_poll_seconds: float = 1.0
    log_level: str = "INFO"
    demo: bool = False  # the start page shows the sample accounts

    @property
    def data_path(self):
        return Path(self.data_dir)

    @property
    def database(self):
        """The SQLAlchemy URL, with SQLite in the data folder as the default."""
        return self.database_url or f"sqlite:///{self.data_path / 'zhize.db'}"

    def key(self, purpose):
        """A 32-byte key for one purpose (session, attempt, audit, links), derived from the secret (R69)."""
        return hmac.digest(self.secret_key.encode(), f"zhize/{purpose}/1".encode(), hashlib.sha256)


def load(environ=None, **overrides):
    """Read the settings from the environment; `overrides` win. Raises BadSetting."""
    environ = os.environ if environ is None else environ
    values = {
        f.name: _typed(f, environ[f"ZHIZE_{f.name.upper()}"]) for f in fields(Settings) if environ.get(f"ZHIZE_{f.name.upper()}")
    }
    values.update(overrides)
    settings = Settings(**values)
    if not settings.secret_key:
        settings = Settings(**{**values, "secret_key": _kept_secret(settings.data_path)})
    _check(settings)
    return settings


def _typed(setting, text):
    kind = setting.type if isinstance(setting.type, type) else {"int": int, "float": float, "bool": bool}.get(setting.type, str)
    try:
        return text.lower() in {"1", "true", "yes", "on"} if kind is bool else kind(text)
    except ValueError:
        raise BadSetting(f"ZHIZE_{setting.name.upper()} must be a {kind.__name__}, but is {text!r}.") from None


def _kept_secret(data_path):
    """Return the secret kept beside the data; make it, readable by the owner alone, on the first start."""
    path = data_path / "secret.key"
    try:
        data_path.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(48))
        return path.read_text().strip()
    except FileExistsError:
        return path.read_text().strip()
    except OSError as error:
        raise BadSetting(
            f"The data folder {data_path} cannot be used: {error.strerror}. Set ZHIZE_DATA_DIR to a folder you may write."
        ) from None


def _check(settings):
    if len(settings.secret_key.encode()) < SECRET_BYTES:
        raise BadSetting(f"ZHIZE_SECRET_KEY is too short: it must have at least {SECRET_BYTES} bytes.")
    if settings.secret_key.lower().startswith(("change", "secret", "sample", "example")):
        raise BadSetting(
            "ZHIZE_SECRET_KEY is a sample value: make one with `python -c 'import secrets; print(secrets.token_urlsafe(48))'`."
        )
    url = urlsplit(settings.public_url)
    if url.scheme != "https" and url.hostname not in {"127.0.0.1", "localhost", "::1"}:
        raise BadSetting("ZHIZE_PUBLIC_URL must be https: plain http is allowed on this computer only (R44).")
    if settings.smtp_tls not in {"starttls", "tls", "none"}:
        raise BadSetting("ZHIZE_SMTP_TLS must be starttls, tls or none.")
