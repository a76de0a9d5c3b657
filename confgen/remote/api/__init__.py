"""HTTPS to the API of a PBX, through SSH or without it: the only place that knows httpcore."""
