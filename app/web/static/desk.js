// The desk by keyboard. Every key presses a button, opens a form or follows a link that is on the page anyway.
"use strict";
(() => {
  const items = [...document.querySelectorAll("[data-item]")];
  const keys = document.getElementById("keys");
  if (!keys) return;

  // Somebody who cannot see the page hears what was done before they hear the next item.
  const status = Object.assign(document.createElement("p"), { className: "aside" });
  status.setAttribute("role", "status");
  document.body.append(status);
  const notice = document.querySelector("main .notice");
  if (notice) setTimeout(() => { status.textContent = notice.textContent.trim(); }, 100);

  let current = items.find((item) => "#" + item.id === location.hash) || items[0];

  function go(item, scrolls = true) {
    if (!item) return;
    current = item;
    items.forEach((each) => each.removeAttribute("aria-current"));
    item.setAttribute("aria-current", "true");
    item.focus({ preventScroll: true });
    if (scrolls) item.scrollIntoView({ block: "start" });
  }

  function open(summary) {
    const details = summary.parentElement;
    details.open = true;
    (details.querySelector(".fault ~ select, .fault ~ textarea") || details.querySelector("select, textarea")).focus();
  }

  function press(key) {
    const found = current && [...current.querySelectorAll("[data-key]")].find((each) => each.dataset.key === key);
    if (!found) return false;
    if (found.tagName === "SUMMARY") open(found);
    else found.click();
    return true;
  }

  function move(step) {
    go(items[items.indexOf(current) + step]);
  }

  document.addEventListener("focusin", (event) => {
    const item = event.target.closest("[data-item]");
    if (item) current = item;
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
    const writes = event.target.closest("textarea, select, input:not([type=checkbox]):not([type=hidden])");
    if (event.key === "Escape") {
      if (writes) go(writes.closest("[data-item]") || current);
      return;
    }
    if (writes) return;
    let done = true;
    if (event.key === "?") keys.focus();
    else if (event.key === "j") press("j") || move(1);
    else if (event.key === "k") press("k") || move(-1);
    else done = press(event.key);
    if (done) event.preventDefault();
  });

  // The published rules are the templates of reasons: choosing one fills an empty reason, or one that was filled so.
  const words = {};
  document.querySelectorAll("[data-rule]").forEach((each) => { words[each.dataset.rule] = each.dataset.reason; });
  function fillReasons(within) {
    within.querySelectorAll("select[data-words]").forEach((rule) => {
      const reason = document.getElementById(rule.dataset.words);
      const filled = () => Object.values(words).includes(reason.value);
      rule.addEventListener("change", () => {
        if (!reason.value || filled()) reason.value = words[rule.value] || "";
      });
    });
  }
  fillReasons(document);

  // A decision takes an item from the list without loading the page anew, while there are others on it. Whatever the
  // server says but that it is done is shown by sending the form in the ordinary way.
  const gone = new Set();
  async function decide(form, item, act) {
    const body = new URLSearchParams(new FormData(form));
    body.append("act", act);
    const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => null);
    if (answer && answer.type === "opaqueredirect") return leave(item);
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "act", value: act }));
    form.submit();
  }

  function leave(item) {
    const at = items.indexOf(item);
    items.splice(at, 1);
    gone.add(item.id);
    item.remove();
    document.querySelectorAll(".tabs li:first-child b, .tabs [aria-current] b").forEach((count) => {
      count.textContent = Math.max(0, Number(count.textContent) - 1);
    });
    status.textContent = keys.dataset.decided;
    sent = false;
    go(items[at] || items[at - 1]);
    if (items.length <= FEW) refill();
  }

  // What comes next is added before the list is at its end, and the counts are brought up to date.
  const FEW = 4;
  async function refill() {
    const answer = await fetch(location.href.split("#")[0]).catch(() => null);
    if (!answer || !answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    page.querySelectorAll("[data-item]").forEach((item) => {
      if (document.getElementById(item.id) || gone.has(item.id)) return;
      document.querySelector("ol.desk").append(document.adoptNode(item));
      items.push(item);
      fillReasons(item);
    });
    document.querySelector(".tabs").replaceWith(document.adoptNode(page.querySelector(".tabs")));
  }

  // Twice the same key must not decide about the next item: a form goes once.
  let sent = false;
  document.addEventListener("submit", (event) => {
    if (sent) {
      event.preventDefault();
      return;
    }
    sent = true;
    const item = event.target.closest("[data-item]");
    if (item && items.length > 1 && event.submitter && event.submitter.name === "act") {
      event.preventDefault();
      decide(event.target, item, event.submitter.value);
    }
  });
  addEventListener("pageshow", () => { sent = false; });

  const faulty = document.querySelector("details.act[open] > summary");
  if (faulty) {
    current = faulty.closest("[data-item]") || current;
    open(faulty);
  } else if (!document.querySelector(".notice.wrong")) go(current, location.hash !== "");
})();
