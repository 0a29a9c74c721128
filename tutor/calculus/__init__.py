"""Typed expression → derivative, with its working."""
