"""An ssh-agent of the test's own, at a socket of its own."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import paramiko
from paramiko.message import Message

_REQUEST_IDENTITIES, _IDENTITIES, _SIGN_REQUEST, _SIGN_RESPONSE = 11, 12, 13, 14


@contextmanager
def agent_with(keys: Sequence[paramiko.PKey], path: Path) -> Iterator[Path]:
    """An agent that holds keys, until the block is left."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(path))
        listener.listen()
        threading.Thread(target=_serve, args=(listener, keys), daemon=True).start()
        yield path
        listener.shutdown(socket.SHUT_RDWR)


def _serve(listener: socket.socket, keys: Sequence[paramiko.PKey]) -> None:
    try:
        while True:
            connection, _ = listener.accept()
            with connection:
                while length := connection.recv(4, socket.MSG_WAITALL):
                    request = Message(connection.recv(int.from_bytes(length), socket.MSG_WAITALL))
                    answer = _answer(request, keys)
                    connection.sendall(struct.pack(">I", len(answer)) + answer)
    except OSError:
        return  # the listener was closed


def _answer(request: Message, keys: Sequence[paramiko.PKey]) -> bytes:
    answer = Message()
    if request.get_byte() == bytes([_REQUEST_IDENTITIES]):
        answer.add_byte(bytes([_IDENTITIES]))
        answer.add_int(len(keys))
        for number, key in enumerate(keys):
            answer.add_string(key.asbytes())
            answer.add_string(f"key{number}")
    else:
        blob, content = request.get_binary(), request.get_binary()
        (key,) = (key for key in keys if key.asbytes() == blob)
        answer.add_byte(bytes([_SIGN_RESPONSE]))
        answer.add_string(key.sign_ssh_data(content).asbytes())
    return answer.asbytes()
