"""The data room: tables in, one validated, immutable Dataset out, every finding with its place."""
