"""How to compute what a definition means; a Plan is plain data and opens nothing."""
