"""What the server removes every night: dead results, and old runs from Prefect's
database.
"""

from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.serving.pruning import FEWEST, prune
from flows.serving.setting import Setting
from flows.state.cleaning import Wish, clean_all
from flows.state.holdings import size_said


def clean_server(setting: Setting, wish: Wish) -> State:
    """Clean the workspace of a server; the state says how much went, and which studies
    were busy.
    """
    found = clean_all(setting.workspace, wish)
    runs = (
        prune(
            setting, wish.older_than, keep=max(wish.keep, FEWEST), dry_run=wish.dry_run
        )
        or 0
    )
    busy = [each.study for each in found if each.refused]
    removed = (
        f"{size_said(sum(each.removed for each in found))} and {runs} old runs removed"
    )
    return Completed(
        message=f"{removed}; at work, and left alone: {', '.join(busy)}"
        if busy
        else removed
    )
