"""The functions of `patients`, translated: each gives a column for what was asked."""
