"""The auditor's system of equations, and how it is solved."""
