"""Permissions that some tables ask for.

A definition claims them to say that it knows; who may read which records is decided
where they lie.
"""

from typing import Any

from extractors.language.frames import BaseFrame
from extractors.language.reading import current
from extractors.model.nearest import nearest
from extractors.tables import core, raw_tpp, tpp


def claim_permissions(*names: str) -> None:
    """Accept the names of permissions.

    One that no table here asks for is a doubt, as a site may have more.

        claim_permissions("appointments")
    """
    for name in names:
        if name not in KNOWN:
            current().note(
                f"no table asks for the permission {name!r}; {_nearest(name)}"
            )


def required_permission(frame: BaseFrame) -> str:
    """The permission that a table asks for, or an empty string."""
    return getattr(getattr(type(frame), "_meta", None), "required_permission", "")


def _nearest(name: Any) -> str:
    close = nearest(str(name), sorted(KNOWN))
    return (
        f"did you mean {close!r}?" if close else f"there are {', '.join(sorted(KNOWN))}"
    )


MEMBERS = [*vars(core).values(), *vars(tpp).values(), *vars(raw_tpp).values()]
TABLES = [member for member in MEMBERS if isinstance(member, BaseFrame)]
OF_NO_TABLE = ("event_level_data",)  # for add_event_table
KNOWN = frozenset(filter(None, [*OF_NO_TABLE, *map(required_permission, TABLES)]))
