"""Raw counts: which ones the measures need, and how they add up over all periods."""
