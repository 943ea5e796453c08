"""`cohortflow serve`: the whole server, or one part of it for systemd and
containers.
"""

from extractors.errors import ArgumentsError
from flows.prefect_server.plain_http import refuse_plain_http
from flows.preparing.prepare import site
from flows.serving.parts import DATABASE, become, named_part, parts
from flows.serving.setting import setting
from flows.serving.supervisor import serve
from flows.serving.surroundings import FOLDERS, for_part, write_for_clients
from flows.workspace.store import make_private, make_shared


def run(workspace: str, part: str) -> int:
    """Serve a workspace; the exit code. With the name of a part this process becomes
    that part.
    """
    chosen = setting(workspace)
    refuse_plain_http(chosen.api_url, allowed=site().allow_plain_http)
    if not part:
        return serve(chosen)
    named = {each.name: each for each in parts(chosen)}
    if part == DATABASE and part not in named:
        print("This server needs no PostgreSQL of its own.", flush=True)
        return 0
    found = named_part(named, part)
    make_shared(chosen.workspace)
    for folder in ("", *FOLDERS):
        make_private(chosen.home / folder)
    write_for_clients(chosen)
    if why := found.trouble():
        raise ArgumentsError(f"{why}.")
    become(found, for_part(chosen, found))
    raise AssertionError("this process has become another")
