"""The standard normal distribution's quantiles."""

from scipy.special import ndtri

NOMINAL = 0.95  # the confidence of every interval in a release
CONTROL = 0.998  # the confidence of control limits, in funnels


def z_of(confidence: float) -> float:
    """How many standard errors lie on each side: 1.959963984540054 for 0.95.

    Raises ValueError for a confidence that is not between 0 and 1.
    """
    if not 0 < confidence < 1:
        raise ValueError(f"a confidence lies between 0 and 1, got {confidence}")
    return float(ndtri(0.5 + confidence / 2))
