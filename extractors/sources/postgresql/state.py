"""Which state a database is in: what tells whether its records have changed, and how to
see the same ones again.

The content of a database cannot be known without reading it, so the server is asked to:
it hashes every row and column that a definition needs, which costs it one scan (by
index, where a codelist has one) and sends nothing. The transaction that asked is kept
for a while, because a worker that joins its moment reads exactly the records that were
hashed, whatever others write meanwhile. Where that has ended, the worker has them
hashed again.
"""

import atexit
import threading
from collections.abc import Callable, Sequence

from extractors.errors import RecordsError
from extractors.fingerprint import fingerprint
from extractors.sources.base import State
from extractors.sources.postgresql.address import DatabaseAddress
from extractors.sources.postgresql.catalog import Catalog, read_catalog
from extractors.sources.postgresql.errors import RecordsChanged
from extractors.sources.postgresql.retrying import LOOKING, again_if_unreachable
from extractors.sources.postgresql.session import Session, open_session
from extractors.sources.postgresql.wanted import Wanted
from extractors.sql.words import quote

# Seconds that a moment is kept. A run needs it until its worker has joined; for others
# it stands in the way of TRUNCATE, ALTER and VACUUM of the same tables, as every long
# SELECT does.
KEPT = 120


def look(address: DatabaseAddress, wanted: Sequence[Wanted]) -> State:
    """The present state. A process looks once and keeps to what it saw for as long as
    the moment is kept.
    """
    key = (address, tuple(wanted))
    with _lock:
        if key not in _kept:
            _kept[key] = again_if_unreachable(
                lambda: _Kept(address, wanted, lambda: _forget(key)), LOOKING
            )
        return _kept[key].state


def content(opened: Session, catalog: Catalog, wanted: Sequence[Wanted]) -> str:
    """The fingerprint of what is wanted: names, types, and of the rows their number and
    the sum of their hashes.
    """
    found = []
    for each in wanted:
        catalog.check(each.table, opened.address.label)
        table = catalog.find(each.table)
        if table is not None:
            sql, columns = each.select(table, catalog)
            row = ", ".join(quote(column.name) for column in columns)
            hashed = f"sum(hashtextextended(row({row})::text, 0))::text"
            counted = opened.rows(f"SELECT count(*), {hashed} FROM ({sql}) AS wanted")
            found.append(
                (
                    each.table,
                    [(column.name, column.type) for column in columns],
                    counted,
                )
            )
    return fingerprint(found)


def hold(opened: Session, catalog: Catalog, wanted: Sequence[Wanted]) -> None:
    """Lock the tables as a SELECT does, all of them now: after TRUNCATE a table looks
    empty at any moment.
    """
    for table in filter(None, (catalog.find(each.table) for each in wanted)):
        opened.rows(f"SELECT 1 FROM {table.sql} LIMIT 0")


def enter(opened: Session, state: State, wanted: Sequence[Wanted]) -> Catalog:
    """Bring a new session to a state. Raises RecordsChanged if the records are not in
    it any more.
    """
    joined = opened.go_to(state.moment)
    catalog = read_catalog(opened)
    hold(opened, catalog, wanted)
    if not joined and content(opened, catalog, wanted) != state.content:
        raise RecordsChanged(
            f"{opened.address.label}: the records have changed since this run began, "
            "and the transaction that saw them as they were has ended; start the "
            "run again."
        )
    return catalog


class _Kept:
    """A state with the transaction that sees it, for KEPT seconds."""

    def __init__(
        self,
        address: DatabaseAddress,
        wanted: Sequence[Wanted],
        forget: Callable[[], None],
    ):
        self._session = open_session(address)
        try:
            moment = self._session.keep_moment()
            catalog = read_catalog(self._session)
            hold(self._session, catalog, wanted)
            self.state = State(content(self._session, catalog, wanted), moment)
        except RecordsError:
            self._session.close()
            raise
        self._timer = threading.Timer(KEPT, forget)
        self._timer.daemon = True
        self._timer.start()

    def close(self) -> None:
        self._timer.cancel()
        self._session.close()


_kept: dict[tuple[DatabaseAddress, tuple[Wanted, ...]], _Kept] = {}
_lock = threading.Lock()


def _forget(key: tuple[DatabaseAddress, tuple[Wanted, ...]]) -> None:
    with _lock:
        kept = _kept.pop(key, None)
    if kept:
        kept.close()


@atexit.register
def forget_all() -> None:
    """End every transaction that is kept; the next look is a new one."""
    for key in list(_kept):
        _forget(key)
