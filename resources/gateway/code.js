// The code as it is typed: its check digit, its groups, and a field that keeps the caret where the person left it.

// The table of agent_desk/rules/code.py (Damm's quasigroup of order 10), row by row; a test compares the two.
const DAMM = [
  "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
  "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
];

/** Tell whether the last digit is the check digit of those before it. */
export function checks(digits) {
  let interim = 0;
  for (const digit of digits) interim = Number(DAMM[interim][Number(digit)]);
  return interim === 0;
}

/** Return the digits in groups of three and four, the longer ones last, as the agent dictates them. */
export function grouped(digits, length) {
  const count = Math.max(Math.floor(length / 3), 1);
  const size = Math.floor(length / count);
  const shorter = count - (length % count);
  const groups = [];
  let at = 0;
  while (at < digits.length) {
    const next = groups.length >= count ? digits.length : at + size + (groups.length >= shorter ? 1 : 0);
    groups.push(digits.slice(at, next));
    at = next;
  }
  return groups.join(" ");
}

/** Return what was typed without spaces, dots and hyphens; letters and signs stay, to be told about. */
export function normalised(text) {
  return text.normalize("NFKC").replace(/[\s.\-\u00ad\u200b-\u200f\u2010-\u2015\u202a-\u202e\u2066-\u2069\ufeff]+/gu, "");
}

/** Return "" for a code worth sending, else the key of the sentence that says what is wrong, and its number. */
export function fault(text, length) {
  const digits = normalised(text);
  if (digits === "") return ["code.empty", 0];
  if (!/^[0-9]+$/.test(digits)) return ["code.letters", 0];
  if (digits.length < length) return ["code.short", length - digits.length];
  if (digits.length > length) return ["code.long", length];
  return checks(digits) ? ["", 0] : ["code.check", 0];
}

/** Group the digits of `field` as they are typed or pasted; `changed` is called after each change. */
export function keepGrouped(field, length, changed) {
  let before = "";
  field.addEventListener("input", (event) => {
    const digits = normalised(field.value);
    if (digits.length <= length * 2 && /^[0-9]*$/.test(digits)) regroup(field, digits, length, before, event.inputType);
    before = field.value;
    changed();
  });
}

function regroup(field, digits, length, before, how) {
  let caret = normalised(field.value.slice(0, field.selectionStart)).length;
  if (digits === normalised(before) && field.value.length < before.length) {
    // Only a space was deleted: the person meant the digit beyond it.
    if (how === "deleteContentBackward" && caret > 0) caret -= 1;
    if (how === "deleteContentBackward" || how === "deleteContentForward")
      digits = digits.slice(0, caret) + digits.slice(caret + 1);
  }
  const text = grouped(digits, length);
  if (text === field.value) return;
  const atEnd = caret === digits.length;
  field.value = text;
  let place = atEnd ? text.length : 0;
  if (!atEnd) for (let seen = 0; seen < caret; place += 1) if (text[place] !== " ") seen += 1;
  field.setSelectionRange(place, place);
}
