"""Lists of excluded providers, each by a module that knows its columns; one program reads them all."""
