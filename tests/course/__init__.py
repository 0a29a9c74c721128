"""Tests of `tutor.course`."""
