"""The guide and its tools."""
