// A batch: each complete line of the box is sent as soon as it stands there, and answered in the list. The form does the same without this file.
(() => {
  "use strict";

  const form = document.querySelector("[data-batch]");
  if (!form) return;
  const box = form.querySelector("[data-batch-box]");
  const results = document.querySelector("[data-batch-results]");
  const waiting = form.querySelector("[data-batch-waiting]");
  const LINES_AT_ONCE = 10; // so that the first answers are there while the last ones are on their way
  let queue = [];
  let busy = false;

  const tell = () => {
    const left = queue.length;
    waiting.textContent = left === 0 ? "" : left === 1 ? waiting.dataset.one : waiting.dataset.many.replace("__n__", String(left));
  };

  const count = (outcome) => {
    const shown = document.querySelector(`[data-batch-tally] [data-outcome="${outcome}"]`);
    if (shown) shown.textContent = String(Number(shown.textContent) + 1);
  };

  const show = (html) => {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    let isRefused = false;
    Array.from(holder.content.querySelectorAll("li")).forEach((line) => {
      count(line.dataset.outcome);
      isRefused = isRefused || line.dataset.outcome === "refused" || line.dataset.outcome === "unknown";
      results.prepend(line);
    });
    if (isRefused && navigator.vibrate) navigator.vibrate([80, 60, 80]);
  };

  // What could not be sent goes back into the box: nothing that was scanned is lost.
  const giveBack = (lines) => {
    box.value = [...lines, ...queue, ...box.value.split("\n").filter((line) => line.trim())].join("\n");
    queue = [];
    waiting.textContent = waiting.dataset.lost;
  };

  const send = async () => {
    if (busy || !queue.length) return;
    busy = true;
    const lines = queue.slice(0, LINES_AT_ONCE);
    const told = new FormData(form);
    told.set("codes", lines.join("\n"));
    try {
      const answer = await fetch(form.action, { method: "POST", body: told, headers: { "X-Batch": "lines" }, credentials: "same-origin" });
      if (answer.status !== 200 && answer.status !== 422) throw new Error(String(answer.status));
      queue = queue.slice(lines.length);
      show(await answer.text());
      if (answer.status === 422) giveBack(lines);
      else tell();
    } catch {
      queue = queue.slice(lines.length);
      giveBack(lines);
    }
    busy = false;
    send();
  };

  const take = (all) => {
    const lines = box.value.split("\n");
    const rest = all ? "" : lines.pop();
    const whole = lines.map((line) => line.trim()).filter(Boolean);
    if (!whole.length) return;
    box.value = rest;
    queue.push(...whole);
    tell();
    send();
  };

  // A move that must be told why waits for the button the first time, so that nobody is refused for an empty field.
  const isTold = () => Array.from(form.querySelectorAll(".field:not(.scan) :is(input, textarea, select)")).every((field) => field.value.trim());

  box.addEventListener("input", () => {
    if (box.value.includes("\n") && isTold()) take(false);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    take(true);
    box.focus();
  });
})();
