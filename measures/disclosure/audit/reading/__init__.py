"""What the auditor reads: released files and the structure beside them."""
