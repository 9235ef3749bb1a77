// The checklist of a kit: « all there » without a new page, and how far the counting is. The form says the same without this file.
(() => {
  "use strict";

  const groups = (form) => Array.from(form.querySelectorAll(".kit-item")).filter((item) => item.querySelector("input[type=radio]"));
  const counted = (form) => groups(form).filter((item) => item.querySelector("input[type=radio]:checked")).length;

  const tell = (form) => {
    const progress = form.querySelector("[data-kit-progress]");
    const left = form.querySelector("[data-kit-left]");
    if (progress) progress.textContent = progress.dataset.kitProgress.replace("__n__", String(counted(form) + form.querySelectorAll(".kit-none").length));
    if (left) left.hidden = counted(form) === groups(form).length;
  };

  document.addEventListener("click", (event) => {
    const all = event.target.closest("[data-kit-all]");
    if (!all) return;
    event.preventDefault();
    groups(all.form).forEach((item) => {
      if (!item.querySelector("input[type=radio]:checked")) item.querySelector("input[type=radio]").checked = true;
    });
    // It leaves a trace: what was not looked at piece by piece is known as such.
    const trace = all.form.querySelector("[data-kit-trace]");
    if (trace) trace.disabled = false;
    tell(all.form);
  });

  document.addEventListener("change", (event) => {
    if (event.target.closest(".kit-item")) tell(event.target.form);
  });
})();
