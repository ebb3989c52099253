"""The fetcher against every fault of the network: each row fails if its guard is taken away."""

import asyncio
import contextlib
import resource
import socket
import ssl
import threading
import tracemalloc
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import FetchError, GoneError, RefusedError, WaitError
from bot.fetch import Fetcher, Limits, body
from bot.fetch.client import agent_of
from bot.fetch.resolve import SystemResolver
from bot.fetch.wire import secure
from bot.model import Request
from tests.builders import NOON, row
from tests.faultserver import FAULTS, FEED, FaultServer, answer, bomb

LOOPBACK = ("127.0.0.0/8",)
PEM = Path(__file__).parent / "data" / "fetch"
QUICK = Limits(spacing=0, deadline=0.4, per_host=60)


class Time:
    """A clock that stands until it is set."""

    def __init__(self):
        self.now = NOON

    def __call__(self):
        return self.now


@pytest.fixture
async def server():
    async with FaultServer() as running:
        yield running


@pytest.fixture
def time():
    return Time()


@pytest.fixture
async def fetcher(time):
    async with Fetcher(
        contact="ops@desk.example", clock=time, allow=LOOPBACK, limits=QUICK
    ) as made:
        yield made


async def get(fetcher, server, path, cursor=None, **given):
    return await ask(fetcher, server.url(path), cursor, **given)


async def ask(fetcher, url, cursor=None, **given):
    return await fetcher(Request(url=url, **given), row(url=url), cursor or {})


# -- what a good answer is ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["feed", "gzip", "gzipmembers", "xgzip", "chunked", "hints", "closing"]
)
async def test_reads_a_body_however_it_is_framed(fetcher, server, path):
    page = await get(fetcher, server, path)

    assert page.body == FEED


async def test_keeps_what_the_server_says_of_its_charset(fetcher, server):
    page = await get(fetcher, server, "latin")

    assert page.content_type == "text/html; charset=ISO-8859-1"
    assert page.body == b"<p>caf\xe9</p>"


async def test_says_who_we_are_and_how_to_reach_us(fetcher, server):
    await get(fetcher, server, "feed")

    (asked,) = server.asked
    assert asked.headers["user-agent"].startswith("exportwire/0.")
    assert asked.headers["user-agent"].endswith("(+ops@desk.example)")
    assert asked.headers["accept-encoding"] == "gzip"


@pytest.mark.parametrize("contact", ["a\r\nX-Evil: 1", "(nested)", "näme@x.example"])
def test_contact_cannot_break_the_header(contact):
    assert agent_of(contact).isprintable()
    assert agent_of(contact).isascii()
    assert agent_of(contact).count("(") == 1


async def test_row_and_request_headers_override_ours(fetcher, server):
    asked = Request(url=server.url("feed"), headers={"X-Page": "2"})
    told = row(headers={"Referer": "https://desk.example/", "accept-encoding": "identity"})

    await fetcher(asked, told, {})

    headers = server.asked[0].headers
    assert headers["referer"] == "https://desk.example/"
    assert headers["accept-encoding"] == "identity"
    assert headers["x-page"] == "2"


async def test_a_form_is_posted(fetcher, server):
    page = await get(fetcher, server, "echo", form={"page": "1", "q": "稀土 & more"})

    assert page.body == b"POST page=1&q=%E7%A8%80%E5%9C%9F+%26+more"
    assert server.asked[0].headers["content-type"] == "application/x-www-form-urlencoded"


async def test_no_proxy_of_the_environment_is_used(server, time, monkeypatch):
    """A proxy for everyone on the machine is not ours to use; a row names its own."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")

    async with Fetcher(contact="x", clock=time, allow=LOOPBACK, limits=QUICK) as fetcher:
        assert (await get(fetcher, server, "feed")).body == FEED


async def test_a_row_goes_through_its_own_proxy(fetcher, server):
    """The proxy is the fault server: a proxied request asks it for a whole address."""
    server.everything = "feed"
    proxied = row(proxy=server.url())

    page = await fetcher(Request(url="http://no-such-host.invalid/x"), proxied, {})

    assert page.body == FEED
    assert server.asked[0].path == "http://no-such-host.invalid/x"


@pytest.mark.parametrize("url", ["http://169.254.169.254/", "http://metadata.example/"])
async def test_a_proxy_is_no_way_round_the_guard(server, time, url):
    async def resolve(_host, _port):
        return ["169.254.169.254"]

    async with Fetcher(contact="x", clock=time, limits=QUICK, resolve=resolve) as fetcher:
        with pytest.raises(RefusedError, match="not on the public internet"):
            await fetcher(Request(url=url), row(proxy=server.url()), {})

    assert server.connections == 0


# -- slow and endless -----------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["hang", "slowhead", "slowbody", "hangbody"])
async def test_the_whole_fetch_has_one_deadline(fetcher, server, path):
    """Every byte comes in time for a time-out per read; only a total deadline ends it."""
    before = asyncio.get_running_loop().time()

    with pytest.raises(FetchError, match=r"did not finish its answer within 0\.4 s"):
        await get(fetcher, server, path)

    assert asyncio.get_running_loop().time() - before < 2


async def test_the_deadline_counts_over_all_hops(fetcher, server):
    """Each hop is well within it; together they are not."""
    with pytest.raises(FetchError, match="did not finish"):
        await get(fetcher, server, "hops?left=5&pause=0.15")


@pytest.mark.parametrize(
    "path", ["endless", "endlesschunks", "tinychunks", "announcedbig", "endlesshints"]
)
async def test_the_wire_is_capped(server, time, path):
    """A long deadline: the cap alone must end it. Tiny chunks count with their framing."""
    limits = Limits(spacing=0, deadline=30, wire=300_000)
    async with Fetcher(contact="x", clock=time, allow=LOOPBACK, limits=limits) as fetcher:
        with pytest.raises(RefusedError, match=r"larger than 0\.3 MB"):
            await get(fetcher, server, path)


async def test_the_wire_is_capped_behind_a_proxy_too(server, time):
    server.everything = "endless"
    limits = Limits(spacing=0, deadline=30, wire=300_000)
    async with Fetcher(contact="x", clock=time, allow=LOOPBACK, limits=limits) as fetcher:
        with pytest.raises(RefusedError, match=r"larger than 0\.3 MB"):
            await fetcher(Request(url="http://127.0.0.9/"), row(proxy=server.url()), {})


async def test_an_endless_head_is_cut_off(fetcher, server):
    with pytest.raises(FetchError, match="does not speak HTTP"):
        await get(fetcher, server, "endlesshead")


async def test_healthy_hosts_do_not_wait_for_hanging_ones(server, time):
    async def resolve(_host, _port):
        return ["127.0.0.1"]

    slow = ["hang", "slowhead", "slowbody", "hangbody", "endless"] * 10
    limits = Limits(deadline=20, spacing=1)
    fetcher = Fetcher(contact="x", clock=time, allow=LOOPBACK, limits=limits, resolve=resolve)

    async with fetcher, asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(_quietly(fetcher, server.url(path, f"slow{at}.example")))
            for at, path in enumerate(slow)
        ]
        await asyncio.sleep(0)
        async with asyncio.timeout(5):
            page = await ask(fetcher, server.url("feed", "well.example"))
        for task in tasks:
            task.cancel()

    assert page.body == FEED


async def _quietly(fetcher, url):
    with contextlib.suppress(FetchError, RefusedError):
        await fetcher(Request(url=url), row(), {})


# -- packed ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("gzipbomb", "larger than 15 MB"),
        ("gzipgzipbomb", "which we did not ask for"),
        ("brotli", "which we did not ask for"),
        ("unknownpacking", 'packed as "snappy"'),
        ("gzippieces", "too many pieces"),
    ],
)
async def test_bombs_and_foreign_packing_are_refused_cheaply(fetcher, server, path, words):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with pytest.raises(RefusedError, match=words):
        await get(fetcher, server, path)

    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 40_000  # kB


async def test_one_chunk_cannot_inflate_beyond_the_limit():
    """A proxy may hand on large chunks: the inflater itself must stop, not the count after it."""

    async def chunks():
        yield bomb(100)

    tracemalloc.start()
    with pytest.raises(RefusedError, match="larger than 15 MB"):
        await body.read(chunks(), "gzip", 5_000_000, 15_000_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 40_000_000


@pytest.mark.parametrize("path", ["cutgzip", "emptygzip", "notgzip", "gziptail"])
async def test_damaged_gzip_is_a_failed_fetch(fetcher, server, path):
    """A body that inflates to less than there was must never look like items that vanished."""
    with pytest.raises(FetchError):
        await get(fetcher, server, path)


# -- framing --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "shortlength",
        "longlength",
        "twolengths",
        "negativelength",
        "cutchunks",
        "nothttp",
        "nothing",
        "upgrade",
        "reset",
    ],
)
async def test_a_body_that_is_not_whole_is_a_failed_fetch(fetcher, server, path):
    with pytest.raises(FetchError):
        await get(fetcher, server, path)


async def test_a_refused_connection_says_so(fetcher, server):
    gone = server.url("feed")
    await server.__aexit__()

    with pytest.raises(FetchError, match="refuses connections"):
        await fetcher(Request(url=gone), row(), {})


# -- redirects ------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_follows_redirects_and_reports_where_it_ended(fetcher, server, status):
    page = await get(fetcher, server, f"redirect?status={status}&to=/feed%23part")

    assert page.body == FEED
    assert page.url == server.url("feed")


async def test_a_redirect_with_a_space_in_it_is_followed(fetcher, server):
    assert (await get(fetcher, server, "redirect?to=/feed%3Fa%20b")).body == FEED
    assert server.asked[1].path == "/feed?a%20b"


@pytest.mark.parametrize(
    ("status", "sent"), [(302, b"GET "), (303, b"GET "), (307, b"POST a=b"), (308, b"POST a=b")]
)
async def test_a_form_is_only_repeated_where_the_status_says_so(fetcher, server, status, sent):
    page = await get(fetcher, server, f"redirect?status={status}&to=/echo", form={"a": "b"})

    assert page.body == sent


@pytest.mark.parametrize("path", ["loop", "selfloop"])
async def test_a_circle_is_noticed(fetcher, server, path):
    with pytest.raises(RefusedError, match="in a circle"):
        await get(fetcher, server, path)

    assert len(server.asked) <= 2


async def test_five_hops_are_followed_and_no_more(fetcher, server):
    assert (await get(fetcher, server, "hops?left=5")).body == FEED

    with pytest.raises(RefusedError, match="more than 5 times"):
        await get(fetcher, server, "hops?left=6")


async def test_a_site_that_redirects_until_its_cookie_returns_is_read(fetcher, server):
    page = await get(fetcher, server, "cookiewall")
    await get(fetcher, server, "feed")

    assert page.body == FEED
    assert "cookie" not in server.asked[-1].headers  # it lived for one fetch alone


async def test_a_redirect_to_nowhere_is_a_failed_fetch(fetcher, server):
    with pytest.raises(FetchError, match="leads nowhere"):
        await get(fetcher, server, "nowhere")


@pytest.mark.parametrize(
    "to",
    [
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "ftp://news.example/",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://0x7f000001/",
        "http://2130706433/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://user:pw@news.example/",
        "http://news.example:22/",
        "//192.168.1.1/x",
    ],
)
async def test_a_redirect_to_where_no_fetch_may_go_is_refused(server, time, to):
    """Only the server's own address is exempt, so that the others are private as everywhere."""
    allow = (f"127.0.0.1:{server.port}",)
    async with Fetcher(contact="x", clock=time, allow=allow, limits=QUICK) as fetcher:
        with pytest.raises(RefusedError, match="refused"):
            await get(fetcher, server, f"redirect?to={to}")

    assert len(server.asked) == 1


async def test_another_server_gets_none_of_the_rows_headers(fetcher, server):
    async with FaultServer("127.0.0.2") as other:
        secret = row(headers={"Authorization": "key 1", "X-Api-Key": "2", "Accept-Language": "ja"})
        asked = Request(url=server.url(f"redirect?to={other.url('feed')}"))

        await fetcher(asked, secret, {})

    headers = other.asked[0].headers
    assert "authorization" not in headers
    assert "x-api-key" not in headers
    assert headers["accept-language"] == "ja"


# -- the guard at work ----------------------------------------------------------------------------


async def test_a_private_address_is_never_dialled(server, time):
    async with Fetcher(contact="x", clock=time, limits=QUICK) as fetcher:
        with pytest.raises(RefusedError, match="FETCH_ALLOW"):
            await get(fetcher, server, "feed")

    assert server.connections == 0


@pytest.mark.parametrize("answers", [["127.0.0.1"], ["127.0.0.2", "127.0.0.1"], ["::1"]])
async def test_every_address_of_a_name_must_be_open(time, answers):
    async def resolve(_host, _port):
        return answers

    async with FaultServer() as canary:
        fetcher = Fetcher(
            contact="x", clock=time, allow=("127.0.0.2/32",), limits=QUICK, resolve=resolve
        )
        async with fetcher:
            with pytest.raises(RefusedError, match="not on the public internet"):
                await fetcher(Request(url=canary.url("feed", "news.example")), row(), {})

        assert canary.connections == 0


async def test_the_checked_address_is_the_dialled_one(time):
    """A rebinding resolver: its first answer is open, every later one is the canary's."""
    answers = iter([["127.0.0.2"], ["127.0.0.1"]])

    async def resolve(_host, _port):
        return next(answers)

    async with FaultServer("127.0.0.2") as news, FaultServer(port=news.port) as canary:
        fetcher = Fetcher(
            contact="x", clock=time, allow=("127.0.0.2/32",), limits=QUICK, resolve=resolve
        )
        async with fetcher:
            first = await ask(fetcher, news.url("feed", "rebind.example"))
            with pytest.raises(RefusedError):
                await ask(fetcher, news.url("feed", "rebind.example"))

        assert first.body == FEED
        assert news.connections == 1
        assert canary.connections == 0


async def test_each_hop_is_checked_afresh(time):
    """The name is open for the first hop and private for the second."""
    answers = iter([["127.0.0.2"], ["127.0.0.1"]])

    async def resolve(_host, _port):
        return next(answers)

    async with FaultServer("127.0.0.2") as news, FaultServer(port=news.port) as canary:
        fetcher = Fetcher(
            contact="x", clock=time, allow=("127.0.0.2/32",), limits=QUICK, resolve=resolve
        )
        async with fetcher:
            with pytest.raises(RefusedError):
                await fetcher(
                    Request(url=news.url("redirect?to=/feed", "rebind.example")), row(), {}
                )

        assert canary.connections == 0


async def test_the_second_address_is_tried_where_the_first_is_down(server, time):
    async def resolve(_host, _port):
        return ["127.0.0.3", "127.0.0.1"]

    async with Fetcher(
        contact="x", clock=time, allow=LOOPBACK, limits=QUICK, resolve=resolve
    ) as fetcher:
        page = await ask(fetcher, server.url("feed", "news.example"))

    assert page.body == FEED


async def test_the_second_address_is_tried_where_the_first_accepts_nobody(server, time):
    """A listener whose queue is full lets connections hang, and the deadline with them."""
    with socket.socket() as full:
        full.bind(("127.0.0.2", server.port))
        full.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)  # noqa: FBT003  # the socket's own way
            one.connect_ex(("127.0.0.2", server.port))

        async def resolve(host, port):
            return ["127.0.0.2", "127.0.0.1"]

        limits = Limits(spacing=0, connect=0.3, deadline=8)
        async with Fetcher(
            contact="x", clock=time, allow=LOOPBACK, limits=limits, resolve=resolve
        ) as fetcher:
            page = await ask(fetcher, server.url("feed", host="news.example"))
        for one in waiting:
            one.close()

    assert page.body == FEED


async def test_a_name_that_does_not_resolve_is_a_failed_fetch(time):
    async def resolve(_host, _port):
        raise OSError(-2, "Name or service not known")

    async with Fetcher(contact="x", clock=time, limits=QUICK, resolve=resolve) as fetcher:
        with pytest.raises(FetchError, match="does not resolve"):
            await fetcher(Request(url="http://news.example/"), row(), {})


async def test_the_system_is_asked_off_the_loop_and_a_hung_look_up_holds_nobody_up():
    """Look-ups hang; each keeps a daemon thread until it ends, and the loop goes on."""
    release = threading.Event()

    def ask(host, _port):
        if host == "hung.example":
            release.wait(10)
        return [f"{threading.current_thread().daemon}"]

    resolver = SystemResolver(ask)
    hung = [asyncio.ensure_future(resolver("hung.example", 80)) for _ in range(20)]
    found = await resolver("news.example", 80)
    for task in hung[:10]:
        task.cancel()  # as a time-out does
    release.set()
    answers = await asyncio.gather(*hung, return_exceptions=True)

    assert found == ["True"]
    assert answers[10:] == [["True"]] * 10


async def test_the_system_resolves_what_needs_no_network():
    assert await SystemResolver()("127.0.0.1", 80) == ("127.0.0.1",)
    with pytest.raises(UnicodeError):
        await SystemResolver()("a" * 70 + ".example", 80)


async def test_a_resolver_that_hangs_is_given_up(time):
    async def resolve(_host, _port):
        await asyncio.Event().wait()

    limits = Limits(spacing=0, resolve=0.05)
    async with Fetcher(contact="x", clock=time, limits=limits, resolve=resolve) as fetcher:
        with pytest.raises(FetchError, match=r"not resolved within 0\.05 s"):
            await fetcher(Request(url="http://news.example/"), row(), {})


# -- TLS ------------------------------------------------------------------------------------------


def _named(time):
    async def resolve(_host, _port):
        return ["127.0.0.1"]

    return Fetcher(contact="x", clock=time, allow=LOOPBACK, limits=QUICK, resolve=resolve)


async def test_tls_keeps_the_name_in_handshake_and_host_header(time):
    async with FaultServer(tls=PEM / "news.example.pem") as server, _named(time) as fetcher:
        trusted = row(ca=str(PEM / "news.example.pem"))

        page = await fetcher(Request(url=server.url("feed", "news.example")), trusted, {})

    assert page.body == FEED
    assert server.names == ["news.example"]
    assert server.asked[0].headers["host"] == f"news.example:{server.port}"


@pytest.mark.parametrize(
    ("pem", "host", "ca", "words"),
    [
        ("news.example.pem", "news.example", "", "certificate of news.example is not valid"),
        ("news.example.pem", "other.example", "news.example.pem", "not valid for 'other.example'"),
        ("expired.pem", "news.example", "expired.pem", "is the clock of this machine right"),
    ],
    ids=["self-signed", "another name", "expired"],
)
async def test_a_wrong_certificate_is_never_accepted(time, pem, host, ca, words):
    async with FaultServer(tls=PEM / pem) as server, _named(time) as fetcher:
        trusted = row(ca=str(PEM / ca) if ca else "")
        with pytest.raises(FetchError, match=words):
            await fetcher(Request(url=server.url("feed", host)), trusted, {})

        assert not server.asked


async def test_a_server_without_tls_is_a_failed_fetch(time):
    async def plain(_, writer):
        writer.write(b"HTTP/1.1 400 Plain\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(plain, "127.0.0.1", 0) as server, _named(time) as fetcher:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(FetchError, match="no secure connection"):
            await fetcher(Request(url=f"https://news.example:{port}/"), row(), {})


async def test_a_missing_ca_file_is_named(fetcher, server):
    with pytest.raises(RefusedError, match="`ca`"):
        await fetcher(Request(url=server.url("feed")), row(ca="/no/such.pem"), {})


def test_the_context_checks_certificates():
    context = secure("")

    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED


# -- statuses -------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [404, 410])
async def test_gone_carries_its_status(fetcher, server, code):
    with pytest.raises(GoneError) as caught:
        await get(fetcher, server, f"status?is={code}")

    assert caught.value.status == code


@pytest.mark.parametrize("code", [400, 418, 500, 502, 504, 201, 204, 206, 300])
async def test_other_statuses_are_failed_fetches(fetcher, server, code):
    with pytest.raises(FetchError, match=str(code)):
        await get(fetcher, server, f"status?is={code}")


@pytest.mark.parametrize("path", ["status?is=401", "status?is=403", "status?is=451", "captcha",
                                  "challenge", "challenge503", "recaptcha"])  # fmt: skip
async def test_being_turned_away_is_called_a_block(fetcher, server, path):
    with pytest.raises(RefusedError, match="blocked"):
        await get(fetcher, server, path)


@pytest.mark.parametrize("path", ["article", "form", "headline", "longpage"])
async def test_a_page_that_shows_something_is_no_challenge(fetcher, server, path):
    """They speak of captchas, have one in a form, or a title like that in a feed."""
    assert await get(fetcher, server, path)


@pytest.mark.parametrize("code", [429, 503])
async def test_a_server_that_asks_for_time_gets_it(fetcher, server, time, code):
    """The wait is kept for the whole host: no other row of it asks before, and none after waits."""
    with pytest.raises(WaitError) as caught:
        await get(fetcher, server, f"status?is={code}&retry=120")
    time.now += timedelta(seconds=119)
    with pytest.raises(WaitError) as again:
        await get(fetcher, server, "feed")
    time.now += timedelta(seconds=1)
    page = await get(fetcher, server, "feed")

    assert caught.value.wait == timedelta(seconds=120)
    assert again.value.wait == timedelta(seconds=1)
    assert len(server.asked) == 2
    assert page.body == FEED


async def test_busy_without_a_time_names_none(fetcher, server):
    with pytest.raises(WaitError) as caught:
        await get(fetcher, server, "status?is=503")

    assert caught.value.wait is None


# -- what is unchanged ----------------------------------------------------------------------------


async def test_validators_go_back_verbatim_and_304_means_unchanged(fetcher, server):
    first = await get(fetcher, server, "etag")
    second = await get(fetcher, server, "etag", first.validators)

    assert second is None
    assert server.asked[1].headers["if-none-match"] == 'w/"a,b c"'  # the server lowers all headers
    assert server.asked[1].headers["if-modified-since"] == "thu, 19 jun 2025 08:00:00 gmt"


async def test_a_failed_answer_leaves_no_validators(fetcher, server):
    """The page carries them, so that whoever saves the items saves them together, or neither."""
    with pytest.raises(FetchError):
        await get(fetcher, server, "cutgzip")
    await get(fetcher, server, "etag")

    assert "if-none-match" not in server.asked[1].headers


async def test_the_same_body_is_unchanged_without_any_validator(fetcher, server):
    first = await get(fetcher, server, "feed")

    assert await get(fetcher, server, "feed", first.validators) is None
    assert await get(fetcher, server, "feed", first.validators, fresh=True)


async def test_once_a_day_the_whole_answer_is_asked_for(fetcher, server, time):
    """Validators lie: a server that says 304 for ever is caught within a day."""
    first = await get(fetcher, server, "etag")
    time.now += timedelta(hours=23, minutes=59)
    assert await get(fetcher, server, "etag", first.validators) is None
    time.now += timedelta(minutes=1)
    whole = await get(fetcher, server, "etag", first.validators)
    again = await get(fetcher, server, "etag", {**first.validators, **whole.validators})

    assert "if-none-match" not in server.asked[2].headers
    assert whole.body == FEED
    assert again is None


async def test_a_clock_set_back_asks_for_the_whole_answer(fetcher, server, time):
    first = await get(fetcher, server, "etag")
    time.now -= timedelta(days=400)

    assert await get(fetcher, server, "etag", first.validators)


async def test_each_address_has_validators_of_its_own(fetcher, server):
    one = await get(fetcher, server, "etag?page=1")
    two = await get(fetcher, server, "etag?page=2")
    both = {**one.validators, **two.validators}

    assert len(both) == 2
    assert await get(fetcher, server, "etag?page=1", both) is None
    assert await get(fetcher, server, "etag?page=3", both) is not None


async def test_a_form_is_part_of_the_address(fetcher, server):
    one = await get(fetcher, server, "echo", form={"page": "1"})

    assert await get(fetcher, server, "echo", one.validators, form={"page": "1"}) is None
    two = await get(fetcher, server, "echo", one.validators, form={"page": "2"})
    assert not one.validators.keys() & two.validators.keys()


async def test_304_to_a_question_without_condition_is_an_error(fetcher, server):
    with pytest.raises(FetchError, match="we had not asked"):
        await get(fetcher, server, "unasked304")


async def test_the_body_of_a_304_is_ignored(fetcher, server):
    first = await get(fetcher, server, "etag")
    server.everything = "body304"

    assert await get(fetcher, server, "etag", first.validators) is None
    server.everything = "feed"
    assert (await get(fetcher, server, "feed")).body == FEED


@pytest.mark.parametrize("kept", ["", "x", "[]", '{"e": 1}', '{"e":"","m":"","h":"","t":"soon"}'])
async def test_a_spoilt_cursor_asks_for_the_whole_answer(fetcher, server, kept):
    first = await get(fetcher, server, "etag")

    assert await get(fetcher, server, "etag", dict.fromkeys(first.validators, kept))


# -- moved for good -------------------------------------------------------------------------------


async def test_a_permanent_move_is_believed_after_three_answers_over_a_day(fetcher, server, time):
    cursor: dict[str, str] = {}
    moved = []
    for hours in (0, 12, 12, 12):
        time.now += timedelta(hours=hours)
        page = await get(fetcher, server, "redirect?status=301&to=/feed", cursor, fresh=True)
        cursor |= page.validators
        moved.append(page.moved)

    assert moved == ["", "", server.url("feed"), server.url("feed")]


@pytest.mark.parametrize("status", [302, 303, 307])
async def test_a_passing_redirect_is_no_move(fetcher, server, time, status):
    cursor: dict[str, str] = {}
    for _ in range(4):
        time.now += timedelta(hours=12)
        page = await get(fetcher, server, f"redirect?status={status}&to=/feed", cursor, fresh=True)
        cursor |= page.validators

    assert page.moved == ""


async def test_a_move_elsewhere_starts_anew(fetcher, server, time, monkeypatch):
    places = iter(["/feed", "/feed", "/chunked"])

    async def wander(_, writer):
        writer.write(answer(status="301 Moved", location=next(places)))

    monkeypatch.setitem(FAULTS, "wander", wander)
    cursor: dict[str, str] = {}
    for _ in range(3):
        time.now += timedelta(hours=13)
        page = await get(fetcher, server, "wander", cursor, fresh=True)
        cursor |= page.validators

    assert page.moved == ""


# -- politeness -----------------------------------------------------------------------------------


async def test_one_host_sees_few_requests_at_once(server, time):
    limits = Limits(spacing=0)
    async with (
        FaultServer("127.0.0.2") as other,
        Fetcher(contact="x", clock=time, allow=LOOPBACK, limits=limits) as fetcher,
        asyncio.TaskGroup() as group,
    ):
        for at in range(6):
            group.create_task(get(fetcher, server, f"held?{at}"))
        for at in range(4):  # round trips to another host, while those of this one are held
            await get(fetcher, other, f"feed?{at}")
        server.gate.set()

    assert len(server.asked) == 6
    assert server.most_open == 2


async def test_requests_to_one_host_are_spaced(server, time):
    """Sleeping is handed in, so that no test waits: what was asked for is what is checked."""
    slept = []

    async def sleep(seconds):
        slept.append(seconds)

    limits = Limits(spacing=60, per_host=9)
    async with Fetcher(
        contact="x", clock=time, allow=LOOPBACK, limits=limits, sleep=sleep
    ) as fetcher, FaultServer("127.0.0.2") as other:  # fmt: skip
        await asyncio.gather(*(get(fetcher, server, f"feed?{at}") for at in range(3)))
        await get(fetcher, other, "feed")

    assert [round(seconds / 60) for seconds in slept] == [1, 2]


async def test_a_row_may_ask_for_more_time_between_requests_to_its_host(server, time):
    """It holds for the host, whoever asks it next; where nothing is spaced, it is not either."""
    source, slept = row(url=server.url("feed"), spacing=timedelta(minutes=8)), []

    async def sleep(seconds):
        slept.append(seconds)

    for spacing in (60, 0):
        limits = Limits(spacing=spacing, per_host=9)
        async with Fetcher(
            contact="x", clock=time, allow=LOOPBACK, limits=limits, sleep=sleep
        ) as fetcher, FaultServer("127.0.0.2") as other:  # fmt: skip
            await fetcher(Request(url=source.url), source, {})
            await get(fetcher, server, "feed")
            await get(fetcher, other, "feed")

    assert [round(seconds / 60) for seconds in slept] == [8]


async def test_errors_hold_no_secrets(fetcher, server):
    with pytest.raises(FetchError) as caught:
        await get(fetcher, server, "status?is=500&api_key=hunter2")

    assert "hunter2" not in str(caught.value)
