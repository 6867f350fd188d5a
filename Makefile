# Every target is a small program in tools/; without make, `python -m tools TARGET`
# does the same, and takes settings in the same form: `python -m tools serve PORT=8001`.
PYTHON ?= python3

.PHONY: help serve book test package notebooks analyze bench milestones release grade repair submissions bench-grade engine startup clean

help:
	@$(PYTHON) -m tools

serve book test package notebooks analyze bench milestones release grade repair submissions bench-grade engine startup clean:
	@$(PYTHON) -m tools $@
