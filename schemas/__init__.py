"""What things are: one class per sheet and per table, and the policy models. Computes nothing."""
