// A hand scanner types: a burst of keys that ends with Enter or Tab is a scan, wherever the focus is. It goes into the scan box of the page;
// a page without one leads to where the code leads. What is scanned while a page changes waits in this window's own storage: codes only.
// Loaded in the head, so that it hears from the first key on.
(() => {
  "use strict";

  const FAST = 45; // milliseconds from key to key, on the average: no hand types so
  const PAUSE = 250; // milliseconds after which a burst has ended without Enter
  const SHORTEST = 6; // signs
  const QUIET = 120; // milliseconds without a key before a page is left: a scanner empties its memory first
  const FRESH = 300000; // milliseconds for which what waits is still meant
  const WAITING = "refurb-scans";
  const HALF = "refurb-scan-begun";
  const GOING = "refurb-scan-going"; // The key of the code for which this page was left.

  const stored = (key, fallback) => {
    try {
      return JSON.parse(sessionStorage.getItem(key)) || fallback;
    } catch {
      return fallback;
    }
  };
  const store = (key, value) => {
    try {
      sessionStorage.setItem(key, JSON.stringify(value));
    } catch { /* Without storage a scan is lost only when the page changes at that moment. */ }
  };

  // A key of its own for each scan: sent again, it is the same scan; scanned again, it is another.
  const fresh = () => Array.from(crypto.getRandomValues(new Uint8Array(18)), (each) => each.toString(36).padStart(2, "0")).join("");

  const queue = () => stored(WAITING, []).filter((each) => Date.now() - each.at < FRESH);
  let lastKey = 0;
  let burst = null; // { signs, first, last, field, value, from, to, chosen }

  const box = () => document.querySelector("[data-scan] input[name]:not([type='hidden'])");
  const writes = (element) => Boolean(element) && (element.isContentEditable || element.tagName === "TEXTAREA"
    || (element.tagName === "INPUT" && !["button", "checkbox", "color", "file", "image", "radio", "range", "reset", "submit"].includes(element.type)));

  // A field that wants what is typed keeps it: every field of a page without a scan box, and those that say so.
  const keeps = (field) => writes(field) && field !== box()
    && (!box() || field.type === "password" || field.tagName === "TEXTAREA" || field.isContentEditable || field.hasAttribute("data-raw"));

  const begin = (event) => {
    const field = event.target;
    const text = writes(field) && !field.isContentEditable;
    burst = {
      signs: "",
      first: event.timeStamp,
      last: event.timeStamp,
      field,
      value: text ? field.value : null,
      chosen: field.tagName === "SELECT" ? field.selectedIndex : null,
    };
  };

  // What the burst typed into a field that did not want it is taken out again.
  const undo = ({ field, value, chosen }) => {
    if (value !== null && field.value !== value) {
      field.value = field === box() ? "" : value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    if (chosen !== null && field.selectedIndex !== chosen) {
      field.selectedIndex = chosen;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  };

  const isScan = (end) => burst !== null && burst.signs.length >= SHORTEST && end - burst.last < PAUSE
    && (burst.last - burst.first) / (burst.signs.length - 1) < FAST;

  document.addEventListener("keydown", (event) => {
    lastKey = performance.now();
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Enter" || event.key === "Tab") {
      const done = burst;
      const heard = isScan(event.timeStamp) && !keeps(event.target);
      burst = null;
      if (!heard) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      // In its own box a reader that faltered halfway is still read whole.
      const written = event.target === box() ? event.target.value.trim() : "";
      const code = written.length > done.signs.length ? written : done.signs;
      undo(done);
      if (written) event.target.value = "";
      store(WAITING, [...queue(), { code, at: Date.now(), key: fresh() }]);
      send();
      return;
    }
    if (event.key.length !== 1) return;
    // Another field begins another burst; a page that changes under a code does not cut it in two.
    const elsewhere = burst !== null && event.target !== burst.field && burst.field.isConnected;
    if (burst === null || elsewhere || event.timeStamp - burst.last > PAUSE) begin(event);
    const inside = burst.signs.length > 0 && event.timeStamp - burst.last < FAST;
    burst.signs += event.key;
    burst.last = event.timeStamp;
    if (inside && !writes(event.target)) {
      // No shortcut of the page, no choice of a list is meant by the middle of a code.
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, true);

  // --- sending -------------------------------------------------------------------------------------------------------------

  let busy = false;
  let left = false; // This page is on its way out: what is heard now is for the next one.

  // Where a code leads: the resolver says it at once; what it does not know, the page of the box tells in words.
  const leadsTo = async (code, target) => {
    const asked = `${target}?code=${encodeURIComponent(code)}`;
    try {
      const signal = AbortSignal.timeout(2000);
      const answer = await fetch(`${document.body.dataset.resolve}?text=${encodeURIComponent(code)}`, { credentials: "same-origin", signal });
      return answer.ok ? (await answer.json()).url : asked;
    } catch {
      return asked;
    }
  };

  const send = async () => {
    if (busy || left || !document.body) return;
    const [next] = queue();
    const target = document.body.dataset.listen;
    if (!next || !target) return;
    const field = box();
    const live = field && field.form && field.form.matches("[data-scan-live]");
    if (live) {
      busy = true;
      const asked = new CustomEvent("refurb:scan", { bubbles: true, detail: { code: next.code, key: next.key, done: null } });
      field.form.dispatchEvent(asked);
      const taken = asked.detail.done ? await asked.detail.done : false;
      busy = false;
      if (!taken) return; // It stays: the next scan, or the next page, tries again.
      store(WAITING, queue().slice(1));
      send();
      return;
    }
    if (performance.now() - lastKey < QUIET) {
      setTimeout(send, QUIET);
      return;
    }
    left = true;
    const page = field ? "" : await leadsTo(next.code, target);
    store(GOING, next.key); // It waits until the next page is there.
    if (field) {
      field.value = next.code;
      field.form.requestSubmit();
      setTimeout(() => { left = false; send(); }, 5000); // A form that was not sent after all.
    } else {
      location.assign(page);
    }
  };

  // Whether the page was left for a code and did not get there: it waits for the next scan, or for the network.
  const cameBack = () => {
    const key = stored(GOING, null);
    sessionStorage.removeItem(GOING);
    return key;
  };

  document.addEventListener("DOMContentLoaded", () => {
    const key = cameBack();
    const [how] = performance.getEntriesByType("navigation");
    const isThere = !key || !how || how.type === "navigate";
    if (key && isThere) store(WAITING, queue().filter((each) => each.key !== key));
    const half = stored(HALF, null);
    sessionStorage.removeItem(HALF);
    if (half && burst === null && Date.now() - half.at < 2000) {
      burst = { signs: half.signs, first: performance.now() - half.signs.length, last: performance.now(), field: document.activeElement, value: null, chosen: null };
    }
    if (isThere) setTimeout(send);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) {
      left = false;
      if (!cameBack()) send();
    }
  });
  // A form that is half filled in is not left by a scan without a question.
  let isTyped = false;
  document.addEventListener("input", (event) => {
    if (event.isTrusted && event.target !== box() && event.target.form && event.target.form.method === "post") isTyped = true;
  }, true);
  document.addEventListener("submit", () => { isTyped = false; });
  window.addEventListener("beforeunload", (event) => {
    if (!left || !isTyped) return;
    event.preventDefault();
    setTimeout(() => { // Reached only by whoever chose to stay.
      const key = cameBack();
      store(WAITING, queue().filter((each) => each.key !== key));
      left = false;
    }, 1000);
  });
  window.addEventListener("online", () => send());
  window.addEventListener("pagehide", () => {
    if (burst && performance.now() - lastKey < PAUSE) store(HALF, { signs: burst.signs, at: Date.now() });
  });
})();
