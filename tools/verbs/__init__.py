"""One program for each make target; what they call lies in the folders beside."""
