"""A loopback web server whose every path answers with one fault of the matrix.

    async with FaultServer() as server:
        server.url("slowbody")          # the address of one fault
        server.everything = "captcha"   # or: whatever is asked gets this fault
        server.asked                    # what came, in order
        server.gate.set()               # lets the answers of "held" go

A fault is a coroutine `(asked, writer)` in FAULTS; its connection is closed when it returns.
Nothing here waits for more than `PAUSE` at a time, and every fault ends when the server does.
"""

import asyncio
import gzip
import ssl
import zlib
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Self
from urllib.parse import parse_qs, urlsplit

PAUSE = 0.02
FEED = (
    b"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>Harbour wire</title>"
    b"<item><title>Gallium shipments wait for licences</title><link>https://news.example/1</link>"
    b"<guid>h-1</guid><pubDate>Thu, 19 Jun 2025 08:00:00 GMT</pubDate></item></channel></rss>"
)
CAPTCHA = (
    b"<!DOCTYPE html><html><head><title>Just a moment...</title></head>"
    b"<body><p>We check that your browser is one.</p></body></html>"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    gate: asyncio.Event

    def parameter(self, name: str, default: str = "") -> str:
        return parse_qs(urlsplit(self.path).query).get(name, [default])[0]

    @property
    def fault(self) -> str:
        return urlsplit(self.path).path.strip("/").partition("/")[0]


Fault = Callable[[Asked, asyncio.StreamWriter], Awaitable[None]]
FAULTS: dict[str, Fault] = {}


def fault(serve: Fault) -> Fault:
    FAULTS[serve.__name__.rstrip("_")] = serve
    return serve


def answer(body=b"", status="200 OK", *, length=True, **headers):
    lines = [f"HTTP/1.1 {status}"]
    lines += [f"{name.replace('_', '-').title()}: {value}" for name, value in headers.items()]
    if length:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def fixed(name, content):
    async def serve(_, writer):
        writer.write(content)

    FAULTS[name] = serve


class FaultServer:
    """Serves faults on a free port; `everything` overrides the path with one fault's name."""

    def __init__(self, host="127.0.0.1", port=0, tls=None):
        self.asked: list[Asked] = []
        self.connections = self.open = self.most_open = 0
        self.everything = ""
        self.names: list[str | None] = []
        self.gate = asyncio.Event()
        self._host, self._port, self._tls = host, port, tls
        self._tasks: set[asyncio.Task[None]] = set()

    def url(self, path="", host=""):
        scheme = "https" if self._tls else "http"
        return f"{scheme}://{host or self._host}:{self.port}/{path}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(
            self._connected, self._host, self._port, ssl=self._context()
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_):
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _context(self):
        if not self._tls:
            return None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._tls)
        context.sni_callback = lambda _socket, name, _context: self.names.append(name)
        return context

    def _connected(self, reader, writer):
        self.connections += 1
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader, writer):
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                asked = await self._read(reader)
                self.asked.append(asked)
                await self.serve(asked)(asked, writer)
                await writer.drain()
        finally:
            self.open -= 1
            writer.close()

    def serve(self, asked: Asked) -> Fault:
        """Return what answers a question."""
        return FAULTS[self.everything or asked.fault or "feed"]

    async def _read(self, reader):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.strip().split("\r\n")
        method, path, _ = first.split(" ", 2)
        headers = dict(line.lower().split(": ", 1) for line in lines)
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        return Asked(method, path, headers, body, self.gate)


# -- good answers ---------------------------------------------------------------------------------

fixed("feed", answer(FEED, content_type="application/rss+xml"))
fixed("latin", answer(b"<p>caf\xe9</p>", content_type="text/html; charset=ISO-8859-1"))
fixed("gzip", answer(gzip.compress(FEED), content_encoding="gzip"))
fixed("gzipmembers", answer(gzip.compress(FEED[:99]) + gzip.compress(FEED[99:]) + b"\0" * 512,
                            content_encoding="gzip"))  # fmt: skip
fixed("xgzip", answer(gzip.compress(FEED), content_encoding="X-GZIP"))
fixed("chunked", answer(b"%x\r\n%b\r\n0\r\n\r\n" % (len(FEED), FEED), length=False,
                        transfer_encoding="chunked"))  # fmt: skip
fixed("hints", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + answer(FEED))
fixed("closing", answer(FEED, length=False))


@fault
async def echo(asked, writer):
    writer.write(answer(asked.method.encode() + b" " + asked.body))


@fault
async def etag(asked, writer):
    tag = 'W/"a,b c"'
    if asked.headers.get("if-none-match") == tag.lower():
        writer.write(answer(status="304 Not Modified", etag=tag))
    else:
        writer.write(answer(FEED, etag=tag, last_modified="Thu, 19 Jun 2025 08:00:00 GMT"))


@fault
async def held(asked, writer):
    await asked.gate.wait()
    writer.write(answer(FEED))


# -- slow and endless -----------------------------------------------------------------------------


@fault
async def hang(_, __):
    await asyncio.Event().wait()


@fault
async def slowhead(_, writer):
    writer.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        writer.write(b"a")
        await writer.drain()
        await asyncio.sleep(PAUSE)


@fault
async def slowbody(_, writer):
    writer.write(answer(length=False, content_length="100000"))
    while True:
        writer.write(b"a")
        await writer.drain()
        await asyncio.sleep(PAUSE)


@fault
async def hangbody(_, writer):
    writer.write(answer(FEED[:40], length=False, content_length=str(len(FEED))))
    await asyncio.Event().wait()


@fault
async def endless(_, writer):
    writer.write(answer(length=False))
    while True:
        writer.write(b"<item/>" * 4_000)
        await writer.drain()


@fault
async def endlesschunks(_, writer):
    writer.write(answer(length=False, transfer_encoding="chunked"))
    while True:
        writer.write(b"6d60\r\n" + b"<item/>" * 4_000 + b"\r\n")
        await writer.drain()


@fault
async def tinychunks(_, writer):
    """Six bytes on the wire for each byte of the body."""
    writer.write(answer(length=False, transfer_encoding="chunked"))
    while True:
        writer.write(b"1\r\na\r\n" * 5_000)
        await writer.drain()


@fault
async def endlesshead(_, writer):
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-More: and more\r\n" * 1_000)
        await writer.drain()


@fault
async def endlesshints(_, writer):
    while True:
        writer.write(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 1_000)
        await writer.drain()


# -- packed ---------------------------------------------------------------------------------------


def bomb(megabytes):
    packer = zlib.compressobj(9, wbits=31)
    packed = b"".join(packer.compress(b"\0" * 1_000_000) for _ in range(megabytes))
    return packed + packer.flush()


fixed("gzipbomb", answer(bomb(100), content_encoding="gzip"))
fixed("gzipgzipbomb", answer(gzip.compress(bomb(100)), content_encoding="gzip, gzip"))
fixed("brotli", answer(b"\x8b\x02\x80feed\x03", content_encoding="br"))
fixed("unknownpacking", answer(FEED, content_encoding="snappy"))
fixed("cutgzip", answer(gzip.compress(FEED)[:-20], content_encoding="gzip"))
fixed("emptygzip", answer(b"", content_encoding="gzip"))
fixed("notgzip", answer(FEED, content_encoding="gzip"))
fixed("gziptail", answer(gzip.compress(FEED) + b"more", content_encoding="gzip"))
fixed("gzippieces", answer(gzip.compress(b"") * 1_500, content_encoding="gzip"))

# -- framing --------------------------------------------------------------------------------------

fixed("announcedbig", answer(FEED, length=False, content_length="6000000"))
fixed("shortlength", answer(FEED, length=False, content_length=str(len(FEED) - 30)))
fixed("longlength", answer(FEED, length=False, content_length=str(len(FEED) + 30)))
fixed("twolengths", answer(FEED, length=False, content_length=f"{len(FEED)}\r\nContent-Length: 3"))
fixed("negativelength", answer(FEED, length=False, content_length="-1"))
fixed("cutchunks", answer(b"%x\r\n%b" % (len(FEED), FEED[:50]), length=False,
                          transfer_encoding="chunked"))  # fmt: skip
fixed("nothttp", b"220 mail.example ESMTP ready\r\n")
fixed("nothing", b"")
fixed("upgrade", b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n")


@fault
async def reset(_, writer):
    writer.write(answer(FEED[:40], length=False, content_length=str(len(FEED))))
    await writer.drain()
    writer.transport.abort()


# -- redirects ------------------------------------------------------------------------------------


@fault
async def redirect(asked, writer):
    status = asked.parameter("status", "302") + " Elsewhere"
    writer.write(answer(status=status, location=asked.parameter("to", "/feed")))


fixed("selfloop", answer(status="302 Found", location="/selfloop"))
fixed("loop", answer(status="302 Found", location="/pool"))
fixed("pool", answer(status="302 Found", location="/loop"))
fixed("nowhere", answer(status="302 Found"))


@fault
async def hops(asked, writer):
    left, pause = int(asked.parameter("left")), asked.parameter("pause", "0")
    await asyncio.sleep(float(pause))
    onward = answer(status="307 Onward", location=f"/hops?left={left - 1}&pause={pause}")
    writer.write(onward if left else answer(FEED))


@fault
async def cookiewall(asked, writer):
    if asked.headers.get("cookie") == "seen=yes":
        writer.write(answer(FEED))
    else:
        writer.write(answer(status="302 Found", location="/cookiewall",
                            set_cookie="seen=yes; Path=/; HttpOnly"))  # fmt: skip


# -- statuses -------------------------------------------------------------------------------------


@fault
async def status(asked, writer):
    told = {"retry_after": retry} if (retry := asked.parameter("retry")) else {}
    writer.write(answer(b"no", status=f"{asked.parameter('is', '500')} Said", **told))


fixed("unasked304", answer(status="304 Not Modified"))
fixed("body304", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\nsurprise!")
fixed("captcha", answer(CAPTCHA, content_type="text/html"))
fixed("challenge", answer(CAPTCHA, status="403 Forbidden", cf_mitigated="challenge"))
fixed("challenge503", answer(CAPTCHA, status="503 Busy", cf_mitigated="challenge"))
fixed("recaptcha", answer(b"<html><body><div class='g-recaptcha' data-k='1'></div></body></html>"))
fixed("form", answer(b"<html><body><form><div class='g-recaptcha'></div></form>"
                     + b"<a href=/1>A notice</a>" * 5 + b"</body></html>"))  # fmt: skip
fixed("empty", answer(content_type="application/rss+xml"))
fixed(
    "refusal",
    answer(b"Please limit requests to one every five seconds.", content_type="text/plain"),
)
fixed("webpage", answer(b"<!DOCTYPE html><html><head><title>Welcome</title></head><body>Hello"
                        b"</body></html>", content_type="text/html"))  # fmt: skip
fixed("emptyfeed", answer(b"<rss version='2.0'><channel><title>Wire</title></channel></rss>"))
fixed("wrongroot", answer(b"<opml version='2.0'><body/></opml>"))
fixed("dtd", answer(b"<!DOCTYPE rss [<!ENTITY a 'b'>]>" + FEED.partition(b"?>")[2]))
fixed("mojibake", answer(b"<rss><channel><item><title>\x80\xff\xff\x80 ore</title></item></channel>"
                         b"</rss>", content_type="text/xml; charset=utf-8"))  # fmt: skip
fixed("unsuccessful", answer(b'{"code": "500", "success": false, "message": "no such column"}'))
fixed("halffeed", answer(FEED[: FEED.index(b"<guid>")]))
fixed("depth", answer(b"[" * 100_000))
fixed("headline", answer(b"<rss><channel><item><title>Access denied: chip makers lose a market"
                         b"</title></item></channel></rss>"))  # fmt: skip
fixed("longpage", answer(b"<html><head><title>Security check of exports</title></head>"
                         + b"<p>Row</p>" * 9_000))  # fmt: skip
fixed("article", answer(b"<html><head><title>Why captcha pages fail readers</title></head><body>"
                        b"<p>The words 'access denied' and captcha are news here.</p>"
                        b"</body></html>"))  # fmt: skip
