"""What chapter 05 imports besides its own code: graph bookkeeping and drawing."""
