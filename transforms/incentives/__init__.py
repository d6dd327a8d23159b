"""The incentives for companies that invest (招商引资优惠政策), one module per article."""
