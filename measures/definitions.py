"""What an author says about measures: create_measures, define_measure, define_defaults.

A measure is numerator over denominator, by groups, over intervals; semantics in
extractors/language/SEMANTICS.md#measures. What an author can get wrong is refused on
the author's own line.
"""

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from extractors.language.base import called
from extractors.language.dataset import check_name, patient_node, refuse_same_letters
from extractors.language.inline_tests import note_test
from extractors.language.intervals import checked_intervals
from extractors.language.levels import PatientSeries
from extractors.language.numbers import IntPatientSeries
from extractors.language.reading import current, is_reading
from extractors.language.series import BoolPatientSeries
from extractors.model import nodes
from extractors.model.types import name_of
from extractors.sql.columns import TAKEN
from measures.amounts import Amount
from measures.describing import describe
from measures.doubts import Doubts
from measures.labels import refuse_labels
from measures.standards import DECILES, Standard, standard
from measures.telling import refuse_telling_group

CONTROL = (
    "the site's policy decides on disclosure control, so "
    "configure_disclosure_control(…) changes nothing"
)
Interval = tuple[datetime.date, datetime.date]
Counted = BoolPatientSeries | IntPatientSeries
RESERVED = (
    "measure",
    "numerator",
    "denominator",
    "ratio",
    "interval_start",
    "interval_end",
    "group_by",
    "ratio_at_least",
    "ratio_at_most",
    "ratio_low",
    "ratio_high",
    "ci_low",
    "ci_high",
    "status",
    "patient_id",
    "numerator_patients",
    "denominator_patients",
    "numerator_largest",
    "denominator_largest",
    "numerator_fingerprint",
    "denominator_fingerprint",
)


@dataclass(frozen=True)
class Measure:
    """One measure as it will be computed."""

    # the author's name for it
    name: str
    # what is counted or added up
    numerator: nodes.Series
    # of which patients
    denominator: nodes.Series
    # names of groups -> their series
    group_by: Mapping[str, nodes.Series]
    # the first and the last day of each period
    intervals: tuple[Interval, ...]
    # of a measure of amounts, the decimals of a unit
    places: int = 0
    # of a measure of amounts, how many units one patient has at most
    most: int = 0
    # of a measure whose rows no release has, but the deciles of one group's values:
    # that group
    over: str = ""
    # the standard population of its standardised rates; None: it has none
    standard: Standard | None = None

    @property
    def grouping(self) -> str:
        """How released rows name the grouping: `""` for the total, `age_band+sex`."""
        return "+".join(sorted(self.group_by))


class Measures:
    """The measures of a file, in the order they were defined."""

    # what a notebook shows (`measures/notebook.py`)
    _repr_html_: ClassVar[Callable[[Any], str]]

    def __init__(self) -> None:
        self._measures: list[Measure] = []
        self._defaults: dict[str, Any] = {}
        self.described: dict[str, Any] = {}
        self._doubts = Doubts()

    def __iter__(self) -> Iterator[Measure]:
        return iter(self._measures)

    def define_measure(
        self,
        name: str,
        numerator: Counted | Amount | None = None,
        denominator: Counted | None = None,
        group_by: Mapping[str, PatientSeries] | None = None,
        intervals: Sequence[Interval] | None = None,
        *,
        deciles_over: PatientSeries | None = None,
        standardise: Mapping[str, str | Mapping[str, float]] | None = None,
    ) -> None:
        """Add a measure; what is not given comes from the defaults.

        `numerator` and `denominator` are bool or int series with one value per patient;
        a mean has an `amount(…)` for its numerator. A NULL numerator adds 0, a NULL
        denominator leaves the patient out, a NULL group is a group.

            measures.define_measure(
                "seen_by_sex",
                numerator=seen.exists_for_patient(),
                denominator=patients.is_alive_on(INTERVAL.start_date),
                group_by={"sex": patients.sex},
                intervals=weeks(52).starting_on("2019-04-01"),
            )

        `deciles_over`: a series whose values are units, such as practices. A release
        then has the deciles of their rates, and never the rates themselves.
        `standardise`: `{"age_band": "ESP2013"}`, or weights by band in the place of its
        name; a release then has directly standardised rates as well.

        Raises TypeError for what is given in another type or not at all, ValueError for
        intervals that are none, AttributeError for a name that is taken or not allowed.
        """
        given = {
            "numerator": numerator,
            "denominator": denominator,
            "group_by": group_by,
            "intervals": intervals,
        }
        measure = self._checked(name, given, standardise)
        self._measures.append(measure)
        if deciles_over is not None:
            self._add_units(measure, deciles_over)

    def _checked(self, name: str, given: Mapping[str, Any], weights: Any) -> Measure:
        """A new measure, with the defaults in the place of what is None."""
        values = {key: self._defaults.get(key) for key in given}
        values |= {key: value for key, value in given.items() if value is not None}
        self._check_new_name(name)
        current().note_defined(f"measure {name}")
        measure = Measure(
            name=name,
            **_counts(values["numerator"], values["denominator"], name),
            group_by=_group_nodes(values["group_by"]),
            intervals=checked_intervals(values["intervals"], name),
        )
        self._check_groups(measure.group_by)
        if is_reading():
            for group, node in measure.group_by.items():
                refuse_telling_group(name, group, node)
        standardised = standard(weights, measure.group_by, name)
        if standardised and measure.most:
            raise TypeError(f"standardise is for rates, and {name!r} has a mean")
        if is_reading():
            self._doubts.note(measure)
        return replace(measure, standard=standardised)

    def _add_units(self, measure: Measure, units: Any) -> None:
        """The same by each unit: counted and protected as any measure, and written as
        deciles alone.
        """
        if measure.most:
            raise TypeError(
                f"deciles_over is for rates, and {measure.name!r} has a mean"
            )
        name, over = f"{measure.name}{DECILES}", f"{measure.name}_unit"
        self._check_new_name(name)
        unit = _group_nodes({over: units})
        if unit[over] in measure.group_by.values():
            raise ValueError(
                f"deciles_over of {measure.name!r} is a group of it; leave it out of "
                "group_by"
            )
        self._measures.append(
            replace(
                measure,
                name=name,
                group_by={**measure.group_by, **unit},
                over=over,
                standard=None,
            )
        )

    def define_defaults(
        self,
        numerator: Counted | Amount | None = None,
        denominator: Counted | None = None,
        group_by: Mapping[str, PatientSeries] | None = None,
        intervals: Sequence[Interval] | None = None,
    ) -> None:
        """What measures use that do not say it themselves; at most once.

        NULL counts as in `define_measure`.

            measures.define_defaults(intervals=weeks(52).starting_on("2019-04-01"))

        Raises AttributeError if it is called twice.
        """
        if self._defaults:
            raise AttributeError("define_defaults() may be called only once")
        self._defaults = {
            "numerator": numerator,
            "denominator": denominator,
            "group_by": group_by,
            "intervals": intervals,
            "set": True,
        }

    def describe(self, measure: str | None = None, /, **said: object) -> None:
        """Say what readers of the release should know, of the study or of one of its
        measures.

        Of the study: `title`, `sentence`, `contact`, `headline` (names of the measures
        that come first), `phases` [(from, to, words), …], `groups` {group: title, or
        {"title": …, "sentence": …, "labels": {value: words}}}. Of a measure: `title`,
        `sentence`, `per` (1000: a rate per 1,000), `unit` (its words), `baseline` (the
        first day of a period) and `compare` (those of others), `spc` (True: a chart of
        unusual variation), `rebase` (where its limits begin anew), `direction`
        ("increase" or "decrease" is better, else "neutral"). Of a measure by group also
        `funnel` (True: a chart of its groups by their size, with limits of what chance
        would hardly exceed) and `ranks` (True: a table of their ranks, and of the share
        of all counted that each of them makes).

        Nothing of it changes a number. Raises TypeError, ValueError or AttributeError
        for what it does not know.

            measures.describe("monitored", title="Home monitoring", per=1000)
        """
        describe(self.described, measure, said)

    def test(
        self, records: Mapping[str, Any], expected: Sequence[Mapping[str, Any]]
    ) -> None:
        """Keep a test of all measures so far, which `check` and `cohortflow test` run.

        `records`: table -> rows as dicts with `patient_id`. `expected`: the counts that
        must come out as dicts, as `evaluate` gives them, with all or some of their
        columns; of the measures that they name, all rows. None means NULL.

            measures.test(
                {"patients": [{"patient_id": 1, "sex": "male"}]},
                [{"measure": "seen", "numerator": 0, "denominator": 1}],
            )

        Raises TypeError for what is no test.
        """
        note_test(records, expected)

    def configure_dummy_data(
        self,
        population_size: int | None = None,
        legacy: bool = False,
        timeout: float = 60,
        additional_population_constraint: BoolPatientSeries | None = None,
        **_: object,
    ) -> None:
        """Accepted for compatibility, and without effect.

        Trial records are asked for on the command line.

            measures.configure_dummy_data(population_size=1000)
        """

    def configure_disclosure_control(self, *_: object, **__: object) -> None:
        """Accepted, and without effect.

        A definition cannot change how counts are protected.

            measures.configure_disclosure_control(enabled=True)
        """
        current().note(CONTROL)

    def _check_new_name(self, name: Any) -> None:
        if not isinstance(name, str):
            got = called(name)
            raise TypeError(f"the name of a measure must be a string, got {got}")
        check_name(name, ())
        for measure in self._measures:
            if measure.name.lower() != name.lower():
                continue
            capitals = ""
            if measure.name != name:
                capitals = ", which differs in capital letters alone"
            raise AttributeError(
                f"there is a measure named {measure.name!r} already{capitals}; each "
                "needs a name of its own"
            )

    def _check_groups(self, groups: Mapping[str, nodes.Series]) -> None:
        others = [*groups]
        for measure in self._measures:
            others += measure.group_by
        for name in groups:
            refuse_same_letters(name, others)
        for measure in self._measures:
            for name, node in measure.group_by.items():
                if name in groups and groups[name] != node:
                    raise AttributeError(
                        f"the group {name!r} is defined differently in the measure "
                        f"{measure.name!r}; one name must mean one thing throughout "
                        "the file"
                    )


def create_measures() -> Measures:
    """The measures of a file, none at first.

    A file names them `measures`.

        measures = create_measures()
    """
    return Measures()


def _counts(numerator: Any, denominator: Any, measure: str) -> dict[str, Any]:
    for part, value in (("numerator", numerator), ("denominator", denominator)):
        if value is None:
            raise TypeError(
                f"the measure {measure!r} has no {part}, and there is no default for it"
            )
    if isinstance(numerator, Amount):
        return {
            "numerator": numerator.units.node,
            "denominator": numerator.denominator(denominator, measure),
            "places": numerator.places,
            "most": numerator.most,
        }
    return {
        "numerator": _count_node(numerator, "numerator", measure),
        "denominator": _count_node(denominator, "denominator", measure),
    }


def _count_node(value: Any, part: str, measure: str) -> nodes.Series:
    node = patient_node(value, f"the {part} of {measure!r}")
    if node.type not in (bool, int):
        hint = ""
        if node.type is float and part == "numerator":
            hint = "; for a mean write amount(…, least=…, most=…), from measures"
        raise TypeError(
            f"the {part} of {measure!r} must be a bool or int series, got "
            f"{name_of(node.type)}{hint}"
        )
    return node


def _group_nodes(group_by: Any) -> dict[str, nodes.Series]:
    if group_by is None:
        return {}
    if not isinstance(group_by, Mapping):
        raise TypeError(
            f"group_by needs a dict from names to series, got {called(group_by)}"
        )
    for name in group_by:
        if not isinstance(name, str):
            raise TypeError(
                f"names in group_by must be strings, got {name_of(type(name))}"
            )
        check_name(name, RESERVED)
        refuse_same_letters(name, RESERVED)
        if TAKEN.fullmatch(name):
            raise AttributeError(f"'{name}' is not an allowed name; choose another")
    found = {
        name: patient_node(value, f"the group {name!r}")
        for name, value in group_by.items()
    }
    for name, node in found.items():
        refuse_labels(name, node)
    return found
