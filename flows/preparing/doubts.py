"""What a run should be warned of before it starts."""

from collections.abc import Mapping

from extractors.model import nodes
from extractors.notice import Notice
from measures.codelists.doubts import doubts
from measures.codelists.starters import starter_codelists
from measures.study import Study


def doubts_of(
    study: Study, named: Mapping[str, nodes.Series], *, made_up: bool
) -> list[Notice]:
    """All that is accepted and hardly meant, with the author's line where that is
    known.
    """
    known = {each.message for each in study.warnings}
    found = [
        *starter_warning(study, made_up=made_up),
        *doubts(named.values(), study.codelists),
    ]
    if study.kind == "dataset" and not (study.events or any(study.dataset)):
        found.append(
            "the dataset has no variables, so its rows say who is in the population "
            "and no more"
        )
    return [
        *study.warnings,
        *(Notice(message=message) for message in found if message not in known),
    ]


def starter_warning(study: Study, *, made_up: bool) -> list[str]:
    """Starter codelists are fine for trial records and wrong for everything else."""
    folder = study.path.parent
    names = starter_codelists(folder, (each.name for each in study.codelists))
    if not names or made_up:
        return []
    return [
        f"{len(names)} codelists are short starters, not the published lists, so the "
        f"numbers are too low: {', '.join(names)}; {folder.name}/README.md says how "
        "to replace them"
    ]
