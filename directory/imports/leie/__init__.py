"""The OIG's list of exclusions into the directory."""
