"""The lab: real Asterisk hosts with systemd and sshd, in network namespaces of their own."""
