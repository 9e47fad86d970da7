"""Runs a function over foreign bytes in a process of its own, bounded in memory and time.

A parser of pictures, videos, web pages or sitemaps may be led by its input to take all memory, all
time, or the process with it. Here it takes a child process instead: low in priority, without this
process's environment, and ended when it goes beyond its limits.
"""

from foundation.bounded.limits import BoundedFailure, FailureReason, Limits
from foundation.bounded.pool import run_bounded

__all__ = ["BoundedFailure", "FailureReason", "Limits", "run_bounded"]
