"""What a run should be warned of before it starts."""

from measures.codelists.starters import starter_codelists
from measures.study import Study


def starter_warning(study: Study, *, made_up: bool) -> list[str]:
    """Starter codelists are fine for trial records and wrong for everything else."""
    folder = study.path.parent
    names = starter_codelists(folder, (each.name for each in study.codelists))
    if not names or made_up:
        return []
    return [
        f"{len(names)} codelists are short starters, not the published lists, so the numbers are too low: "
        f"{', '.join(names)}; {folder.name}/README.md says how to replace them"
    ]
