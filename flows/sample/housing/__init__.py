"""Households in every branch of the compensation rules, one small function each."""
