"""Readers report wrong information about a provider; staff check it and correct it, ask the practice, or answer."""
