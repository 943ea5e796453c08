"""From a command's arguments to all that a run will do; no record is opened."""
