// The page's texts in one language. An element names its text by data-t; *stars* make a part of it bold.

let words = {};
let shared = {};
const given = new WeakMap();

/** Load a language, "fr" or "en"; from then on the page speaks it. */
export async function load(language) {
  const answer = await fetch(`/static/${language}.json`, { credentials: "omit" });
  if (!answer.ok) throw new Error(`no texts in ${language}`);
  words = await answer.json();
  document.documentElement.lang = language;
}

/** Return the text of a key with its places filled; a number named n chooses between its forms. */
export function t(key, values = {}) {
  return filled(found(key, values), values);
}

/** Tell whether a key has a text. */
export function has(key) {
  return key in words;
}

/** Put a text into an element and remember it, so that another language can take its place later. */
export function say(element, key, values = {}) {
  element.dataset.t = key;
  given.set(element, values);
  put(element);
}

/** Empty an element that was given a text. */
export function hush(element) {
  delete element.dataset.t;
  element.replaceChildren();
}

/** Fill every element that names a text; `values` are those all of them may use, from now on. */
export function fill(values = shared) {
  shared = values;
  document.querySelectorAll("[data-t]").forEach(put);
}

/** Return cents as the page's language writes an amount. */
export function euros(cents) {
  const place = document.documentElement.lang === "fr" ? "fr-FR" : "en-IE";
  return new Intl.NumberFormat(place, { style: "currency", currency: "EUR" }).format(cents / 100);
}

function found(key, { n }) {
  const one = document.documentElement.lang === "fr" ? n < 2 : n === 1;
  return words[key] ?? words[`${key}.${one ? "one" : "other"}`] ?? key;
}

function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (all, name) => String(values[name] ?? shared[name] ?? all));
}

function put(element) {
  const values = given.get(element) ?? {};
  const parts = found(element.dataset.t, values).split("*").map((part, place) => {
    if (place % 2 === 0) return filled(part, values);
    const strong = document.createElement("strong");
    strong.textContent = filled(part, values);
    return strong;
  });
  element.replaceChildren(...parts);
}
