"""The bundle that people look at: one writer, and one reader."""
