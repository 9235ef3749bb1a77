// The counter without a new page: what is scanned or pressed is sent with all that the form says, and the answer takes the page's place.
// The form does the same without this file.
(() => {
  "use strict";

  const KEEP_AFTER = 700; // milliseconds without a change
  const form = () => document.getElementById("comptoir");
  let turn = Promise.resolve();
  let waits = 0;

  const told = (more) => {
    const facts = new FormData(form());
    if (more.do) facts.delete("_key"); // Each press of the same page is another deed.
    for (const [name, value] of Object.entries(more)) facts.set(name, value);
    return facts;
  };

  const focusOf = (field) => {
    if (field.id) return `#${CSS.escape(field.id)}`;
    if (!field.name) return "";
    return `[name="${CSS.escape(field.name)}"]${field.type === "radio" || field.tagName === "BUTTON" ? `[value="${CSS.escape(field.value)}"]` : ""}`;
  };
  const folds = () => Array.from(document.querySelectorAll("main li[id] details"));
  const nameOf = (fold) => `${fold.closest("li[id]").id} ${fold.className}`;

  // The page's own parts give way; what is folded open stays open, and the field that was typed in keeps the cursor.
  const show = (html) => {
    const next = new DOMParser().parseFromString(html, "text/html").querySelector("main");
    const main = document.querySelector("main");
    const here = document.activeElement;
    const at = main.contains(here) ? focusOf(here) : "";
    const isBox = !at || here.id === "scan";
    const open = new Set(folds().filter((fold) => fold.open && fold.contains(here)).map(nameOf));
    main.replaceChildren(...next.childNodes);
    folds().filter((fold) => open.has(nameOf(fold))).forEach((fold) => { fold.open = true; });
    const field = document.querySelector(isBox ? "#scan" : at) || document.getElementById("scan");
    if (field) field.focus({ preventScroll: true });
    const newest = document.querySelector(".line.is-new, .counter-ask, .heard.is-stop");
    if (newest) newest.scrollIntoView({ block: "nearest" });
    document.dispatchEvent(new CustomEvent("htmx:afterSwap", { bubbles: true }));
    mark();
  };

  const said = (facts) => JSON.stringify(Array.from(facts).filter(([, value]) => typeof value === "string"));

  // A scan whose answer was lost is sent again as it was, so that the server knows it again and does it once.
  const sent = new Map();
  const factsOf = (more) => {
    const facts = (more._key && sent.get(more._key)) || told(more);
    if (more._key) sent.set(more._key, facts);
    return facts;
  };

  // What was typed while the answer was on its way, as pairs of name and value; a drawing stands for the page that it was made on.
  const typedSince = (facts, more) => Array.from(told(more)).filter(
    ([name, value]) => typeof value === "string" && name !== "signature" && facts.get(name) !== value,
  );
  const typeAgain = (pairs) => {
    for (const [name, value] of pairs) {
      form().querySelectorAll(`[name="${CSS.escape(name)}"]`).forEach((field) => {
        if (field.type === "radio") field.checked = field.value === value;
        else field.value = value;
      });
    }
  };

  const keepSoon = (swap) => {
    clearTimeout(waits);
    waits = setTimeout(() => queued({ do: "save", scan: "" }, { swap }), swap ? KEEP_AFTER : 0);
  };

  const post = async (more, { swap }) => {
    try {
      const facts = factsOf(more);
      const boxed = document.getElementById("scan").value;
      const answer = await fetch(form().action, { method: "POST", body: facts, credentials: "same-origin" });
      if (new URL(answer.url).pathname !== new URL(form().action).pathname) {
        location.assign(answer.url); // The session is over: what was scanned waits until somebody has signed in again.
        return false;
      }
      if (answer.status >= 500) throw new Error(String(answer.status));
      const html = await answer.text();
      if (more._key && answer.status === 409 && !html.includes('id="comptoir"')) {
        location.assign(form().action); // The server has done it before, from a page that is no more.
        return true;
      }
      sent.delete(more._key);
      // Whoever goes on writing meanwhile keeps what is written; it is sent in its turn.
      if (!swap || (more.do === "save" && said(facts) !== said(told(more)))) return true;
      const typed = typedSince(facts, more);
      const box = document.getElementById("scan").value;
      show(html);
      if (!form()) return true;
      if (box !== boxed) document.getElementById("scan").value = box;
      if (typed.length) {
        typeAgain(typed);
        keepSoon(true);
      }
      return true;
    } catch {
      const lost = document.querySelector("[data-lost]");
      if (lost) lost.hidden = false;
      return false;
    }
  };

  // One after the other, in the order in which they were pressed.
  const queued = (more, how) => {
    clearTimeout(waits);
    waits = 0;
    turn = turn.then(() => post(more, how));
    return turn;
  };

  document.addEventListener("refurb:scan", (event) => {
    event.detail.done = queued({ scan: event.detail.code, do: "scan", _key: event.detail.key }, { swap: true });
  });

  document.addEventListener("submit", (event) => {
    if (event.target !== form()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const pressed = event.submitter;
    const scan = document.getElementById("scan").value.trim();
    queued(pressed && pressed.value !== "scan" ? { do: pressed.value, scan: "" } : { do: "scan", scan }, { swap: true });
  }, true);

  // What is counted is kept on the server as it is said. A drawing is kept too, and the page stays as it is under the pen.
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (!form() || field.form !== form() || field.id === "scan") return;
    keepSoon(field.name !== "signature");
  });

  const mark = () => { if (form()) form().setAttribute("data-scan-live", ""); };
  mark();
})();
