"""The formulas of a spreadsheet, each one plain function; only the two ends see grids of cells."""
