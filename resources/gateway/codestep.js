// Step 1: the code is checked here before anything is sent, and sent again by itself when many are being tried.

import { fault, keepGrouped, normalised } from "./code.js";
import { has, hush, say } from "./texts.js";
import { post } from "./talk.js";
import { Waiting } from "./waiting.js";

const $ = (id) => document.getElementById(id);
const WHILE_TYPING = ["code.letters", "code.long", "code.check"]; // surely wrong; the rest waits for Enter

export class CodeStep {
  /** `length` is that of this site's codes; `onEntered` gets the share a good code opens. */
  constructor(length, onEntered) {
    Object.assign(this, { length, onEntered, busy: false });
    this.field = $("code");
    this.waiting = new Waiting({ box: $("busy"), text: $("busy-text"), time: $("busy-time"), onOver: () => this.send() });
    keepGrouped(this.field, length, () => this.typed());
  }

  /** Send the code, if it is one. */
  async send() {
    if (this.busy) return;
    const [key, n] = fault(this.field.value, this.length);
    this.show(key, n);
    if (key) return;
    this.rest();
    this.isBusy(true);
    const answer = await post("/code", { digits: normalised(this.field.value), language: document.documentElement.lang });
    this.isBusy(false);
    if (answer.ok) {
      this.field.value = "";
      this.onEntered(answer.body);
    } else if (answer.retryAfter > 0) this.wait(answer);
    else this.show(has(`code.${answer.error}`) ? `code.${answer.error}` : "code.unavailable");
  }

  /** Give the field back instead of waiting. */
  change() {
    this.rest();
    this.field.focus();
  }

  /** Wait no longer. */
  rest() {
    this.waiting.stop();
    $("code-form").hidden = false;
  }

  wait({ error, retryAfter }) {
    $("code-form").hidden = true;
    this.waiting.start(`busy.${error}`, retryAfter);
  }

  isBusy(busy) {
    this.busy = busy;
    $("code-go").setAttribute("aria-disabled", String(busy));
  }

  typed() {
    const [key, n] = fault(this.field.value, this.length);
    const surely = WHILE_TYPING.includes(key) ? key : "";
    if (surely !== ($("code-error").dataset.t ?? "")) this.show(surely, n);
  }

  show(key, n = 0) {
    if (key) say($("code-error"), key, { n });
    else hush($("code-error"));
    this.field.setAttribute("aria-invalid", String(Boolean(key)));
    this.field.setAttribute("aria-describedby", key ? "code-error code-hint" : "code-hint");
    if (key) this.field.focus();
  }
}
