"""gunicorn: two processes of sixteen threads, and the background worker as a child of the master (design/hotpath.md, 6)."""

import contextlib
import ctypes
import gc
import os
import signal
import socket

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "16"))
worker_class = "gthread"
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 - gunicorn's heartbeat files
control_socket_disable = True  # it would lie in the user's home, shared by all instances
preload_app = True
keepalive = 30
timeout = 60
graceful_timeout = 20
backlog = 2048
loglevel = os.environ.get("GUNICORN_LOG", "warning")

SEND_BUFFER = 192 * 1024  # bytes for each connection that has something to send
M_ARENA_MAX = -8  # of <malloc.h>


def _share_memory():
    """Keep memory small: two arenas instead of one per thread, and what is loaded before the fork stays shared after it."""
    with contextlib.suppress(OSError, AttributeError):  # another C library has its own ways
        ctypes.CDLL("libc.so.6").mallopt(M_ARENA_MAX, 2)


_share_memory()


def pre_fork(server, worker):
    """The collector leaves alone what every process shares: touching it would copy it."""
    gc.freeze()


def when_ready(server):
    """Start the worker beside the web processes. Its handle stays on the server: a reload re-executes this module."""
    for listener in server.LISTENERS:
        with contextlib.suppress(
            OSError
        ):  # inherited by every connection: an exam page goes out in one call, and no thread waits for a phone
            listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    if getattr(server, "job_worker", None) is None and os.environ.get("JOB_WORKER", "1") != "0":
        server.job_worker = _fork_worker(server)
    print(f"知责: {os.environ.get('ZHIZE_PUBLIC_URL', 'http://' + bind)}", flush=True)  # noqa: T201


def _fork_worker(server):
    pid = os.fork()
    if pid:
        return pid
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGCHLD, signal.SIGUSR1, signal.SIGUSR2, signal.SIGTTIN,
                 signal.SIGTTOU, signal.SIGWINCH):  # fmt: skip
        signal.signal(name, signal.SIG_DFL)
    for listener in server.LISTENERS:
        listener.sock.close()
    from app.core import worker

    try:
        worker.main(server.app.wsgi())
    finally:
        os._exit(0)


def on_exit(server):
    """Stop the worker with the server."""
    pid = getattr(server, "job_worker", None)
    if pid:
        try:
            os.kill(pid, signal.SIGTERM)
            os.waitpid(pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass
