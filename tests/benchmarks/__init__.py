"""Measurements apart from the tests: `make bench` prints them, each against a limit taken in the same run."""
