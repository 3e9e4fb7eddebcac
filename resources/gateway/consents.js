// Consent texts are shown to the letter, because a consent keeps the hash of the very text.

import { say } from "./texts.js";

/** Return the paragraphs of a consent as elements, and its question, which is its last paragraph. */
export function consentParts(text, language) {
  const paragraphs = text.trim().split(/\n\s*\n/);
  const question = paragraphs.pop() ?? "";
  const body = paragraphs.flatMap((paragraph) => {
    const lines = paragraph.split("\n");
    return lines.map((line) => spoken("p", line, language));
  });
  return { body, question };
}

/** Return one group per statement still open: its whole text, and a box for the customer's yes. */
export function statementFields(statements, language) {
  return statements.map(({ kind, text }) => {
    const field = document.createElement("fieldset");
    const legend = document.createElement("legend");
    const tick = document.createElement("label");
    const box = Object.assign(document.createElement("input"), { type: "checkbox", name: "statement", value: kind });
    const words = Object.assign(document.createElement("div"), { id: `statement-${kind}` });
    const { body, question } = consentParts(text, language);
    words.append(...body, spoken("p", question, language));
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
