"""Invented survey workbooks that look like what clerks send, for trying and for benchmarks."""
