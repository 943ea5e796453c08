"""What a server says of itself, beside Prefect's pages: one page of all studies,
numbers for monitoring, its health.
"""
