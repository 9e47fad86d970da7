# Thin on purpose: every command lives in dev.py, for machines without make.
PYTHON ?= python3

.PHONY: setup run test check lock clean
setup run test check lock clean:
	@"$(PYTHON)" dev.py $@ $(ARGS)
