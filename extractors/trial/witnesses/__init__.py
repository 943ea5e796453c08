"""People made to measure: rows that satisfy a definition's own conditions together."""
