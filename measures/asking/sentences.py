"""Nodes as English: what a checker reads who asks who is counted.

The words are made of the model, so they say what is computed and not what an author
believes. They hold names of tables and columns, codelists with their sizes, and the
definition's own values.
"""

import datetime
from collections.abc import Sequence
from itertools import chain

from extractors.model import nodes
from measures.asking.lists import Lists

MOST_WORDS = 4_000  # characters of one description
FEW_VALUES = 4
LONG = "…"

# Calls whose words are those of their arguments in a row.
TEMPLATES = {
    "ne": "{} is not {}",
    "lt": "{} is below {}",
    "le": "{} is at most {}",
    "gt": "{} is above {}",
    "ge": "{} is at least {}",
    "add": "{} plus {}",
    "subtract": "{} minus {}",
    "multiply": "{} times {}",
    "divide": "{} divided by {}",
    "floor_divide": "{} divided by {}, without the rest",
    "power": "{} to the power of {}",
    "negate": "minus {}",
    "absolute": "{} without its sign",
    "add_days": "{} plus {} days",
    "add_months": "{} plus {} months",
    "days_between": "the days from {} to {}",
    "months_between": "the full months from {} to {}",
    "year": "the year of {}",
    "month": "the month of {}",
    "day": "the day of {}",
    "first_of_month": "the first day of the month of {}",
    "first_of_year": "the first day of the year of {}",
    "contains": "{} contains {}",
    "word_begins": "a word of {} begins with one of {}",
    "first_characters": "the beginning of {}, {} characters long",
    "to_text": "{}",
    "to_int": "{} as a whole number",
    "to_float": "{}",
    "bool_to_int": "1 if {}, else 0",
    "spell": "the days from {} to {}",
}
# The same of two dates.
OF_DATES = {
    "lt": "{} is before {}",
    "le": "{} is on or before {}",
    "gt": "{} is after {}",
    "ge": "{} is on or after {}",
}
AGGREGATES = {
    "count": "the number of rows in {}",
    "sum": "the sum of {}",
    "mean": "the mean of {}",
    "minimum": "the lowest {}",
    "maximum": "the highest {}",
    "count_distinct": "the number of different values of {}",
    "count_episodes": "the number of episodes of {}, new after a gap of {argument} days",
    "days_covered": "the days covered by {}",
    "nights_by_start": "the nights of {}, of each first day the longest",
    "quantile": "the {argument} quantile of {}",
    "set": "the values of {}",
}
DAYS = {
    "interval_start": "the first day of the period",
    "interval_end": "the last day of the period",
}


class Sentences:
    """Words of nodes; those of a part that occurs again are made once."""

    def __init__(self, lists: Lists):
        self.lists = lists
        self._made: dict[nodes.Node, str] = {}

    def of(self, root: nodes.Node) -> str:
        """In words; cut where they would fill pages."""
        for node in nodes.walk([root]):  # children first, so that no depth is too deep
            if node not in self._made:
                self._made[node] = _cut(self._words(node))
        return self._made[root]

    def _words(self, node: nodes.Node) -> str:
        match node:
            case nodes.Frame():
                return self._frame(node)
            case nodes.Column():
                return self._column(node)
            case nodes.Literal():
                return value(node.value)
            case nodes.Values():
                return self._values(node)
            case nodes.Parameter():
                return DAYS[node.name]
            case nodes.Call():
                return self._call(node)
            case nodes.Aggregate():
                return self._aggregate(node)
        return type(node).__name__.lower()

    # Frames ---------------------------------------------------------------------------

    def _frame(self, frame: nodes.Frame) -> str:
        if isinstance(frame, nodes.Pick):
            keys = ", then ".join(
                self._made[key] for key in nodes.sort_keys(frame.source)
            )
            return (
                f"the {'last' if frame.last else 'first'} row by {keys} in "
                f"{self._made[frame.source]}"
            )
        if isinstance(frame, nodes.Sort):
            return self._made[frame.source]
        table = name(frame.table.schema.name)
        if not isinstance(frame, nodes.Where):
            return f"the table {table}"
        # the author's first condition comes first, as it was written
        conditions: list[nodes.Series] = []
        for each in reversed(nodes.conditions(frame)):
            conditions += nodes.conjuncts(each)
        return f"the table {table} (where {self._all(conditions)})"

    def _column(self, column: nodes.Column) -> str:
        """Alone within its own rows; else with where it comes from."""
        if column.domain is not None:
            return name(column.name)
        if isinstance(column.source, nodes.Table):
            return f"{name(column.name)} in {name(column.source.schema.name)}"
        return f"{name(column.name)} of {self._made[column.source]}"

    # Values ---------------------------------------------------------------------------

    def _values(self, values: nodes.Values) -> str:
        listed = self.lists.name_of(values)
        if listed:
            return listed
        if len(values.values) <= FEW_VALUES:
            return " or ".join(map(value, values.values)) or "nothing"
        return f"one of {len(values.values)} values that the definition lists"

    # Calls ----------------------------------------------------------------------------

    def _call(self, call: nodes.Call) -> str:
        special = getattr(self, f"_{call.operation}", None)
        if special:
            return str(special(call.arguments))
        words = [self._made[each] for each in call.arguments]
        templates = OF_DATES if call.arguments[0].type is datetime.date else TEMPLATES
        template = templates.get(call.operation) or TEMPLATES.get(call.operation)
        return (
            template.format(*words)
            if template
            else f"{name(call.operation)} of {_and(words)}"
        )

    def _and(self, arguments: Sequence[nodes.Series]) -> str:
        return self._all(list(chain.from_iterable(map(nodes.conjuncts, arguments))))

    def _all(self, conditions: Sequence[nodes.Series]) -> str:
        """Conditions that all hold; a first and a last day of the period are one."""
        unique = list(dict.fromkeys(conditions))
        within = [each for each in unique if self._is_within(each, unique)]
        words: list[str] = []
        for each in unique:
            said = self._bracketed(each)
            if each in within:
                said = f"{self._made[_left(each)]} is in the period"
            if said not in words:
                words.append(said)
        return " and ".join(words)

    def _is_within(
        self, condition: nodes.Series, others: Sequence[nodes.Series]
    ) -> bool:
        """Whether it is one side of `is_during(INTERVAL)`, and the other is there,
        too.
        """
        ends = {("ge", "interval_start"), ("le", "interval_end")}
        side = _side(condition)
        if side not in ends:
            return False
        other_ends = ends - {side}
        return any(
            _side(each) in other_ends and _left(each) == _left(condition)
            for each in others
        )

    def _or(self, arguments: Sequence[nodes.Series]) -> str:
        parts: dict[nodes.Series, None] = {}
        for each in arguments:
            parts |= dict.fromkeys(nodes.operands(each, _is_or))
        subject = self._subject(list(parts))
        words = [self._bracketed(part) for part in parts]
        # "X is missing or is after Y" for "X is missing or X is after Y"
        rest = (
            [each.removeprefix(subject) for each in words[1:]] if subject else words[1:]
        )
        return " or ".join([words[0], *(each.lstrip() for each in rest)])

    def _subject(self, conditions: Sequence[nodes.Series]) -> str:
        """The words with which all begin because all compare one thing; else ""."""
        firsts = {
            each.arguments[0]
            if isinstance(each, nodes.Call) and each.arguments
            else each
            for each in conditions
        }
        if len(firsts) > 1:
            return ""
        words = self._made[firsts.pop()]
        fits = all(self._made[each].startswith(f"{words} is ") for each in conditions)
        return words if fits else ""

    def _bracketed(self, part: nodes.Series) -> str:
        joined = isinstance(part, nodes.Call) and part.operation in ("and", "or")
        return f"({self._made[part]})" if joined else self._made[part]

    def _not(self, arguments: Sequence[nodes.Series]) -> str:
        [part] = arguments
        if isinstance(part, nodes.Call) and part.operation == "is_null":
            return f"{self._made[part.arguments[0]]} is known"
        if isinstance(part, nodes.Aggregate) and part.operation == "exists":
            return self._made[part].replace("there is a row", "there is no row", 1)
        return f"not ({self._made[part]})"

    def _is_null(self, arguments: Sequence[nodes.Series]) -> str:
        return f"{self._made[arguments[0]]} is missing"

    def _eq(self, arguments: Sequence[nodes.Series]) -> str:
        one, other = arguments
        if isinstance(other, nodes.Literal) and other.of is bool:
            return self._made[one] if other.value else f"not ({self._made[one]})"
        return f"{self._made[one]} is {self._made[other]}"

    def _in(self, arguments: Sequence[nodes.Series]) -> str:
        one, other = arguments
        return f"{self._made[one]} is {self._made[other]}"

    def _coalesce(self, arguments: Sequence[nodes.Series]) -> str:
        """What takes the place of a missing truth is mostly "no", which need not be
        said.
        """
        first, *others = arguments
        if all(
            isinstance(each, nodes.Literal) and each.value is False for each in others
        ):
            return self._made[first]
        rest = ", or else ".join(self._made[each] for each in others)
        return f"{self._made[first]} (where that is missing: {rest})"

    def _case(self, arguments: Sequence[nodes.Series]) -> str:
        *pairs, default = arguments
        conditions = pairs[::2]
        subject = self._subject(conditions)
        cases: list[str] = []
        for condition, result in zip(conditions, pairs[1::2], strict=True):
            when = self._made[condition]
            if subject:
                when = "it" + when.removeprefix(subject)
            cases.append(f"{self._made[result]} if {when}")
        if not (isinstance(default, nodes.Literal) and default.value is None):
            cases.append(f"else {self._made[default]}")
        listed = "; ".join(cases)
        return f"of ({subject}): {listed}" if subject else listed

    def _floor_divide(self, arguments: Sequence[nodes.Series]) -> str:
        """Twelve months are a year, which is how ages are computed."""
        one, other = arguments
        twelve = isinstance(other, nodes.Literal) and other.value == 12
        if twelve and isinstance(one, nodes.Call) and one.operation == "months_between":
            first, last = (self._made[each] for each in one.arguments)
            return f"the full years from {first} to {last}"
        return TEMPLATES["floor_divide"].format(self._made[one], self._made[other])

    def _maximum_of(self, arguments: Sequence[nodes.Series]) -> str:
        word = "latest" if arguments[0].type is datetime.date else "highest"
        return f"the {word} of {_and([self._made[each] for each in arguments])}"

    def _minimum_of(self, arguments: Sequence[nodes.Series]) -> str:
        word = "earliest" if arguments[0].type is datetime.date else "lowest"
        return f"the {word} of {_and([self._made[each] for each in arguments])}"

    # Aggregates -----------------------------------------------------------------------

    def _aggregate(self, node: nodes.Aggregate) -> str:
        if node.operation == "exists":
            return f"there is a row in {self._made[node.source]}"
        words = self._made[node.source]
        if isinstance(node.source, nodes.Series):
            words = f"{words} in {self._rows(node)}"
        of_dates = (
            isinstance(node.source, nodes.Series) and node.source.type is datetime.date
        )
        template = AGGREGATES.get(node.operation, f"{name(node.operation)} of {{}}")
        if of_dates:
            template = {"minimum": "the first {}", "maximum": "the last {}"}.get(
                node.operation, template
            )
        return template.format(words, argument=node.argument)

    def _rows(self, node: nodes.Aggregate) -> str:
        return self._made.get(node.rows) or self._frame_of(node.rows)

    def _frame_of(self, frame: nodes.Frame) -> str:
        self.of(frame)
        return self._made[frame]


def _cut(words: str) -> str:
    return words if len(words) <= MOST_WORDS else words[: MOST_WORDS - 1] + LONG


def _left(condition: nodes.Series) -> nodes.Series:
    assert isinstance(condition, nodes.Call)
    return condition.arguments[0]


def _side(condition: nodes.Series) -> tuple[str, str] | None:
    """As ("ge", "interval_start"), for a comparison with a day of the period."""
    if isinstance(condition, nodes.Call) and len(condition.arguments) == 2:
        day = condition.arguments[1]
        if isinstance(day, nodes.Parameter):
            return condition.operation, day.name
    return None


def _is_or(call: nodes.Call) -> bool:
    return call.operation == "or"


def _and(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def name(text: str) -> str:
    """Of a table or a column, as words."""
    return text.replace("_", " ")


def value(of: object) -> str:
    """A value of the definition."""
    if of is None:
        return "missing"
    if isinstance(of, bool):
        return "yes" if of else "no"
    return f"“{of}”" if isinstance(of, str) else str(of)
