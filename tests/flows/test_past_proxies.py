"""A proxy that the environment names hears nothing of a run, of its server or of its
password.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.serving.messages import Alert, Receiver
from flows.serving.parts import parts
from flows.serving.setting import setting
from flows.serving.surroundings import for_part, write_for_clients
from tests.flows.commands import Command
from tests.flows.conftest import STUDIES
from tests.lib.prefect_server import environment
from tests.lib.proxy import NAMES, Listener, listener

WEEKLY = STUDIES / "weekly.py"


@pytest.fixture
def proxy() -> Iterator[Listener]:
    with listener() as heard:
        yield heard


@pytest.mark.parametrize(
    "scheme", ["http", pytest.param("socks5", marks=pytest.mark.slow)]
)
def test_a_run_with_the_sites_server(
    cohortflow: Command, proxy: Listener, records: Path, tmp_path: Path, scheme: str
):
    words = ("--records", records, "--workspace", tmp_path / "w", "--json")
    settings = proxy.environment(scheme) | {"PREFECT_API_AUTH_STRING": "me:a secret"}
    result = cohortflow("run", WEEKLY, *words, **settings).well()
    assert len(result.json["computed"]) == 4
    assert not proxy.heard


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["http", "socks5"])
def test_a_run_with_a_server_of_its_own(
    proxy: Listener, records: Path, tmp_path: Path, scheme: str
):
    command = Command(environment(tmp_path / "home") | proxy.environment(scheme))
    result = command(
        "run", WEEKLY, "--records", records, "--workspace", tmp_path / "w", "--json"
    ).well()
    assert len(result.json["computed"]) == 4
    assert not proxy.heard


@pytest.fixture
def named(proxy: Listener, monkeypatch: pytest.MonkeyPatch) -> Listener:
    for name, value in proxy.environment().items():
        monkeypatch.setenv(name, value)
    return proxy


def test_an_alert_may_go_through_the_proxy(named: Listener):
    assert Receiver("http://alerts.example/place").deliver(
        Alert("failed", "a study", "a run")
    )
    (heard,) = named.heard
    assert heard.startswith(b"POST http://alerts.example/place HTTP/1.1\r\n")


def test_but_not_to_this_machine(named: Listener):
    with listener() as hook:
        assert Receiver(f"http://127.0.0.1:{hook.port}/place").deliver(
            Alert("failed", "a study", "a run")
        )
        assert hook.heard and not named.heard


def test_which_parts_of_a_server_know_of_it(
    named: Listener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Those that speak to the site's own do not; who tells the outside does, and leaves
    out the site.
    """
    monkeypatch.setenv("PREFECT_API_URL", "https://prefect.site/api")
    where = setting(str(tmp_path))
    for part in parts(where):
        given = for_part(where, part)
        if part.name == "alerts":
            assert {given[name] for name in NAMES} == {f"http://127.0.0.1:{named.port}"}
            assert given["NO_PROXY"].split(",") == [
                "localhost",
                "127.0.0.1",
                "::1",
                "prefect.site",
            ]
        else:
            assert (
                not any(name in given for name in NAMES)
                and given["NO_PROXY"] == given["no_proxy"] == "*"
            )


def test_who_takes_part_in_a_server_asks_it_past_the_proxy(
    named: Listener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """By the file of a server, which a shell or systemd reads; all else there goes
    through the proxy as before.
    """
    monkeypatch.setenv("PREFECT_API_URL", "https://prefect.site/api")
    said = (
        write_for_clients(setting(str(tmp_path)))
        .read_text(encoding="utf-8")
        .splitlines()
    )
    for name in ("NO_PROXY", "no_proxy"):
        assert f"{name}=localhost,127.0.0.1,::1,prefect.site" in said


@pytest.mark.parametrize("allowed", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_a_server_elsewhere_without_tls(
    cohortflow: Command, records: Path, tmp_path: Path, allowed: bool
):
    """It is said before anything is sent; a site may allow it, and then it is asked."""
    site = tmp_path / "site.toml"
    site.write_text(f"allow_plain_http = {str(allowed).lower()}\n", encoding="utf-8")
    named = {
        "PREFECT_API_URL": "http://prefect.invalid:4200/api",
        "PREFECT_API_AUTH_STRING": "me:secret",
    }
    words = ("--records", records, "--workspace", tmp_path / "w")
    result = cohortflow("run", WEEKLY, *words, COHORTFLOW_SITE_POLICY=site, **named)
    assert result.code == 2 and "secret" not in result.err + result.out
    said = (
        "There is no Prefect server at"
        if allowed
        else "without TLS (http, prefect.invalid)"
    )
    assert said in result.err, result.err
    served = cohortflow("serve", "nothing", COHORTFLOW_SITE_POLICY=site, **named)
    assert (
        served.code == 2
        and ("There is no part" if allowed else "without TLS") in served.err
    )
