"""Where a fetch may go: no spelling of a private address, and whatever is public."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import RefusedError
from bot.fetch.guard import Allow, admitted, is_public, target_of

NONE = Allow()

CLOSED = {
    "0.0.0.0": "this host",  # noqa: S104  # it is refused
    "0.1.2.3": "this network",
    "10.0.0.1": "private",
    "100.64.0.1": "carrier NAT",
    "100.100.100.200": "a cloud's metadata, in carrier NAT",
    "127.0.0.1": "loopback",
    "127.255.255.254": "loopback",
    "168.63.129.16": "a cloud's host services",
    "169.254.169.254": "metadata, link-local",
    "172.16.0.1": "private",
    "172.31.255.255": "private",
    "192.0.0.1": "IETF",
    "192.0.2.1": "documentation",
    "192.88.99.1": "6to4 relay",
    "192.168.0.1": "private",
    "198.18.0.1": "benchmarking",
    "198.51.100.1": "documentation",
    "203.0.113.1": "documentation",
    "224.0.0.1": "multicast",
    "239.255.255.255": "multicast",
    "240.0.0.1": "reserved",
    "255.255.255.255": "broadcast",
    "::": "unspecified",
    "::1": "loopback",
    "::127.0.0.1": "v4-compatible",
    "::ffff:127.0.0.1": "v4-mapped",
    "::ffff:8.8.8.8": "v4-mapped, whatever it maps",
    "::ffff:0:127.0.0.1": "v4-translated",
    "64:ff9b::7f00:1": "NAT64",
    "64:ff9b:1::1": "local NAT64",
    "100::1": "discard",
    "2001::1": "Teredo",
    "2001:db8::1": "documentation",
    "2002:7f00:1::": "6to4 of loopback",
    "2606:4700::5efe:7f00:1": "ISATAP of loopback",
    "3fff::1": "documentation",
    "fc00::1": "unique local",
    "fd00:ec2::254": "metadata, unique local",
    "fe80::1": "link-local",
    "fe80::1%lo": "link-local with a zone",
    "2606:4700::1%lo": "a zone has no place in public",
    "fec0::1": "site-local",
    "ff02::1": "multicast",
}
OPEN = ["1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.32.0.1", "192.0.1.1",
        "223.255.255.254", "2606:4700:4700::1111", "2a00:1450:4001::1", "240e::1"]  # fmt: skip


@pytest.mark.parametrize("address", CLOSED, ids=CLOSED.values())
def test_special_addresses_are_closed(address):
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", OPEN)
def test_public_addresses_are_open(address):
    assert is_public(ip_address(address))


@given(st.ip_addresses(v=4))
def test_what_python_calls_private_is_never_open(address: IPv4Address):
    """A second opinion: the standard library's own tables."""
    if address.is_private or address.is_multicast or address.is_reserved:
        assert not is_public(address)


@given(st.ip_addresses(v=4))
def test_no_ipv4_address_gets_through_in_ipv6_clothes(address: IPv4Address):
    number = int(address)
    wrapped = [
        number,
        0xFFFF << 32 | number,
        0x64FF9B << 96 | number,
        0x2002 << 112 | number << 80,
        0x2001 << 112 | number ^ 0xFFFFFFFF,
        0xFE80 << 112 | 0x5EFE << 32 | number,
    ]
    assert not any(is_public(IPv6Address(each)) for each in wrapped)


@pytest.mark.parametrize(
    "url",
    [
        "http://0x7f000001/",
        "http://0x7f.1/",
        "http://2130706433/",
        "http://017700000001/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://127.0.0.1./",
        "http://127.0.0.01/",
        "http://1.2.3.4.5/",
        "http://①②⑦.0.0.1/",
        "http://127。0。0。1/",
        "http://[::1]/",
        "http://[::ffff:7f00:1]/",
        "http://[fe80::1%25lo]/",
        "http://[::]/",
        "http://0/",
        "http://0.0.0.0/",
    ],
)
def test_no_spelling_of_a_private_address_is_accepted(url):
    with pytest.raises(RefusedError):
        target_of(url, NONE)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "gopher://news.example/",
        "ftp://news.example/",
        "javascript:alert(1)",
        "data:text/plain,x",
        "//news.example/",
        "news.example",
        "",
        "http:///path",
        "http://",
        "http://user@news.example/",
        "http://user:pw@news.example/",
        "http://news.example@127.0.0.1/",
        "http://news.example:0/",
        "http://news.example:22/",
        "https://news.example:80/",
        "http://news.example:443/",
        "http://news.example:99999/",
        "http://news.example:-1/",
        "http://news.example:eighty/",
        "http://new s.example/",
        "http://news.example\\@127.0.0.1/",
        "http://news.example\\.evil.example/",
        "http://news.example/\r\nX-Evil: 1",
        "http://news.example/\x00",
        "http://-news.example/",
        "http://news..example/",
        "http://[::1/",
        "http://[nonsense]/",
        f"http://{'a.' * 130}example/",
        f"http://{'a' * 64}.{'ü' * 70}.example/",
        "http://news.example/" + "a" * 10_000,
    ],
)
def test_an_address_that_is_not_plainly_public_is_refused(url):
    with pytest.raises(RefusedError) as caught:
        target_of(url, NONE)

    assert "pw" not in str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("http://news.example/feed", "news.example", 80),
        ("HTTPS://News.Example/", "news.example", 443),
        ("https://news.example:443/", "news.example", 443),
        ("https://news.example./", "news.example", 443),
        ("https://bücher.example/", "xn--bcher-kva.example", 443),
        ("https://8.8.8.8/", "8.8.8.8", 443),
        ("https://[2606:4700:4700::1111]/", "2606:4700:4700::1111", 443),
        ("https://feeds_old.news.example/?a=http://x@y", "feeds_old.news.example", 443),
    ],
)
def test_a_plain_address_names_its_server(url, host, port):
    target = target_of(url, NONE)

    assert (target.host, target.port, target.exempt) == (host, port, False)


# -- what the operator allows ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        ("127.0.0.0/8", "http://127.0.0.1:8080/"),
        ("127.0.0.1", "http://127.0.0.1:8080/"),
        ("::1", "http://[::1]:8080/"),
        ("[::1]", "http://[::1]:8080/"),
        ("127.0.0.1:8080", "http://127.0.0.1:8080/"),
        ("localhost", "http://localhost:8080/"),
        ("LocalHost:8080", "http://localhost:8080/"),
    ],
)
def test_what_is_allowed_is_exempt_on_any_port(entry, url):
    assert target_of(url, Allow.of([entry])).exempt


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        ("127.0.0.1:8080", "http://127.0.0.1:8081/"),
        ("127.0.0.1", "http://127.0.0.2/"),
        ("news.example", "http://www.news.example:8080/"),
        ("127.0.0.0/8", "http://10.0.0.1/"),
        ("127.0.0.0/8", "http://2130706433/"),
        ("nonsense/99", "http://127.0.0.1/"),
    ],
)
def test_an_exemption_reaches_no_further_than_it_says(entry, url):
    with pytest.raises(RefusedError):
        target_of(url, Allow.of([entry]))


def test_a_name_may_resolve_into_an_allowed_network():
    allow = Allow.of(["127.0.0.0/8"])
    target = target_of("http://news.example:8080/", allow)
    loopback, public = ip_address("127.0.0.1"), ip_address("8.8.8.8")

    assert admitted(target, [loopback], allow) == (loopback,)
    with pytest.raises(RefusedError, match="port 8080"):
        admitted(target, [public], allow)
    with pytest.raises(RefusedError, match="port 8080"):
        admitted(target, [loopback, public], allow)


def test_one_private_answer_spoils_a_name():
    target = target_of("https://news.example/", NONE)

    with pytest.raises(RefusedError, match=r"10\.0\.0\.1"):
        admitted(target, [ip_address("8.8.8.8"), ip_address("10.0.0.1")], NONE)


def test_an_allowed_name_may_be_anywhere():
    allow = Allow.of(["intranet.example"])
    target = target_of("http://intranet.example/", allow)

    assert admitted(target, [ip_address("10.0.0.1")], allow)
