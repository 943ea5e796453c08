"""Series of strings, of clinical codes, of concept ids, and of several codes in one
string.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Generic, NoReturn, overload

from extractors.language.base import BaseSeries, called, register, wrap
from extractors.language.levels import (
    EventSeries,
    NullMethods,
    OfEvent,
    OfPatient,
    Own,
    PatientSeries,
    Text,
    Truth,
    ValueMethods,
)
from extractors.language.operands import operand
from extractors.language.series import (
    BoolEventSeries,
    BoolPatientSeries,
    ComparableAggregates,
    ComparableMethods,
)
from extractors.model import nodes
from extractors.model.types import CODE_TYPES, MULTI_CODE_TYPES, ConceptId

if TYPE_CHECKING:
    from typing import Never

    from extractors.language.numbers import IntEventSeries, IntPatientSeries


def _beginning(series: BaseSeries, count: Any) -> Any:
    return wrap(nodes.Call("first_characters", (series.node, operand(count, int))))


# strings ------------------------------------------------------------------------------


class StrMethods(
    ComparableMethods[str, "StrPatientSeries", "StrEventSeries", Own, Truth]
):
    """Strings; upper and lower case differ."""

    __slots__ = ()

    @overload
    def contains(self, other: str | StrPatientSeries) -> Truth: ...
    @overload
    def contains(self, other: StrEventSeries) -> BoolEventSeries: ...
    def contains(self, other: Any) -> Any:
        """Whether the string holds another, case-sensitive and without wildcards.

        Every string holds the empty one. NULL where either is NULL.

            medications_raw.medication_status.contains("stopped")

        Raises TypeError for what is no string.
        """
        return self._call("contains", other)

    @overload
    def first_characters(self, count: int | IntPatientSeries) -> Own: ...
    @overload
    def first_characters(self, count: IntEventSeries) -> StrEventSeries: ...
    def first_characters(self, count: Any) -> Any:
        """The beginning of the string, so many characters long. Beyond ehrQL.

        NULL where either is NULL.

            addresses.msoa_code.first_characters(3)

        Raises TypeError for what is no whole number.
        """
        return _beginning(self, count)

    @overload
    def word_begins(self, words: str | StrPatientSeries) -> Truth: ...
    @overload
    def word_begins(self, words: StrEventSeries) -> BoolEventSeries: ...
    def word_begins(self, words: Any) -> Any:
        """Whether a word in the string begins with one of the words of another string.

        A word follows a character that is neither an English letter nor a digit. NULL
        where either is NULL. Beyond ehrQL.

            vaccinations.product_name.word_begins("Comirnaty Spikevax")

        Raises TypeError for what is no string.
        """
        return self._call("word_begins", words)


@register(str)
class StrEventSeries(
    StrMethods["StrEventSeries", BoolEventSeries],
    ComparableAggregates["StrPatientSeries"],
):
    """A string, or NULL, for each row."""

    __slots__ = ()


@register(str)
class StrPatientSeries(
    StrMethods["StrPatientSeries", BoolPatientSeries], PatientSeries
):
    """A string, or NULL, once per patient."""

    __slots__ = ()


# codes --------------------------------------------------------------------------------


class CodeMethods(
    ValueMethods[str, "CodePatientSeries", "CodeEventSeries", Own, Truth],
    Generic[Own, Truth, Text],
):
    """Clinical codes of one coding system, written as strings."""

    __slots__ = ()

    @overload
    def first_characters(self, count: int | IntPatientSeries) -> Text: ...
    @overload
    def first_characters(self, count: IntEventSeries) -> StrEventSeries: ...
    def first_characters(self, count: Any) -> Any:
        """The beginning of the code as a string, so many characters long. Beyond ehrQL.

        NULL where either is NULL.

            apcs.primary_diagnosis.first_characters(3)

        Raises TypeError for what is no whole number.
        """
        return _beginning(self, count)

    def as_text(self) -> Text:
        """The code as a string.

        NULL stays NULL. Beyond ehrQL.

            apcs.primary_diagnosis.as_text()
        """
        text: Text = self._call("to_text")
        return text

    def to_category(
        self, categorisation: Mapping[str, str | None], default: str | None = None
    ) -> Text:
        """The category of each code, from a codelist read with `category_column`.

        NULL, and a code that is no key, become `default`.

            clinical_events.snomedct_code.to_category(ethnicity_codes)

        Raises TypeError for anything but a dict, ValueError for codes of another coding
        system.
        """
        category: Text = self._map_values(categorisation, default)
        return category


@register(*CODE_TYPES)
class CodeEventSeries(
    CodeMethods["CodeEventSeries", BoolEventSeries, StrEventSeries], EventSeries
):
    """A clinical code, or NULL, for each row."""

    __slots__ = ()


@register(*CODE_TYPES)
class CodePatientSeries(
    CodeMethods["CodePatientSeries", BoolPatientSeries, StrPatientSeries],
    PatientSeries,
):
    """A clinical code, or NULL, once per patient."""

    __slots__ = ()


# concept ids --------------------------------------------------------------------------


class ConceptMethods(
    ValueMethods[int, "ConceptPatientSeries", "ConceptEventSeries", Own, Truth],
    Generic[Own, Truth, Text],
):
    """Concept ids: compared and looked up, never computed with."""

    __slots__ = ()

    def to_category(
        self, categorisation: Mapping[int, str | None], default: str | None = None
    ) -> Text:
        """The category of each concept id, by a dict from ids to categories.

        NULL, and an id that is no key, become `default`.

            person.gender_concept_id.to_category({8507: "male", 8532: "female"})

        Raises TypeError for anything but a dict, and for what is no concept id.
        """
        category: Text = self._map_values(categorisation, default)
        return category

    def _no_order(self, *_: Any) -> NoReturn:
        raise TypeError(
            "concept ids have no order, and nothing is computed with them; compare "
            "them with == or is_in"
        )

    # A type checker knows by their absence that there are none.
    if not TYPE_CHECKING:
        __lt__ = __le__ = __gt__ = __ge__ = _no_order
        __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _no_order


@register(ConceptId)
class ConceptEventSeries(
    ConceptMethods["ConceptEventSeries", BoolEventSeries, StrEventSeries], EventSeries
):
    """A concept id of OMOP, or NULL, for each row."""

    __slots__ = ()


@register(ConceptId)
class ConceptPatientSeries(
    ConceptMethods["ConceptPatientSeries", BoolPatientSeries, StrPatientSeries],
    PatientSeries,
):
    """A concept id of OMOP, or NULL, once per patient."""

    __slots__ = ()


# several codes in one string ----------------------------------------------------------


class MultiCodeMethods(NullMethods[str, OfPatient, OfEvent, Own, Truth]):
    """Several codes in one string: searched, never compared as a whole."""

    __slots__ = ()

    def contains(self, code: str) -> Truth:
        """Whether the string holds a code, or a code that begins like this.

        NULL stays NULL.

            apcs.all_diagnoses.contains("J45")

        Raises TypeError for what is no text, ValueError for what is neither a code of
        the coding system nor the beginning of one.
        """
        prefix = nodes.Literal(self._prefix(code), str)
        truth: Truth = wrap(nodes.Call("contains", (self.node, prefix)))
        return truth

    def word_begins(self, words: str) -> Truth:
        """Whether one of the codes in the string begins with one of some words.

        A code follows a character that is neither letter nor digit; one at the very
        beginning does not. NULL stays NULL. Beyond ehrQL.

            apcs.all_diagnoses.word_begins("J45 J46")

        Raises TypeError for what is no text.
        """
        truth: Truth = wrap(nodes.Call("word_begins", (self.node, operand(words, str))))
        return truth

    def contains_any_of(self, codes: Iterable[str]) -> Truth:
        """Whether the string holds any of some codes or beginnings of codes.

        NULL stays NULL.

            apcs.all_diagnoses.contains_any_of(["J45", "J46"])

        Raises TypeError for what is no list, or for an empty one, ValueError for what
        is no code of the coding system.
        """
        if isinstance(codes, str | BaseSeries):
            raise TypeError(
                "contains_any_of needs a list of codes; for one code use contains()"
            )
        found: list[Any] = [self.contains(code) for code in codes]
        if not found:
            raise TypeError("contains_any_of needs at least one code")
        any_of = found[0]
        for each in found[1:]:
            any_of = any_of | each
        truth: Truth = any_of
        return truth

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

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError(
            "a multi-code string holds several codes, so it cannot be compared as a "
            "whole; use contains() or contains_any_of()"
        )

    __hash__ = None  # type: ignore[assignment]
    if TYPE_CHECKING:
        # Nothing that an author can write is a Never, so a checker refuses each use.
        def __eq__(self, other: Never) -> Never: ...  # type: ignore[override]
        def __ne__(self, other: Never) -> Never: ...  # type: ignore[override]
    else:
        __eq__ = __ne__ = is_in = is_not_in = map_values = _refuse


@register(*MULTI_CODE_TYPES)
class MultiCodeStringEventSeries(
    MultiCodeMethods[
        "MultiCodeStringPatientSeries",
        "MultiCodeStringEventSeries",
        "MultiCodeStringEventSeries",
        BoolEventSeries,
    ],
    EventSeries,
):
    """Several codes in one string, or NULL, for each row."""

    __slots__ = ()


@register(*MULTI_CODE_TYPES)
class MultiCodeStringPatientSeries(
    MultiCodeMethods[
        "MultiCodeStringPatientSeries",
        MultiCodeStringEventSeries,
        "MultiCodeStringPatientSeries",
        BoolPatientSeries,
    ],
    PatientSeries,
):
    """Several codes in one string, or NULL, once per patient."""

    __slots__ = ()
