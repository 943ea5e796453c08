"""The rows of witnesses among those of everybody."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from extractors.late import pc
from extractors.model.schema import Column, TableSchema
from extractors.trial.arrow import Rows
from extractors.trial.days import Span
from extractors.trial.dice import Array, Rng
from extractors.trial.generic import Columns
from extractors.trial.people.draw import People
from extractors.trial.wishes import Wishes
from extractors.trial.witnesses.casting import Cast, Part
from extractors.trial.witnesses.cells import Said, Speaker, plain


@dataclass(frozen=True)
class Mixer:
    """Adds the rows of a cast to a table."""

    # of the table
    schema: TableSchema
    # of the definition, with its codelists
    wishes: Wishes
    # of the study
    span: Span
    # Whether a witness has no other rows: of where it lives, where it is registered.
    one_spell: bool

    def mixed(self, rng: Rng, cast: Cast, rows: Rows) -> Rows:
        """The rows without those that would contradict a part, and with those of the
        parts.
        """
        name = self.schema.name
        added = [part for part in cast.parts if part.script.rows.get(name)]
        gone = [part.patient for part in cast.parts if self._is_alone(part)]
        if not added and not gone:
            return rows
        kept = np.arange(len(rows.patient))
        if gone:
            kept = kept[~np.isin(rows.patient, np.concatenate(gone))]
        if not added:
            return _taken(rows, kept)
        patient = np.concatenate(
            [np.tile(p.patient, p.script.rows[name]) for p in added]
        )
        speaker = Speaker(self.schema, cast.people, self.one_spell)
        own = _first_rows(rows, patient)
        columns = {}
        for column in self.schema.columns:
            said = speaker.said(column, added)
            if not said.known.all():
                said = self._filled(said, column, own, rows)
            if not said.known.all():
                said = self._made_up(rng, said, column, cast.people, patient)
            columns[column.name] = said.values
        return _joined(_taken(rows, kept), Rows(patient, columns))

    def _is_alone(self, part: Part) -> bool:
        name = self.schema.name
        if name in part.script.alone:
            return True
        return bool(part.script.rows.get(name)) and (
            self.one_spell or self.schema.one_row
        )

    def _filled(self, said: Said, column: Column, own: Array, rows: Rows) -> Said:
        """As the first of the rows that the same patient would have had."""
        place = pa.array(own, mask=said.known | (own < 0))
        usual = _plain(rows.columns[column.name].take(place), column)
        values = pc.if_else(pa.array(said.known), said.values, usual)
        return Said(values, said.known | (own >= 0))

    def _made_up(
        self, rng: Rng, said: Said, column: Column, people: People, patient: Array
    ) -> Said:
        """As rows of no patient in particular."""
        columns = Columns(
            table=self.schema.name,
            columns=(column,),
            wishes=self.wishes,
            span=self.span,
            rng=rng,
        )
        order = np.argsort(patient, kind="stable")
        drawn = columns.draw(rng, people, patient[order])[column.name]
        usual = _plain(drawn.take(pa.array(np.argsort(order, kind="stable"))), column)
        values = pc.if_else(pa.array(said.known), said.values, usual)
        return Said(values, np.ones(len(patient), bool))


def _first_rows(rows: Rows, patient: Array) -> Array:
    """Of each patient the place of the first row; -1 where there is none."""
    first = np.searchsorted(rows.patient, patient)
    within = np.minimum(first, max(len(rows.patient) - 1, 0))
    if not len(rows.patient):
        return np.full(len(patient), -1)
    return np.where(rows.patient[within] == patient, within, -1)


def _plain(values: pa.Array, column: Column) -> pa.Array:
    return values.cast(plain(column)) if pa.types.is_dictionary(values.type) else values


def _taken(rows: Rows, which: Array) -> Rows:
    place = pa.array(which)
    columns = {name: values.take(place) for name, values in rows.columns.items()}
    return Rows(rows.patient[which], columns)


def _joined(rows: Rows, added: Rows) -> Rows:
    """By patient; the added rows come after the others of the same patient."""
    patient = np.concatenate([rows.patient, added.patient])
    order = np.argsort(patient, kind="stable")
    place = pa.array(order)
    columns = {}
    for name, more in added.columns.items():
        columns[name] = _together(rows.columns[name], more).take(place)
    return Rows(patient[order], columns)


def _together(usual: pa.Array, more: pa.Array) -> pa.Array:
    if not pa.types.is_dictionary(usual.type):
        return pa.concat_arrays([usual, more])
    encoded = more.dictionary_encode().cast(usual.type)
    return pa.chunked_array([usual, encoded]).unify_dictionaries().combine_chunks()
