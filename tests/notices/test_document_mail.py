"""The mail of a notice, and its handing over to a real SMTP server that takes it, refuses, stalls or breaks off."""

import asyncio
import email
import socket
import ssl
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from email.policy import default
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.clock import from_local
from app.notices.document.mail import MailServer, PermanentFailure, TemporaryFailure, message_id, notice_mail, smtp_send

CERTIFICATE = Path(__file__).with_name("localhost_for_tests.pem")  # made for these tests; trusted nowhere
PDF = b"%PDF-1.7 " + bytes(range(256)) * 40
TITLE = "关于2026年4月党务工作者专题培训应知应会测试不合格情况的通报"
NUMBER = "示教党通〔2026〕1号"


def make_mail(**changes):
    values = {
        "number": NUMBER,
        "title": TITLE,
        "unit": "示例一中党总支",
        "link": "https://zhize.example.edu.cn/notices/12",
        "pdf": PDF,
        "sender": ("中共示例市教育局委员会", "zhize@example.edu.cn"),
        "recipient": "liaison@school.example.edu.cn",
        "key": "copy:12:person:7:email",
        "sent_at": datetime(2026, 4, 21, 1, tzinfo=UTC),
        "sign_due": from_local(datetime(2026, 4, 24, 17)),
    }
    return notice_mail(**{**values, **changes})


class Post:
    """What a mail server does with a mail; `answers` maps a command to what it says instead of accepting."""

    def __init__(self, **answers):
        self.answers = answers
        self.received = []
        self.quits = 0

    async def handle_MAIL(self, server, session, envelope, address, options):
        envelope.mail_from = address
        return self.answers.get("mail", "250 OK")

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = self.answers.get("rcpt", "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):
        answer = self.answers.get("data", "250 OK")
        if answer[0] not in "45":
            self.received.append(email.message_from_bytes(envelope.content, policy=default))
        if answer == "drop":
            server.transport.abort()
        if answer == "stall":
            await asyncio.sleep(30)
        return answer

    async def handle_QUIT(self, server, session, envelope):
        self.quits += 1
        if self.answers.get("quit") == "drop":
            server.transport.abort()
        return "221 Bye"


@contextmanager
def post_office(post, **options):
    """A real SMTP server on this computer; yields its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(post, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def server_at(port, **changes):
    return MailServer(**{"host": "127.0.0.1", "port": port, "security": "none", "timeout_seconds": 2, **changes})


def test_a_mail_arrives_whole():
    post = Post()
    with post_office(post) as port:
        smtp_send(server_at(port), make_mail())
    (mail,) = post.received
    assert mail["Subject"] == f"【通报】{NUMBER} {TITLE}"
    assert mail["From"].addresses[0].display_name == "中共示例市教育局委员会"
    assert mail["To"] == "liaison@school.example.edu.cn"
    assert mail["Date"].datetime == datetime(2026, 4, 21, 1, tzinfo=UTC)
    (attachment,) = mail.iter_attachments()
    assert attachment.get_content() == PDF
    assert attachment.get_filename() == f"{NUMBER}.pdf"
    assert attachment.get_content_type() == "application/pdf"
    assert post.quits == 1


def test_the_mail_says_title_number_link_and_time_and_nothing_more():  # R34
    text = make_mail().get_body().get_content().replace("\r\n", "\n")
    assert text == (
        "示例一中党总支：\n\n"
        f"现发来{NUMBER}《{TITLE}》，正文见附件（PDF）。\n"
        "请于2026年4月24日17:00前登录平台签收。\n"
        "阅读和签收：https://zhize.example.edu.cn/notices/12\n\n"
        "本邮件由系统发送，请勿直接回复。\n"
    )


def test_a_notice_that_needs_no_signature_asks_for_none():
    assert "签收。" not in make_mail(sign_due=None).get_body().get_content()


def test_a_chinese_file_name_is_written_as_mail_wants_it():
    raw = make_mail().as_bytes()
    assert b"filename*0*=utf-8''%E7%A4%BA%E6%95%99%E5%85%9A%E9%80%9A" in raw  # RFC 2231, in parts as the lines are short
    assert all(byte < 128 for byte in raw)  # any server takes it
    assert max(map(len, raw.split(b"\r\n"))) <= 998


def test_the_same_delivery_has_the_same_message_id_at_every_try():  # R35
    assert make_mail()["Message-ID"] == make_mail(sent_at=datetime(2026, 4, 22, tzinfo=UTC))["Message-ID"]
    assert make_mail()["Message-ID"] != make_mail(key="copy:12:person:8:email")["Message-ID"]
    assert message_id("copy:12", "zhize@example.edu.cn") == "<copy-12@example.edu.cn>"
    with pytest.raises(ValueError, match="key"):
        message_id("", "zhize@example.edu.cn")


@settings(deadline=None, max_examples=60)
@given(number=st.text(max_size=40), title=st.text(max_size=200), unit=st.text(max_size=50))
def test_no_text_can_add_a_header(number, title, unit):  # R63
    text = str.maketrans("", "", "\ud800\udfff")
    number, title, unit = (value.encode("utf-8", "ignore").decode().translate(text) for value in (number, title, unit))
    mail = make_mail(number=number + "\r\nBcc: thief@example.org", title=title + "\nX-Evil: 1", unit=unit)
    headers = email.message_from_bytes(mail.as_bytes(), policy=default)
    assert headers["Bcc"] is None and headers["X-Evil"] is None
    assert sorted(headers.keys()) == sorted(make_mail().keys())


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "@example.org",
        "a@",
        "a b@example.org",
        "a@example.org\r\nBcc: b@example.org",
        "张三@example.org",
        "a@例子.cn",
    ],
)
def test_what_is_no_address_is_refused_before_anything_is_sent(address):
    with pytest.raises(ValueError, match="address"):
        make_mail(recipient=address)


@pytest.mark.parametrize(
    ("answers", "failure", "reason"),
    [
        ({"rcpt": "450 mailbox busy"}, TemporaryFailure, "450 mailbox busy"),
        ({"mail": "451 try later"}, TemporaryFailure, "451 try later"),
        ({"data": "452 no space"}, TemporaryFailure, "452 no space"),
        ({"rcpt": "550 no such user"}, PermanentFailure, "550 no such user"),
        ({"mail": "553 sender refused"}, PermanentFailure, "553 sender refused"),
        ({"data": "554 too large"}, PermanentFailure, "554 too large"),
    ],
)
def test_a_refusal_is_permanent_or_temporary_as_its_code_says(answers, failure, reason):  # R35
    post = Post(**answers)
    with post_office(post) as port, pytest.raises(failure) as caught:
        smtp_send(server_at(port), make_mail())
    assert caught.value.reason == reason
    assert post.received == []
    assert post.quits == 1  # the connection is closed as it should be


@pytest.mark.parametrize("answer", ["drop", "stall"])
def test_a_connection_that_ends_after_the_mail_may_be_tried_again_with_the_same_id(answer):  # R35
    post = Post(data=answer)
    mail = make_mail()
    with post_office(post) as port:
        for _ in range(2):
            with pytest.raises(TemporaryFailure):
                smtp_send(server_at(port, timeout_seconds=0.5), mail)
    assert len(post.received) == 2
    assert len({received["Message-ID"] for received in post.received}) == 1


def test_a_farewell_that_fails_does_not_make_a_delivered_mail_a_failure():
    post = Post(quit="drop")
    with post_office(post) as port:
        smtp_send(server_at(port), make_mail())
    assert len(post.received) == 1


def test_a_server_that_never_speaks_is_left_after_the_timeout():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(TemporaryFailure, match="timed out"):
            smtp_send(server_at(silent.getsockname()[1], timeout_seconds=0.3), make_mail())


@pytest.mark.parametrize("greeting", [b"421 too busy\r\n", b"554 not for you\r\n", b"\x00\xff\xfe nonsense\r\n", b""])
def test_a_strange_greeting_is_a_temporary_failure(greeting):
    with socket.socket() as odd:
        odd.bind(("127.0.0.1", 0))
        odd.listen()

        def greet():
            connection, _ = odd.accept()
            with connection:
                connection.sendall(greeting)

        thread = threading.Thread(target=greet)
        thread.start()
        with pytest.raises(TemporaryFailure):
            smtp_send(server_at(odd.getsockname()[1]), make_mail())
        thread.join()


@pytest.mark.parametrize("host", ["127.0.0.1", "no-such-host.invalid", "a..b", "x" * 80 + ".example"])
def test_a_server_that_is_not_there_is_a_temporary_failure(host):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound but not listening: connections are refused
        with pytest.raises(TemporaryFailure):
            smtp_send(server_at(closed.getsockname()[1], host=host), make_mail())


def signs_in(server, session, envelope, mechanism, data):
    return AuthResult(success=(data.login, data.password) == (b"zhize", b"right"), handled=False)


@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # the test server's own warning
def test_a_wrong_password_is_the_administrators_matter_and_may_be_tried_again():
    options = {"authenticator": signs_in, "auth_require_tls": False, "auth_required": True}
    post = Post()
    with post_office(post, **options) as port:
        with pytest.raises(TemporaryFailure, match="server or settings: 535"):
            smtp_send(server_at(port, user="zhize", password="wrong"), make_mail())
        smtp_send(server_at(port, user="zhize", password="right"), make_mail())
    assert len(post.received) == 1


def test_a_password_is_never_shown():
    assert "right" not in repr(server_at(1, password="right"))


def test_nothing_goes_out_in_clear_when_the_server_offers_no_encryption():
    post = Post()
    with post_office(post) as port, pytest.raises(TemporaryFailure, match="STARTTLS"):
        smtp_send(server_at(port, security="starttls"), make_mail())
    assert post.received == []


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_an_encrypted_mail_goes_only_to_a_server_that_proves_who_it_is(security):
    own = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    own.load_cert_chain(CERTIFICATE)
    options = {"tls_context": own, "require_starttls": True} if security == "starttls" else {"ssl_context": own}
    post = Post()
    with post_office(post, **options) as port:
        with pytest.raises(TemporaryFailure, match="certificate"):
            smtp_send(server_at(port, security=security), make_mail())
        assert post.received == []
        trusting = ssl.create_default_context(cafile=CERTIFICATE)
        smtp_send(server_at(port, security=security, context=trusting), make_mail())
    assert len(post.received) == 1
