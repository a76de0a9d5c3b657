"""Secrets, resolved late: from the environment, from files, from the output of commands."""
