// How the pages speak to the gateway: short requests, and one socket that is watched.

const PING_EVERY = 5000;
const SILENT_AFTER = 12000;
const WAITS = [250, 500, 1000, 2000, 3000];
const ANSWER_WITHIN = 15000;

/** Send JSON; return what came back as {ok, error, retryAfter, body}, where an error is always one plain code. */
export async function post(path, body = {}) {
  return request(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
}

/** Ask for JSON, as `post` does; `clock` is how far this computer's clock is from the gateway's, in milliseconds. */
export async function get(path) {
  return request(path, { method: "GET" });
}

async function request(path, options) {
  try {
    const signal = AbortSignal.timeout(ANSWER_WITHIN);
    const answer = await fetch(path, { ...options, signal, cache: "no-store", credentials: "same-origin", keepalive: path === "/stop" });
    const body = answer.status === 204 ? {} : await answer.json().catch(() => ({}));
    const sent = Date.parse(answer.headers.get("date") ?? "");
    return {
      ok: answer.ok,
      error: answer.ok ? "" : body.error ?? (answer.status >= 500 ? "unavailable" : "bad_request"),
      retryAfter: Number(body.retry_after ?? 0),
      body,
      clock: Number.isNaN(sent) ? 0 : Date.now() - sent,
    };
  } catch {
    return { ok: false, error: "unreachable", retryAfter: 0, body: {}, clock: 0 };
  }
}

/** Return the kilobits a second this browser can send to the gateway, 0 when that could not be found out. */
export async function measureSpeed() {
  const timed = async (bytes, within) => {
    const body = crypto.getRandomValues(new Uint8Array(Math.min(bytes, 65536)));
    const from = performance.now();
    const answer = await fetch("/speed", {
      method: "POST",
      headers: { "content-type": "application/octet-stream" },
      body: new Blob(Array(Math.ceil(bytes / body.length)).fill(body)),
      signal: AbortSignal.timeout(within),
      cache: "no-store",
    });
    if (!answer.ok) throw new Error("refused");
    return (bytes * 8) / Math.max(performance.now() - from, 1);
  };
  try {
    const first = await timed(32768, 4000); // opens the connection and its window
    return Math.max(first, await timed(262144, 6000));
  } catch {
    return 0;
  }
}

/** A socket to the gateway that comes back by itself until it is closed here. */
export class Line {
  /** `greeting` is sent first; `onMessage` gets each message; `before` may refuse another attempt by answering false. */
  constructor(path, { greeting = null, onMessage, onUp = () => {}, onDown = () => {}, before = async () => true }) {
    Object.assign(this, { path, greeting, onMessage, onUp, onDown, before });
    this.closed = false;
    this.failures = 0;
    this.downSince = performance.now();
    this.heardAt = 0;
    this.timer = setInterval(() => this.beat(), PING_EVERY);
    this.connect();
  }

  /** Send one message; tell whether it could be sent. */
  send(message) {
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  /** Return for how many milliseconds the gateway has not been there, 0 while it is. */
  downFor() {
    return this.downSince === null ? 0 : performance.now() - this.downSince;
  }

  /** Try again at once, for instance because the network is back or the page is looked at again. */
  hurry() {
    if (this.closed || this.downSince === null) return;
    this.failures = 0;
    if (this.again) this.retry(0);
  }

  /** Close for good. */
  close() {
    this.closed = true;
    clearInterval(this.timer);
    clearTimeout(this.again);
    const socket = this.socket;
    // One that is still on its way is closed when it is there: browsers warn of anything sooner.
    if (socket?.readyState === WebSocket.CONNECTING) socket.onopen = () => socket.close();
    else socket?.close();
  }

  connect() {
    this.again = null;
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}${this.path}`);
    this.socket = socket;
    socket.onopen = () => {
      this.heardAt = performance.now();
      if (this.greeting) this.send(this.greeting);
    };
    socket.onmessage = (event) => this.hear(event.data);
    socket.onclose = ({ code }) => socket === this.socket && this.lost(code);
  }

  hear(data) {
    this.heardAt = performance.now();
    if (this.downSince !== null) {
      this.downSince = null;
      this.failures = 0;
      this.onUp();
    }
    const message = JSON.parse(data);
    if (message.t !== "pong") this.onMessage(message);
  }

  beat() {
    if (this.socket?.readyState === WebSocket.OPEN && performance.now() - this.heardAt > SILENT_AFTER) {
      const silent = this.socket;
      this.socket = null; // a dead network answers neither now nor to a close
      silent.close();
      this.lost(0);
    } else this.send({ t: "ping" });
  }

  lost(code) {
    if (this.closed) return;
    const wasUp = this.downSince === null;
    if (wasUp) this.downSince = performance.now();
    this.onDown({ wasUp, code });
    if (this.closed) return;
    const wait = WAITS[Math.min(this.failures, WAITS.length - 1)];
    this.failures += 1;
    this.retry(wait * (0.75 + Math.random() / 2));
  }

  retry(wait) {
    clearTimeout(this.again);
    if (this.closed) return;
    this.again = setTimeout(async () => {
      this.again = null;
      const allowed = await this.before();
      if (this.closed) return;
      if (allowed) this.connect();
      else this.close();
    }, wait);
  }
}
