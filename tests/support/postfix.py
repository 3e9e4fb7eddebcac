"""Postfix itself, with a configuration and a queue of its own, on a loopback port, until the test ends."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.smtp import LOOPBACK, PATIENCE, await_port, free_port

_DAEMONS = Path("/usr/lib/postfix/sbin")
_MAIN = """
compatibility_level = 3.6
command_directory = /usr/sbin
daemon_directory = {daemons}
queue_directory = {root}/queue
data_directory = {root}/data
mail_owner = postfix
setgid_group = postdrop
maillog_file = /dev/stdout
myhostname = relay.test
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
relayhost = [127.0.0.1]:{next_hop}
smtp_host_lookup = native
smtp_dns_support_level = disabled
smtpd_peername_lookup = no
smtpd_tls_security_level = none
smtp_tls_security_level = none
alias_maps =
alias_database =
local_recipient_maps =
"""
_MASTER = """
{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


def can_run() -> bool:
    """Tell whether Postfix is installed and may be started: its master wants to be root."""
    return os.geteuid() == 0 and shutil.which("postfix", path="/usr/sbin") is not None


@contextmanager
def postfix(next_hop: int) -> Iterator[int]:
    """Run Postfix, handing everything to the loopback port `next_hop`; give the port it listens on."""
    # Not below pytest's folders: Postfix's own account must be able to enter.
    root = Path(tempfile.mkdtemp(prefix="agent-desk-postfix-"))
    root.chmod(0o755)
    port = free_port()
    try:
        for name in ("conf", "queue", "data"):
            (root / name).mkdir()
        shutil.chown(root / "data", "postfix")
        (root / "conf/main.cf").write_text(_MAIN.format(root=root, daemons=_DAEMONS, next_hop=next_hop))
        (root / "conf/master.cf").write_text(_MASTER.format(port=f"{LOOPBACK}:{port}"))
        with _running(root / "conf", port):
            yield port
    finally:
        shutil.rmtree(root)


@contextmanager
def _running(conf: Path, port: int) -> Iterator[None]:
    command = ["/usr/sbin/postfix", "-c", str(conf)]
    with (conf.parent / "log").open("wb") as log:
        process = subprocess.Popen([*command, "start-fg"], stdout=log, stderr=log)
        try:
            await_port(port, process)
            yield
        finally:
            subprocess.run([*command, "stop"], check=False, capture_output=True)
            process.wait(PATIENCE)
