"""What earlier releases showed: the key, the ledger, and what is recalled of it."""
