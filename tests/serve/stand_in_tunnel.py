"""Stands in for Gradio's tunnel program, and really is a tunnel, on this computer only.

Takes what Gradio calls its program with, prints what Gradio waits for, and passes on whatever comes
to a port of its own, as the far end of the real tunnel does. `STAND_IN` in the environment says how
it behaves.
"""

import argparse
import os
import socket
import sys
import threading
import time


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("-l", type=int, dest="port")
    parser.add_argument("-i", dest="host")
    asked, _ = parser.parse_known_args(sys.argv[2:])
    way = os.environ.get("STAND_IN", "")
    if way == "hangs":
        time.sleep(600)
    if way == "refused":
        say("[E] login to server failed: i/o deadline reached")
        time.sleep(600)
    far_end = socket.create_server(("127.0.0.1", 0))
    say("[I] login to server success")
    say(f"[I] start proxy success: http://127.0.0.1:{far_end.getsockname()[1]}")
    if way == "ends":
        time.sleep(3)
        return
    while True:
        visitor, _ = far_end.accept()
        here = socket.create_connection((asked.host, asked.port))
        for one, other in ((visitor, here), (here, visitor)):
            threading.Thread(target=pass_on, args=(one, other), daemon=True).start()


def pass_on(one: socket.socket, other: socket.socket) -> None:
    try:
        while data := one.recv(65536):
            other.sendall(data)
        other.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
