"""Protocol clients that measure a PBX from outside; they judge nothing."""
