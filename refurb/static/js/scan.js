// Scanning: the box keeps the cursor where a reader types, and "/" goes to the search of the page.
(() => {
  "use strict";

  const typing = (element) =>
    Boolean(element) && (element.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(element.tagName));

  const box = () => document.querySelector("[data-scan] input[name]:not([type='hidden'])");

  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (document.documentElement.dataset.slash === "off") return;
    const search = document.querySelector("[data-search]") || box();
    if (search) {
      event.preventDefault();
      search.focus();
      search.select();
    }
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
