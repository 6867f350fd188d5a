"""The built site: made by Jupyter Book, served with live cells, readable offline."""
