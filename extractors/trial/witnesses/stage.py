"""All that is known before the first person is drawn: scripts, and how to write
them.
"""

from collections.abc import Collection

from extractors.trial.arrow import Rows
from extractors.trial.days import Span
from extractors.trial.dice import Rng
from extractors.trial.people.draw import People
from extractors.trial.wishes import Wishes
from extractors.trial.witnesses.casting import (
    Cast,
    cast_of,
    playable,
    room_of,
    share_of,
)
from extractors.trial.witnesses.mixing import Mixer
from extractors.trial.witnesses.scripts import scripts_of
from extractors.trial.witnesses.sketch import PEOPLE


class Stage:
    """Makes some people the witnesses of what a definition asks for.

    `spells` are tables in which a witness has no other rows than its script says.
    """

    def __init__(
        self, wishes: Wishes, span: Span, patients: int, spells: Collection[str]
    ):
        self._span = span
        self._tables = {schema.name: schema for schema in wishes.tables}
        found = scripts_of(wishes.targets, span, self._tables, room_of(patients))
        self._scripts = playable(found, patients)
        self._share = share_of(len(self._scripts), patients)
        self._mixers = {
            name: Mixer(schema, wishes, span, one_spell=name in spells)
            for name, schema in self._tables.items()
        }

    def cast(self, rng: Rng, people: People) -> Cast:
        """Who is a witness of what among these people."""
        if not self._scripts:
            return Cast(people, ())
        return cast_of(
            self._scripts, self._span, self._tables, rng, people, self._share
        )

    def mixed(self, table: str, rng: Rng, cast: Cast, rows: Rows) -> Rows:
        """The rows of a table, with those of the witnesses."""
        is_people = table == PEOPLE and self._tables[table].one_row
        if not cast.parts or is_people:
            return rows
        return self._mixers[table].mixed(rng, cast, rows)
