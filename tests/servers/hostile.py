"""Answers that no standard allows, made from a seed: lines, headers, framing, packing and body."""

import gzip
import random
import zlib
from collections.abc import Callable, Sequence

import brotli

from tests.servers.raw import Step

SIZE = 200_000
"""Bytes of a body from which the client under test refuses it."""
STATUS: Sequence[bytes] = (
    b"HTTP/1.1 200 OK",
    b"HTTP/1.0 200 OK",
    b"HTTP/1.1 200",
    b"HTTP/9.9 200 OK",
    b"HTTP/1.1 -200 OK",
    b"HTTP/1.1 99999999999999999999 OK",
    b"HTTP/1.1 2\xb2 OK",
    b"HTTP/1.1 000 OK",
    b"HTTP/1.1 204 No Content",
    b"HTTP/1.1 206 Partial",
    b"HTTP/1.1 304 Not Modified",
    b"HTTP/1.1 403 \xff\xfe",
    b"HTTP/1.1 429 Slow",
    b"HTTP/1.1 500 " + b"x" * 70_000,
    b"HTTP/1.1 999 ?",
    b"ICY 200 OK",
    b"HTTP 200",
    b"",
    b"\x16\x03\x01\x02\x00",
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK",
    b"HTTP/1.1 100 Continue\r\n\r\n" * 2_000 + b"HTTP/1.1 200 OK",
    b"HTTP/1.1 101 Switching Protocols",
    b"<html>",
)
HEADERS: Sequence[bytes] = (
    b"Set-Cookie: a=b; Expires=Thu, 99 Foo 99999 99:99:99 GMT; Max-Age=1e99",
    b"Set-Cookie: \xff\x00=\x01; domain=.com; path=//",
    b"Set-Cookie: " + b"a=b; " * 10_000,
    b'Set-Cookie2: x=1; Version=99999999999999999999; Port="1,x"',
    b"Date: Thu, 01 Jan 1970 00:00:00 GMT",
    b"Date: never",
    b"Last-Modified: Thu, 01 Jan 1970 00:00:00 GMT",
    b"Last-Modified: \x0c\x00",
    b"ETag: " + b"e" * 60_000,
    b"ETag: \x0b\xff",
    b"Retry-After: 99999999999999999999999999",
    b"Retry-After: -1",
    b"Retry-After: Thu, 01 Jan 99999 00:00:00 GMT",
    b"Retry-After: \xb2",
    b"X: " + b"x" * 70_000,
    b"no colon at all",
    b": no name",
    b" folded: first",
    b"X: a\r\n folded\r\n\tand again",
    b"X: a\rb",
    b"X: a\nY: b",
    b"X: \x00\x01\x02",
    b"\xff\xfe: \xff",
    b"Connection: keep-alive, close, \xff",
    b"Content-Type: application/json; charset=\xff\xff",
    b"Content-Type: text/html",
    b"Content-Type: " + b"a/b;" * 5_000,
    b'Content-Type: multipart/mixed; boundary="',
    b"Content-Disposition: attachment; filename*=utf-99''%ff",
    b"Transfer-Encoding: identity, chunked",
    b"Upgrade: h2c",
    b"Refresh: 0; url=http://169.254.169.254/",
    b"Link: <>; rel=" + b"a" * 1_000,
    b"\r\n".join(b"H%d: x" % n for n in range(150)),
)
LOCATIONS: Sequence[bytes] = (
    b"/next",
    b"//127.0.0.1:1/",
    b"http://[::1",
    b"http://[v1.x]/",
    b"http://\xe2\x84\x80.example/",
    b"http://a\xef\xbc\x8fb.example/",
    b"http://\xff\xfe/",
    b"http://xn--\xff/",
    b"http://xn--a-ecp.ru/",
    b"http://" + b"a" * 300 + b".example/",
    b"http://a..b/",
    b"http://.../",
    b"http://127.0.0.1:99999/",
    b"http://127.0.0.1:-1/",
    b"http://127.0.0.1:\xd9\xa1/",
    b"http://127.0.0.1:0/",
    b"http://user:pass@127.0.0.1/",
    b"http://127.0.0.1\\@example.org/",
    b"http://169.254.169.254/latest/meta-data/",
    b"file:///etc/passwd",
    b"ftp://127.0.0.1/",
    b"javascript:alert(1)",
    b"data:application/json,{}",
    b"HTTP://127.0.0.1",
    b"http:///x",
    b"http:x",
    b"?" + b"q=1&" * 10_000,
    b"/" + b"\xd8\xa7" * 20_000,
    b"",
    b" ",
    b"\x00",
    b"/\x00\x01\x7f",
    b"/a b\tc",
    b"/%",
    b"/%zz%00%ff",
    b"/\xed\xa0\x80",
    b"#" + b"f" * 5_000,
    b"../" * 5_000,
)
LENGTHS: Sequence[bytes] = (
    b"-1", b"abc", b"", b"1e5", b"0x10", b"+5", b"5, 5", b"5, 6", b"\xd9\xa5", b"9" * 5_000, b"0",
    b"18446744073709551616", b"3", b"1000000",
)  # fmt: skip
CHUNKS: Sequence[bytes] = (
    b"-5\r\nhello\r\n",
    b"FFFFFFFFFFFFFFFFFF\r\nhello",
    b"7fffffff\r\nhello",
    b"\r\n",
    b"zz\r\nhello\r\n",
    b"5;" + b"x" * 50_000 + b"\r\nhello\r\n",
    b"1" * 50_000,
    b"5\r\nhel",
    b"5 \r\nhello\r\n0x0\r\n\r\n",
    b"5\nhello\n0\n\n",
    b"0\r\n" + b"T: x\r\n" * 5_000,
    b"5\r\nhelloXX0\r\n\r\n",
    b"\xd9\xa5\r\nhello\r\n",
    b"5_0\r\n",
)
PACKINGS: Sequence[bytes] = (
    b"gzip", b"deflate", b"br", b"zstd", b"x-gzip", b"compress", b"identity", b"gzip, br",
    b", ".join([b"gzip"] * 4), b", ".join([b"deflate"] * 50), b"\xff", b"", b"gzip;q=1",
)  # fmt: skip


def _bodies(chance: random.Random) -> bytes:
    kind = chance.randrange(60)
    if kind == 0:
        return b"[" * 100_000
    if kind == 1:
        return b'{"a":' * 30_000
    if kind == 2:
        return b" " * (SIZE + 1)
    if kind == 3:
        return b"[" + b"[]," * 50_000 + b"[]]"
    return chance.choice(
        (
            b'{"items": [], "maxPages": 1}',
            b'{"items": [], "maxPages": 1e400}',
            b'{"items": [{"year": ' + b"9" * 5_000 + b"}]}",
            b"1" * 10_000,
            b"-1e99999",
            b"[NaN, Infinity, -Infinity]",
            b'"\\ud800"',
            b'"\xed\xa0\x80"',
            b"\xef\xbb\xbf{}",
            b"\xff\xfe{\x00}\x00",
            b"\x00\x00\xfe\xff\x00\x00\x00{",
            b"{}{}",
            b'{"a": 1, "a": 2}',
            b"\n\t <!doctype html>",
            b"",
            b"\x00" * 1_000,
            b"PK\x03\x04",
            b"a,b\r\n1,2\r\n",
            chance.randbytes(chance.randrange(2_000)),
        )
    )


_PACKED: Sequence[tuple[bytes, Callable[[bytes], bytes]]] = (
    (b"gzip", lambda body: gzip.compress(body, 1)),
    (b"deflate", lambda body: zlib.compress(body, 1)),
    (b"br", lambda body: brotli.compress(body, quality=1)),
)


def answer(seed: int) -> list[Step]:
    """One answer; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - the same answers again, no secret
    status = STATUS[0] if chance.random() < 0.7 else chance.choice(STATUS)
    headers = [b"Content-Type: application/json"]
    headers += chance.choices(HEADERS, k=chance.choice((0, 0, 1, 1, 2, 5)))
    if chance.random() < 0.2:
        status = b"HTTP/1.1 %d Found" % chance.choice((301, 302, 303, 307, 308))
        headers += [b"Location: " + chance.choice(LOCATIONS)] * chance.choice((1, 1, 1, 2))
    body = _bodies(chance)
    packing = chance.random()
    if packing < 0.2:
        name, pack = chance.choice(_PACKED)
        body = pack(body)
        headers.append(b"Content-Encoding: " + name)
        if chance.random() < 0.5:
            body = _hurt(body, chance)
    elif packing < 0.3:
        headers.append(b"Content-Encoding: " + chance.choice(PACKINGS))
    framing = chance.random()
    if framing < 0.35:
        headers.append(b"Content-Length: %d" % len(body))
    elif framing < 0.5:
        headers += [b"Content-Length: " + chance.choice(LENGTHS)] * chance.choice((1, 1, 2))
    elif framing < 0.65:
        headers.append(b"Transfer-Encoding: chunked")
        body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    elif framing < 0.75:
        headers.append(b"Transfer-Encoding: chunked")
        body = chance.choice(CHUNKS)
    sent = status + b"\r\n" + b"".join(header + b"\r\n" for header in headers) + b"\r\n" + body
    accident = chance.random()
    if accident < 0.2:
        sent = _hurt(sent, chance)
    elif accident < 0.3:
        sent = sent[: chance.randrange(len(sent) + 1)]
    if chance.random() < 0.002:
        return _dripped(sent, chance)
    return [sent]


def _hurt(sent: bytes, chance: random.Random) -> bytes:
    changed = bytearray(sent)
    for _ in range(chance.randrange(1, 6)):
        if changed:
            changed[chance.randrange(min(len(changed), 2_000))] = chance.randrange(256)
    return bytes(changed)


def _dripped(sent: bytes, chance: random.Random) -> list[Step]:
    """Byte by byte from somewhere on, for longer than any patience."""
    at = chance.randrange(min(len(sent), 400) + 1)
    steps: list[Step] = [sent[:at]]
    for byte in (sent[at:] or b" ")[:200]:
        steps += [bytes([byte]), 0.02]
    return steps
