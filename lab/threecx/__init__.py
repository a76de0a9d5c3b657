"""A contract fake of 3CX's Configuration API: as strict as its published description, and no telephone exchange.

It keeps objects, holds every request to `schemas/threecx-api.schema.json`, and misbehaves where it is told to as live
PBXs were seen to. It carries no SIP and no media, and nothing that passes here has been seen on a 3CX.
"""
