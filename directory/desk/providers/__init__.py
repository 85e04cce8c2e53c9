"""The staff's pages of providers: finding, adding, editing, hiding and merging them."""
