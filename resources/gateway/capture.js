// The captured screen and its way to the agent, as one thing that is on or off.

import { Link, wish } from "./link.js";

export class Capture {
  /** `send` carries signals; `onStop` gets by_customer or by_agent; `onChange` says that the connection came or went. */
  constructor(calls) {
    this.calls = calls;
    this.ice = [];
    this.reset();
  }

  /** Make ready for another share. */
  reset() {
    this.stream = null;
    this.link = new Link({
      send: this.calls.send,
      onStop: () => this.calls.onStop("by_agent"),
      onChange: this.calls.onChange,
    });
    this.link.servers = this.ice;
  }

  /** Tell whether a screen is being captured. */
  get on() {
    return this.stream !== null;
  }

  /** Tell whether the agent's program receives it. */
  get joined() {
    return this.link.joined;
  }

  /** Return what is shared: tab, window or screen. */
  get surface() {
    const surface = this.stream?.getVideoTracks()[0]?.getSettings().displaySurface;
    return { browser: "tab", window: "window" }[surface] ?? "screen";
  }

  servers(list) {
    this.ice = list;
    this.link.servers = list;
  }

  startAt(kbps) {
    this.link.kbps = kbps;
  }

  present(yes) {
    this.link.present = yes;
  }

  hear(data) {
    this.link.hear(data);
  }

  /** Ask for a screen and send it; return "" or the key of the sentence that says why nothing is shared. */
  async choose() {
    if (this.choosing || this.on) return "";
    this.choosing = true;
    try {
      const stream = await navigator.mediaDevices.getDisplayMedia(wish());
      if (this.link.closed) {
        stopAll(stream); // stopped by the other side while the browser was asking
        return "choose.over";
      }
      this.stream = stream;
      const [track] = stream.getVideoTracks();
      track.onended = () => this.calls.onStop("by_customer"); // the browser's own stop bar
      await this.link.show(track);
      return "";
    } catch (error) {
      return error.name === "NotAllowedError" ? "choose.nothing" : "choose.impossible";
    } finally {
      this.choosing = false;
    }
  }

  /** Stop capturing and sending at once; `message` tells the agent's program. */
  end(message) {
    stopAll(this.stream);
    this.stream = null;
    if (!this.link.closed) this.link.close(message);
  }

  /** Say that the page goes away. */
  leave() {
    this.link.leave();
  }
}

function stopAll(stream) {
  for (const track of stream?.getTracks() ?? []) {
    track.onended = null;
    track.stop();
  }
}
