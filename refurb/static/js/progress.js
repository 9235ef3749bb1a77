/* The page of a long work: asks how far it is, and shows the whole page again when it is over. */
(() => {
  "use strict";
  const box = document.querySelector("[data-progress]");
  if (!box) return;
  const bar = box.querySelector("progress");
  const done = box.querySelector("[data-done]");
  const told = box.querySelector("[data-told]");
  let pause = 500;
  const look = async () => {
    try {
      const answer = await fetch(box.dataset.progress, { headers: { Accept: "application/json" } });
      if (answer.ok) {
        const work = await answer.json();
        if (work.finished) return location.reload();
        bar.value = work.done;
        done.textContent = String(work.done);
        if (told.textContent !== work.message) told.textContent = work.message;
      }
    } catch {
      pause = 4000; // No network for a moment: the work goes on without us.
    }
    pause = Math.min(pause * 1.2, 4000);
    return setTimeout(look, pause);
  };
  setTimeout(look, pause);
})();
