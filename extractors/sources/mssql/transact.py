"""A query in Transact-SQL, where it differs from other SQL in more than words.

What comes out may be true for more rows than the query, never for fewer: DuckDB filters
again. So a collation that does not tell letters apart does no harm in `x IN (…)`, but
in `x NOT IN (…)`.
"""

from typing import TYPE_CHECKING

from extractors.late import Late

if TYPE_CHECKING:
    from sqlglot import exp
else:
    exp = Late("sqlglot.expressions")

EXACT = "Latin1_General_BIN2"  # every server has it
# values of an IN; SQL Server gives up on many thousands (errors 8623, 8632)
MOST_LISTED = 1000


def said_in_transact(query: "exp.Expression") -> str:
    return transact(query).sql(dialect="tsql")


def transact(query: "exp.Expression") -> "exp.Expression":
    return query.transform(_rewritten)


def _rewritten(node: "exp.Expression") -> "exp.Expression":
    match node:
        case exp.Cast(this=exp.Literal()):
            return _of_any_year(node)
        case exp.Literal(is_string=True) if not node.this.isascii():
            # else letters that the database's code page lacks become others
            return exp.National(this=node.this)
        case exp.Substring() | exp.Lower():
            return _exact(node)
        case exp.In() if len(node.expressions) > MOST_LISTED:
            return _from_values(node)
    return node


def _of_any_year(day: "exp.Cast") -> "exp.Cast":
    """A day beside DATETIME or SMALLDATETIME would become one, which ends the query for
    years that these lack.
    """
    return exp.cast(day.this, "timestamp")


def _exact(node: "exp.Expression") -> "exp.Expression":
    """Of the text inside: characters that are compared as they are, whatever the
    collation of the column.
    """
    if isinstance(node.this, exp.Collate):
        return node
    changed = node.copy()
    changed.set("this", exp.Collate(this=node.this.copy(), expression=exp.var(EXACT)))
    return changed


def _from_values(node: "exp.In") -> "exp.In":
    rows = [
        exp.Tuple(expressions=[_rewritten(value.copy())]) for value in node.expressions
    ]
    names = exp.TableAlias(
        this=exp.to_identifier("listed"),
        columns=[exp.to_identifier("value", quoted=True)],
    )
    listed = exp.select(exp.column("value", quoted=True)).from_(
        exp.Values(expressions=rows, alias=names)
    )
    return exp.In(this=node.this.copy(), query=listed.subquery())
