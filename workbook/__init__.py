"""The workbook room: sheets, tables, cells and charts; no maths."""
