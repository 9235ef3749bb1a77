// Counting a visit where the network comes and goes: what was tapped stays on the page, and is sent again with its own key, so that it
// counts once. The form does the same without this file, as long as there is a network.
(() => {
  "use strict";

  const AGAIN = 8000; // milliseconds between two tries
  const PATIENCE = 8000; // milliseconds for one answer: a network that swallows what is sent is none
  const form = document.querySelector("form[data-sent-again]");
  if (!form) return;
  const lost = form.querySelector("[data-lost]");
  let waits = 0;
  let sending = false;
  let facts = null;

  // While it waits nothing else is tapped: the key is that of what was sent.
  const lock = (locked) => form.querySelectorAll("fieldset").forEach((each) => { each.disabled = locked; });

  // A visit is of the day on which it was pressed, whenever the network lets it arrive.
  const today = () => {
    const day = new Date();
    return [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((each) => String(each).padStart(2, "0")).join("-");
  };

  const send = async () => {
    if (sending || !facts) return;
    sending = true;
    clearTimeout(waits);
    try {
      const answer = await fetch(form.action, {
        method: "POST", body: facts, credentials: "same-origin", redirect: "manual", signal: AbortSignal.timeout(PATIENCE),
      });
      if (answer.status >= 500) throw new Error(String(answer.status));
      facts = null;
      // What is refused is refused again by the page itself, which then says why beside what was tapped.
      lock(false);
      // Where an answer leads is opened once, by the page: what it says there is said to somebody.
      if (answer.type === "opaqueredirect") location.assign(form.action);
      else form.submit();
    } catch {
      lost.hidden = false;
      lock(true);
      waits = setTimeout(send, AGAIN);
    } finally {
      sending = false;
    }
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!facts) {
      facts = new URLSearchParams(new FormData(form));
      if (!facts.has("day")) facts.set("day", today());
    }
    send();
  });
  window.addEventListener("online", send);
})();
