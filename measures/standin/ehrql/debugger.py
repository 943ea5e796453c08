"""Looking at values, where ehrQL has it: accepted, and without effect."""

from extractors.language.showing import show, stop

__all__ = ["show", "stop"]
