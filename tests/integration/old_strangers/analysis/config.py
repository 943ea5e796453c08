# ruff: noqa
# mypy: ignore-errors
import os
from pathlib import Path

lines = (Path(__file__).parent / "config.yaml").read_text().splitlines()
start_date = lines[0].split('"')[1]
groups = [each.strip() for each in lines[1].split("[")[1].rstrip("]").split(",")]
