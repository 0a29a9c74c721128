"""Tests of `tutor.memory`."""
