"""What a command looks like when it is typed: the last lines of its `--help`."""

EXAMPLES: dict[str, tuple[str, ...]] = {
    "new": ("cohortflow new my-study", "cohortflow new my-cohort --dataset"),
    "run": (
        "cohortflow run my-study/definition.py",
        "cohortflow run nhs_at_home --from 2020-03-02 --to 2020-06-29",
        "cohortflow run my-study/definition.py --records tables/ --policy controlled",
    ),
    "plan": (
        "cohortflow plan my-study/definition.py",
        "cohortflow plan my-study/definition.py --sql taken_numerator",
        "cohortflow plan my-study/definition.py --explain 2022-03-01",
    ),
    "status": ("cohortflow status my-study", "cohortflow status --all"),
    "backup": ("cohortflow backup kept/monday.cohortflow",),
    "restore": ("cohortflow restore kept/monday.cohortflow --workspace workspace",),
    "clean": (
        "cohortflow clean --dry-run",
        "cohortflow clean --keep 3 --older-than 30",
    ),
    "approve": (
        'cohortflow approve my-study --release 1 --by "A. Checker" --note "small '
        'numbers looked at"',
    ),
    "rerun": (
        "cohortflow rerun my-study --failed",
        "cohortflow rerun my-study --periods 2019-04-01,2019-04-08",
    ),
    "check": (
        "cohortflow check my-study/definition.py",
        "cohortflow check my-study/definition.py --records tables/ --rows",
    ),
    "try": (
        "cohortflow try my-study/definition.py",
        "cohortflow try my-study/definition.py --patients 20000 --json",
    ),
    "explain": (
        "cohortflow explain my-study/definition.py --patient 7 --measure taken "
        "--period 2022-03-01",
    ),
    "attrition": ("cohortflow attrition my-study/definition.py",),
    "describe": (
        "cohortflow describe my-study/definition.py",
        "cohortflow describe my-study/definition.py --period 2022-03-01 --every year",
        "cohortflow describe my-study/definition.py --records tables/",
    ),
    "test": ("cohortflow test my-study/definition.py",),
    "trial": (
        "cohortflow trial my-study/definition.py --to made-up --patients 2000",
        "cohortflow trial my-study/definition.py --to made-up --format csv "
        "--all-columns --dirty",
        "cohortflow trial my-study/definition.py --to made-up --from-rows my-examples",
    ),
    "codelists": (
        "cohortflow codelists update my-study",
        "cohortflow codelists check my-study",
        "cohortflow codelists show my-study --json",
    ),
    "serve": ("cohortflow serve", "cohortflow serve --workspace results"),
    "docs": (
        "cohortflow docs",
        "cohortflow docs tutorial",
        "cohortflow docs language --to language.md",
        "cohortflow docs site documentation",
    ),
    "table": (
        "cohortflow table workspace/my-study/moderately_sensitive --to numbers.xlsx",
        "cohortflow table workspace/my-study/moderately_sensitive taken --by sex",
    ),
    "report": (
        "cohortflow report workspace/my-study/moderately_sensitive",
        "cohortflow report workspace/my-study/moderately_sensitive --to page.html "
        "--no-tables",
    ),
    "combine": (
        "cohortflow combine tpp=from-tpp/moderately_sensitive "
        "emis=from-emis/moderately_sensitive --to national",
    ),
    "sites": (
        "cohortflow sites key --as north",
        "cohortflow sites round nhs_at_home --site north --site south --site west "
        "--combining-place north --to r.json",
        "cohortflow sites mask nhs_at_home --as south --round r.json",
        "cohortflow sites combine nhs_at_home north.masked south.masked west.masked "
        "--round r.json",
    ),
    "audit": (
        "cohortflow audit workspace/my-study/moderately_sensitive/measures.csv "
        "--policy controlled",
    ),
}
