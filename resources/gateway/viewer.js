// The agent's view: takes the customer's offer, shows the picture, is black as soon as it is not live. Nothing is kept.

import { Eye } from "./eye.js";
import { Line } from "./talk.js";
import { load, t } from "./texts.js";

const REFUSED = 4003; // the socket's close codes for a token that is not, or no longer, good,
const REPLACED = 4001; // and for a view that another one has taken the seat of
const $ = (id) => document.getElementById(id);
const screen = $("screen");

let state = "joining";
let seated = false;
let over = false;
let needsToken = false;
let line = null;

const eye = new Eye({
  screen,
  send: (data) => line?.send({ t: "signal", data }),
  onStop: (reason) => finish(reason),
  onPicture: (figures) => live(figures),
  onLoss: () => state.startsWith("live") && darken("lost", "viewer.lost"),
});

function name(next) {
  state = next;
  document.title = needsToken ? `${state} rejoin` : state;
}

function live({ fps, ms }) {
  if (over) return;
  $("figures").textContent = t(fps || ms ? "viewer.chip" : "viewer.started", { fps, ms });
  $("chip").hidden = false;
  $("dark").textContent = "";
  screen.hidden = false;
  name(`live ${fps} ${ms}`);
}

function darken(next, key) {
  screen.hidden = true;
  $("chip").hidden = true;
  $("dark").textContent = t(key);
  name(next);
}

function finish(reason) {
  if (over) return;
  over = true;
  needsToken = false;
  eye.close();
  line?.close();
  darken(`dark ${reason}`, reason === "refused_token" ? "viewer.refused_token" : `viewer.ends.${reason}`);
}

function hear(message) {
  if (message.t === "seat") {
    seated = true;
    needsToken = false;
    name(state);
    if (state === "joining") darken("waiting", "viewer.waiting");
    eye.hello();
  }
  if (message.t === "ice") eye.servers = message.servers;
  if (message.t === "customer") message.present ? eye.hello() : eye.doubt();
  if (message.t === "signal") eye.hear(message.data);
  if (message.t === "ended") finish(message.reason);
}

// Before it was seated the line tries again by itself, with the same token.
function lost({ code }) {
  if (code === REPLACED || (code === REFUSED && !eye.watching)) finish("refused_token");
  else if (code === REFUSED || seated) {
    line.close(); // the token is used up
    askForToken();
  }
}

function askForToken() {
  needsToken = true;
  name(state);
}

function join(token) {
  if (over) return;
  line?.close();
  seated = false;
  line = new Line("/viewer/socket", { greeting: { token }, onMessage: hear, onDown: lost });
}

Object.assign(window, {
  /** Show the picture as large as fits, or pixel by pixel. */
  setFit(fit) {
    $("stage").className = fit ? "fit" : "actual";
    $("stage").tabIndex = fit ? -1 : 0;
    size();
  },
  /** Cut the share: black at once, the customer's page stops capturing. */
  stopShare() {
    if (over) return;
    eye.close({ t: "stop" });
    line?.send({ t: "stop" });
    finish("by_agent");
  },
  /** Take the seat again with a new one-time token; a picture that runs goes on. */
  rejoin: join,
});

function size() {
  const actual = $("stage").className === "actual" && screen.videoWidth > 0;
  screen.style.width = actual ? `${screen.videoWidth / devicePixelRatio}px` : "";
  screen.style.height = actual ? `${screen.videoHeight / devicePixelRatio}px` : "";
}

for (const kind of ["contextmenu", "dragstart", "copy", "cut", "selectstart"])
  addEventListener(kind, (event) => event.preventDefault());
screen.addEventListener("resize", size);
addEventListener("resize", size);

const given = new URLSearchParams(location.hash.slice(1));
history.replaceState(null, "", location.pathname); // the token stands in no address, history or log
await load(given.get("language") === "en" ? "en" : "fr");
$("view").textContent = t("viewer.view");
darken("joining", "viewer.joining");
join(given.get("token") ?? "");
