"""Proving that an emitted page computes what its facts solve to: the page is run apart."""
