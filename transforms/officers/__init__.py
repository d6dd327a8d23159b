"""The promotion officers: what they are reimbursed, and how they kept their duties, article by article."""
