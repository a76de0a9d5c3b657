"""The words of confgen as frozen values and small Protocols; nothing here opens anything."""
