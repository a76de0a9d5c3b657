"""Telephony clients that nobody here wrote, each behind a small driver that returns values."""
