"""Envoys, projects, claims and promotion officers in every branch of the investment rules."""
