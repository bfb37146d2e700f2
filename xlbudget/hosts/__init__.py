"""The hosts: xlwings and LibreOffice, thin loops over the catalogue."""
