"""`Constraint`, under whose name an author finds all promises about a column."""

from extractors.language import promises


class Constraint(promises.Promise):
    """Promises about the values of a column, by their names.

        sex = Series(str, constraints=[Constraint.Categorical(["female", "male"])])

    A table of the site keeps them; of an author's own table a value that breaks one is
    NULL.
    """

    NotNull = promises.NotNull
    Unique = promises.Unique
    FirstOfMonth = promises.FirstOfMonth
    Categorical = promises.Categorical
    Regex = promises.Regex
    ClosedRange = promises.ClosedRange
    GeneralRange = promises.GeneralRange
    DateAfter = promises.DateAfter
