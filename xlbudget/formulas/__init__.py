"""The catalogue: every formula defined once, for cells, command line and Python alike."""
