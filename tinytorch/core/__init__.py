"""The chapters, one module each; generated from modules/ by `make package`."""
