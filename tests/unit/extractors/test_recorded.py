"""What is recorded is what an engine would be asked for."""

from extractors.engine import Engine
from extractors.recorded import Recorded


def work(engine: Engine) -> list[tuple]:
    engine.execute("CREATE TABLE numbers AS SELECT 1 AS n")
    engine.view("twice", "SELECT 2 * n AS n FROM numbers")
    engine.arrow("SELECT * FROM twice")
    return engine.execute("SELECT * FROM twice")


def test_statements_are_kept_and_none_is_run():
    with Recorded() as recorded:
        assert work(recorded) == []
    assert recorded.statements == [
        "CREATE TABLE numbers AS SELECT 1 AS n",
        'CREATE OR REPLACE VIEW "twice" AS SELECT 2 * n AS n FROM numbers',
        "SELECT * FROM twice",
        "SELECT * FROM twice",
    ]


def test_the_statements_do_what_the_work_does():
    recorded = Recorded()
    work(recorded)
    with Engine() as engine:
        *others, last = [engine.execute(each) for each in recorded.statements]
    with Engine() as engine:
        assert work(engine) == last == [(2,)]
