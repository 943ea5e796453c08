"""A wheel brings the specification along, of which the manual is made, and the line by
which `import ehrql` finds our package of that name; all else is in pyproject.toml.
"""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

SPECIFICATION = Path("tests", "spec")
# Python reads the files of lines in the order of their names, after all packages: so a
# real ehrQL comes first. A checkout has this file from infra/setup.
LINES = "zz_cohortflow.pth"


class WithSpecification(build_py):
    """Puts the tests that are the manual beside what reads them, and the line at the
    top; an editable installation has both from the checkout.
    """

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            target = Path(self.build_lib, "flows", "docs", "spec")
            shutil.copytree(
                SPECIFICATION,
                target,
                ignore=shutil.ignore_patterns("__pycache__"),
                dirs_exist_ok=True,
            )
            lines = Path(self.build_lib, LINES)
            lines.write_text("measures/standin\n", encoding="utf-8")


setup(cmdclass={"build_py": WithSpecification})
