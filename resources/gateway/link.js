// The customer's end of the picture: negotiated before a screen is chosen, so that the first picture only needs a track.

const MOST_KBPS = 10000;
const LEAST_KBPS = 300;
const MEND_EVERY = 1000;
const GIVE_UP = 5000; // an attempt that has not connected by then is made anew
const RATE = 15;

/** Return what the browser is asked for: a tab or window before the whole screen, at most 1080p, no sound. */
export function wish() {
  return {
    video: {
      displaySurface: "window",
      width: { ideal: 1920, max: 1920 },
      height: { ideal: 1080, max: 1080 },
      frameRate: { ideal: RATE, max: RATE },
    },
    audio: false,
    selfBrowserSurface: "exclude",
    surfaceSwitching: "include",
    monitorTypeSurfaces: "include",
    systemAudio: "exclude",
  };
}

/** Return the rate to start at for a measured upload speed, both in kilobits a second. */
export function startBitrate(measured) {
  return Math.round(Math.min(MOST_KBPS, Math.max(LEAST_KBPS, measured * 0.7)));
}

export class Link {
  /** `send` carries signals to the viewer; `onStop` is the agent's cut; `onChange` tells whether the picture can flow. */
  constructor({ send, onStop, onChange }) {
    Object.assign(this, { send, onStop, onChange });
    this.servers = [];
    this.kbps = LEAST_KBPS;
    this.track = null;
    this.pc = null;
    this.present = false; // whether the viewer hears us
    this.closed = false;
    this.early = [];
    this.queue = Promise.resolve();
    this.timer = setInterval(() => this.mend(), MEND_EVERY);
  }

  /** Tell whether the agent's program is connected. */
  get joined() {
    return this.pc?.connectionState === "connected";
  }

  /** Send this screen from now on. */
  async show(track) {
    this.track = track;
    track.contentHint = "detail";
    if (this.sender) await this.sender.replaceTrack(track);
  }

  /** Take one signal of the viewer, after those before it. */
  hear(data) {
    this.queue = this.queue.then(() => this.take(data)).catch(() => {});
  }

  /** End it: no picture, no connection; the viewer is told on the channel that needs no gateway. */
  close(message) {
    this.closed = true;
    clearInterval(this.timer);
    const { pc, channel, sender } = this;
    this.pc = null;
    sender?.replaceTrack(null).catch(() => {});
    if (!pc) return;
    if (message && channel.readyState === "open") {
      channel.send(JSON.stringify(message));
      channel.onmessage = (event) => JSON.parse(event.data).t === "stopped" && pc.close();
      setTimeout(() => pc.close(), 500);
    } else pc.close();
  }

  /** Say that this page is going away, perhaps to come back. */
  leave() {
    if (this.channel?.readyState === "open") this.channel.send(JSON.stringify({ t: "leaving" }));
  }

  async take(data) {
    if (this.closed) return;
    if (data.t === "hello") await this.welcome(data);
    if (!this.pc || data.pc !== this.id) return;
    if (data.t === "answer" && this.pc.signalingState === "have-local-offer") {
      await this.pc.setRemoteDescription({ type: "answer", sdp: data.sdp });
      for (const candidate of this.early.splice(0)) await this.pc.addIceCandidate(candidate);
      await this.limit();
    }
    if (data.t === "candidate" && this.pc.remoteDescription) await this.pc.addIceCandidate(data.candidate);
    else if (data.t === "candidate") this.early.push(data.candidate);
  }

  async welcome({ viewer, pc }) {
    const known = this.pc && this.viewer === viewer;
    const fine = known && (pc === this.id || performance.now() - this.offeredAt < GIVE_UP);
    if (fine && this.pc.connectionState !== "failed") return;
    await this.open(viewer);
  }

  async open(viewer) {
    this.pc?.close();
    const pc = new RTCPeerConnection({ iceServers: this.servers, bundlePolicy: "max-bundle" });
    this.pc = pc;
    this.viewer = viewer;
    this.id = crypto.randomUUID();
    this.early = [];
    this.channel = pc.createDataChannel("control"); // stays open for a later control plug-in, too
    this.channel.onmessage = (event) => this.heed(JSON.parse(event.data));
    const transceiver = pc.addTransceiver(this.track ?? "video", { direction: "sendonly" });
    preferVp8(transceiver, RTCRtpSender.getCapabilities("video"));
    this.sender = transceiver.sender;
    pc.onicecandidate = ({ candidate }) =>
      candidate && this.send({ t: "candidate", pc: this.id, candidate: candidate.toJSON() });
    pc.onconnectionstatechange = () => pc === this.pc && this.onChange();
    await this.offer({});
  }

  async offer(options) {
    const { pc, id } = this;
    this.offeredAt = performance.now();
    await pc.setLocalDescription(await pc.createOffer(options));
    this.send({ t: "offer", pc: id, sdp: pc.localDescription.sdp, bitrate: this.kbps });
  }

  heed(message) {
    if (message.t === "ping") this.channel.send(JSON.stringify({ t: "pong", n: message.n }));
    if (message.t === "stop") this.onStop();
  }

  async limit() {
    const parameters = this.sender.getParameters();
    for (const encoding of parameters.encodings ?? []) {
      encoding.maxBitrate = MOST_KBPS * 1000;
      encoding.maxFramerate = RATE;
    }
    await this.sender.setParameters(parameters).catch(() => {});
  }

  mend() {
    if (!this.pc || this.joined || !this.present || performance.now() - this.offeredAt < GIVE_UP) return;
    const renewed = this.pc.signalingState === "stable" && this.pc.connectionState !== "new";
    this.queue = this.queue.then(() => (renewed ? this.offer({ iceRestart: true }) : this.open(this.viewer))).catch(() => {});
  }
}

/** Put VP8 first: the agent's program has no H.264. */
export function preferVp8(transceiver, capabilities) {
  const rank = (codec) => (codec.mimeType.toLowerCase() === "video/vp8" ? 0 : 1);
  const codecs = [...(capabilities?.codecs ?? [])].sort((one, other) => rank(one) - rank(other));
  if (codecs.length) transceiver.setCodecPreferences?.(codecs);
}
