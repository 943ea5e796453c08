"""`cohortflow serve`: the whole server, or one part of it for systemd and containers."""

from extractors.errors import ArgumentsError
from flows.serving.parts import become, parts
from flows.serving.setting import setting
from flows.serving.supervisor import serve
from flows.serving.surroundings import for_parts, write_for_clients
from flows.workspace.store import make_private


def run(workspace: str, part: str) -> int:
    """Serve a workspace; the exit code. With the name of a part this process becomes that part."""
    chosen = setting(workspace)
    if not part:
        return serve(chosen)
    named = {each.name: each for each in parts(chosen)}
    if part not in named:
        raise ArgumentsError(f"There is no part {part!r}; the server has {', '.join(named)}.")
    for folder in ("", "prefect", "dask"):
        make_private(chosen.home / folder)
    write_for_clients(chosen)
    become(named[part], for_parts(chosen))
    raise AssertionError("this process has become another")
