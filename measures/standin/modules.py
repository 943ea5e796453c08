"""What `import ehrql…` finds in a definition: our modules, by the names of ehrQL's."""

from types import ModuleType

from measures.standin import ehrql
from measures.standin.ehrql import (
    codes,
    debugger,
    measures,
    permissions,
    query_language,
    quiz,
    tables,
)
from measures.standin.ehrql.tables import core, emis, raw, smoketest, tpp
from measures.standin.ehrql.tables.raw import core as raw_core
from measures.standin.ehrql.tables.raw import emis as raw_emis
from measures.standin.ehrql.tables.raw import tpp as raw_tpp

MODULES: dict[str, ModuleType] = {
    "ehrql": ehrql,
    "ehrql.codes": codes,
    "ehrql.debug": debugger,
    "ehrql.debugger": debugger,
    "ehrql.measures": measures,
    "ehrql.measures.measures": measures,
    "ehrql.permissions": permissions,
    "ehrql.query_language": query_language,
    "ehrql.quiz": quiz,
    "ehrql.tables": tables,
    "ehrql.tables.core": core,
    "ehrql.tables.emis": emis,
    "ehrql.tables.emisv2": emis,
    "ehrql.tables.raw": raw,
    "ehrql.tables.raw.core": raw_core,
    "ehrql.tables.raw.emis": raw_emis,
    "ehrql.tables.raw.tpp": raw_tpp,
    "ehrql.tables.smoketest": smoketest,
    "ehrql.tables.tpp": tpp,
}
