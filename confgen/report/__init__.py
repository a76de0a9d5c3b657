"""Findings, plans and results as text and as JSON: pure functions that return strings."""
