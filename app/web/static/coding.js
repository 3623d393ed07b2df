// Coding: the words that somebody selects in a text come into the form's field for the passage.
"use strict";
(() => {
  function take() {
    const selection = document.getSelection();
    const words = selection.toString().trim();
    if (!words || selection.rangeCount === 0) return;
    const range = selection.getRangeAt(0);
    const within = (node) => (node.nodeType === 1 ? node : node.parentElement).closest("[data-words]");
    const text = within(range.startContainer);
    if (!text || text !== within(range.endContainer)) return;
    const item = text.closest("li") || document;
    const field = item.querySelector("textarea[name=passage]");
    if (!field) return;
    field.value = words;
    const details = field.closest("details");
    if (details) details.open = true;
  }

  document.addEventListener("pointerup", () => setTimeout(take));
  document.addEventListener("keyup", (event) => { if (event.shiftKey || event.key === "Shift") take(); });
})();
