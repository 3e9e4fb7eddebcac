// The customer's page: one step at a time, each said in a heading that gets the focus.

import { Capture } from "./capture.js";
import { CodeStep } from "./codestep.js";
import { Line, get, measureSpeed, post } from "./talk.js";
import { consentParts, statementFields } from "./consents.js";
import { euros, fill, has, hush, load, say, t } from "./texts.js";
import { startBitrate } from "./link.js";
import { obstacle } from "./obstacle.js";

const root = document.documentElement;
const site = { length: Number(root.dataset.codeDigits), phone: root.dataset.phone, company: root.dataset.company };
const NUMBERS = { code: 1, consent: 2, words: 3, choose: 4, resume: 4, live: 4 };
const CLOCK_OFF = 3600 * 1000;
const GATEWAY_GONE = 60 * 1000;
const OPEN_ELSEWHERE = 4001; // the socket's close code when another tab took over
const ended = (reason) => ({ state: "ended", reason });
const $ = (id) => document.getElementById(id);

let share = { state: "none" };
let step = "";
let line = null;
let languageChosen = false;
let busy = false;
let measured = Promise.resolve(0);

const capture = new Capture({
  send: (data) => line?.send({ t: "signal", data }),
  onStop: (reason) => stop(reason),
  onChange: () => showLink(),
});
const codeStep = new CodeStep(site.length, (entered) => {
  share = { state: "none" };
  follow(entered);
});

function values() {
  const page = share.page ?? {};
  const amount = euros(page.price_cents ?? 0);
  return { ...site, agent: page.agent, company: page.company || site.company, case: page.case, amount };
}

function refresh() {
  fill(values());
  const number = NUMBERS[step];
  $("eyebrow").textContent = number ? t("step", { n: number, name: t("name") }) : t("name");
  const other = root.lang === "fr" ? "en" : "fr";
  Object.assign($("language"), { lang: other, textContent: t("language"), hidden: false });
  const title = step === "live" ? t("live.tab", values()) : document.querySelector("main section:not([hidden]) h1")?.textContent;
  document.title = [title, values().company].filter(Boolean).join(" · ");
}

function show(next) {
  const same = next === step;
  step = next;
  for (const section of document.querySelectorAll("main section")) section.hidden = section.dataset.step !== next;
  hush($("say"));
  refresh();
  if (!same) {
    scrollTo(0, 0);
    document.querySelector(`[data-step="${next}"] h1`).focus({ preventScroll: true });
  }
}

// What the gateway says about the share decides which step is shown.
function follow(news) {
  if (share.state === "ended") return;
  share = { ...share, ...news };
  const steps = { none: "code", opened: "consent", waiting: "words", admitted: "choose", live: "resume", lost: "resume", ended: "end" };
  if (share.state === "ended") return finish();
  adoptLanguage();
  if (capture.on && share.state !== "live") line?.send({ t: "started" }); // back again, and still sharing
  const next = capture.on ? "live" : steps[share.state];
  if (next === "consent" && step !== next) showConsent();
  if (next === "words") $("words").textContent = (share.words ?? []).join(" · ");
  if (next !== "code") join();
  show(next);
  if (next === "live") showLink();
}

function adoptLanguage() {
  const wanted = share.language;
  if (wanted && wanted !== root.lang && !languageChosen) load(wanted).then(refresh, () => {});
  languageChosen = languageChosen || Boolean(wanted);
}

function showConsent() {
  say($("price"), share.page?.price_cents ? "consent.amount" : "consent.free");
  const { body, question } = consentParts(share.consent ?? "", share.language);
  $("consent-text").replaceChildren(...body);
  $("consent-question").textContent = question;
  $("consent-question").lang = share.language ?? root.lang;
  $("statements").replaceChildren(...statementFields(share.statements ?? [], share.language));
}

function join() {
  if (line) return;
  line = new Line("/customer", { onMessage: hear, onUp: showLink, onDown: lost, before: stillThere });
  measured = measureSpeed();
  measured.then((speed) => capture.startAt(startBitrate(speed)));
}

function lost({ code }) {
  if (code === OPEN_ELSEWHERE) follow(ended("elsewhere"));
  else showLink();
}

// A socket may be refused because the share is over: that is asked before another attempt.
async function stillThere() {
  const answer = await get("/share");
  if (!answer.ok && answer.error !== "share_gone") return true;
  follow(!answer.ok || answer.body.state === "none" ? ended("gone") : answer.body);
  return share.state !== "ended";
}

function hear(message) {
  if (message.t === "state") follow(message);
  if (message.t === "ended") follow(ended(message.reason));
  if (message.t === "ice") capture.servers(message.servers);
  if (message.t === "viewer") {
    capture.present(message.present);
    if (message.present) line.send({ t: "signal", data: { t: "ask" } });
    showLink();
  }
  if (message.t === "signal") capture.hear(message.data);
}

function showLink() {
  if (step !== "live") return;
  const lost = !capture.joined && (line?.downFor() ?? 0) > 0;
  $("live-link").classList.toggle("lost", lost);
  say($("live-link"), lost ? "live.lost" : capture.joined ? "live.seen" : "live.joining");
}

function fail(place, key, given) {
  if (key) say($(place), key, given);
  else hush($(place));
}

// Step 2

async function answer(accept) {
  if (busy) return;
  const statements = [...document.querySelectorAll("#statements input:checked")].map((box) => box.value);
  fail("answer-error");
  busy = true;
  const said = await post("/answer", { accept, statements: accept ? statements : [] });
  busy = false;
  if (said.ok) follow(said.body);
  else if (said.error === "share_gone") follow(ended("gone"));
  else fail("answer-error", "consent.unsent");
}

// Steps 3 and 4

async function choose() {
  fail("choose-error");
  fail("resume-error");
  const trouble = await capture.choose();
  if (share.state === "ended") return;
  if (trouble) return fail(`${step}-error`, trouble);
  line?.send({ t: "started" });
  say($("live-what"), `live.${capture.surface}_shared`);
  show("live");
  showLink();
}

async function stop(reason) {
  if (["none", "ended"].includes(share.state)) return;
  capture.end(reason === "by_agent" ? null : { t: "stop", reason });
  if (reason === "by_customer") line?.send({ t: "stop" });
  follow(ended(reason));
  const stopped = share;
  for (let tries = 0; tries < 20 && reason === "by_customer" && share === stopped; tries += 1) {
    const answered = await post("/stop");
    if (answered.ok || answered.error === "share_gone") return;
    await new Promise((go) => setTimeout(go, 3000));
  }
}

function finish() {
  capture.end(null);
  line?.close();
  line = null;
  codeStep.rest();
  const known = has(`ends.${share.reason}.title`) ? share.reason : "lost";
  say($("end-title"), `ends.${known}.title`);
  say($("end-text"), `ends.${known}.text`);
  show("end");
}

function again() {
  share = { state: "none" };
  capture.reset();
  follow(share);
  $("code").focus();
}

async function switchLanguage() {
  languageChosen = true;
  await load(root.lang === "fr" ? "en" : "fr").catch(() => {});
  refresh();
}

function tick() {
  // Without a gateway nobody could end this from the other side: after a minute the page does.
  if (capture.on && line && line.downFor() > GATEWAY_GONE) stop("lost");
}

function listen() {
  const on = (selector, kind, act) => {
    for (const element of document.querySelectorAll(selector)) element.addEventListener(kind, act);
  };
  on("#language", "click", switchLanguage);
  on("form", "submit", (event) => event.preventDefault());
  on("#code-form", "submit", () => codeStep.send());
  on("#answer-form", "submit", () => answer(true));
  on("#refuse", "click", () => answer(false));
  on("#busy-cancel", "click", () => codeStep.change());
  on("#again", "click", again);
  on("[data-choose]", "click", choose);
  on("[data-stop]", "click", () => stop("by_customer"));
  addEventListener("keydown", (event) => event.key === "Escape" && step === "live" && stop("by_customer"));
  addEventListener("online", () => line?.hurry());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && line?.hurry());
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  addEventListener("pagehide", () => {
    if (["none", "ended"].includes(share.state)) return;
    capture.leave();
    navigator.sendBeacon("/leave", new Blob(["{}"], { type: "application/json" }));
  });
  setInterval(tick, 1000);
}

async function begin() {
  await load(root.lang).catch(() => load("fr"));
  listen();
  say($("code-label"), "code.label", { n: site.length });
  const blocked = obstacle();
  if (blocked) {
    say($("blocked-title"), `blocked.${blocked}.title`);
    say($("blocked-text"), `blocked.${blocked}.text`);
    return show("blocked");
  }
  const answered = await get("/share");
  if (Math.abs(answered.clock) > CLOCK_OFF) {
    say($("clock-notice"), answered.clock > 0 ? "clock.ahead" : "clock.behind");
    $("clock-notice").hidden = false;
  }
  const past = answered.ok ? answered.body : { state: "none" };
  if (past.state === "ended") {
    say($("code-notice"), "code.past");
    $("code-notice").hidden = false;
  }
  follow(past.state === "ended" ? { state: "none" } : past);
  if (step === "code") $("code").focus();
}

begin();
