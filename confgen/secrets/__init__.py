"""Secrets, resolved late: from the environment, files, programs, SOPS, a vault, a keyring."""
