// The checklist of a device: asks only what the answers call for, takes over a measure at a press, answers by number keys.
// The page says the same without this file; the server decides.
(() => {
  "use strict";

  const list = document.querySelector("[data-checks]");
  if (!list) return;

  const items = Array.from(list.querySelectorAll("[data-question]"));
  const answerOf = (key) => {
    const item = items.find((each) => each.dataset.question === key);
    const picked = item && !item.hidden ? item.querySelector("input[type=radio]:checked") : null;
    return picked ? picked.value : "";
  };

  // In the order of the page, so that a question that is not asked opens no other.
  const askOnlyWhatCounts = () => {
    items.forEach((item) => {
      if (!item.dataset.onlyIf) return;
      const isAsked = item.dataset.answers.split(" ").includes(answerOf(item.dataset.onlyIf));
      item.hidden = !isAsked;
      const fields = item.querySelector("fieldset");
      if (!fields.dataset.shut) fields.dataset.shut = fields.disabled ? "always" : "hidden";
      fields.disabled = fields.dataset.shut === "always" || !isAsked;
    });
  };

  const goToNext = (item) => {
    const next = items.slice(items.indexOf(item) + 1).find((each) => !each.hidden && !each.querySelector("fieldset").disabled);
    const field = next && next.querySelector("input[type=radio]:checked, input:not([type=hidden])");
    if (field) {
      field.focus({ preventScroll: true });
      next.scrollIntoView({ block: "center" });
    }
  };

  list.addEventListener("change", askOnlyWhatCounts);

  list.addEventListener("keydown", (event) => {
    // By the place of the key: the digits of a French keyboard need the shift key, and one hand holds the machine.
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code);
    if (!digit || event.ctrlKey || event.altKey || event.metaKey || event.target.type !== "radio") return;
    const item = event.target.closest("[data-question]");
    const answer = item.querySelectorAll("input[type=radio]")[Number(digit[1]) - 1];
    if (!answer) return;
    event.preventDefault();
    answer.checked = true;
    askOnlyWhatCounts();
    goToNext(item);
  });

  list.querySelectorAll("[data-take]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      const field = document.getElementById(button.dataset.take);
      field.value = button.dataset.value;
      field.focus();
    });
  });

  const hint = document.querySelector("[data-checks-keys]");
  if (hint && window.matchMedia("(pointer: fine)").matches) hint.hidden = false;
  askOnlyWhatCounts();
})();
