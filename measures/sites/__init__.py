"""Several places in, one out: released bundles added up, and masked counts of which
only sums mean anything.
"""
