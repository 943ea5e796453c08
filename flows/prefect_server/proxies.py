"""No proxy of the environment is asked for what is on this machine, or is the site's
own.

Every managed laptop names one. It would get Prefect's requests, with the word in them,
and could not answer them.
"""

from collections.abc import Iterable, Mapping
from ipaddress import ip_address

LOOPBACK = ("127.0.0.1", "localhost", "::1")
EXCEPT = ("NO_PROXY", "no_proxy")  # programs read the one or the other


def without_proxies(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment of a process that speaks to its own site alone.

    No proxy is named in it, for a process may not even start with one that it has no
    library for, as of SOCKS. And nothing is to be asked through one: where none is
    named, Python looks into the settings of macOS or Windows.
    """
    kept = {}
    for name, value in environment.items():
        if not name.lower().endswith("_proxy"):
            kept[name] = value
    return kept | dict.fromkeys(EXCEPT, "*")


def beside_proxies(
    environment: Mapping[str, str], hosts: Iterable[str]
) -> dict[str, str]:
    """NO_PROXY for a process that may use the proxy: what is excepted already, loopback
    and `hosts`.
    """
    # `hospital.example, .local` -> each host by itself
    said = ",".join(environment.get(name, "") for name in EXCEPT)
    excepted = [*map(str.strip, said.split(",")), *LOOPBACK, *hosts]
    return dict.fromkeys(EXCEPT, ",".join(dict.fromkeys(filter(None, excepted))))


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, seen from itself."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
