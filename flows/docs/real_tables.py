"""The specification's examples in the words of tables that people have.

Tests name columns by their type (`p.i1`, `e.d1`), because they try every type. Readers
know `patients` and `clinical_events`. So each example gets real tables that have
columns of the types that it uses, and its drawings lose the columns that it does not.
`tests/unit/flows/docs/test_real_tables.py` computes every example once more as it is
printed.
"""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flows.docs.specification import Example

COLUMN = re.compile(r"[ibfsdckm][123]")
ONE_ROW = ("p", "p2")
FRAMES = (*ONE_ROW, "e", "e2")
NAMED = re.compile(r"\b(p|p2|e|e2)\.([ibfsdckm][123])\b")


@dataclass(frozen=True)
class Real:
    """A table, or a row of each patient that was picked from one."""

    # as an author imports it
    name: str
    # letter of a type, as in the tests' columns -> columns of that type
    columns: Mapping[str, tuple[str, ...]]


PATIENTS = (
    Real("patients", {"d": ("date_of_death",)}),
    Real("household_memberships_2020", {"i": ("household_size",)}),
    Real("ethnicity_from_sus", {"s": ("code",)}),
    Real(
        "address",
        {
            "i": ("rural_urban_classification", "imd_rounded", "address_id"),
            "b": ("has_postcode", "care_home_is_potential_match"),
            "s": ("msoa_code",),
            "d": ("start_date", "end_date"),
        },
    ),
    Real(
        "reading",
        {
            "f": ("numeric_value", "upper_bound", "lower_bound"),
            "c": ("snomedct_code",),
            "d": ("date",),
            "i": ("consultation_id",),
            "s": ("comparator",),
        },
    ),
    Real(
        "stay",
        {
            "m": ("all_diagnoses",),
            "k": ("primary_diagnosis",),
            "i": ("days_in_critical_care", "apcs_ident"),
            "s": ("discharge_method", "patient_classification"),
            "d": ("admission_date", "discharge_date"),
        },
    ),
    Real(
        "pathway",
        {
            "s": ("priority_type_code", "waiting_list_type"),
            "d": (
                "referral_request_received_date",
                "referral_to_treatment_period_start_date",
                "referral_to_treatment_period_end_date",
            ),
        },
    ),
)
EVENTS = (
    Real(
        "clinical_events",
        {"d": ("date",), "c": ("snomedct_code",), "f": ("numeric_value",)},
    ),
    Real(
        "apcs",
        {
            "i": ("days_in_critical_care", "apcs_ident"),
            "d": ("admission_date", "discharge_date"),
            "m": ("all_diagnoses",),
            "k": ("primary_diagnosis",),
            "s": ("discharge_method", "patient_classification"),
        },
    ),
    Real(
        "sgss_covid_all_tests",
        {
            "b": ("is_positive", "was_symptomatic"),
            "d": ("specimen_taken_date", "lab_report_date"),
            "i": ("sgtf_status",),
            "s": ("variant",),
        },
    ),
    Real(
        "addresses",
        {
            "i": ("imd_rounded", "rural_urban_classification", "address_id"),
            "b": ("has_postcode", "care_home_is_potential_match"),
            "s": ("msoa_code",),
            "d": ("start_date", "end_date"),
        },
    ),
    Real(
        "clinical_events_ranges",
        {
            "f": ("numeric_value", "upper_bound", "lower_bound"),
            "i": ("consultation_id",),
            "c": ("snomedct_code",),
            "d": ("date",),
            "s": ("comparator",),
        },
    ),
)


@dataclass(frozen=True)
class Use:
    """A place in some code where a frame or a column of one is named."""

    # from 1
    line: int
    # the first column of the line, from 0
    start: int
    # the column behind it
    end: int
    # the name of the frame in the code
    frame: str
    column: str = ""  # empty: the frame itself


@dataclass(frozen=True)
class Chosen:
    """The tables of which an example speaks, in the place of the tests' own."""

    # frame -> the name of its table
    tables: Mapping[str, str]
    # frame and column -> table and column
    columns: Mapping[tuple[str, str], tuple[str, str]]

    def own(self, name: str) -> str:
        """A variable that an example calls as the tests call a column."""
        if not COLUMN.fullmatch(name):
            return name
        found = [new for (_, old), (_, new) in self.columns.items() if old == name]
        return found[0] if found else name


def in_real_tables(example: Example) -> Example:
    """The same with real tables; an example that names none of the tests' tables
    stays.
    """
    frames = [frame for frame in FRAMES if frame in example.drawings]
    uses = list(_uses(example.code))
    frames += [use.frame for use in uses if use.frame and use.frame not in frames]
    if not frames:
        return example
    chosen = _choose(dict.fromkeys(frames), uses)
    drawings: dict[str, str] = {}
    named = {use.frame for use in uses}
    used = [drawing for frame, drawing in example.drawings.items() if frame in named]
    for frame, drawing in example.drawings.items():
        if frame in FRAMES and frame not in named and _is_known(drawing, used):
            continue
        if frame in FRAMES:
            drawings |= _redrawn(frame, drawing, chosen)
        else:
            drawings[frame] = drawing
    code = _rewritten(example.code, uses, chosen)
    return replace(
        example, code=code, drawings=drawings, expected=_renamed(example, chosen)
    )


def _is_known(drawing: str, used: Sequence[str]) -> bool:
    """Whether all patients of a drawing are in others that are used, so that it adds
    no patient.
    """
    others: set[str] = set()
    for other in used:
        others |= _patients(other)
    return _patients(drawing) <= others


def _patients(drawing: str) -> set[str]:
    _, _, *rows = [line for line in drawing.splitlines() if line.strip()]
    return {row.partition("|")[0].strip() for row in rows}


def _renamed(
    example: Example, chosen: Chosen
) -> Mapping[int, Mapping[str, Any]] | None:
    """What comes out, where the example calls a column of its own as the tests do."""
    if example.expected is None:
        return None
    renamed = {}
    for patient, values in example.expected.items():
        renamed[patient] = {chosen.own(name): value for name, value in values.items()}
    return renamed


def _uses(code: str) -> Iterator[Use]:
    """Where a frame is named, and where a column is taken from one or from what is made
    of one.
    """
    tree = ast.parse(code)
    made = _made_of(tree)
    with_column: set[ast.expr] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and COLUMN.fullmatch(node.attr):
            frame = _root(node.value, made)
            own = isinstance(node.value, ast.Name) and node.value.id == "dataset"
            if (frame or own) and node.end_lineno and node.end_col_offset:
                end = node.end_col_offset
                yield Use(node.end_lineno, end - len(node.attr), end, frame, node.attr)
                with_column.add(node.value)
        if isinstance(node, ast.Name) and node.id in FRAMES and node not in with_column:
            yield Use(
                node.lineno, node.col_offset, node.col_offset + len(node.id), node.id
            )
    for number, line in enumerate(code.split("\n"), start=1):
        if line.startswith("#"):
            for found in NAMED.finditer(line):
                yield Use(number, found.start(2), found.end(2), found[1], found[2])


def _made_of(tree: ast.AST) -> dict[str, str]:
    """Name of a variable -> the frame that it is made of."""
    made: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target, value in _pairs(node.targets[0], node.value):
                if isinstance(target, ast.Name) and (frame := _root(value, made)):
                    made[target.id] = frame
    return made


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        yield from zip(target.elts, value.elts, strict=True)
    else:
        yield target, value


def _root(node: ast.expr, made: Mapping[str, str]) -> str:
    while not isinstance(node, ast.Name):
        if isinstance(node, ast.Attribute):
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        else:
            return ""
    return node.id if node.id in FRAMES else made.get(node.id, "")


def _choose(frames: Mapping[str, None], uses: Sequence[Use]) -> Chosen:
    tables: dict[str, str] = {}
    columns: dict[tuple[str, str], tuple[str, str]] = {}
    for frame in frames:
        used = sorted({use.column for use in uses if use.frame == frame and use.column})
        free = [real for real in _kind(frame) if real.name not in tables.values()]
        parts = [used] if _fits(free, used) else _by_type(used)
        for part in parts:
            real = _fits(free, part)
            if real is None:
                raise LookupError(
                    f"no table has columns of the types of {', '.join(part)}"
                )
            tables.setdefault(frame, real.name)
            columns |= {
                (frame, old): (real.name, new) for old, new in _named(real, part)
            }
    return Chosen(tables, columns)


def _kind(frame: str) -> tuple[Real, ...]:
    return PATIENTS if frame in ONE_ROW else EVENTS


def _by_type(used: Sequence[str]) -> list[list[str]]:
    """Columns of one row each may come from several tables."""
    letters = dict.fromkeys(column[0] for column in used)
    return [[column for column in used if column[0] == letter] for letter in letters]


def _fits(free: Sequence[Real], used: Sequence[str]) -> Real | None:
    for real in free:
        if len(list(_named(real, used))) == len(used):
            return real
    return None


def _named(real: Real, used: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The tests' column and the real one, in their order; fewer where there are not
    enough.
    """
    for part in _by_type(used):
        yield from zip(part, real.columns.get(part[0][0], ()), strict=False)


def _rewritten(code: str, uses: Sequence[Use], chosen: Chosen) -> str:
    lines = code.split("\n")
    last_first = sorted(uses, key=lambda use: (use.line, use.start), reverse=True)
    for use in last_first:
        line = lines[use.line - 1]
        start, new = use.start, chosen.tables.get(use.frame, "")
        if use.column and not use.frame:
            new = chosen.own(use.column)
        elif use.column:
            table, new = chosen.columns[use.frame, use.column]
            direct = f"{use.frame}."
            if re.search(rf"(?<![\w.]){re.escape(direct)}$", line[:start]):
                start -= len(direct)
                new = f"{table}.{new}"
        lines[use.line - 1] = line[:start] + new + line[use.end :]
    return "\n".join(lines)


def _redrawn(frame: str, drawing: str, chosen: Chosen) -> dict[str, str]:
    """The drawing with the columns that are used, under their real names; one for each
    table.
    """
    header, rule, *rows = [line for line in drawing.splitlines() if line.strip()]
    names = [cell.strip() for cell in header.split("|")]
    drawn: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        if (frame, name) in chosen.columns:
            drawn.setdefault(chosen.columns[frame, name][0], []).append(place)
    drawn = drawn or {chosen.tables[frame]: []}
    tables = {}
    for table, places in drawn.items():
        head = [
            "patient",
            *(chosen.columns[frame, names[place]][1] for place in places),
        ]
        cells = [_cells(row, [0, *places]) for row in rows]
        tables[table] = "\n".join([" | ".join(head), rule, *cells])
    return tables


def _cells(row: str, places: Sequence[int]) -> str:
    cells = row.split("|")
    return " | ".join(cells[place].strip() for place in places)
