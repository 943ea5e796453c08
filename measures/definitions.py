"""What an author says about measures: create_measures, define_measure, define_defaults.

A measure is numerator over denominator, by groups, over intervals; semantics in
extractors/language/SEMANTICS.md#measures. What an author can get wrong is refused on
the author's own line.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from extractors.language.base import called
from extractors.language.dataset import check_name, patient_node, refuse_same_letters
from extractors.language.dates import Duration
from extractors.language.inline_tests import note_test
from extractors.language.reading import current, is_reading
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
RESERVED = (
    "measure", "numerator", "denominator", "ratio", "interval_start", "interval_end", "group_by", "ratio_at_least",
    "ratio_at_most", "ratio_low", "ratio_high", "ci_low", "ci_high", "status", "patient_id", "numerator_patients",
    "denominator_patients", "numerator_largest", "denominator_largest", "numerator_fingerprint",
    "denominator_fingerprint",
)  # fmt: skip


@dataclass(frozen=True)
class Measure:
    """One measure as it will be computed; `group_by` maps names of groups to their
    series.

    `most` and `places`: of a measure of amounts, how many units of `places` decimals
    one patient has at most.
    """

    name: str
    numerator: nodes.Series
    denominator: nodes.Series
    group_by: Mapping[str, nodes.Series]
    intervals: tuple[Interval, ...]
    places: int = 0
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

    def __iter__(self) -> Any:
        return iter(self._measures)

    def define_measure(
        self,
        name: str,
        numerator: Any = None,
        denominator: Any = None,
        group_by: Mapping[str, Any] | None = None,
        intervals: Sequence[Interval] | None = None,
        *,
        deciles_over: Any = None,
        standardise: Mapping[str, Any] | None = None,
    ) -> None:
        """Add a measure; what is not given comes from the defaults.

        `deciles_over`: a series whose values are units, such as practices. A release
        then has the deciles of their rates, and never the rates themselves.
        `standardise`: `{"age_band": "ESP2013"}`, or weights by band in the place of its
        name; a release then has directly standardised rates as well.
        """
        given = {
            "numerator": numerator,
            "denominator": denominator,
            "group_by": group_by,
            "intervals": intervals,
        }
        values = {
            key: self._defaults.get(key) if value is None else value
            for key, value in given.items()
        }
        self._check_new_name(name)
        current().note_defined(f"measure {name}")
        measure = Measure(
            name=name,
            **_counts(values["numerator"], values["denominator"], name),
            group_by=_group_nodes(
                {} if values["group_by"] is None else values["group_by"]
            ),
            intervals=_intervals(values["intervals"], name),
        )
        self._check_groups(measure.group_by)
        if is_reading():
            for group, node in measure.group_by.items():
                refuse_telling_group(name, group, node)
        standardised = standard(standardise, measure.group_by, name)
        if standardised and measure.most:
            raise TypeError(f"standardise is for rates, and {name!r} has a mean")
        if is_reading():
            self._doubts.note(measure)
        self._measures.append(replace(measure, standard=standardised))
        if deciles_over is not None:
            self._add_units(measure, deciles_over)

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
                measure, name=name, group_by={**measure.group_by, **unit}, over=over
            )
        )

    def define_defaults(
        self,
        numerator: Any = None,
        denominator: Any = None,
        group_by: Mapping[str, Any] | None = None,
        intervals: Sequence[Interval] | None = None,
    ) -> None:
        """What measures use that do not say it themselves; at most once."""
        if self._defaults:
            raise AttributeError("define_defaults() may be called only once")
        given = {
            "numerator": numerator,
            "denominator": denominator,
            "group_by": group_by,
            "intervals": intervals,
        }
        self._defaults = {**given, "set": True}

    def describe(self, measure: str | None = None, /, **said: Any) -> None:
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

            measures.describe("monitored", title="Home blood pressure monitoring", baseline="2019-04-01")
        """
        describe(self.described, measure, said)

    def test(
        self, records: Mapping[str, Any], expected: Sequence[Mapping[str, Any]]
    ) -> None:
        """Keep a test of all measures so far, which `check` and `cohortflow test` run.

        `records`: table -> rows as dicts with `patient_id`. `expected`: the counts that
        must come out as dicts, as `evaluate` gives them, with all or some of their
        columns; of the measures that they name, all rows.
        """
        note_test(records, expected)

    def configure_dummy_data(
        self,
        population_size: int | None = None,
        legacy: bool = False,
        timeout: float = 60,
        additional_population_constraint: Any = None,
        **_: Any,
    ) -> None:
        """Accepted for compatibility; trial records are asked for on the command
        line.
        """

    def configure_disclosure_control(self, *_: Any, **__: Any) -> None:
        """Accepted, and without effect: a definition cannot change how counts are
        protected.
        """
        current().note(CONTROL)

    def _check_new_name(self, name: Any) -> None:
        if not isinstance(name, str):
            raise TypeError(
                f"the name of a measure must be a string, got {called(name)}"
            )
        check_name(name, ())
        same = next(
            (
                measure.name
                for measure in self._measures
                if measure.name.lower() == name.lower()
            ),
            None,
        )
        if same:
            capitals = (
                "" if same == name else ", which differs in capital letters alone"
            )
            raise AttributeError(
                f"there is a measure named {same!r} already{capitals}; each needs a "
                "name of its own"
            )

    def _check_groups(self, groups: Mapping[str, nodes.Series]) -> None:
        known = [*groups]
        for measure in self._measures:
            known += measure.group_by
        for name in groups:
            refuse_same_letters(name, known)
        for measure in self._measures:
            for name, node in measure.group_by.items():
                if name in groups and groups[name] != node:
                    raise AttributeError(
                        f"the group {name!r} is defined differently in the measure "
                        f"{measure.name!r}; one name must mean one thing throughout "
                        "the file"
                    )


def create_measures() -> Measures:
    return Measures()


def _counts(numerator: Any, denominator: Any, measure: str) -> dict[str, Any]:
    for part, value in (("numerator", numerator), ("denominator", denominator)):
        if value is None:
            raise TypeError(
                f"the measure {measure!r} has no {part}, and there is no default for it"
            )
    if isinstance(numerator, Amount):
        mean_of = numerator.denominator(denominator, measure)
        said = {"places": numerator.places, "most": numerator.most}
        return {"numerator": numerator.units.node, "denominator": mean_of, **said}
    return {
        "numerator": _count_node(numerator, "numerator", measure),
        "denominator": _count_node(denominator, "denominator", measure),
    }


def _count_node(value: Any, part: str, measure: str) -> nodes.Series:
    node = patient_node(value, f"the {part} of {measure!r}")
    if node.type not in (bool, int):
        mean = node.type is float and part == "numerator"
        hint = (
            "; for a mean write amount(…, least=…, most=…), from measures"
            if mean
            else ""
        )
        raise TypeError(
            f"the {part} of {measure!r} must be a bool or int series, got "
            f"{name_of(node.type)}{hint}"
        )
    return node


def _group_nodes(group_by: Any) -> dict[str, nodes.Series]:
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


def _intervals(intervals: Any, measure: str) -> tuple[Interval, ...]:
    if intervals is None:
        raise TypeError(
            f"the measure {measure!r} has no intervals, and there is no default for "
            "them"
        )
    if isinstance(intervals, Duration):
        raise TypeError(
            "intervals need a date to start from: did you forget .starting_on(…) or "
            ".ending_on(…)?"
        )
    if not isinstance(intervals, list | tuple):
        raise TypeError(
            f"intervals need a list of (start, end) dates, got {called(intervals)}"
        )
    if not intervals:
        raise ValueError(f"the measure {measure!r} has an empty list of intervals")
    return tuple(sorted({_interval(each) for each in intervals}))


def _interval(pair: Any) -> Interval:
    if (
        isinstance(pair, list | tuple)
        and pair
        and all(isinstance(each, list | tuple) for each in pair)
    ):
        raise TypeError(
            "an interval must be a pair of dates (start, end), got a list of "
            "intervals; join several lists with +"
        )
    if not isinstance(pair, list | tuple) or len(pair) != 2:
        got = f"{len(pair)} of them" if isinstance(pair, list | tuple) else called(pair)
        raise TypeError(
            f"an interval must be a pair of dates (start, end), got {got}; write "
            "[(start, end)] for one"
        )
    start, end = pair
    for date in pair:
        if type(date) is not datetime.date:
            raise TypeError(
                f"the dates of an interval must be datetime.date, got {called(date)}; "
                "write date(2020, 3, 30), or weeks(52).starting_on(…)"
            )
    if start > end:
        raise ValueError(
            f"an interval must not end before it starts, got {start} to {end}"
        )
    return start, end
