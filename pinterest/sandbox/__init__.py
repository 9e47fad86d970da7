"""A small, faithful Pinterest for this machine: what tests, chaos runs and the demo talk to."""

from pinterest.sandbox.faults import Fault
from pinterest.sandbox.records import Account, App, Board, Pin, Section
from pinterest.sandbox.sandbox import IssuedToken, Sandbox
from pinterest.sandbox.wire import Request, Response

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
