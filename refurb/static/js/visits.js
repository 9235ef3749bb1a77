// Counting a visit where the network comes and goes: what was tapped stays on the page, and is sent again with its own key, so that it
// counts once. The form does the same without this file, as long as there is a network.
(() => {
  "use strict";

  const AGAIN = 8000; // milliseconds between two tries
  const form = document.querySelector("form[data-sent-again]");
  if (!form) return;
  const lost = form.querySelector("[data-lost]");
  let waits = 0;
  let sending = false;
  let facts = null;

  // While it waits nothing else is tapped: the key is that of what was sent.
  const lock = (locked) => form.querySelectorAll("fieldset").forEach((each) => { each.disabled = locked; });

  const send = async () => {
    if (sending || !facts) return;
    sending = true;
    clearTimeout(waits);
    try {
      const answer = await fetch(form.action, { method: "POST", body: facts, credentials: "same-origin" });
      if (answer.status >= 500) throw new Error(String(answer.status));
      facts = null;
      // What is refused is refused again by the page itself, which then says why beside what was tapped.
      lock(false);
      if (answer.ok) location.assign(answer.url);
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
    if (!facts) facts = new URLSearchParams(new FormData(form));
    send();
  });
  window.addEventListener("online", send);
})();
