"""The names of a release's files, which its writer and its reader share."""

CSV = "measures.csv"
PARQUET = "measures.parquet"
MEASURES = "measures"  # the folder with a file for each measure
REDACTIONS = "redactions.csv"
REVISIONS = "revisions.csv"
AUDIT = "audit.json"
MANIFEST = "manifest.json"
MANIFEST_FORMAT = 2  # before the first that named its format it was 1
