// What somebody without an account writes is kept in her tab alone: found again after a reload, gone with the tab, once it is sent, after
// two hours, or by a press. It is never sent before she does, and never kept beyond the tab: desks are shared.
(() => {
  "use strict";

  const LASTS = 2 * 60 * 60 * 1000; // milliseconds
  const form = document.querySelector("form[data-tab]");
  if (!form) return;
  const key = `tab:${location.pathname}`;
  const again = document.querySelector("[data-tab-clear]");
  let timer;

  const told = () =>
    Array.from(new FormData(form)).filter(([name, value]) => typeof value === "string" && !name.startsWith("_") && name !== "csrf_token");

  const keep = () => {
    try {
      sessionStorage.setItem(key, JSON.stringify({ at: Date.now(), told: told() }));
      offer(LASTS);
    } catch {
      // No room, or no leave: the form is as it was before there was this file.
    }
  };

  // What is kept can be erased, and is forgotten after its time even where the tab stays open.
  const offer = (left) => {
    if (again) again.hidden = false;
    clearTimeout(timer);
    timer = setTimeout(forget, left);
  };

  const forget = () => {
    clearTimeout(timer);
    try {
      sessionStorage.removeItem(key);
    } catch {
      // As above.
    }
  };

  const kept = () => {
    try {
      const found = JSON.parse(sessionStorage.getItem(key));
      return found && Date.now() - found.at < LASTS ? found : null;
    } catch {
      return null;
    }
  };

  const putBack = (pairs) => {
    for (const each of form.elements) {
      if (!each.name || each.type === "hidden" || each.type === "submit") continue;
      const values = pairs.filter(([name]) => name === each.name).map(([, value]) => value);
      if (each.type === "radio" || each.type === "checkbox") each.checked = values.includes(each.value);
      else if (values.length) each.value = values[0];
    }
  };

  const sent = document.querySelector(".toast");
  const refused = document.getElementById("erreurs");
  const found = kept();
  if (refused) keep();
  else if (sent || !found) forget();
  else {
    putBack(found.told);
    offer(found.at + LASTS - Date.now());
  }
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
  if (again) {
    again.addEventListener("click", () => {
      form.removeEventListener("input", keep);
      form.removeEventListener("change", keep);
      forget();
      location.assign(location.pathname);
    });
  }
})();
