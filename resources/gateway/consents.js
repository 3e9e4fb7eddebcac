// Consent texts are shown to the letter, because a consent keeps the hash of the very text.

import { say } from "./texts.js";

/** Return a consent as elements, one for each line of it, and its question, which is its last paragraph. */
export function consentParts(text, language, tag = "li") {
  const paragraphs = text.trim().split(/\n\s*\n/);
  const question = paragraphs.pop() ?? "";
  const lines = paragraphs.flatMap((paragraph) => paragraph.split("\n"));
  return { body: lines.map((line) => spoken(tag, line, language)), question };
}

/** Return one group per statement still open: its whole text, and a box for the customer's yes. */
export function statementFields(statements, language) {
  return statements.map(({ kind, text }) => {
    const field = document.createElement("fieldset");
    const legend = document.createElement("legend");
    const tick = document.createElement("label");
    const box = Object.assign(document.createElement("input"), { type: "checkbox", name: "statement", value: kind });
    const words = Object.assign(document.createElement("div"), { id: `statement-${kind}` });
    const { body, question } = consentParts(text, language, "p");
    words.append(...body, Object.assign(spoken("p", question, language), { className: "asked" }));
    box.setAttribute("aria-describedby", words.id);
    tick.className = "tick";
    const yes = document.createElement("span");
    tick.append(box, yes);
    say(legend, `statements.${kind}`);
    say(yes, "statements.yes");
    field.append(legend, words, tick);
    return field;
  });
}

function spoken(tag, text, language) {
  return Object.assign(document.createElement(tag), { textContent: text, lang: language });
}
