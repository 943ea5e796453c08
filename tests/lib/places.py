"""Where things lie that tests of several rooms look at."""

from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
WEEKLY_STUDY = CHECKOUT / "tests" / "flows" / "study" / "weekly.py"
