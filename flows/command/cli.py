"""The command `cohortflow` (flows/command/README.md). Prefect is loaded only when a run
starts.
"""

import argparse
import os
import shlex
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from extractors.errors import (
    ArgumentsError,
    CohortflowError,
    DefinitionError,
    PeriodsFailed,
)
from extractors.notice import Notice
from extractors.trial.mark import write_mark
from flows.command import (
    codelisting,
    keeping,
    of_sites,
    show,
    trialling,
)
from flows.command.arguments import parser, split_arguments
from flows.command.asked_options import last_of, names_of, options_of, print_json
from flows.command.computing import computed
from flows.command.plan_command import plan
from flows.command.released import release_json
from flows.command.statuses import states_of, status, status_json
from flows.preparing.doubts import doubts_of
from flows.preparing.looking import look_at_rows, refuse_missing
from flows.preparing.options import LAST, Options
from flows.preparing.prepare import keyed, prepare
from flows.preparing.prepared import Prepared
from flows.project.finding import is_project
from flows.starting.new import new_study
from flows.state.again import periods_again
from flows.state.outcome import Outcome
from flows.state.summed import sums_of
from flows.workspace.judging import refused
from flows.workspace.platforms import refuse_without_groups
from flows.workspace.settings import named_workspace, settings
from measures.closed.process import Closed
from measures.study import Study


def main(arguments: Sequence[str] | None = None, early: Closed | None = None) -> int:
    """Run one command; the exit code says how it went
    (flows/command/README.md#exit-codes).

    `early` is a process that was started before it was needed, to read the definition.
    """
    own, for_definition = split_arguments(
        list(sys.argv[1:] if arguments is None else arguments)
    )
    asked = parser(COMMANDS).parse_args(own)
    asked.arguments = for_definition
    if getattr(asked, "workspace", None) == "":
        asked.workspace = named_workspace()
    try:
        return _called(asked, early)
    except DefinitionError as error:
        if getattr(asked, "json", False):
            print_json(show.mistakes_json(error))
        return _complain(error)
    except CohortflowError as error:
        return _complain(error)
    except OSError as error:
        if (known := refused(error)) is None:
            raise
        return _complain(known)


def _called(asked: argparse.Namespace, early: Closed | None) -> int:
    """One command; of a project, for each of its studies."""
    if asked.command in OF_PROJECTS and is_project(asked.study):
        projecting = import_module("flows.command.projecting")  # and with it yaml
        return int(projecting.of_project(asked, early, _complain, describe))
    return int(asked.command(asked, early))


def _complain(error: CohortflowError) -> int:
    print(f"cohortflow: {error.message}", file=sys.stderr)
    for warning in getattr(error, "warnings", ()):
        print(show.warning_text(warning), file=sys.stderr)
    return error.exit_code


def run(asked: argparse.Namespace, early: Closed | None) -> int:
    if asked.memory is not None:
        if asked.memory < 1:
            raise ArgumentsError(
                f"--memory needs a number of MB from 1, got {asked.memory}."
            )
        os.environ["COHORTFLOW_MEMORY_MB"] = str(asked.memory)
    return _run(options_of(asked), asked.json, early=early, force=asked.force)


def rerun(asked: argparse.Namespace, early: Closed | None) -> int:
    prepared, names = prepare(last_of(asked), early=early), names_of(asked)
    if not prepared.jobs:
        raise ArgumentsError(
            "A dataset has no periods; make it again with: cohortflow run "
            f"{asked.study}"
        )
    if asked.failed == bool(names):
        raise ArgumentsError("Say either --failed or --periods with names of periods.")
    again = periods_again(prepared.workspace, prepared.jobs, names)
    return _run(prepared.options, asked.json, only=again, force=bool(names))


def _run(
    options: Options,
    as_json: bool,
    *,
    early: Closed | None = None,
    only: Sequence[str] | None = None,
    force: bool = False,
) -> int:
    prepared, outcome = computed(options, early=early, only=only, force=force)
    return _exit_code(prepared, outcome, as_json)


def _exit_code(prepared: Prepared, outcome: Outcome, as_json: bool) -> int:
    """Say how a run ended; the exit code."""
    if as_json:
        print_json(_run_json(prepared, outcome))
    else:
        show.show_outcome(Console(), outcome, prepared)
    return PeriodsFailed.exit_code if outcome.failed else 0


def _run_json(prepared: Prepared, outcome: Outcome) -> dict[str, Any]:
    return {**asdict(outcome), **status_json(prepared, states_of(prepared))}


def approve(asked: argparse.Namespace, early: Closed | None) -> int:
    approving = import_module("flows.command.approving")  # and with it the solver
    said = approving.Asked(
        asked.release, asked.by, asked.note, asked.refuse, tuple(asked.only)
    )
    if sums := sums_of(asked.study, Path(asked.workspace).absolute()):
        approving.approve_sums(sums, said)
        return of_sites.show_sums(sums, as_json=asked.json)
    prepared = keyed(prepare(last_of(asked), look=False, early=early))
    found = approving.approve(prepared, said)
    if asked.json:
        released = release_json(prepared.workspace)
        print_json({"study": prepared.study.name, "release": released})
    else:
        show.show_decided(Console(), found)
    return 0


def test(asked: argparse.Namespace, early: Closed | None) -> int:
    study = prepare(options_of(asked), early=early).study
    if not study.tests:
        raise ArgumentsError(
            f"{asked.study} has no tests; write some beside the definition: "
            f"{study.kind}.test(…)."
        )
    passed = _tested(study)
    print(f"{study.name}: {passed} test{'s' if passed > 1 else ''} passed.")
    return 0


def _tested(study: Study) -> int:
    """How many tests the study has. Raises DefinitionError if one fails."""
    if not study.tests:
        return 0
    # and with it DuckDB
    return int(import_module("flows.trying.testing").run_tests(study))


def check(asked: argparse.Namespace, early: Closed | None) -> int:
    prepared = prepare(options_of(asked), look=asked.rows, early=early)
    tests = _tested(prepared.study)
    seen = refuse_missing(prepared.records, prepared.plan)
    study = prepared.study
    tables = [need.schema.name for need in prepared.plan.needs]
    warnings = doubts_of(study, prepared.named, made_up=prepared.records.made_up)
    if asked.rows:
        found = look_at_rows(prepared.records, prepared.plan, prepared.workspace)
        warnings += [Notice(message=message) for message in found]
    counts = {"measures": len(study.measures), "variables": max(0, len(study.dataset) - 1),
              "periods": len(prepared.jobs), "codelists": len(study.codelists), "tests": tests}  # fmt: skip
    if asked.json:
        head = {
            "study": study.name,
            **counts,
            "tables": tables,
            "rows_looked_at": asked.rows,
        }
        print_json(head | show.warnings_json(warnings))
        return 0
    listed = []
    for name, count in counts.items():
        if count:
            listed.append(f"{count} {name if count > 1 else name.removesuffix('s')}")
    listed.append(
        f"table{'s' if len(tables) > 1 else ''} {', '.join(tables) or 'none'}"
    )
    verdict = "It can run, but look at this." if warnings else "Nothing is wrong."
    print(
        f"{study.name}: {', '.join(listed)}. "
        f"{verdict}{show.unlooked(asked.rows or prepared.records.made_up, seen)}"
    )
    for warning in warnings:
        print(show.warning_text(warning))
    return 0


def try_out(asked: argparse.Namespace, early: Closed | None) -> int:
    trying = import_module("flows.command.trying_out")  # and with it what counts
    if asked.watch:
        trying.watch(options_of(asked), as_json=asked.json, early=early, tell=_complain)
    else:
        trying.try_once(options_of(asked), as_json=asked.json, early=early)
    return 0


def explain(asked: argparse.Namespace, early: Closed | None) -> int:
    inside = import_module("flows.command.inside")  # and with it what counts
    asked_of = (asked.patient, asked.period, asked.measure)
    inside.explain_patient(
        options_of(asked), *asked_of, as_json=asked.json, early=early
    )
    return 0


def attrition(asked: argparse.Namespace, early: Closed | None) -> int:
    options, inside = options_of(asked), import_module("flows.command.inside")
    if inside.is_trial(options):
        inside.attrition_on_trial(
            options, asked.period, as_json=asked.json, early=early
        )
        return 0
    prepared, outcome = computed(
        replace(options, attrition=asked.period or LAST), early=early
    )
    code = _exit_code(prepared, outcome, asked.json)
    if code == 0 and not asked.json:
        inside.show_released(prepared)
    return code


def describe(asked: argparse.Namespace, early: Closed | None) -> int:
    # and with it what counts and draws
    describing = import_module("flows.command.describing")
    wanted = describing.Asked(options_of(asked), asked.period, asked.json, asked.file)
    return int(describing.describe(wanted, early))


def trial(asked: argparse.Namespace, early: Closed | None) -> int:
    prepared = prepare(options_of(asked), early=early)
    folder = Path(asked.folder)
    if folder.exists():
        raise ArgumentsError(
            f"The folder exists already; name a new one, or remove it first: {asked.folder}"
        )
    guessed = trialling.write(prepared, trialling.asked_of(asked, settings().workers))
    write_mark(folder)
    print(
        f"{asked.patients} made-up patients in {folder}; run on them with --records "
        f"{shlex.quote(asked.folder)}"
    )
    trialling.say(guessed)
    return 0


def codelists(asked: argparse.Namespace, early: Closed | None) -> int:
    return codelisting.codelists(codelisting.asked_of(asked))


def clean(asked: argparse.Namespace, early: Closed | None) -> int:
    # and with it what asks Prefect's server
    return int(import_module("flows.command.cleaning").command(asked))


def serve(asked: argparse.Namespace, early: Closed | None) -> int:
    refuse_without_groups("serve")
    return import_module("flows.serving.command").run(asked.workspace, asked.part)


def docs(asked: argparse.Namespace, early: Closed | None) -> int:
    documenting = import_module("flows.command.documenting")  # and with it all pages
    wanted = documenting.Asked(asked.what, asked.folder, asked.file, asked.listed)
    return documenting.docs(wanted)


def new(asked: argparse.Namespace, early: Closed | None) -> int:
    written = new_study(Path(asked.folder), asked.kind)
    print(f"{asked.folder} has {', '.join(written)}. Go on with:")
    print(f"  cd {shlex.quote(asked.folder)}")
    print("  cohortflow check definition.py")
    return 0


def table(asked: argparse.Namespace, early: Closed | None) -> int:
    tabling = import_module("flows.command.tabling")  # and with it what reads a release
    by = tuple(name for name in asked.by.replace("+", ",").split(",") if name)
    wanted = tabling.Asked(
        Path(asked.folder), asked.measure, by, asked.format, asked.period, asked.file
    )
    print(tabling.table(wanted), end="")
    return 0


def report(asked: argparse.Namespace, early: Closed | None) -> int:
    reporting = import_module("flows.command.reporting")  # and with it what draws
    file = reporting.report(
        asked.folder, asked.file, with_tables=asked.tables, with_files=asked.pictures
    )
    Console().print(f"Report: {escape(str(file))}", soft_wrap=True, highlight=False)
    return 0


def audit(asked: argparse.Namespace, early: Closed | None) -> int:
    auditing = import_module("flows.command.auditing")  # and with it the solver
    found = auditing.audit_files(asked.files, asked.policy, asked.structure)
    if asked.json:
        print_json(found.as_json())
    else:
        auditing.show_audit(Console(), found)
    return auditing.exit_code(found)


COMMANDS = {
    "new": new,
    "run": run,
    "plan": plan,
    "status": status,
    "approve": approve,
    "rerun": rerun,
    "check": check,
    "try": try_out,
    "test": test,
    "explain": explain,
    "attrition": attrition,
    "describe": describe,
    "trial": trial,
    "audit": audit,
    "combine": of_sites.combine,
    "sites": of_sites.sites,
    "table": table,
    "report": report,
    "docs": docs,
    "clean": clean,
    "serve": serve,
    "backup": keeping.backup,
    "restore": keeping.restore,
    "codelists": codelists,
}
OF_PROJECTS = (run, plan, check)
