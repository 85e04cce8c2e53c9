"""Finding providers by name: the words of names, how well they fit what is typed, the index of them, the search."""
