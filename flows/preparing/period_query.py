"""The query of a period's cohort, where some of it is known for all periods at once."""

from extractors.cohorts import CohortQuery
from extractors.sql.query import Query
from extractors.sql.words import quote
from flows.preparing.jobs import Timed
from flows.preparing.recipe import Recipe


def period_query(recipe: Recipe, timed: Timed | None) -> CohortQuery:
    """The query for everybody who is counted; what is known already is joined, the rest
    computed.

    `timed`: where the period is among those that are counted at once; None if it is
    not, and then nothing is known already.
    """
    if not (timed and recipe.rest):
        return recipe.cohort
    columns = ", ".join(["patient_id", *map(quote, recipe.needed.columns)])
    joined = f"({timed.cohort}) LEFT JOIN ({recipe.rest.sql}) USING (patient_id)"
    return CohortQuery(
        recipe.needed.columns,
        Query(f"SELECT {columns} FROM {joined}", recipe.rest.parameters),
    )
