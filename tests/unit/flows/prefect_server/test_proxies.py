"""What is asked past a proxy: all that the site has itself, in every spelling of the
environment.
"""

import urllib.request

import httpx
import pytest

from extractors.errors import ArgumentsError
from flows.prefect_server.environment import quiet_environment
from flows.prefect_server.plain_http import refuse_plain_http
from flows.prefect_server.proxies import beside_proxies, is_loopback, without_proxies

PROXY = "http://proxy.example:3128"
NAMES = (
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
)
SITE = (
    "http://127.0.0.1:4200/api",
    "http://localhost:4200/api",
    "http://[::1]:4200/api",
    "https://prefect.site/api",
)


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment that says nothing of proxies."""
    for name in (*NAMES, "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def proxies_of(url: str) -> set[str]:
    """Through what httpx, which is Prefect's, and Python's own library ask for an
    address.
    """
    found: set[str] = set()
    with httpx.Client() as client:
        transport = client._transport_for_url(httpx.URL(url))
        if transport is not client._transport:
            found.add("httpx")
    host = httpx.URL(url).netloc.decode()
    scheme = httpx.URL(url).scheme
    if scheme in urllib.request.getproxies() and not urllib.request.proxy_bypass(host):
        found.add("urllib")
    return found


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "excepted", [{}, {"NO_PROXY": "localhost"}, {"no_proxy": "elsewhere.example"}]
)
def test_a_run_asks_no_proxy(
    bare: pytest.MonkeyPatch, name: str, excepted: dict[str, str]
):
    for each, value in {name: PROXY, **excepted}.items():
        bare.setenv(each, value)
    assert any(
        proxies_of(url) for url in ("http://127.0.0.1/", "https://prefect.site/")
    ), "it would be asked"
    quiet_environment()
    assert not any(proxies_of(url) for url in SITE)


@pytest.mark.parametrize(
    "proxy", ["socks5://127.0.0.1:9", "socks4://127.0.0.1:9", "quic://127.0.0.1:9"]
)
def test_a_proxy_that_nobody_here_can_use_is_in_no_ones_way(
    bare: pytest.MonkeyPatch, proxy: str
):
    bare.setenv("ALL_PROXY", proxy)
    with pytest.raises((ImportError, ValueError)):
        httpx.Client()
    quiet_environment()
    httpx.Client().close()


def test_where_python_would_ask_the_system(bare: pytest.MonkeyPatch):
    """With no proxy in the environment, macOS and Windows would be asked for theirs."""
    environment = without_proxies({"http_proxy": PROXY, "PATH": "kept"})
    assert environment == {"PATH": "kept", "NO_PROXY": "*", "no_proxy": "*"}
    bare.setenv("no_proxy", "*")
    assert urllib.request.getproxies_environment(), (
        "whoever finds something here looks no further"
    )


def test_who_may_use_the_proxy_still_leaves_it_out_for_the_site(
    bare: pytest.MonkeyPatch,
):
    bare.setenv("HTTP_PROXY", PROXY)
    bare.setenv("HTTPS_PROXY", PROXY)
    said = {"NO_PROXY": "one.example, two.example", "no_proxy": "three.example"}
    for name, value in beside_proxies(said, ["prefect.site"]).items():
        bare.setenv(name, value)
    assert not any(proxies_of(url) - {"urllib"} for url in SITE), (
        "which knows no address like [::1]"
    )
    assert not any(proxies_of(url) for url in SITE if "[" not in url)
    assert not any(
        proxies_of(f"http://{host}.example/") for host in ("one", "two", "three")
    )
    assert proxies_of("http://alerts.example/") == {"httpx", "urllib"}


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.8.9.1", "::1", "localhost", "a.localhost"]
)
def test_this_machine(host: str):
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["", "10.0.0.1", "0.0.0.0", "server", "localhost.example", "notlocalhost"]
)
def test_another_machine(host: str):
    assert not is_loopback(host)


def test_no_word_goes_over_a_network_in_the_clear():
    for url in ("", *SITE):
        refuse_plain_http(url, allowed=False)
    with pytest.raises(
        ArgumentsError,
        match=r"another machine without TLS \(http, prefect.site\).*allow_plain_http",
    ):
        refuse_plain_http("http://me:secret@prefect.site:4200/api", allowed=False)
    with pytest.raises(ArgumentsError) as refused:
        refuse_plain_http("HTTP://me:secret@prefect.site:4200/api", allowed=False)
    assert "secret" not in refused.value.message
    refuse_plain_http("http://prefect.site:4200/api", allowed=True)
