"""Text of every origin: what R, Excel, servers and shells write is read, or refused
with the reason.
"""

import gzip
import random

import pyarrow as pa
import pytest

from extractors.engine import Engine
from extractors.errors import RecordsError
from extractors.model.schema import Column, TableSchema
from extractors.sources.dialect import marks_of
from tests.lib.record_files import CANARY, DAY, check, dirt, read, refused

COLUMNS = ["date", "status"]
ROWS = [(1, DAY(2020, 1, 5), "open"), (2, None, "closed"), (3, DAY(2021, 2, 28), None)]
PLAIN = "patient_id,date,status\n1,2020-01-05,open\n2,,closed\n3,2021-02-28,\n"
LATE = "patient_id\tdate\tstatus\n" + "1\t2020-01-05\topen\n" * 3000


@pytest.fixture
def engine():
    with Engine() as engine:
        yield engine


def _separated(by: str) -> str:
    return PLAIN.replace(",", by)


WRITTEN = {
    "commas": PLAIN.encode(),
    "semicolons": _separated(";").encode(),
    "tabs": _separated("\t").encode(),
    "pipes": _separated("|").encode(),
    "the separator in a line of its own": b"sep=;\r\n"
    + _separated(";").replace("\n", "\r\n").encode(),
    "a byte order mark": b"\xef\xbb\xbf" + PLAIN.encode(),
    "UTF-16, little": PLAIN.replace("\n", "\r\n").encode("utf-16"),
    "UTF-16, big": b"\xfe\xff" + PLAIN.encode("utf-16-be"),
    "UTF-16 without a mark": PLAIN.encode("utf-16-le"),
    "UTF-16 with tabs, as Excel's Unicode text": _separated("\t")
    .replace("\n", "\r\n")
    .encode("utf-16"),
    "CRLF": PLAIN.replace("\n", "\r\n").encode(),
    "CR": PLAIN.replace("\n", "\r").encode(),
    "a header of CRLF and rows of LF": PLAIN.replace("\n", "\r\n", 1).encode(),
    "rows of LF, CRLF and CR": b"patient_id,date,status\n1,2020-01-05,open\r2,,closed\r\n3,2021-02-28,\n",
    "no end of the last line": PLAIN.rstrip("\n").encode(),
    "blank lines": PLAIN.replace("\n", "\n\n").encode(),
    "a separator at each end": PLAIN.replace("\n", ",\n").encode(),
    "write.table": (
        b'"patient_id" "date" "status"\n"1" 1 "2020-01-05" "open"\n"2" 2 "" "closed"\n"3" 3 "2021-02-28" ""\n'
    ),
    "write.table, tabs, no row names": (
        b'"patient_id"\t"date"\t"status"\n1\t2020-01-05\t"open"\n2\t\t"closed"\n3\t2021-02-28\t""\n'
    ),
    "write.csv": b'"","patient_id","date","status"\n"1",1,2020-01-05,"open"\n"2",2,,"closed"\n"3",3,2021-02-28,\n',
    "blanks, unquoted": b'patient_id date status\n1 2020-01-05 open\n2 "" closed\n3 2021-02-28 ""\n',
}


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("origin", WRITTEN)
def test_every_origin_gives_the_same_rows(engine, tmp_path, origin, packed):
    content = WRITTEN[origin]
    name = "clinical_events.csv" + (".gz" if packed else "")
    (tmp_path / name).write_bytes(gzip.compress(content) if packed else content)
    check(engine, tmp_path, columns=COLUMNS)
    assert read(engine, tmp_path, columns=COLUMNS) == ROWS


def test_zstd(engine, tmp_path):
    with pa.output_stream(
        str(tmp_path / "clinical_events.csv.zst"), compression="zstd"
    ) as file:
        file.write(PLAIN.encode())
    assert read(engine, tmp_path, columns=COLUMNS) == ROWS


@pytest.mark.parametrize(
    ("content", "texts"),
    [
        # quotes that first come below the header, around fields
        (LATE + '2\t\t"a\tb"\n', ["a\tb"]),
        (LATE + '2\t\t"a\nb"\n', ["a\nb"]),
        (LATE + '2\t\t"a ""b"""\n', ['a "b"']),
        (LATE + '2\t\t"ab"\n', ["ab"]),
        # and those that mean themselves
        (LATE + '2\t\t"a" and b\n', ['"a" and b']),
        (LATE + '2\t\t5" pipe\n3\t\t"x"\n', ['5" pipe', '"x"']),
        # commas around quoted line breaks, whatever ends the lines
        ('patient_id,date,status\n1,2020-01-05,"a\r\nb"\n', ["a\r\nb"]),
        ('patient_id,date,status\r\n1,2020-01-05,"a\nb"\r\n', ["a\nb"]),
        ('patient_id,date,status\r\n1,2020-01-05,"a\nb"\n', ["a\nb"]),
        # R's way of a quote within quotes, and CSV's
        ('"patient_id","date","status"\n1,2020-01-05,"a \\"b\\""\n', ['a "b"']),
        ('"patient_id","date","status"\n1,2020-01-05,"C:\\"\n', ["C:\\"]),
    ],
)
def test_quotes(engine, tmp_path, content, texts):
    (tmp_path / "clinical_events.csv").write_bytes(content.encode())
    free = TableSchema("clinical_events", (Column("status", str),))
    found = [
        text
        for _, text in read(engine, tmp_path, free, ["status"])
        if text and text != "open"
    ]
    assert sorted(found) == sorted(texts)


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (LATE + f'2\t\t"{CANARY}\n', None),
        ('patient_id,date,status\n1,,"a"b\n', "a quoted field that does not end"),
        (
            'patient_id,date,status\r\n1,,"a"b\n2,,x\n',
            "a quoted field that does not end",
        ),
        (
            f"patient_id,date,status\r\n1,,a\n{CANARY}\n",
            "of other fields than the header",
        ),
        (
            f"patient_id,date,status\r\n1,,a\n2,,x,{CANARY}\n",
            "of other fields than the header",
        ),
        (
            f'patient_id,date,status\r\n1,,a\n2,,"{CANARY}\n',
            "a quoted field that does not end",
        ),
    ],
)
def test_what_is_no_csv(engine, tmp_path, content, rule):
    (tmp_path / "clinical_events.csv").write_bytes(content.encode())
    if rule is None:  # a quote of a file of tabs means itself
        check(engine, tmp_path, columns=["date"])
    else:
        assert rule in refused(check, engine, tmp_path, columns=COLUMNS)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_line_of_a_fault_is_the_same_for_both_readers(engine, tmp_path, end):
    content = f"patient_id,date,status{end}1,,a\n2,,b\n3\n"
    (tmp_path / "clinical_events.csv").write_text(content, newline="", encoding="utf-8")
    assert dirt(check, engine, tmp_path, columns=["date"]) == [
        ("", "of other fields than the header", None, 3)
    ]


def test_line_ends_that_change_late_in_a_packed_file_are_named(engine, tmp_path):
    rows = "".join(f"{number},2020-01-05,open\n" for number in range(400_000))
    content = f"patient_id,date,status\n{rows}400000,2020-01-05,open\r\n"
    (tmp_path / "clinical_events.csv.gz").write_bytes(
        gzip.compress(content.encode(), 1)
    )
    assert "its lines end in several ways" in refused(
        check, engine, tmp_path, columns=["date"]
    )


def test_mixed_lines_and_late_quotes_in_a_file_of_tabs_are_refused(engine, tmp_path):
    (tmp_path / "clinical_events.csv").write_text(
        'patient_id\tstatus\r\n1\t"open"\n2\tx\r\n', newline="", encoding="utf-8"
    )
    assert "its lines end in several ways" in refused(
        check, engine, tmp_path, columns=["status"]
    )


@pytest.mark.parametrize("content", [b"a\r\nb\r\n", b"a\nb\n", b"a\rb\r", b"a"])
def test_one_kind_of_line_end_wherever_a_file_is_cut_into_chunks(
    tmp_path, content, monkeypatch
):
    file = tmp_path / "a.csv"
    for length in (1, 2, 3):
        monkeypatch.setattr("extractors.sources.dialect.CHUNK", length)
        file.write_bytes(content + b"x" * length)  # another size: another file
        assert not marks_of(file, quoted_names=False).mixed
    file.write_bytes(b"a\r\nb\n" + b"x" * 7)
    assert marks_of(file, quoted_names=False).mixed


def _field(text: str) -> str:
    marked = any(letter in text for letter in ',;\t"\r\n')
    return '"{}"'.format(text.replace('"', '""')) if marked else text


def test_random_texts_are_read_as_they_were_written_or_refused(engine, tmp_path):
    """Fields, separators and line ends drawn at random, in one file sometimes
    several.
    """
    table = TableSchema("t", (Column("a", str), Column("b", str)))
    letters = [
        "x",
        "y",
        '"',
        '""',
        "\n",
        "\r\n",
        "\r",
        ",",
        "\t",
        " ",
        "'",
        "\\",
        "é",
        ";",
    ]
    draw, read_well = random.Random(7), 0
    for number in range(300):
        by, end = draw.choice(",\t;"), draw.choice(["\n", "\r\n", "\r"])
        # quotes in a file of tabs are around fields if they are around names
        names = (
            ['"patient_id"', '"a"', '"b"'] if by == "\t" else ["patient_id", "a", "b"]
        )
        content, expected = by.join(names) + end, []
        for patient in range(1, 4):
            fields = [
                "".join(draw.choices(letters, k=draw.randrange(4))) for _ in range(2)
            ]
            expected.append((patient, *[field or None for field in fields]))
            content += by.join([str(patient), *map(_field, fields)]) + draw.choice(
                [end, end, "\n"]
            )
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / "t.csv").write_bytes(content.encode())
        try:
            check(engine, tmp_path / str(number), table)
        except RecordsError:
            continue
        read_well += 1
        assert read(engine, tmp_path / str(number), table, ["a", "b"]) == expected, (
            content
        )
    assert read_well > 200
