"""Streams of this machine and TLS over any stream: what speaks to a host and what measures it stand on the same."""
