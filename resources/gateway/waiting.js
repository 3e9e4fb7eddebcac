// A refused try that repeats itself: the sentence, a countdown to look at, and the try at the right moment.

import { say, t } from "./texts.js";

export class Waiting {
  constructor({ box, text, time, onOver }) {
    Object.assign(this, { box, text, time, onOver });
  }

  /** Say why, and count `seconds` down. */
  start(key, seconds) {
    this.stop();
    this.box.hidden = false;
    this.text.setAttribute("role", "alert");
    say(this.text, key);
    this.until = performance.now() + seconds * 1000;
    this.timer = setInterval(() => this.tick(), 250);
    this.tick();
  }

  /** Forget it. */
  stop() {
    clearInterval(this.timer);
    this.box.hidden = true;
  }

  tick() {
    const left = Math.max(0, Math.ceil((this.until - performance.now()) / 1000));
    const minutes = Math.floor(left / 60);
    this.time.textContent =
      minutes > 0 ? t("busy.minutes", { n: minutes, seconds: String(left % 60).padStart(2, "0") }) : t("busy.seconds", { n: left });
    if (left > 0) return;
    this.stop();
    this.onOver();
  }
}
