"""Street addresses placed offline, by the Census Bureau's ranges of house numbers along the lines of streets."""
