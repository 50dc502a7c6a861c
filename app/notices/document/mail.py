"""The e-mail that brings a notice, and how it is handed to a mail server.

The mail itself carries title, number, link and the time to sign by; names and marks are in the attached PDF only (R34).
"""

import smtplib
import ssl
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from app.core import clock

NOT_THE_MAILS_FAULT = (
    smtplib.SMTPAuthenticationError,
    smtplib.SMTPNotSupportedError,
    smtplib.SMTPHeloError,
    smtplib.SMTPConnectError,
)


class DeliveryFailure(Exception):
    """A mail was not handed over. `reason` is for the list of deliveries: the server's words, never the mail's."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


class TemporaryFailure(DeliveryFailure):
    """Worth another try: no connection, a timeout, a 4xx answer, or settings that an administrator can mend.

    After a connection that broke at the end the mail may have arrived: the next try carries the same Message-ID.
    """


class PermanentFailure(DeliveryFailure):
    """The server refuses this mail or this reader for good (5xx): another try would end the same."""


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed over. security: starttls, tls or none. timeout_seconds: for each step of the talk with the server."""

    host: str
    port: int = 587
    user: str = ""
    password: str = field(default="", repr=False)
    security: str = "starttls"
    timeout_seconds: float = 20
    context: ssl.SSLContext | None = field(default=None, repr=False)  # None: the computer's own list of authorities


def notice_mail(*, number, title, unit, link, pdf, sender, recipient, key, sent_at, sign_due=None):
    """Return the mail that brings one unit its notice.

    number, title: of the notice; unit: the addressee's name; link: the notice's page; pdf: bytes.
    sender: (name, address); recipient: address; key: of the delivery, the same at every try; sent_at, sign_due: aware.
    Raises ValueError for an address that is none.
    """
    name, address = sender
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(address, name)
    message["To"] = _address(recipient)
    message["Subject"] = _line(f"【通报】{number} {title}")
    message["Date"] = format_datetime(sent_at)
    message["Message-ID"] = message_id(key, address)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_body(number, title, unit, link, sign_due), charset="utf-8", cte="base64")
    filename = "".join(ch for ch in f"{number}.pdf" if ch.isprintable() and ch not in '\\/:*?"<>|')
    message.add_attachment(pdf, maintype="application", subtype="pdf", filename=filename)
    return message


def message_id(key, address):
    """Return the Message-ID of a delivery: the same key gives the same, so that a mail sent twice is seen as one."""
    plain = "".join(ch if ch.isascii() and (ch.isalnum() or ch in "._-") else "-" for ch in key)
    if not plain:
        raise ValueError("a mail needs the key of its delivery")
    return f"<{plain}@{address.rpartition('@')[2]}>"


def _body(number, title, unit, link, sign_due):
    by = ""
    if sign_due:
        at = clock.local(sign_due)
        by = f"请于{at.year}年{at.month}月{at.day}日{at.hour}:{at:%M}前登录平台签收。\n"
    return (
        f"{_line(unit)}：\n\n现发来{_line(number)}《{_line(title)}》，正文见附件（PDF）。\n{by}阅读和签收：{_line(link)}\n\n"
        "本邮件由系统发送，请勿直接回复。\n"
    )


def _line(text):
    """Return the text on one line: a line break in a header would start another one."""
    return " ".join(text.split())


def _address(address, name=""):
    local, _, domain = address.strip().rpartition("@")
    if not local or not domain or any(not "!" <= ch <= "~" for ch in local + domain):
        raise ValueError(f"not a mail address: {address!r}")
    return Address(_line(name), local, domain)


def smtp_send(server, message):
    """Hand one message with one reader to a MailServer. Raises TemporaryFailure or PermanentFailure.

    Returning means that the server has taken the mail; how the farewell goes after that does not matter any more.
    """
    connection = None
    try:
        connection = _connected(server)
        connection.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        raise _refused(code, words) from error
    except NOT_THE_MAILS_FAULT as error:
        raise TemporaryFailure(f"server or settings: {_words(error)}") from error
    except smtplib.SMTPResponseException as error:  # sender or data refused
        raise _refused(error.smtp_code, error.smtp_error) from error
    except ssl.SSLCertVerificationError as error:
        raise TemporaryFailure(f"certificate of {server.host}: {error.verify_message}") from error
    except (OSError, smtplib.SMTPException, UnicodeError) as error:  # no such host, no route, refused, timeout, dropped
        raise TemporaryFailure(_words(error)) from error
    finally:
        _close(connection)


def _connected(server):
    """Return a connection that is encrypted and signed in as the settings say; nothing is sent in clear by mistake."""
    context = server.context or ssl.create_default_context()
    connection: smtplib.SMTP
    if server.security == "tls":
        connection = smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout_seconds, context=context)
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=server.timeout_seconds)
    try:
        if server.security == "starttls":
            connection.starttls(context=context)
        if server.user:
            connection.login(server.user, server.password)
    except BaseException:
        connection.close()
        raise
    return connection


def _refused(code, words):
    kind = PermanentFailure if 500 <= code < 600 else TemporaryFailure
    return kind(f"{code} {_text(words)}")


def _words(error):
    code = getattr(error, "smtp_code", None)
    return f"{code} {_text(error.smtp_error)}" if code else f"{type(error).__name__}: {error}"[:300]


def _text(words):
    return _line(words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words))[:300]


def _close(connection):
    """Say goodbye; the mail is already handed over or refused, so nothing that happens here counts."""
    if connection is None:
        return
    try:
        connection.quit()
    except (OSError, smtplib.SMTPException):
        connection.close()
