"""The tests cannot leave this machine, by whichever door."""

import socket

import pytest
import requests

from tests.network import LeftTheMachine

# TEST-NET-1 (RFC 5737): no packet to it could ever arrive.
OUTSIDE = ("192.0.2.1", 80)


def test_connecting_outside_is_refused():
    with socket.socket() as door, pytest.raises(LeftTheMachine, match=r"192\.0\.2\.1"):
        door.connect(OUTSIDE)


def test_connecting_outside_without_an_exception_is_refused_too():
    with socket.socket() as door, pytest.raises(LeftTheMachine):
        door.connect_ex(OUTSIDE)


def test_datagrams_to_the_outside_are_refused():
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door,
        pytest.raises(LeftTheMachine),
    ):
        door.sendto(b"hello", OUTSIDE)


def test_looking_up_a_name_outside_is_refused():
    with pytest.raises(LeftTheMachine, match=r"www\.example\.com"):
        socket.getaddrinfo("www.example.com", 443)


def test_names_that_never_exist_are_simply_not_found():
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("nowhere.invalid", 443)


def test_requests_cannot_leave_either():
    with pytest.raises(LeftTheMachine):
        requests.get("http://192.0.2.1/", timeout=1)


def test_this_machine_can_be_reached():
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname(), timeout=5) as caller,
    ):
        caller.sendall(b"hello")
        answerer, _ = server.accept()
        with answerer:
            received = answerer.recv(5)
    assert received == b"hello"
