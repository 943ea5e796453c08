"""What PostgreSQL or libpq said, as an error of ours: final or worth another try,
without their words.

Their words may quote a row or name a host that the user did not, so they are kept in
`detail`.
"""

from adbc_driver_manager import Error

from extractors.errors import RecordsError
from extractors.sources.postgresql.address import INSTEAD, DatabaseAddress


class RecordsUnreachable(RecordsError):
    """The server, or the way to it, was gone; trying again may help."""

    transient = True
    unseen = True


class NoEntry(RecordsError):
    """The server, or libpq, lets no user in with this address from here."""

    unseen = True


class RecordsChanged(RecordsError):
    """The records are not as they were when the run looked at them; a new run looks
    again.
    """

    transient = True


# SQLSTATE classes: connection lost, resources short (connections, memory), conflict
# with others; and single ones: the server stops, has crashed, is starting; a session
# that was idle for too long.
TRANSIENT = ("08", "53", "40", "57P01", "57P02", "57P03", "57P05", "25P03", "25P04")
REFUSALS = {
    "42501": "its tables may not all be read by this user; ask for the right to SELECT "
    "them",
    "57014": "the server stopped a query, perhaps at its statement_timeout; ask for a "
    "longer one",
    "25006": "the transaction is read-only, and something that belongs to a table wanted "
    "to write",
}
# How the server says it in the middle of the rows, if it speaks English.
MIDST = {
    "read-only transaction": "25006",
    "statement timeout": "57014",
    "permission denied": "42501",
}
GIVEN_UP = (
    "conflict with recovery",
    "could not serialize",
    "deadlock detected",
    "out of memory",
    "No space left",
)
# How libpq says why it could not connect, where another try would not help; there is no
# SQLSTATE yet. In another language than English they are not found, which costs some
# attempts more.
NO_ENTRY = {
    "password authentication failed": "the server does not accept the password of this user",
    "no password supplied": f"the server wants a password; {INSTEAD}",
    "no pg_hba.conf entry": "the server does not let this user in from here (pg_hba.conf)",
    "authentication failed": "the server does not let this user in",
    "does not exist": "there is no such database or user on the server",
    "permission denied": "this user may not connect to it",
    "could not translate host name": "its host is not known here",
    "invalid ": "the address cannot be understood by libpq",
    "definition of service": "the service is not in the service file",
    "certificate": "the certificates do not fit together",
    "not support SSL": "the server does not support SSL, which the address demands",
}


def connecting(error: Error, address: DatabaseAddress) -> RecordsError:
    """An error of the first contact."""
    said = str(error)
    for theirs, ours in NO_ENTRY.items():
        if theirs in said:
            return NoEntry(f"{address.label}: {ours}.", said)
    return unreachable(address, said)


def querying(error: Error, address: DatabaseAddress) -> RecordsError:
    """An error of a query or of the rows that it gave."""
    state, said = error.sqlstate, str(error)
    if not state or state.startswith(TRANSIENT):
        return unreachable(address, said)
    reason = REFUSALS.get(
        state,
        f"the server refused a query (SQLSTATE {state}); the full error is kept aside",
    )
    return RecordsError(f"{address.label}: {reason}.", said)


def reading(said: str, address: DatabaseAddress, *, alive: bool) -> RecordsError:
    """An error in the middle of the rows, where the driver passes no SQLSTATE on;
    whether the connection lives.
    """
    if not alive or any(words in said for words in GIVEN_UP):
        return unreachable(address, said)
    state = next((state for words, state in MIDST.items() if words in said), "")
    reason = REFUSALS.get(
        state,
        "the server broke off in the middle of its rows; the full error is kept aside",
    )
    return RecordsError(f"{address.label}: {reason}.", said)


def unreachable(address: DatabaseAddress, said: str) -> RecordsUnreachable:
    place = (
        f"at {address.hosts}"
        if address.hosts
        else "that libpq's settings name (PGHOST, PGSERVICE …)"
    )
    return RecordsUnreachable(
        f"{address.label}: there is no connection to the server {place}; is it "
        "running, and is the address right?",
        said,
    )
