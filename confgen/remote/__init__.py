"""SSH to the hosts of the PBXs: the only place that knows paramiko."""

import sys

# Of invoke paramiko needs nothing but for `Match exec` in a client's configuration, which confgen reads by itself. It
# would take a third of the time that paramiko takes to load, and without it paramiko loads all the same.
if "invoke" not in sys.modules:
    sys.modules["invoke"] = None  # type: ignore[assignment] # what is None here cannot be imported
    try:
        import paramiko  # noqa: F401
    finally:
        del sys.modules["invoke"]
