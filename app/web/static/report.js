// The report's form: a line is put in where the cursor was, and not at the end of the text. Without this the service
// does it.
"use strict";
(() => {
  const form = document.querySelector("#report");
  const { insert, insert_into, insert_number, insert_words } = form.elements;
  const visited = new Set(); // where no cursor was, the line comes at the end
  form.addEventListener("focusin", ({ target }) => {
    visited.add(target.name);
    if ([...insert_into.options].some(({ value }) => value === target.name)) insert_into.value = target.name;
  });
  form.addEventListener("click", (event) => {
    const text = form.elements[insert_into.value];
    const number = insert_number.value.trim().replace(/^#/, "");
    const isQuotation = insert.value === "quotation";
    if (!event.target.matches("[value=insert]") || !text || (isQuotation && !/^\d{1,9}$/.test(number))) return;
    event.preventDefault();
    const words = insert_words.value.trim().replace(/\s+/g, " ");
    const line = isQuotation ? "quotation " + number + (words && ' "' + words + '"') : insert.value;
    const { value } = text;
    const [start, end] = visited.has(text.name) ? [text.selectionStart, text.selectionEnd] : [value.length, value.length];
    const before = value.slice(0, start).match(/\n*$/)[0].length;
    const after = value.slice(end).match(/^\n*/)[0].length;
    const gap = (there) => "\n".repeat(Math.max(0, 2 - there));
    text.focus();
    text.setRangeText((value.slice(0, start).trim() && gap(before)) + "{" + line + "}" + gap(after), start, end, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  });
})();
