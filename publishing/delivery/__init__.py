"""Due Pins on their way to Pinterest: claimed, sent, and written down what came of it."""
