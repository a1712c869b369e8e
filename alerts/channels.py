"""The channels: mail by the standard library, everything else by apprise; a deadline on each.

Mail goes by `smtplib` because a message that is sent again must keep its Message-ID, and one about
the same event must refer to the first; apprise writes its own.
"""

import logging
import os
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from email.headerregistry import Address as Mailbox
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from alerts.ledger import Outgoing
from alerts.subscriptions import Address, SecretMissing, with_secrets

SECONDS: Final = 15.0
"""Longest wait for one answer of a server."""
WHOLE: Final = 45.0
"""Longest a message may take altogether, whatever the server dribbles."""
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
SENDER: Final = "nuzuh@localhost"
NEEDS_LOGIN: Final = frozenset({530, 534, 538})
"""Answers of a server that takes mail only from who has signed in (RFC 4954)."""
BUSY: Final = 400
"""From here to 499 a server says that it cannot take the message now (RFC 5321, 4.2.1)."""


class NotDelivered(Exception):  # noqa: N818 - reads as a fact where it is raised
    """A message was not taken; `problem` is a key `channel.problem.<problem>`, no server's words.

    A server's own words may repeat an address or a password, so they go nowhere.
    """

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True)
class Post:
    """What sending needs: the mail server's address and the environment with its secrets."""

    smtp: str = ""
    site: str = ""
    """The dashboard's address, which names the list in mail headers."""
    environment: Mapping[str, str] | None = None
    seconds: float = SECONDS
    whole: float = WHOLE

    def send(self, to: Address, message: Outgoing) -> None:
        """Hand a message over.

        Raises:
            NotDelivered: It was not taken, or nobody knows whether it was.
        """
        environment = os.environ if self.environment is None else self.environment
        try:
            address = to.open(environment)
            if Address(to.name, address).kind == "mail":
                server = with_secrets(self.smtp, environment)
                task = _mail(address, server, message, to, self)
            else:
                task = _service(address, message, self)
        except SecretMissing:
            raise NotDelivered("secret_missing") from None
        _within(self.whole, task)


def _within(seconds: float, task: Callable[[], None]) -> None:
    """Run a task for at most so long; one that hangs on is left to its own deadlines."""
    ended: list[NotDelivered | None] = []

    def run() -> None:
        try:
            task()
        except NotDelivered as problem:
            ended.append(problem)
        except Exception:  # noqa: BLE001 - a fault of one service must not stop the other channels
            ended.append(NotDelivered("unexpected"))
        else:
            ended.append(None)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if not ended:
        raise NotDelivered("no_answer")
    if ended[0] is not None:
        raise ended[0]


@dataclass(frozen=True)
class _Server:
    host: str
    port: int
    user: str
    password: str
    tls: bool
    sender: str
    to: str


def _server(address: str) -> _Server:
    parts = urlsplit(address)
    try:
        port = parts.port
    except ValueError:
        raise NotDelivered("not_understood") from None
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise NotDelivered("not_understood")
    asked = parse_qs(parts.query)
    return _Server(
        host=parts.hostname,
        port=port or (465 if parts.scheme == "smtps" else 587),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=parts.scheme == "smtps",
        sender=asked.get("from", [""])[0],
        to=asked.get("to", [""])[0],
    )


def _mail(
    address: str, smtp: str, message: Outgoing, to: Address, post: Post
) -> Callable[[], None]:
    if address.startswith("mailto:"):
        if not smtp:
            raise NotDelivered("no_server")
        server = replace(_server(smtp), to=unquote(urlsplit(address).path).strip())
    else:
        server = _server(address)
    if not server.to or "," in server.to:
        # One person, one channel: what one mailbox refuses is not sent to another again.
        raise NotDelivered("not_understood")
    sender = server.sender or (server.user if "@" in server.user else SENDER)
    try:
        made = letter(message, sender, server.to, to.name, post.site)
    except ValueError:  # an address that is none
        raise NotDelivered("not_understood") from None
    return lambda: _hand_over(server, sender, made, post.seconds)


def letter(message: Outgoing, sender: str, to: str, channel: str, site: str) -> EmailMessage:
    """A message as mail: plain text and simple HTML, in one thread with the event's others.

    The Message-ID is the message's own, so that a program that is sent it twice shows it once.
    Nothing in it is fetched from anywhere, so that nobody learns who read it.
    """
    domain = Mailbox(addr_spec=sender).domain or "localhost"
    mail = EmailMessage(policy=SMTP.clone(max_line_length=78))
    mail["Subject"] = " ".join(message.subject.split())
    mail["From"] = Mailbox("Nuzuh", addr_spec=sender)
    mail["To"] = Mailbox(addr_spec=to)
    mail["Date"] = format_datetime(message.composed_at)
    mail["Message-ID"] = f"<{message.id}@{domain}>"
    if message.id != message.root:
        mail["In-Reply-To"] = f"<{message.root}@{domain}>"
        mail["References"] = f"<{message.root}@{domain}>"
    mail["List-Id"] = f"<{channel.rpartition('.')[0]}.nuzuh.{urlsplit(site).hostname or domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text, cte="base64")
    mail.add_alternative(message.html, subtype="html", cte="base64")
    # Last: what begins with Content- would go into the first part with its text.
    mail["Content-Language"] = message.language
    return mail


def _hand_over(server: _Server, sender: str, mail: EmailMessage, seconds: float) -> None:
    context = ssl.create_default_context()
    try:
        link = _connected(server, seconds, context)
        try:
            _greet(link, server, context)
            link.send_message(mail, sender, [server.to])
        finally:
            # Taken is taken, whatever comes after: a server that is slow to say good-bye is left.
            link.close()
    except (OSError, smtplib.SMTPException) as problem:
        raise NotDelivered(_reason(problem)) from None


def _reason(problem: Exception) -> str:
    """Why a message was not taken, as a key; never the server's own words."""
    match problem:
        case smtplib.SMTPAuthenticationError():
            return "login"
        case smtplib.SMTPServerDisconnected():
            return "no_answer" if "timed out" in str(problem) else "dropped"
        case smtplib.SMTPRecipientsRefused():
            codes = {code for code, _ in problem.recipients.values()}
            return "login_needed" if codes & NEEDS_LOGIN else "recipient"
        case smtplib.SMTPResponseException(smtp_code=code) if code in NEEDS_LOGIN:
            return "login_needed"
        case smtplib.SMTPSenderRefused():
            return "sender"
        case smtplib.SMTPNotSupportedError():
            return "login_not_offered" if "AUTH" in str(problem) else "not_understood"
        case smtplib.SMTPConnectError(smtp_code=code) | smtplib.SMTPHeloError(smtp_code=code) if (
            code >= BUSY
        ):
            return "busy"
        case smtplib.SMTPResponseException(smtp_code=code) if BUSY <= code < BUSY + 100:
            return "busy"
        case smtplib.SMTPException():
            return "refused"
        case TimeoutError():
            return "no_answer"
        case ssl.SSLCertVerificationError():
            return "certificate"
        case ssl.SSLError():
            return "no_tls"
        case socket.gaierror():
            return "unknown_host"
        case ConnectionResetError() | BrokenPipeError():
            return "dropped"
        case _:
            return "unreachable"


def _greet(link: smtplib.SMTP, server: _Server, context: ssl.SSLContext) -> None:
    link.ehlo_or_helo_if_needed()
    if not server.tls and link.has_extn("starttls"):
        link.starttls(context=context)
        link.ehlo()
    elif server.password and not server.tls and server.host not in LOOPBACK:
        raise NotDelivered("unencrypted")
    if server.user and server.password:
        link.login(server.user, server.password)


def _connected(server: _Server, seconds: float, context: ssl.SSLContext) -> smtplib.SMTP:
    name = "localhost" if server.host in LOOPBACK else None
    if server.tls:
        return smtplib.SMTP_SSL(
            server.host, server.port, local_hostname=name, timeout=seconds, context=context
        )
    return smtplib.SMTP(server.host, server.port, local_hostname=name, timeout=seconds)


def _service(address: str, message: Outgoing, post: Post) -> Callable[[], None]:
    def run() -> None:
        import apprise

        # Its warnings repeat addresses and what servers answer: none of it is ours to log.
        logging.getLogger("apprise").disabled = True
        joint = "&" if "?" in address else "?"
        # A service that is slow is cut off; one that fails is tried again by us, not by it.
        deadlines = f"{joint}cto={post.seconds:g}&rto={post.seconds:g}"
        service = apprise.Apprise.instantiate(address + deadlines, suppress_exceptions=True)
        if service is None:
            raise NotDelivered("not_understood")
        taken = service.notify(
            body=message.text, title=message.subject, body_format=apprise.NotifyFormat.TEXT
        )
        if not taken:
            raise NotDelivered("refused")

    return run
