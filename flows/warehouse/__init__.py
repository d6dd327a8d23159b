"""The warehouse: one DuckDB file, its tables, and what is read from and written to it."""
