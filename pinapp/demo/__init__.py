"""What `make run` adds for somebody who looks at PinApp for the first time."""
