"""A run: its cluster, its steps and periods, protection and the end."""
