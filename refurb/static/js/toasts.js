// Toasts: said aloud once, kept while looked at, and gone after ten seconds, unless what they tell can be taken back: those stay
// until the next page. Each has a button that takes it away.
(() => {
  "use strict";

  const region = document.querySelector(".toasts");
  if (!region) return;
  const LONG_ENOUGH = 10000;

  const furnish = (toast) => {
    toast.dataset.ready = "yes";
    const close = document.createElement("button");
    close.type = "button";
    close.className = "btn";
    close.textContent = region.dataset.close;
    toast.append(close);

    let timer = 0;
    const leave = () => toast.remove();
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(leave, LONG_ENOUGH);
    };
    const stay = () => clearTimeout(timer);
    close.addEventListener("click", leave);
    if ("stays" in toast.dataset) return;
    toast.addEventListener("pointerenter", stay);
    toast.addEventListener("pointerleave", wait);
    toast.addEventListener("focusin", stay);
    toast.addEventListener("focusout", wait);
    wait();
  };

  // What is in a live region when the page opens is not announced: it is put there again a moment later.
  const present = Array.from(region.querySelectorAll(".toast"));
  present.forEach((toast) => toast.remove());
  setTimeout(() => present.forEach((toast) => { region.append(toast); furnish(toast); }), 150);

  new MutationObserver(() => {
    region.querySelectorAll(".toast:not([data-ready])").forEach(furnish);
  }).observe(region, { childList: true });
})();
