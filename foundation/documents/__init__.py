"""Text and documents from outside: their encodings, their markup, and gzip around them."""
