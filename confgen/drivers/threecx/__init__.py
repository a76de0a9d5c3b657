"""3CX V20, asked through its Configuration API (XAPI)."""
