"""A study: a definition as it was read, with its codelists."""

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from difflib import get_close_matches
from itertools import chain
from pathlib import Path
from typing import Any, Literal

from extractors.errors import ArgumentsError, DefinitionError
from extractors.language.base import wrap
from extractors.language.dataset import Dataset, events_of, nodes_of
from extractors.language.reading import CodelistFile
from extractors.model import json, nodes
from extractors.model.rewriting import renewed
from extractors.notice import Notice
from measures.arrival import check_nodes
from measures.definitions import Measure, Measures
from measures.describing import checked
from measures.legal import (
    SHA256,
    codelist,
    day_of,
    forms,
    of_amounts,
    of_units,
    old_measures,
    standard_json,
    standardise,
)

SHIPPED = Path(__file__).resolve().parent / "studies"
FILE = "definition.py"
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_. -]{0,127}")
Kind = Literal["measures", "dataset"]


@dataclass(frozen=True)
class StudyTest:
    """A test that an author wrote beside a definition."""

    # table -> its rows, each with a `patient_id`
    records: Mapping[str, Sequence[Mapping[str, Any]]]
    # the rows that must come out, with all or some of their columns
    expected: Sequence[Mapping[str, Any]]
    # the author's line
    place: Notice


@dataclass(frozen=True)
class ShownTable:
    """A table that an author wants to see on `try`."""

    # above the table; empty for none
    label: str
    # name -> series; all of patients, or all of the same rows
    columns: Mapping[str, nodes.Series]
    # how many rows from the beginning, and from the end
    # how many rows from the beginning
    head: int
    # how many rows from the end
    tail: int
    # the author's line
    place: Notice


@dataclass(frozen=True)
class Study:
    """What a definition file means: measures, or a dataset. An old study of kind
    `measures` has both if files of its patients are asked for.
    """

    # of the definition, as it was given
    path: Path
    # what it has
    kind: Kind
    # in the order of the file
    measures: tuple[Measure, ...] = ()
    # the variables by name, with the population under the empty name
    dataset: Mapping[str, nodes.Series] = field(default_factory=dict)
    # the files that were read
    codelists: tuple[CodelistFile, ...] = ()
    # of the definition and of every file of the author's that it read
    definition_hash: str = ""
    # the name that a user chose for it; empty for its own
    called: str = ""
    # of a dataset: name of a table of events -> its columns
    events: Mapping[str, Mapping[str, nodes.Series]] = field(default_factory=dict)
    # of concept sets: which concepts they are, and the version of the vocabulary that
    # says so
    concepts: Mapping[str, Any] = field(default_factory=dict)
    # what is accepted and hardly meant
    warnings: tuple[Notice, ...] = ()
    # "measure NAME", "variable NAME" or "codelist FILE" -> the author's line that
    # defines it
    defined: Mapping[str, Notice] = field(default_factory=dict)
    # tests beside the definition
    tests: tuple[StudyTest, ...] = ()
    # what `try` is to show
    shown: tuple[ShownTable, ...] = ()
    # what the author says of the study, for people who read its release
    # (`describing.py`)
    described: Mapping[str, Any] = field(default_factory=dict)
    # of an old study: column -> how it is written, as `flag` or `date 7`
    # (`cohortextractor/study.py`)
    forms: Mapping[str, str] = field(default_factory=dict)
    # of an old study of which files of patients are made: the periods of its index
    # dates
    index: tuple[tuple[datetime.date, datetime.date], ...] = ()
    # of an old study: measure -> how the study calls its numerator, its denominator and
    # its groups
    old_measures: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # name of a codelist -> its codes, and name of a file of Python -> its text, as they
    # were read
    codes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    # name of a file of Python -> its text, as it was read
    sources: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The file's name without its ending, unless another was chosen;
        `definition.py` goes by the name of its folder."""
        if self.called:
            return self.called
        path = self.path.resolve()
        return path.parent.name if path.name == FILE else path.stem

    def to_json(self) -> dict[str, Any]:
        """As plain data; all measures share one graph and one list of intervals."""
        intervals = list(dict.fromkeys(measure.intervals for measure in self.measures))
        return {
            "path": str(self.path),
            "kind": self.kind,
            "graph": json.dump(self._roots()),
            "intervals": [
                [[start.isoformat(), end.isoformat()] for start, end in each]
                for each in intervals
            ],
            "measures": [
                {
                    "name": each.name,
                    "groups": list(each.group_by),
                    "intervals": intervals.index(each.intervals),
                    "places": each.places,
                    "most": each.most,
                    "over": each.over,
                    "standard": standard_json(each),
                }
                for each in self.measures
            ],
            "dataset": list(self.dataset),
            "events": {name: list(columns) for name, columns in self.events.items()},
            "codelists": [asdict(each) for each in self.codelists],
            "definition_hash": self.definition_hash,
            "described": self.described,
            "forms": dict(self.forms),
            "index": [
                [start.isoformat(), end.isoformat()] for start, end in self.index
            ],
            "old_measures": {
                name: list(columns) for name, columns in self.old_measures.items()
            },
        }

    @property
    def roots(self) -> list[nodes.Series]:
        """Every series of the definition."""
        found: list[nodes.Series] = []
        for node in self._roots().values():
            if isinstance(node, nodes.Series):
                found.append(node)
        return found

    @property
    def shown_series(self) -> list[nodes.Series]:
        """Every series that the author wants to see."""
        return list(chain.from_iterable(each.columns.values() for each in self.shown))

    def renewed(self, made: Mapping[nodes.Node, nodes.Node]) -> "Study":
        """The same with its nodes in a new form."""

        def new(node: nodes.Series) -> nodes.Series:
            return renewed({"": node}, made)[""]

        measures = [
            replace(
                each,
                numerator=new(each.numerator),
                denominator=new(each.denominator),
                group_by=renewed(each.group_by, made),
            )
            for each in self.measures
        ]
        events = {name: renewed(columns, made) for name, columns in self.events.items()}
        return replace(
            self,
            measures=tuple(measures),
            dataset=renewed(self.dataset, made),
            events=events,
        )

    def _roots(self) -> dict[str, nodes.Node]:
        roots: dict[str, nodes.Node] = {
            f"variable {name}": node for name, node in self.dataset.items()
        }
        for name, columns in self.events.items():
            roots |= {
                f"event {name} {column}": node for column, node in columns.items()
            }
        for place, measure in enumerate(self.measures):
            roots[f"{place} numerator"], roots[f"{place} denominator"] = (
                measure.numerator,
                measure.denominator,
            )
            roots |= {
                f"{place} group {name}": node for name, node in measure.group_by.items()
            }
        return roots

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Study":
        """What `to_json` described, checked as if a stranger had sent it;
        DefinitionError if it is not legal.
        """
        try:
            return _study(data)
        except DefinitionError:
            raise
        except Exception as error:  # whatever a forged description leads to
            raise DefinitionError(
                f"The definition did not arrive as a legal model: {error}"
            ) from None


def check_name(name: str) -> None:
    """Raises ArgumentsError for what cannot be the name of a study, and of a folder."""
    if not NAME.fullmatch(name):
        raise ArgumentsError(
            f"{name!r} cannot name a study; use the letters a to z, digits, spaces, "
            "_, - and dots."
        )


def find_study(text: str) -> Path:
    """The definition file of a shipped study's name, of a folder with a definition.py,
    or of a path.

    Raises ArgumentsError, naming the shipped studies, if there is none.
    """
    for path in (SHIPPED / text / FILE, Path(text) / FILE, Path(text)):
        if path.suffix == ".py" and path.is_file():
            return path
    names = shipped_studies()
    close = get_close_matches(text, names, n=1)
    hint = (
        f"did you mean {close[0]!r}?"
        if close
        else f"the shipped studies are {', '.join(names) or 'none'}."
    )
    raise ArgumentsError(
        f"There is no study and no definition file of this name; {hint} A file's name "
        f"must end in .py: {text!r}"
    )


def shipped_studies() -> list[str]:
    return sorted(path.parent.name for path in SHIPPED.glob(f"*/{FILE}"))


def _study(data: Mapping[str, Any]) -> Study:
    roots = json.load(data["graph"])
    check_nodes(roots.values())
    has = "measures" if data["measures"] else "dataset"
    if (
        data["kind"] != has
        or not data[has]
        or (data["measures"] and data["dataset"] and not data["index"])
    ):
        raise ValueError("a study has either measures or a dataset")
    if not SHA256.fullmatch(data["definition_hash"]):
        raise ValueError("the hash of the definition is none")
    return Study(
        path=Path(data["path"]),
        kind=data["kind"],
        measures=_measures(data, roots),
        **_dataset(data["dataset"], data["events"], roots),
        codelists=tuple(map(codelist, data["codelists"])),
        definition_hash=data["definition_hash"],
        described=checked(
            data["described"], [each["name"] for each in data["measures"]]
        ),
        forms=forms(data["forms"], data["dataset"]),
        index=tuple((day_of(start), day_of(end)) for start, end in data["index"]),
        old_measures=old_measures(data),
    )


def _measures(
    data: Mapping[str, Any], roots: Mapping[str, nodes.Node]
) -> tuple[Measure, ...]:
    """Defined once more, as the author did, so that all checks are made once more."""
    measures = Measures()
    intervals = [
        [(day_of(start), day_of(end)) for start, end in each]
        for each in data["intervals"]
    ]
    for place, each in enumerate(data["measures"]):
        measures.define_measure(
            each["name"],
            numerator=_series(roots, f"{place} numerator"),
            denominator=_series(roots, f"{place} denominator"),
            group_by={
                name: _series(roots, f"{place} group {name}") for name in each["groups"]
            },
            intervals=intervals[each["intervals"]],
            standardise=standardise(each["standard"]),
        )
    pairs = zip(measures, data["measures"], strict=True)
    return tuple(of_units(of_amounts(*each), each[1]) for each in pairs)


def _dataset(
    names: Sequence[str],
    events: Mapping[str, Sequence[str]],
    roots: Mapping[str, nodes.Node],
) -> dict[str, Any]:
    if not names:
        return {}
    dataset = Dataset()
    dataset.define_population(_series(roots, "variable "))
    for name in names:
        if name:
            dataset.add_column(name, _series(roots, f"variable {name}"))
    for name, columns in events.items():
        dataset.add_event_table(
            name, **{each: _series(roots, f"event {name} {each}") for each in columns}
        )
    return {"dataset": nodes_of(dataset), "events": events_of(dataset)}


def _series(roots: Mapping[str, nodes.Node], name: str) -> Any:
    node = roots[name]
    if not isinstance(node, nodes.Series):
        raise TypeError("a frame is where a series belongs")
    return wrap(node)
