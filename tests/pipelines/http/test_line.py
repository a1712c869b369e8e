"""What stands between an office and a publisher: certificates, clocks and proxies.

Each has a remedy that only the person at the machine knows, so it is told apart from a publisher
that is down.
"""

import socket
import ssl
import time
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from pipelines.errors import SourceUnavailable
from pipelines.http.client import Client
from tests.servers.raw import RawServer

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1", "localhost"])]
NOW = datetime.now(UTC)
FINE = [b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n[]"]


def certificate(folder, host, begins, ends):
    """A certificate that signs itself, in a file with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{host}.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


def over_tls(path):
    def wrap(line):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context.wrap_socket(line, server_side=True)

    return wrap


def asked(port, **given):
    client = Client("test", **({"retries": 0, "interval": 0, "timeout": (2, 2)} | given))
    return client.get(f"https://localhost:{port}/", name="t")


DAY = timedelta(days=1)
CERTIFICATES = {
    "nobody vouches for": ("localhost", NOW - DAY, NOW + DAY, False, "self-signed|self signed"),
    "of another host": ("example.org", NOW - DAY, NOW + DAY, True, "ostname mismatch"),
    "expired": ("localhost", NOW - 9 * DAY, NOW - DAY, True, "has expired"),
    "of the future, for a clock in 1970": (
        "localhost",
        NOW + DAY,
        NOW + 9 * DAY,
        True,
        "not yet valid",
    ),
}


@pytest.mark.parametrize("name", CERTIFICATES)
def test_a_certificate_that_cannot_be_trusted_is_told_as_that(tmp_path, monkeypatch, name):
    host, begins, ends, known, told = CERTIFICATES[name]
    path = certificate(tmp_path, host, begins, ends)
    if known:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(path))
    with (
        RawServer(lambda _: FINE, over_tls(path)) as server,
        pytest.raises(SourceUnavailable, match=told) as refused,
    ):
        asked(server.port)
    assert "clock" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_trusted_certificate_is_answered(tmp_path, monkeypatch):
    path = certificate(tmp_path, "localhost", NOW - DAY, NOW + DAY)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(path))
    with RawServer(lambda _: FINE, over_tls(path)) as server:
        assert asked(server.port).body == b"[]"


def test_a_line_without_tls_where_it_belongs_is_told():
    with (
        RawServer(lambda _: FINE, lambda line: line) as server,
        pytest.raises(SourceUnavailable, match=r"no TLS|certificate|sent no answer"),
    ):
        asked(server.port)


def test_a_handshake_that_drips_ends_in_time():
    def drip(line):
        line.recv(4096)
        line.sendall(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc")
        for _ in range(100):
            line.sendall(b"\x03")
            time.sleep(0.05)
        return line

    with RawServer(lambda _: [], drip) as server:
        begun = time.monotonic()
        with pytest.raises(SourceUnavailable):
            asked(server.port, timeout=(0.5, 0.5), deadline=0.6)
        assert time.monotonic() - begun < 4


def test_a_body_that_drips_through_tls_ends_in_time(tmp_path, monkeypatch):
    path = certificate(tmp_path, "localhost", NOW - DAY, NOW + DAY)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(path))

    def drip(_asked):
        yield b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n"
        for _ in range(100):
            yield b" "
            yield 0.05

    with RawServer(drip, over_tls(path)) as server:
        begun = time.monotonic()
        with pytest.raises(SourceUnavailable, match="in time"):
            asked(server.port, timeout=(3, 3), deadline=0.8)
        assert time.monotonic() - begun < 4


def test_a_proxy_that_is_not_there_is_told_as_the_proxy(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as free:
        gone = f"http://127.0.0.1:{free.getsockname()[1]}"
    monkeypatch.setenv("HTTPS_PROXY", gone)
    with pytest.raises(SourceUnavailable, match="through the proxy; look at HTTPS_PROXY"):
        asked(9)


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 407 Who?\r\n\r\n", b"HTTP/1.1 502 No\r\n\r\n", b"\x00\xff\r\n\r\n"]
)
def test_a_proxy_that_refuses_is_told_as_the_proxy(monkeypatch, answer):
    with RawServer(lambda _: [answer]) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        with pytest.raises(SourceUnavailable, match=r"proxy|sent no answer"):
            asked(9)


def test_a_proxy_whose_answer_drips_ends_in_time(monkeypatch):
    def drip(_asked):
        yield b"HTTP/1.1 200 OK\r\nX: "
        for _ in range(100):
            yield b"x"
            yield 0.05

    with RawServer(drip) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        begun = time.monotonic()
        with pytest.raises(SourceUnavailable):
            asked(9, timeout=(2, 2), deadline=0.8)
        assert time.monotonic() - begun < 5


def test_no_proxy_is_honoured(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.1")
    with RawServer(lambda _: FINE) as server:
        client = Client("test", retries=0, interval=0)
        assert client.get(server.url, name="t").body == b"[]"
