"""Every way that a call can take, from the inventory alone: its legs, what of each is encrypted, who holds the keys."""

from confgen.paths.leg import Keying, Kind, Leg
from confgen.paths.network import Network, TooManyPaths
from confgen.paths.path import Path
from confgen.paths.strength import Strength, weakest

__all__ = ["Keying", "Kind", "Leg", "Network", "Path", "Strength", "TooManyPaths", "weakest"]
