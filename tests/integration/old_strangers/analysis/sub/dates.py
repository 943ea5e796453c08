# ruff: noqa
# mypy: ignore-errors
START = "2020-01-01"
