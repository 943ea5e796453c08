"""Formulas for released numbers: intervals, changes, standardised rates, control
limits, deciles.

Everything here is a pure function of numbers. Nothing here knows a policy, a file or a
measure.
"""
