"""What the sums of an earlier load lose because some people have other rows now.

A sum without some people is the sum of all, less that of these people. So just their
rows are looked up in the shards of the earlier load and added up, with the other sign.
The largest amount of one person is no sum: where a chain has some, those of all others
are looked for once more, and nothing else of the others is computed.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from extractors.engine import Engine
from extractors.planner.kinds import PERSON
from extractors.sql.files import read_parquet
from extractors.sql.people import KEY, PeopleKey, packed_sql, with_person_sql
from extractors.sql.words import quote
from extractors.time import shards
from extractors.time.stretches import amounts_of, taken_away
from extractors.time.timelines import STRETCHES, Chain, Timelines, touched_table
from extractors.time.touched import among_people, touched_anywhere

# with spaces, so no author's table can have these names
GONE = "people who were others"
ROWS = "rows of a shard {}"
Types = Mapping[str, Mapping[str, str]]


def write_less(
    engine: Engine,
    timelines: Timelines,
    base: Sequence[Path],
    folder: Path,
    types: Types,
    *,
    key: PeopleKey,
) -> None:
    """Write of each chain what is to be taken from the changes of the base's shards.

    `folder`: that of the changed people's shard. `types`: of the columns of each
    track's and chain's table. `key`: of the hashes of people.
    """
    people = shards.read_all(folder.parent / shards.WITHOUT)
    engine.register(shards.WITHOUT, people)
    hashed = with_person_sql(f"SELECT patient_id FROM {quote(shards.WITHOUT)}")
    engine.execute(
        f"CREATE OR REPLACE TEMP TABLE {quote(GONE)} AS {hashed}", {KEY: key.text}
    )
    filled: set[str] = set()
    for number, chain in enumerate(timelines.chains):
        stretches = _stretches_in(chain, base)
        if _stretches(chain) not in filled:
            _fill(engine, _stretches(chain), types, stretches)
            filled.add(_stretches(chain))
        if chain.touched:
            touched = _open_touched(engine, number, base, people)
            _fill(engine, touched_table(number), types, touched)
        less = [taken_away(engine, chain)]
        if chain.amounts:
            if chain.touched:
                every = _open_touched(engine, number, base)
                _keep_others(engine, touched_table(number), types, every)
            if any(sums.held for sums in chain.sums):
                _keep_others(engine, _stretches(chain), types, stretches)
                filled.discard(_stretches(chain))
            less.append(amounts_of(engine, chain))
        path = folder / shards.SINCE.format(number)
        both = pa.concat_tables(less, promote_options="permissive")
        shards.write_changes(both.unify_dictionaries().combine_chunks(), path)


def _stretches(chain: Chain) -> str:
    return f"{STRETCHES} {chain.track}"


def _stretches_in(chain: Chain, base: Sequence[Path]) -> str:
    files = [shard / f"stretches-{chain.track}.parquet" for shard in base]
    return read_parquet(files, by_name=True)


def _open_touched(
    engine: Engine,
    number: int,
    base: Sequence[Path],
    people: pa.Table | None = None,
) -> str:
    """What goes behind FROM for the touched rows of all shards, or those of some
    people.
    """
    parts = []
    for shard in base:
        path = shard / f"touched-{number}.arrow"
        if path.exists():
            name = ROWS.format(shard.name)
            rows = touched_anywhere(path)
            if people is not None:
                # DuckDB need not look at the others: nine of ten in a new week
                rows = among_people(rows, people["patient_id"].to_numpy())
            engine.register(name, rows)
            parts.append(f"SELECT * FROM {quote(name)}")
    return f"({' UNION ALL BY NAME '.join(parts)})"


def _fill(engine: Engine, name: str, types: Types, rows: str) -> None:
    """A table as a chain makes it, of the changed people's rows in the base; these were
    written without hashes.
    """
    columns = types[name]
    listed = ", ".join(f"{quote(column)} {type_}" for column, type_ in columns.items())
    engine.execute(f"DROP VIEW IF EXISTS {quote(name)}")
    engine.execute(f"CREATE OR REPLACE TEMP TABLE {quote(name)} ({listed})")
    said = [f"r.{quote(column)}" for column in columns if column != PERSON]
    hashed = packed_sql(f"s.{quote(PERSON)}")
    engine.execute(
        f"INSERT INTO {quote(name)} BY NAME "
        f"SELECT {', '.join([*said, f'{hashed} AS {quote(PERSON)}'])} "
        f"FROM {rows} AS r JOIN {quote(GONE)} AS s USING (patient_id)"
    )


def _keep_others(engine: Engine, name: str, types: Types, rows: str) -> None:
    """Instead of that table, a view of the rows of everybody else."""
    if name not in types:
        return
    columns = ", ".join(
        f"CAST({quote(column)} AS {type_}) AS {quote(column)}"
        for column, type_ in types[name].items()
        if column != PERSON
    )
    engine.execute(f"DROP TABLE IF EXISTS {quote(name)}")
    others = f"patient_id NOT IN (SELECT patient_id FROM {quote(GONE)})"
    engine.view(name, f"SELECT {columns} FROM {rows} WHERE {others}")
