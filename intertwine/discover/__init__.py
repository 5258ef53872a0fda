"""The symmetry that trained weights already have: channels that are copies of one another."""
