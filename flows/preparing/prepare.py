"""From a command's arguments to all that a run will do, without opening a record or a
database.

`Prepared` is what `plan` explains, `status` looks up and `run` carries out.
"""

import datetime
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

from extractors.cohorts import POPULATION
from extractors.errors import ArgumentsError, DisclosureRefused
from extractors.model import nodes
from extractors.planner.ladders import period_name
from extractors.planner.plan import Plan, make_plan
from extractors.sources import Address
from extractors.trial.definition import wishes_of
from extractors.trial.interest import span_of_interest
from extractors.trial.wishes import Target
from flows.preparing.concepts import with_concepts
from flows.preparing.dataset import (
    COHORT,
    check_cohort,
    check_format,
    dataset_series,
    event_series,
)
from flows.preparing.naming import refuse_another
from flows.preparing.options import LAST, NothingComplete, Options, check_reason
from flows.preparing.prepared import Prepared
from flows.preparing.recipes import in_its_order, study_recipes
from flows.preparing.records import (
    Records,
    database_records,
    real_records,
    trial_records,
    with_files,
)
from flows.preparing.released import with_released
from flows.workspace.one_key import key_at_hand, noted_id, the_key
from flows.workspace.settings import settings
from flows.workspace.store import Workspace
from measures.attrition import attrition_of
from measures.closed.isolation import refuse, warn
from measures.closed.places import study_root
from measures.closed.process import Closed
from measures.counts import counting
from measures.counts.categorical import refuse_telling_groups
from measures.definitions import Interval, Measure
from measures.describe.study import Wanted, describe_study
from measures.disclosure.memory.keys import PUBLIC, Key
from measures.disclosure.policies import RAW, Policy
from measures.disclosure.site import Site, read_site
from measures.loading import load_study
from measures.study import Study, check_name, find_study

# the file in which a site says what it allows, and how strict it is
SITE_POLICY = "COHORTFLOW_SITE_POLICY"


def prepare(
    options: Options, *, look: bool = True, early: Closed | None = None
) -> Prepared:
    """Load the definition, plan it and find the periods.

    `look`: whether a database may be asked what state its records are in; else the last
    known one counts. `early`: a process, started before it was needed, that reads the
    definition. Raises DefinitionError, ArgumentsError, RecordsError, and
    DisclosureRefused for the policy `none` with records that aren't made up.
    """
    address = Address.parse(options.records)
    allowed = site()
    policy = _policy(options, address, allowed)
    path = find_study(options.study)
    address.check()
    _check_options(options)
    weak = address.kind.made_up or allowed.allow_weak_isolation
    study = _loaded(path, options, address, early=early, weak=weak)
    workspace = Workspace(Path(options.workspace).absolute(), study.name)
    refuse_another(workspace, study, moved=options.moved)
    study = with_concepts(study, address, workspace, look=look)
    _check_fitting(options, study)
    refuse_telling_groups(study.measures)
    named, populations = _series(study)
    plan = in_its_order(study, named, make_plan(named, populations))
    found = _records(options, address, workspace, study, named, plan, look=look)
    roots = (Path.cwd(), study_root(path.resolve()))
    records = with_files(found, workspace, plan.needs, roots)
    key = _key(study, workspace, records)
    key_id, counted = "", None
    if study.measures:
        key_id = _key_id(key, workspace, records)
        counted = study_recipes(study, named, plan, records, key_id)
    asked = _chosen(study, options)
    chosen = with_released(asked, periods_of(study), workspace, options)
    return Prepared(
        options=options,
        workspace=workspace,
        study=study,
        named=named,
        plan=plan,
        records=records,
        counted=counted,
        chosen=chosen,
        policy=policy,
        key=key,
        key_id=key_id,
    )


def _loaded(
    path: Path, options: Options, address: Address, *, early: Closed | None, weak: bool
) -> Study:
    """The study that the definition defines. `weak`: whether it may be read where this
    system cannot prevent all that it should.
    """
    study = load_study(
        path,
        arguments=options.arguments,
        dataset=options.dataset,
        forbidden=_forbidden(options, address),
        results=address.kind.made_up,
        named=_named_files(options),
        early=early,
        on_weak=warn if weak else refuse,
    )
    return _as_asked(study, options)


def _as_asked(study: Study, options: Options) -> Study:
    """Under the name that was asked for; or the study that tells of it."""
    called = replace(study, called=options.name)
    if options.attrition:
        return attrition_of(called, period_of(called, options.attrition))
    if options.describe:
        return describe_study(called, report_wanted(called, options))
    return called


def report_wanted(study: Study, options: Options) -> Wanted:
    """What a data report of this study tells, and over which time."""
    intervals = intervals_of(study.measures) or [period_of(study, LAST)]
    first, last = _date(options.first, "--from"), _date(options.last, "--to")
    ends = [end for _, end in intervals]
    span = (first or intervals[0][0], last or max(ends))
    return Wanted(period_of(study, options.describe), span, options.every)


def _check_options(options: Options) -> None:
    check_format(options.format)
    check_reason(options)
    settings()
    if options.name:
        check_name(options.name)


def _key(study: Study, workspace: Workspace, records: Records) -> Key | None:
    """The key of counts as far as it is there; none is made before a run needs it
    (`keyed`).
    """
    if not study.measures:
        return None
    return PUBLIC if records.made_up else key_at_hand(workspace)


def _key_id(key: Key | None, workspace: Workspace, records: Records) -> str:
    """Of the workspace's own key, which need not be at hand: `status` may be asked by
    others.
    """
    noted = "" if records.made_up else noted_id(workspace)
    return noted or (key.id if key else "")


def keyed(prepared: Prepared) -> Prepared:
    """The same with a key of counts, which is made on first use.

    Raises DisclosureRefused where it is lost, or another one than the workspace's.
    """
    known = prepared.key
    if not prepared.study.measures or (known and known.id == prepared.key_id):
        return prepared
    key = the_key(prepared.workspace)
    counted = study_recipes(
        prepared.study, prepared.named, prepared.plan, prepared.records, key.id
    )
    return replace(prepared, key=key, key_id=key.id, counted=counted)


def _policy(options: Options, address: Address, allowed: Site) -> Policy:
    """The policy that was asked for, as the site has it."""
    policy = allowed.chosen(options.policy)
    if policy.rule == RAW and not address.kind.made_up:
        raise DisclosureRefused(
            "The policy 'none' shows true counts; it is for made-up records only."
        )
    return policy


def site() -> Site:
    """What the site of this machine says; ArgumentsError for what its file can't
    mean.
    """
    path = os.environ.get(SITE_POLICY)
    return read_site(Path(path) if path else None)


def _forbidden(options: Options, address: Address) -> list[Path]:
    """What an author's file must not look into."""
    workspace = Path(options.workspace)
    return [workspace, address.path] if address.path else [workspace]


def _named_files(options: Options) -> list[Path]:
    files = list(map(Path, options.named_files))
    if missing := [str(file) for file in files if not file.is_file()]:
        raise ArgumentsError(f"--with {missing[0]}: there is no such file.")
    return files


def _check_fitting(options: Options, study: Study) -> None:
    """Raises ArgumentsError for what is asked of a dataset but makes sense for measures
    only, or the other way.
    """
    if study.kind == "dataset" and options.chooses and not study.index:
        raise ArgumentsError(
            "A dataset has no periods; leave out --from, --to, --periods and "
            "--complete-by."
        )
    if study.kind == "dataset" and options.format == COHORT:
        check_cohort(study.dataset, study.events)
    if study.kind == "measures" and options.format != Options.format:
        raise ArgumentsError(
            "--format is for datasets; the release of measures has its files in all "
            "formats."
        )


def _series(study: Study) -> tuple[dict[str, nodes.Series], tuple[str, ...]]:
    """Every series by the name of its column, and the names of those that say who is
    counted.
    """
    rows = dataset_series(
        study.dataset, study.path, study.defined, moves=bool(study.index)
    )
    if study.kind == "dataset":
        return {**rows, **event_series(study.events, study.path)}, (POPULATION,)
    named = counting.name_columns(study.measures)
    populations = counting.populations(study.measures, named)
    return {**rows, **named}, (*populations, *rows.keys() & {POPULATION})


def _populations(study: Study) -> tuple[str, ...]:
    return _series(study)[1]


def intervals_of(measures: Iterable[Measure]) -> list[Interval]:
    return sorted(set(chain.from_iterable(measure.intervals for measure in measures)))


def _records(
    options: Options,
    address: Address,
    workspace: Workspace,
    study: Study,
    named: dict[str, nodes.Series],
    plan: Plan,
    *,
    look: bool,
) -> Records:
    if address.kind.is_looked_at:
        return database_records(workspace, address, plan, look=look)
    if not address.kind.made_up:
        return real_records(workspace, address)
    intervals = periods_of(study) or [span_of_interest(named.values())]
    first, last = min(start for start, _ in intervals), max(end for _, end in intervals)
    seen = {f"shown {number}": node for number, node in enumerate(study.shown_series)}
    needs = (
        make_plan({**named, **seen}, _populations(study)).needs if seen else plan.needs
    )
    wishes = wishes_of(
        needs, [*named.values(), *seen.values()], first, last, _targets(study)
    )
    return trial_records(workspace, wishes, options.patients)


def _targets(study: Study) -> Iterator[Target]:
    """Of what made-up people are to be witnesses: of each numerator, of each variable
    that is not NULL.
    """
    for measure in study.measures:
        yield Target((measure.denominator, measure.numerator), measure.intervals)
    if study.measures:
        return
    population = study.dataset.get("")
    for name, series in study.dataset.items():
        if name and population is not None:
            there = (
                series
                if series.type is bool
                else nodes.Call("not", (nodes.Call("is_null", (series,)),))
            )
            yield Target((population, there), study.index)


def periods_of(study: Study) -> list[Interval]:
    """All periods of a study; none of a dataset."""
    return intervals_of(study.measures) or list(study.index)


def _chosen(study: Study, options: Options) -> list[Interval]:
    """The intervals that `--from`, `--to`, `--complete-by` and `--periods` leave;
    ArgumentsError if none.
    """
    every = periods_of(study)
    if not every or options.describe:  # --from and --to are of its codes
        return every
    first, last = _date(options.first, "--from"), _date(options.last, "--to")
    day = _date(options.complete_by, "--complete-by")
    chosen = [
        i for i in every if (not first or i[0] >= first) and (not last or i[0] <= last)
    ]
    chosen = [i for i in chosen if not day or i[1] < day]
    if not chosen and day and not (first or last):
        raise NothingComplete(
            f"No period of the study had ended before {day}; the first one ends on "
            f"{min(end for _, end in every)}."
        )
    if options.periods:
        named = (named_periods(name, chosen) for name in options.periods)
        chosen = list(chain.from_iterable(named))
    if not chosen:
        raise ArgumentsError(
            f"No period begins in that time; the study has {every[0][0]} to "
            f"{every[-1][1]}."
        )
    return sorted(set(chosen))


def period_of(study: Study, name: str) -> Interval:
    """The period of this name; the last one if it is empty or LAST. Of a dataset, the
    time that it asks about.
    """
    intervals = periods_of(study)
    if not intervals:
        return span_of_interest(study.dataset.values())
    return intervals[-1] if name in ("", LAST) else named_periods(name, intervals)[0]


def named_periods(name: str, among: Sequence[Interval]) -> list[Interval]:
    """The periods of this name or with this first day."""
    found = [
        interval
        for interval in among
        if name in (period_name(interval), str(interval[0]))
    ]
    if not found:
        examples = ", ".join(period_name(interval) for interval in among[:2])
        span = f"{period_name(among[0])} to {period_name(among[-1])}"
        raise ArgumentsError(
            f"There is no period {name!r}; name one like {examples}, or its first "
            f"day. The {len(among)} periods are {span}."
        )
    return found


def _date(text: str, option: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text) if text else None
    except ValueError:
        raise ArgumentsError(
            f"{option} needs a date like 2019-04-01, got {text!r}."
        ) from None
