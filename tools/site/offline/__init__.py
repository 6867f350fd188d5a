"""The service worker with which the built site can be read without a network."""
