"""How much a bounded job may take, and what its failure is called."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Limits:
    """What one run of a job may take.

    `memory_bytes` is address space, shared libraries included (PyAV alone maps some 200 MB);
    `cpu_s` are whole seconds of processor time, `wall_s` seconds until the answer is there,
    `answer_bytes` the longest answer.
    """

    memory_bytes: int
    cpu_s: int
    wall_s: float
    answer_bytes: int


class FailureReason(StrEnum):
    """Why a bounded job has no answer."""

    MEMORY = "memory"
    TIME = "time"
    ANSWER = "answer"  # longer than allowed
    CRASHED = "crashed"
    BUSY = "busy"  # as many of this job as may run at once went on running


class BoundedFailure(Exception):
    """The job has no answer. What the input says of itself is in none of the texts."""

    def __init__(self, job: str, reason: FailureReason, detail: str = "") -> None:
        super().__init__(f"{job}: {reason}{f' ({detail})' if detail else ''}")
        self.job = job
        self.reason = reason
        self.detail = detail
