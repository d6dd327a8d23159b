"""The lists that people print, sign and publish."""
