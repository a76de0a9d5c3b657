"""How fast confgen is, beside its peers and beside what the work itself costs: `make bench`."""
