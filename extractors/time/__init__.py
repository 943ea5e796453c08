"""The algebra of time carried out: what is computed once for all periods together."""
