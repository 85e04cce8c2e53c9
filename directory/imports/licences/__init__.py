"""State boards' files of licences, each by a layout of its own."""
