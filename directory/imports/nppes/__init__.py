"""NPPES, the national registry of NPIs, into the directory."""
