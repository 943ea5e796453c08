"""The ids that a source has for patients, where these are texts."""

from extractors.sources.codes import BLANKS, DECIMAL, NOTHING, UNSEEN
from extractors.sources.reader import Reading, Rule, faulty, safe
from extractors.sql.words import text

IDS = Rule(
    "ids that a program changed (E+, .0 or characters that cannot be seen)",
    "export them again, as text",
)
UUID = "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"


def read_id(x: str) -> Reading:
    value = id_text(f"CAST({x} AS VARCHAR)")
    wrong = (
        f"regexp_matches({value}, {text(UNSEEN)}) OR regexp_full_match({value}, "
        f"{text(DECIMAL)})"
    )
    return faulty(value, safe(value), wrong, IDS)


def id_text(x: str) -> str:
    """An id without blanks around it, in small letters if it is a UUID; NULL for
    none.
    """
    bare = f"trim({x}, {text(BLANKS)})"
    nothing = ", ".join(map(text, NOTHING))
    lower = (
        f"CASE WHEN regexp_full_match({bare}, {text(UUID)}) THEN lower({bare}) ELSE "
        f"{bare} END"
    )
    return f"CASE WHEN lower({bare}) NOT IN ({nothing}) THEN {lower} END"
