"""The response room: one response function, from adstock and saturation to every figure."""
