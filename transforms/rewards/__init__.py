"""The introduction rewards (招商引资奖励办法), one module per article."""
