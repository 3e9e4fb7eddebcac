// The agent's end of the picture: answers offers, watches that the customer is still there, counts frames and delay.

import { preferVp8 } from "./link.js";

const PING_EVERY = 1000;
const SILENT_AFTER = 3000;
const ANSWER_WITHIN = 600;

export class Eye {
  /** `onStop` gets why the customer's page has ended; `onPicture` gets {fps, ms}, zero with the first frame and then measured each second; `onLoss` means: nothing live is there to show. */
  constructor({ screen, send, onStop, onPicture, onLoss }) {
    Object.assign(this, { screen, send, onStop, onPicture, onLoss });
    this.servers = [];
    this.me = crypto.randomUUID();
    this.pc = null;
    this.id = null;
    this.shown = false;
    this.early = [];
    this.queue = Promise.resolve();
    this.timer = setInterval(() => this.look(), PING_EVERY);
  }

  /** Tell whether a picture runs. */
  get watching() {
    return this.shown;
  }

  /** Tell the customer's page who is here and what is already connected. */
  hello() {
    this.send({ t: "hello", viewer: this.me, pc: this.pc?.connectionState === "connected" ? this.id : null });
  }

  /** Ask at once whether the customer's page is still there: its socket is gone, or only the gateway. */
  doubt() {
    const asked = performance.now();
    this.ping();
    setTimeout(() => this.heardAt < asked && this.blank(), ANSWER_WITHIN);
  }

  /** Take one signal of the customer's page, after those before it. */
  hear(data) {
    this.queue = this.queue.then(() => this.take(data)).catch(() => {});
  }

  /** End it; `message` tells the customer's page on the channel that needs no gateway. */
  close(message) {
    clearInterval(this.timer);
    this.blank();
    const { pc, channel } = this;
    this.pc = null;
    if (message && channel?.readyState === "open") {
      channel.send(JSON.stringify(message));
      setTimeout(() => pc?.close(), 500);
    } else pc?.close();
  }

  async take(data) {
    if (data.t === "ask") this.hello();
    if (data.t === "offer") await this.answer(data);
    if (data.t !== "candidate") return;
    if (data.pc !== this.id || !this.pc?.remoteDescription) this.early.push(data);
    else await this.pc.addIceCandidate(data.candidate);
  }

  async answer({ pc: id, sdp, bitrate }) {
    if (id !== this.id) this.open(id);
    const { pc } = this;
    await pc.setRemoteDescription({ type: "offer", sdp });
    for (const transceiver of pc.getTransceivers()) preferVp8(transceiver, RTCRtpReceiver.getCapabilities("video"));
    await pc.setLocalDescription(await pc.createAnswer());
    this.send({ t: "answer", pc: id, sdp: startingAt(pc.localDescription.sdp, bitrate) });
    const early = this.early.splice(0).filter((data) => data.pc === id);
    for (const { candidate } of early) await pc.addIceCandidate(candidate);
  }

  open(id) {
    this.pc?.close();
    this.blank();
    const pc = new RTCPeerConnection({ iceServers: this.servers, bundlePolicy: "max-bundle" });
    Object.assign(this, { pc, id, channel: null, last: null, heardAt: performance.now() });
    pc.onicecandidate = ({ candidate }) => candidate && this.send({ t: "candidate", pc: id, candidate: candidate.toJSON() });
    pc.ontrack = ({ track, receiver }) => {
      receiver.jitterBufferTarget = 0; // a screen is looked at now, not smoothly
      this.track = track;
    };
    pc.ondatachannel = ({ channel }) => pc === this.pc && this.listen(channel);
    pc.onconnectionstatechange = () => pc === this.pc && this.check();
  }

  listen(channel) {
    this.channel = channel;
    this.heardAt = performance.now();
    channel.onmessage = (event) => this.heed(JSON.parse(event.data));
    channel.onclose = () => channel === this.channel && this.blank();
    this.expect();
  }

  heed(message) {
    this.heardAt = performance.now();
    if (message.t === "stop") {
      this.blank();
      this.channel.send(JSON.stringify({ t: "stopped" }));
      this.onStop(message.reason === "lost" ? "lost" : "by_customer");
    }
    if (message.t === "leaving") this.blank();
    if (message.t === "pong") this.expect();
  }

  // A picture is shown only with its first new frame, so that nothing old ever comes back.
  expect() {
    if (this.expecting || this.shown || !this.track) return;
    this.expecting = true;
    this.screen.srcObject = new MediaStream([this.track]);
    this.screen.hidden = false;
    this.screen.play().catch(() => {});
    this.screen.requestVideoFrameCallback(() => {
      if (!this.expecting) return;
      this.expecting = false;
      this.shown = true;
      this.onPicture({ fps: 0, ms: 0 });
    });
  }

  blank() {
    const loss = this.shown;
    this.expecting = false;
    this.shown = false;
    this.screen.srcObject = null;
    this.screen.hidden = true;
    if (loss) this.onLoss();
  }

  check() {
    if (["failed", "closed"].includes(this.pc.connectionState)) this.blank();
  }

  look() {
    if (!this.pc) return;
    this.ping();
    if (performance.now() - this.heardAt > SILENT_AFTER) this.blank();
    else if (this.shown) this.measure();
  }

  ping() {
    if (this.channel?.readyState === "open") this.channel.send(JSON.stringify({ t: "ping" }));
  }

  async measure() {
    const { pc } = this;
    let fps = 0;
    let ms = 0;
    for (const entry of (await pc.getStats()).values()) {
      if (entry.type === "inbound-rtp" && entry.kind === "video") {
        fps = Math.round(entry.framesPerSecond ?? 0);
        const delay = entry.jitterBufferDelay - (this.last?.jitterBufferDelay ?? 0);
        const frames = entry.jitterBufferEmittedCount - (this.last?.jitterBufferEmittedCount ?? 0);
        ms += frames > 0 ? (delay / frames) * 1000 : 0;
        this.last = entry;
      }
      if (entry.type === "candidate-pair" && entry.nominated) ms += (entry.currentRoundTripTime ?? 0) * 1000;
    }
    if (this.shown && pc === this.pc) this.onPicture({ fps, ms: Math.round(ms) });
  }
}

// The sender begins at the rate the receiver names in its answer, so that the first picture need not wait for a ramp.
function startingAt(sdp, kbps) {
  if (!Number.isInteger(kbps)) return sdp;
  const types = [...sdp.matchAll(/^a=rtpmap:(\d+) VP8\/90000\r$/gm)].map((match) => match[1]);
  return types.reduce((text, type) => text.replace(
    new RegExp(`^a=rtpmap:${type} VP8/90000\r$`, "m"),
    (line) => `${line}\na=fmtp:${type} x-google-start-bitrate=${kbps}\r`,
  ), sdp);
}
