// While somebody reads: what is new since their last visit, what comes in meanwhile. Nothing of it leaves the browser.
"use strict";
(() => {
  // What was done is said once: whoever is given this address did not do it.
  const here = new URL(location);
  if (here.searchParams.has("done")) {
    here.searchParams.delete("done");
    history.replaceState(history.state, "", here);
  }

  const news = document.getElementById("news");
  if (!news) return;
  const { changes, scope, of, words } = news.dataset;
  const count = new Intl.NumberFormat(document.documentElement.lang);
  const entries = () => [...document.querySelectorAll("#beneath [id^=n]")];
  const number = (entry) => Number(entry.id.slice(1));

  // A page remembers the highest number that it has shown here: what is higher next time is new.
  const key = "seen " + location.pathname + location.search;
  // A browser may forbid that.
  let seen = 0;
  try { seen = Number(localStorage.getItem(key)); } catch {}
  function mark() {
    const all = entries();
    const fresh = seen ? all.filter((each) => number(each) > seen) : [];
    fresh.forEach((each, at) => {
      const tag = document.createElement(fresh[at + 1] ? "a" : "span");
      if (fresh[at + 1]) tag.href = "#" + fresh[at + 1].id;
      tag.className = "tag";
      tag.textContent = news.dataset.fresh + (fresh[at + 1] ? " ↓" : "");
      each.querySelector(".meta")?.prepend(tag);
    });
    if (all.length) try { localStorage.setItem(key, Math.max(seen, ...all.map(number))); } catch {}
    return fresh;
  }

  function tell(said, n, link, act) {
    const to = Object.assign(document.createElement("a"), { href: link, textContent: news.dataset.show });
    if (act) to.onclick = act;
    news.replaceChildren(said.replace("{n}", count.format(n)) + " ", to);
    news.hidden = false;
  }

  const fresh = mark();
  if (fresh.length) tell(news.dataset.since, fresh.length, "#" + fresh[0].id);
  document.addEventListener("htmx:afterSwap", ({ target }) => { if (target.id === "beneath") mark(); });

  // What comes in is told, and shown when it is asked for. Somebody who saves data, or looks elsewhere, is not connected.
  let source, more = 0, last = news.dataset.after;
  function show(event) {
    if (!document.getElementById("beneath")) return;
    event.preventDefault();
    more = 0;
    news.hidden = true;
    htmx.trigger("#beneath", "refresh");
  }
  function listen() {
    const line = navigator.connection;
    source?.close();
    if (document.hidden || line?.saveData || /2g/.test(line?.effectiveType)) return;
    source = new EventSource(changes + "?after=" + last);
    source.onmessage = ({ lastEventId, data }) => {
      const { kind, contribution } = JSON.parse(data);
      last = lastEventId;
      if (kind !== "contribution.published" || contribution?.[scope] !== of) return;
      if (!document.getElementById("n" + contribution.number)) tell(words, ++more, location.pathname, show);
    };
  }
  document.addEventListener("visibilitychange", listen);
  listen();
})();
