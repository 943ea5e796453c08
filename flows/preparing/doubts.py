"""What a run should be warned of before it starts."""

from flows.preparing.prepared import Prepared
from measures.codelists.starters import starter_codelists


def starter_warning(prepared: Prepared) -> list[str]:
    """Starter codelists are fine for trial records and wrong for everything else."""
    names = starter_codelists(prepared.study.path.parent, (each.name for each in prepared.study.codelists))
    if not names or prepared.records.made_up:
        return []
    return [
        f"{len(names)} codelists are short starters, not the published lists, so the numbers are too low: "
        f"{', '.join(names)}; {prepared.study.path.parent.name}/README.md says how to replace them"
    ]
