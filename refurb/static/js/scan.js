// Scanning: the box keeps the cursor where a reader types, and "/" goes to the search of the page.
(() => {
  "use strict";

  const typing = (element) =>
    Boolean(element) && (element.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(element.tagName));

  const box = () => document.querySelector("[data-scan] input[name]:not([type='hidden'])");

  // A reader ends with Enter, which submits by itself; some end with a tabulation, which must not leave the box.
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key === "Tab" && !event.shiftKey && field === box() && field.value.length >= 8 && readFast(field)) {
      event.preventDefault();
      field.form.requestSubmit();
      return;
    }
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing(field)) return;
    if (document.documentElement.dataset.slash === "off") return;
    const search = document.querySelector("[data-search]") || box();
    if (search) {
      event.preventDefault();
      search.focus();
      search.select();
    }
  });

  // Nobody types eight characters in a quarter of a second.
  const begun = new WeakMap();
  const readFast = (field) => performance.now() - (begun.get(field) || 0) < 250;
  document.addEventListener("input", (event) => {
    if (event.target.closest("[data-scan]") && event.target.value.length === 1) begun.set(event.target, performance.now());
  });

  const takeFocus = () => {
    const field = box();
    const faults = document.querySelector("[data-focus]");
    if (field && field.hasAttribute("autofocus") && !faults && !document.querySelector("dialog[open]")) {
      field.focus({ preventScroll: true });
      field.select();
    }
  };
  takeFocus();
  document.addEventListener("htmx:afterSwap", takeFocus);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) takeFocus();
  });
})();
