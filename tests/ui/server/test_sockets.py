import socket
import sys

import psutil
import pytest

from ui.server.sockets import disable_nagle


def sends_at_once(connection):
    return bool(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not tell a process its sockets")
def test_connections_that_are_there_and_those_to_come_send_at_once():
    # Made as Streamlit makes it: without saying that it is TCP's.
    with socket.socket(socket.AF_INET) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()

        def connected():
            browser = socket.create_connection(listening.getsockname())
            return browser, listening.accept()[0]

        before = connected()
        assert not sends_at_once(before[1])
        disable_nagle()
        after = connected()
        assert sends_at_once(before[1])
        assert sends_at_once(after[1])
        for end in (*before, *after):
            end.close()


def test_a_machine_that_does_not_tell_them_has_pages_all_the_same(monkeypatch, caplog):
    def refused(process, kind):
        raise psutil.AccessDenied

    monkeypatch.setattr(psutil.Process, "net_connections", refused)
    disable_nagle()
    assert "pages may be slower" in caplog.text
