"""Reading the built site without a network, through a service worker."""
