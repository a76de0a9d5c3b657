"""Rules over what is to be pushed. Pure."""
