# Thin on purpose: every command lives in dev.py, for machines without make.
# `exec`: nothing but make itself stands above PinApp, so that an interrupt of make reaches it.
PYTHON ?= python3

.PHONY: setup run test bench chaos check format lock clean
setup run test bench chaos check format lock clean:
	@exec "$(PYTHON)" dev.py $@ $(ARGS)
