"""What templates say without being told how."""
