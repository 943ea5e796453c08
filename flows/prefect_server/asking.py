"""How a Prefect server is asked without Prefect: what is shown, and past every
proxy.
"""

from base64 import b64encode
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from urllib.request import OpenerDirector


def authorization(word: str) -> str:
    """The header that shows the word."""
    return f"Basic {b64encode(word.encode()).decode()}"


def direct() -> "OpenerDirector":
    """For requests that no proxy hears of, whatever the environment says."""
    # only here: `status` and `plan` do without
    request = import_module("urllib.request")
    return request.build_opener(request.ProxyHandler({}))
