"""The rules of publishing. Pure: facts and `now` in, a verdict out."""
