"""Any database that has an ADBC driver: its SQL is written once, and rendered in its
dialect.
"""
