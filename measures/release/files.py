"""The names of a release's files, which its writer and its reader share."""

CSV = "measures.csv"
PARQUET = "measures.parquet"
DECILES = "deciles"  # a folder with a file for each measure that has them
STANDARDISED = "standardised"  # the same of standardised rates
MEASURES = "measures"  # the folder with a file for each measure
# of a study in cohort-extractor's language: its measures in that program's files
OLD = "old"
REDACTIONS = "redactions.csv"
REVISIONS = "revisions.csv"
DICTIONARY = "data_dictionary.csv"
README = "README.md"
# what people said of the release; the manifest does not list it
DECISIONS = "decisions.json"
DECISIONS_FORMAT = 1
AUDIT = "audit.json"
# of a release that adds up several: what is known of each sum, and who shows no number
SITES = "sites.csv"
# what the release before it held, in short; none beside the first
BEFORE = "before.json"
ASKED = "asked.json"  # what was asked, in words, and what the author says of it
REPORT = "report.html"
DESCRIBE = "describe.html"  # of a data report
CHARTS = "charts"  # the folder with a picture for each measure
MANIFEST = "manifest.json"
# Before the first that named its format it was 1. 3 came with a tidy measures.csv,
# intervals, and `measures`: what the ratio of each is, and how far its counts may be
# off.
MANIFEST_FORMAT = 3
ASKED_FORMAT = 1
BEFORE_FORMAT = 1
