"""What the accounts app tells whoever listens, without knowing them."""

from django.dispatch import Signal

# Sent with `connection` after an account was connected or reconnected.
account_connected = Signal()
