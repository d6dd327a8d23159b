"""What follows: pure functions from frames and a policy to frames."""
