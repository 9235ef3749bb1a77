// The screen of a hall: read again every quarter of a minute, without a flash; what does not come is tried again.
"use strict";

setInterval(async () => {
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector(".wall-main");
    const shown = document.querySelector(".wall-main");
    if (fresh && shown && fresh.innerHTML !== shown.innerHTML) shown.replaceWith(fresh);
  } catch {
    // The network of a hall comes and goes: what is shown stays.
  }
}, 15000);
