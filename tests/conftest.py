"""How Hypothesis looks for examples: the same ones each time, so that a gate is passed or not; more on request.

    HYPOTHESIS_PROFILE=long pytest tests/language      # new examples, many of them
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]

settings.register_profile("same", derandomize=True, deadline=None, max_examples=100, suppress_health_check=_SLOW)
settings.register_profile("new", deadline=None, max_examples=100, suppress_health_check=_SLOW)
settings.register_profile("long", deadline=None, max_examples=5000, suppress_health_check=_SLOW)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
