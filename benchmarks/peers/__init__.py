"""The peers' side of a comparison; their programs live in an environment of their own."""
