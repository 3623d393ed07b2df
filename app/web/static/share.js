// Copies the words, or hands them to an app of the telephone. Without it one marks and copies them as any text.
"use strict";
for (const buttons of document.querySelectorAll("[data-share]")) {
  const words = document.getElementById(buttons.dataset.share);
  const [copy, hand] = buttons.querySelectorAll("button");
  buttons.hidden = false;
  copy.addEventListener("click", async () => {
    words.select();
    // Without a secure connection there is no clipboard but the old way to it.
    try { await navigator.clipboard.writeText(words.value); } catch { document.execCommand("copy"); }
    copy.textContent = copy.dataset.done;
  });
  if (navigator.share) {
    hand.hidden = false;
    // Whoever closes the list of apps has shared nothing, and need not be told.
    hand.addEventListener("click", () => navigator.share({ text: words.value }).catch(() => {}));
  }
}
