"""A small, faithful Pinterest for this machine: what tests, chaos runs and the demo talk to."""

from sandbox.faults import Fault
from sandbox.records import Account, App, Board, Pin, Section
from sandbox.sandbox import IssuedToken, Sandbox
from sandbox.wire import Request, Response

__all__ = [
    "Account",
    "App",
    "Board",
    "Fault",
    "IssuedToken",
    "Pin",
    "Request",
    "Response",
    "Sandbox",
    "Section",
]
