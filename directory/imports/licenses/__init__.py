"""State boards' files of licenses, each by a layout of its own."""
