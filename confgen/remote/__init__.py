"""SSH to the hosts of the PBXs: the only place that knows paramiko."""
