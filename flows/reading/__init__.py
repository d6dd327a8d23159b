"""Workbooks as people send them, turned into the raw cells of their sheets."""
