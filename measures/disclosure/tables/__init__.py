"""How the counts of a release hang together: cells, margins, families, windows."""
