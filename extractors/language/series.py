"""Series by type: bool, numbers, strings, codes."""

from typing import Any

from extractors.language.base import (
    BaseSeries,
    EventSeries,
    PatientSeries,
    called,
    condition_node,
    operand,
    register,
    wrap,
)
from extractors.language.contradictions import note_contradiction
from extractors.model import nodes
from extractors.model.types import CODE_TYPES, MULTI_CODE_TYPES, ConceptId, name_of

# bool --------------------------------------------------------------------------------------------


class BoolMethods(BaseSeries):
    """Kleene logic: False & NULL is False, True | NULL is True, otherwise NULL carries
    on.
    """

    __slots__ = ()

    def __and__(self, other: Any) -> Any:
        return self._logic("and", other)

    def __or__(self, other: Any) -> Any:
        return self._logic("or", other)

    __rand__, __ror__ = __and__, __or__

    def _logic(self, operation: str, other: Any) -> Any:
        symbol = {"and": "&", "or": "|"}[operation]
        both = nodes.Call(operation, (self.node, condition_node(other, f"`{symbol}`")))
        if operation == "and":
            note_contradiction([both])
        return wrap(both)

    def __invert__(self) -> Any:
        return self.call("not")

    def as_int(self) -> Any:
        """1 for True, 0 for False."""
        return self.call("bool_to_int")


@register(bool)
class BoolPatientSeries(BoolMethods, PatientSeries):
    __slots__ = ()


@register(bool)
class BoolEventSeries(BoolMethods, EventSeries):
    __slots__ = ()


# what has an order ---------------------------------------------------------------------------------


class ComparableMethods(BaseSeries):
    __slots__ = ()

    def __lt__(self, other: Any) -> Any:
        return self.call("lt", other)

    def __le__(self, other: Any) -> Any:
        return self.call("le", other)

    def __gt__(self, other: Any) -> Any:
        return self.call("gt", other)

    def __ge__(self, other: Any) -> Any:
        return self.call("ge", other)


class ComparableAggregates(EventSeries):
    __slots__ = ()

    def minimum_for_patient(self) -> Any:
        """The least value; NULL if there is none."""
        return self.aggregate("minimum")

    def maximum_for_patient(self) -> Any:
        """The greatest value; NULL if there is none."""
        return self.aggregate("maximum")


# numbers -------------------------------------------------------------------------------------------


class NumberMethods(ComparableMethods):
    __slots__ = ()

    def as_text(self) -> Any:
        """A whole number as a string, in digits. Beyond ehrQL."""
        return self.call("to_text")

    def __add__(self, other: Any) -> Any:
        return self.call("add", other)

    def __sub__(self, other: Any) -> Any:
        return self.call("subtract", other)

    def __mul__(self, other: Any) -> Any:
        return self.call("multiply", other)

    def __truediv__(self, other: Any) -> Any:
        """Always a float; NULL where the divisor is 0."""
        return self.call("divide", other)

    def __floordiv__(self, other: Any) -> Any:
        """Always an int, rounded towards minus infinity; NULL where the divisor is
        0.
        """
        return self.call("floor_divide", other)

    def __pow__(self, other: Any) -> Any:
        """Always a float; NULL where the result is not a real number."""
        return self.call("power", other)

    def __radd__(self, other: Any) -> Any:
        return self._reversed("add", other)

    def __rsub__(self, other: Any) -> Any:
        return self._reversed("subtract", other)

    def __rmul__(self, other: Any) -> Any:
        return self._reversed("multiply", other)

    def __rtruediv__(self, other: Any) -> Any:
        return self._reversed("divide", other)

    def __rfloordiv__(self, other: Any) -> Any:
        return self._reversed("floor_divide", other)

    def __rpow__(self, other: Any) -> Any:
        return self._reversed("power", other)

    def _reversed(self, operation: str, other: Any) -> Any:
        return wrap(nodes.Call(operation, (operand(other, self.node.type), self.node)))

    def __neg__(self) -> Any:
        return self.call("negate")

    def __abs__(self) -> Any:
        raise TypeError("abs() does not work on series; use .absolute()")

    def absolute(self) -> Any:
        return self.call("absolute")

    def as_int(self) -> Any:
        """The whole part, cut off towards zero."""
        return self.call("to_int")

    def as_float(self) -> Any:
        return self.call("to_float")


@register(int)
class IntPatientSeries(NumberMethods, PatientSeries):
    __slots__ = ()


@register(float)
class FloatPatientSeries(NumberMethods, PatientSeries):
    __slots__ = ()


class NumberAggregates(ComparableAggregates):
    __slots__ = ()

    def sum_for_patient(self) -> Any:
        """The sum; NULL, not 0, if there is no value."""
        return self.aggregate("sum")

    def mean_for_patient(self) -> Any:
        """The mean; NULL if there is no value."""
        return self.aggregate("mean")

    def median_for_patient(self) -> Any:
        """The value in the middle, or halfway between the two there; a float, NULL if
        there is no value.

        Beyond ehrQL.
        """
        return self.quantile_for_patient(0.5)

    def quantile_for_patient(self, q: Any) -> Any:
        """The value below which the share `q` of the values lies; a float, NULL if
        there is no value.

        Between two values it is interpolated linearly. `q` is a plain number from 0 to
        1; TypeError or ValueError for anything else. Beyond ehrQL.
        """
        if type(q) not in (int, float):
            got = (
                f"a series of {name_of(q.node.type)}"
                if isinstance(q, BaseSeries)
                else name_of(type(q))
            )
            raise TypeError(
                f"quantile_for_patient needs a plain number from 0 to 1, got {got}"
            )
        if not 0 <= q <= 1:
            raise ValueError(
                f"quantile_for_patient needs a number from 0 to 1, got {q}; the 95th "
                "percentile is 0.95"
            )
        return self.aggregate("quantile", float(q))


@register(int)
class IntEventSeries(NumberMethods, NumberAggregates):
    __slots__ = ()


@register(float)
class FloatEventSeries(NumberMethods, NumberAggregates):
    __slots__ = ()


def _beginning(series: BaseSeries, count: Any) -> Any:
    return wrap(nodes.Call("first_characters", (series.node, operand(count, int))))


# strings and codes -----------------------------------------------------------------------------------


class StrMethods(ComparableMethods):
    __slots__ = ()

    def contains(self, other: Any) -> Any:
        """Whether the string holds another, case-sensitive and without wildcards."""
        return self.call("contains", other)

    def first_characters(self, count: Any) -> Any:
        """The beginning of the string, so many characters long. Beyond ehrQL."""
        return _beginning(self, count)

    def word_begins(self, words: Any) -> Any:
        """Whether a word in the string begins with one of the words of another string.

        A word follows a character that is neither an English letter nor a digit. Beyond
        ehrQL.
        """
        return self.call("word_begins", words)


@register(str)
class StrPatientSeries(StrMethods, PatientSeries):
    __slots__ = ()


@register(str)
class StrEventSeries(StrMethods, ComparableAggregates):
    __slots__ = ()


class CodeMethods(BaseSeries):
    __slots__ = ()

    def first_characters(self, count: Any) -> Any:
        """The beginning of the code as a string, so many characters long. Beyond
        ehrQL.
        """
        return _beginning(self, count)

    def as_text(self) -> Any:
        """The code as a string. Beyond ehrQL."""
        return self.call("to_text")

    def to_category(self, categorisation: dict, default: Any = None) -> Any:
        """The category of each code, from a codelist read with `category_column`."""
        return self.map_values(categorisation, default)


@register(*CODE_TYPES)
class CodePatientSeries(CodeMethods, PatientSeries):
    __slots__ = ()


@register(*CODE_TYPES)
class CodeEventSeries(CodeMethods, EventSeries):
    __slots__ = ()


class ConceptMethods(BaseSeries):
    """Concept ids: compared and looked up, never computed with."""

    __slots__ = ()

    def to_category(self, categorisation: dict, default: Any = None) -> Any:
        """The category of each concept id, by a dict from ids to categories."""
        return self.map_values(categorisation, default)

    def _no_order(self, *_: Any) -> Any:
        raise TypeError(
            "concept ids have no order, and nothing is computed with them; compare "
            "them with == or is_in"
        )

    __lt__ = __le__ = __gt__ = __ge__ = __add__ = __radd__ = __sub__ = __rsub__ = (
        __mul__
    ) = __rmul__ = _no_order


@register(ConceptId)
class ConceptPatientSeries(ConceptMethods, PatientSeries):
    __slots__ = ()


@register(ConceptId)
class ConceptEventSeries(ConceptMethods, EventSeries):
    __slots__ = ()


class MultiCodeMethods(BaseSeries):
    __slots__ = ()

    def contains(self, code: Any) -> Any:
        """Whether the string holds a code, or a code that begins like this."""
        return wrap(
            nodes.Call("contains", (self.node, nodes.Literal(self._prefix(code), str)))
        )

    def word_begins(self, words: str) -> Any:
        """Whether one of the codes in the string begins with one of some words, as `A00
        B1`. Beyond ehrQL.

        A code follows a character that is neither letter nor digit; one at the very
        beginning does not.
        """
        return wrap(nodes.Call("word_begins", (self.node, operand(words, str))))

    def contains_any_of(self, codes: Any) -> Any:
        """Whether the string holds any of some codes or beginnings of codes."""
        if isinstance(codes, str | BaseSeries):
            raise TypeError(
                "contains_any_of needs a list of codes; for one code use contains()"
            )
        first, *others = [self.contains(code) for code in codes] or [None]
        if first is None:
            raise TypeError("contains_any_of needs at least one code")
        for other in others:
            first = first | other
        return first

    def _prefix(self, code: Any) -> str:
        of: Any = self.node.type
        if not isinstance(code, str):
            raise TypeError(
                f"expected an {of.code.label} code or the beginning of one, got "
                f"{called(code)}"
            )
        if not of.prefix.fullmatch(code):
            raise ValueError(
                f"Invalid {of.code.label} code or beginning of one: {code}"
            )
        return str(code)

    def _refuse(self, *_: Any, **__: Any) -> Any:
        raise TypeError(
            "a multi-code string holds several codes, so it cannot be compared as a "
            "whole; use contains() or contains_any_of()"
        )

    __eq__ = __ne__ = is_in = is_not_in = map_values = _refuse
    __hash__ = None


@register(*MULTI_CODE_TYPES)
class MultiCodeStringPatientSeries(MultiCodeMethods, PatientSeries):
    __slots__ = ()


@register(*MULTI_CODE_TYPES)
class MultiCodeStringEventSeries(MultiCodeMethods, EventSeries):
    __slots__ = ()
