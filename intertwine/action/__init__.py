"""Actions of a group as values with structure."""
