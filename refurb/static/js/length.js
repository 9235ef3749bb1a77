// How long a text for a telephone is, while it is written: the server counts, since it sends it. Without this file it says so at the next
// « Recalculer ».
(() => {
  "use strict";

  const PAUSE = 300; // milliseconds without a key before it is asked
  const where = document.querySelector("[data-lengths]");
  if (!where) return;

  const counted = (field) => {
    const said = document.createElement("p");
    said.className = "help";
    said.setAttribute("role", "status");
    field.after(said);
    let waits = 0;
    let asked = 0;
    const ask = async () => {
      const mine = ++asked;
      try {
        const answer = await fetch(`${where.dataset.lengths}?${new URLSearchParams({ champ: field.name, texte: field.value })}`);
        if (mine === asked) said.textContent = answer.ok ? (await answer.json()).said : "";
      } catch {
        if (mine === asked) said.textContent = ""; // No network: nothing is said rather than what was true before.
      }
    };
    field.addEventListener("input", () => {
      clearTimeout(waits);
      waits = setTimeout(ask, PAUSE);
    });
  };
  document.querySelectorAll("[data-length]").forEach(counted);
})();
