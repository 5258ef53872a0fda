"""Modules of torch as functions of arrays: found by name, called in double precision."""
