// While somebody writes: their text is kept as a draft, its language guessed, its preview fresh, a reply written in its
// place. Whatever fails, the text stays where it is and the reason stands beside it.
"use strict";
(() => {
  const find = (selector, within = document) => within.querySelector(selector);
  const form = find("#writing, #reply");
  const { offline } = document.currentScript.dataset;
  const on = (what, act) => addEventListener("htmx:" + what, ({ detail }) => act(detail));

  // Why something did not work: from the page that was answered, or that there was no answer.
  function explain(element, reason) {
    const near = element.closest("form, #saved") || element;
    let said = find(":scope > [role=alert]", near);
    if (!said) near.append(said = Object.assign(document.createElement("p"), { className: "fault", role: "alert" }));
    said.textContent = reason.trim();
  }
  const parsed = (xhr) => new DOMParser().parseFromString(xhr.responseText, "text/html");
  on("sendError", (detail) => explain(detail.elt, offline));
  on("responseError", (detail) => {
    const page = parsed(detail.xhr);
    explain(detail.elt, (find("#faults ul", page) || find(".notice.wrong strong, h1 + p.text", page))?.textContent || offline);
  });
  on("beforeRequest", () => find("form [role=alert], #saved [role=alert]")?.remove());
  if (!form) return;

  const { body, language } = form.elements;
  // form.id would be its field of that name
  const isReply = form.matches("#reply");
  let sent = true;
  let pause;
  function keep() {
    if (!body.value.trim()) return;
    for (const each of document.querySelectorAll("#preview:not([hidden]), #saved")) {
      if (each.id !== "saved" || form.elements.id?.value) htmx.trigger(each, "keep");
    }
  }
  form.addEventListener("input", ({ target }) => {
    sent = false;
    clearTimeout(pause);
    pause = setTimeout(keep, 2500);
    if (target === body) count(), guess();
  });
  form.addEventListener("submit", () => { sent = true; clearTimeout(pause); });
  addEventListener("beforeunload", (event) => { if (!sent && body.value.trim()) event.preventDefault(); });
  on("afterOnLoad", ({ elt, xhr }) => { if (elt.id === "saved" && xhr.status < 300) sent = true; });

  const left = find("#left");
  function count() {
    const room = left.dataset.most - [...body.value].length;
    left.hidden = room > left.dataset.most / 5;
    left.textContent = left.dataset.words.replace("{n}", room);
  }

  // The language that a text seems to be in, as long as its writer has not chosen one: by its letters, unless they are
  // those of a neighbour, then by small words.
  const LETTERS = { ar: [/[ء-ي]/g, /[پچژگٹے]/], ru: [/[а-я]/g, /[іїєґўјљ]/], zh: [/[一-鿿]/g, /[ぁ-ヿ]/] };
  const WORDS = { en: /\b(the|and|of|to|is)\b/g, fr: /\b(les?|des|et|est|pour|une|nous|dans)\b/g, es: /\b(los|las|el|para|una|del|por|con)\b/g };
  let chosen = !isReply && body.value !== "";
  language?.addEventListener("change", () => { chosen = true; });
  function guess() {
    const text = body.value.toLowerCase();
    if (chosen || !language || text.length < 40) return;
    const times = (pattern) => text.match(pattern)?.length || 0;
    let found = Object.keys(LETTERS).find((tag) => times(LETTERS[tag][0]) > text.length / 3 && !LETTERS[tag][1].test(text));
    const [best, next] = Object.keys(WORDS).sort((one, other) => times(WORDS[other]) - times(WORDS[one]));
    if (times(WORDS[best]) > 2 + 2 * times(WORDS[next])) found = best;
    if ([...language.options].some(({ value }) => value === found)) language.value = found;
  }

  // A reply is written beneath what it replies to: the form at the foot of the page goes there, and back.
  if (!isReply) return;
  const heading = find("h2", form), back = find("[data-back]", form), told = find("#told");
  const home = form.parentElement, whole = form.elements.parent.value;
  function place(number) {
    const entry = number === whole ? null : find(`#beneath #n${number} > div`);
    form.elements.parent.value = entry ? number : whole;
    heading.textContent = heading.dataset.words.replace("{n}", form.elements.parent.value);
    back.hidden = !entry;
    (entry || home).append(form);
  }
  function quoted(entry) {
    const marked = getSelection();
    if (marked.isCollapsed || !entry.contains(marked.anchorNode)) return "";
    return marked.toString().trim().split("\n").map((line) => "> " + line).join("\n") + "\n\n";
  }
  addEventListener("click", (event) => {
    const link = event.target.closest?.('#beneath a[href*="/contribute?parent="]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const quote = quoted(link.closest("li"));
    place(new URL(link.href).searchParams.get("parent"));
    if (quote) body.value += (body.value && "\n\n") + quote;
    body.focus();
  });
  back.addEventListener("click", () => { place(whole); body.focus(); });

  // The list is replaced around a form that stands in it: what is written there stays, and so does the cursor.
  let within, arrived;
  on("beforeSwap", (detail) => {
    if (detail.target.id !== "beneath") return;
    within = document.activeElement === body;
    home.append(form);
  });
  on("afterSwap", (detail) => {
    if (detail.target.id !== "beneath") return;
    place(form.elements.parent.value);
    if (within) body.focus();
    if (arrived) (find(`[id="n${arrived}"]`) || told).scrollIntoView({ block: "center" });
    arrived = "";
  });
  on("afterOnLoad", (detail) => {
    if (detail.elt.dataset.send === undefined || detail.xhr.status >= 300) return;
    const landed = new URL(detail.xhr.responseURL);
    sent = true;
    clearTimeout(pause);
    if (!landed.searchParams.has("done") || landed.pathname.endsWith("/contribute")) { location = landed; return; }
    told.textContent = find(".notice", parsed(detail.xhr))?.textContent.trim();
    arrived = landed.pathname.split("/").pop();
    // The next reply is another: until it has an id of its own, it has none.
    body.value = form.elements.id.value = find("#saved").textContent = "";
    if (form.elements.files) form.elements.files.value = "";
    place(whole);
    htmx.trigger("#beneath", "refresh");
  });
})();
