"""One read-only transaction that sees one state of a database, and its rows in Arrow
batches.

The driver fetches rows by `COPY … TO STDOUT`, in batches of about 16 MB, as fast as
they are taken.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import TYPE_CHECKING

import pyarrow as pa
from adbc_driver_manager import Error
from adbc_driver_postgresql import ConnectionOptions

from extractors.errors import RecordsError
from extractors.sources.postgresql import errors
from extractors.sources.postgresql.address import DatabaseAddress
from extractors.sql.words import text

if TYPE_CHECKING:
    from adbc_driver_manager.dbapi import Connection

READ_ONLY = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
# Whatever the server's or the user's settings are, the text of a value must be the same
# each time.
SETTINGS = {
    "TimeZone": "UTC",
    "DateStyle": "ISO, YMD",
    "extra_float_digits": "1",
    "standard_conforming_strings": "on",
}


class Session:
    """A transaction under way; all that it reads is of the same moment. Raises
    RecordsError throughout.
    """

    def __init__(self, connection: "Connection", address: DatabaseAddress):
        self.address = address
        self._connection = connection

    def rows(self, sql: str) -> list[tuple]:
        """A small result."""
        with self._translated(), self._connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    def run(self, sql: str) -> None:
        with self._translated(), self._connection.cursor() as cursor:
            cursor.execute(sql)

    def batches(self, sql: str) -> Iterator[pa.RecordBatch]:
        """A result of any size, one batch at a time."""
        with self._translated(), self._connection.cursor() as cursor:
            cursor.execute(sql)
            yield from cursor.fetch_record_batch()

    def keep_moment(self) -> str:
        """A name by which other sessions can see the same state while this one lasts;
        "" if the server has none.
        """
        try:
            return str(self.rows("SELECT pg_export_snapshot()")[0][0])
        except errors.RecordsUnreachable:
            raise
        except RecordsError:
            self._begin_again()
            return ""

    def go_to(self, moment: str) -> bool:
        """See the state of another session's moment; False, and the present one, if
        that is over.

        Must come before anything is read.
        """
        if not moment:
            return False
        try:
            self.run(f"SET TRANSACTION SNAPSHOT {text(moment)}")
        except errors.RecordsUnreachable:
            raise
        except RecordsError:
            self._begin_again()
            return False
        return True

    def close(self) -> None:
        with suppress(Error):  # it may have died
            self._connection.close()

    def begin(self) -> None:
        self.run(READ_ONLY)
        for name, value in SETTINGS.items():
            self.run(f"SET LOCAL {name} = {text(value)}")

    def _begin_again(self) -> None:
        with self._translated():
            self._connection.rollback()
        self.begin()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except Error as error:
            raise errors.querying(error, self.address) from None
        except (pa.ArrowException, OSError) as error:
            raise errors.reading(
                str(error), self.address, alive=self._is_alive()
            ) from None

    def _is_alive(self) -> bool:
        status = self._connection.adbc_connection.get_option(
            ConnectionOptions.TRANSACTION_STATUS.value
        )
        return status in ("idle", "intrans", "inerror")


@contextmanager
def session(address: DatabaseAddress) -> Iterator[Session]:
    """A connection with its transaction, ended with the block."""
    opened = open_session(address)
    try:
        yield opened
    finally:
        opened.close()


def open_session(address: DatabaseAddress) -> Session:
    """For those who close it themselves. Raises RecordsError, RecordsUnreachable if
    trying again may help.
    """
    try:
        # loaded only here: it brings pandas along, which takes half a second of every
        # command
        dbapi = import_module("adbc_driver_postgresql.dbapi")
        opened = Session(dbapi.connect(address.uri), address)
    except Error as error:
        raise errors.connecting(error, address) from None
    try:
        opened.begin()
    except RecordsError:
        opened.close()
        raise
    return opened
