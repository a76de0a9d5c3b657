"""Every way that a call can take through a company, and its weakest leg, from the inventory alone. Pure."""
