"""Numbers in whatever somebody may see, among which no true count may be."""

import re

STANDS_ALONE = re.compile(rb"(?<![\w.:-])(\d{4,6})(?![\w.:-])")
# By chance they are a true count: in about one of a hundred runs of the tests one is.
# Every run tells Prefect its process; and where SQLite reuses a page, the end of a time
# may be left in it, before the number of a row.
PROCESS = re.compile(rb'"cohortflow\.process": "[^"]*"')
END_OF_TIME = re.compile(rb"\d{4,6}(?=[\x00-\x08])")


def numbers(text: bytes) -> set[int]:
    """All of four to six digits in a text or in the bytes of a database."""
    return {
        int(number)
        for number in STANDS_ALONE.findall(END_OF_TIME.sub(b"", PROCESS.sub(b"", text)))
    }
