"""A wheel brings the specification along, of which the manual is made; all else is in
pyproject.toml.
"""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

SPECIFICATION = Path("tests", "spec")


class WithSpecification(build_py):
    """Puts the tests that are the manual beside what reads them; an editable
    installation has them in the checkout.
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


setup(cmdclass={"build_py": WithSpecification})
