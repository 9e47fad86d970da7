"""Boards and sections, as Pinterest last told us of them."""
