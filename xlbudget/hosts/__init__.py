"""The programs in which the formulas run; each is thin and loops over the catalogue."""
