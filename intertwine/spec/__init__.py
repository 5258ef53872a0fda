"""The spec language: schema, loading, and building what a spec declares."""
