"""Trains the bundled encoder's layers further; commands in this folder's README."""
