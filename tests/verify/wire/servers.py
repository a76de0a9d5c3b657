"""TCP and TLS servers on loopback, each connection in a thread of its own."""

from __future__ import annotations

import socket
import ssl
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from confgen.streams.tcp import Address

Handler = Callable[[socket.socket], None]


@contextmanager
def serving(handle: Handler, host: str = "127.0.0.1", port: int = 0) -> Iterator[Address]:
    """A server whose connections go to the handler; all are closed when the block is left."""
    listener = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    connections: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def run(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            handle(connection)

    def accept() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                connections.append(connection)
                threads.append(threading.Thread(target=run, args=(connection,), daemon=True))
                threads[-1].start()

    acceptor = threading.Thread(target=accept, daemon=True)
    acceptor.start()
    try:
        yield Address(host=host, port=listener.getsockname()[1])
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        acceptor.join(5)
        listener.close()
        for connection in connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join(5)


def server_context(certificate: tuple[Path, Path], version: ssl.TLSVersion, *, ciphers: str = "ALL") -> ssl.SSLContext:
    """A server of exactly one version, with every cipher that the local OpenSSL was built with."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers(f"{ciphers}:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # old versions are what is to be seen
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = version
        context.minimum_version = version
    context.load_cert_chain(*certificate)
    return context


def shaking_hands(context: ssl.SSLContext, then: Handler = lambda _connection: None) -> Handler:
    """A handler that does a TLS handshake, and then something with the connection inside TLS."""

    def handle(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secured:
            then(secured)

    return handle


def echo(connection: socket.socket) -> None:
    while received := connection.recv(65536):
        connection.sendall(received)


def answering(*pieces: bytes) -> Handler:
    """A handler that waits for one message, then sends prepared pieces as packets of their own, then waits."""

    def handle(connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.recv(65536)
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(0.002)
        while connection.recv(65536):
            pass

    return handle


def hanging_up(connection: socket.socket) -> None:
    """Wait for one message, then close in good order."""
    connection.recv(65536)


def resetting(connection: socket.socket) -> None:
    """Wait for one message, then end the connection with a TCP reset."""
    connection.recv(1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")


def closed_port() -> Address:
    """A port on which nothing listens: reserved a moment ago, and let go."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return Address(host="127.0.0.1", port=listener.getsockname()[1])
