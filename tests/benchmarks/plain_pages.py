"""The limit of a first picture: two bare pages that share a screen from browser to browser, nothing of ours between."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

LOOPBACK = "127.0.0.1"

_SENDER = """<!doctype html><title>sender</title><button id="go" style="font:40px sans-serif">share</button><script>
const socket = new WebSocket(`ws://${location.host}/sender`);
let link, stream;
socket.onmessage = async ({data}) => {
  const said = JSON.parse(data);
  if (said.sdp) await link.setRemoteDescription(said.sdp);
  if (said.candidate) await link.addIceCandidate(said.candidate);
};
go.onclick = async () => {
  window.chosenAt = performance.timeOrigin + performance.now();
  stream = await navigator.mediaDevices.getDisplayMedia(
    {video: {width: {ideal: 1920}, height: {ideal: 1080}, frameRate: {ideal: 15, max: 15}}});
  link = new RTCPeerConnection({iceServers: []});
  link.onicecandidate = ({candidate}) => candidate && socket.send(JSON.stringify({candidate}));
  const [track] = stream.getVideoTracks();
  track.contentHint = "detail";
  const sender = link.addTransceiver(track, {direction: "sendonly"});
  const codecs = RTCRtpReceiver.getCapabilities("video").codecs;
  sender.setCodecPreferences(codecs.filter(codec => codec.mimeType === "video/VP8"));
  await link.setLocalDescription();
  socket.send(JSON.stringify({sdp: link.localDescription}));
};
window.stop = () => { stream.getTracks().forEach(track => track.stop()); link.close(); };
</script>"""

_VIEWER = """<!doctype html><title>viewer</title><style>html,body{margin:0;background:#000}
video{width:100vw;height:100vh;object-fit:contain}</style><video muted autoplay playsinline></video><script>
const socket = new WebSocket(`ws://${location.host}/viewer`);
let link;
socket.onmessage = async ({data}) => {
  const said = JSON.parse(data);
  if (said.candidate) await link.addIceCandidate(said.candidate);
  if (!said.sdp) return;
  link = new RTCPeerConnection({iceServers: []});
  link.onicecandidate = ({candidate}) => candidate && socket.send(JSON.stringify({candidate}));
  link.ontrack = ({track}) => { document.querySelector("video").srcObject = new MediaStream([track]); };
  await link.setRemoteDescription(said.sdp);
  await link.setLocalDescription();
  socket.send(JSON.stringify({sdp: link.localDescription}));
};
</script>"""
_PAGES = {"/": _SENDER, "/view": _VIEWER}
_OTHER = {"/sender": "/viewer", "/viewer": "/sender"}


class _Relay:
    """Gives out both pages and passes on what one says to the other."""

    def __init__(self) -> None:
        self.ready = threading.Event()
        self.address = ""
        self._peers: dict[str, ServerConnection] = {}
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()

    def run(self) -> None:
        """Serve until stopped."""
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    def stop(self) -> None:
        """End `run`, from another thread."""
        self._loop.call_soon_threadsafe(self._stop.set)

    async def _serve(self) -> None:
        server: Server
        async with serve(self._pass_on, LOOPBACK, 0, process_request=_give_page) as server:
            self.address = f"http://{LOOPBACK}:{server.sockets[0].getsockname()[1]}"
            self.ready.set()
            await self._stop.wait()

    async def _pass_on(self, socket: ServerConnection) -> None:
        assert socket.request is not None
        path = socket.request.path
        self._peers[path] = socket
        async for said in socket:
            other = self._peers.get(_OTHER[path])
            if other is not None:
                await other.send(said)


def _give_page(_socket: ServerConnection, request: Request) -> Response | None:
    if request.path in _OTHER:
        return None
    content = _PAGES.get(request.path, "").encode()
    headers = Headers({"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(content))})
    headers["Connection"] = "close"
    return Response(200 if content else 404, "OK" if content else "Not Found", headers, content)


@contextmanager
def plain_pages() -> Iterator[str]:
    """Serve the two pages, the sender's at the address given, the viewer's at /view below it."""
    relay = _Relay()
    server = threading.Thread(target=relay.run, name="plain pages")
    server.start()
    relay.ready.wait()
    try:
        yield relay.address
    finally:
        relay.stop()
        server.join()
