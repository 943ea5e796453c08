"""SQL Server, asked as databases behind ADBC drivers are, by its own driver
`mssql-python`.
"""
