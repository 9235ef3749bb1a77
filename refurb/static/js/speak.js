// Reads a page aloud by the browser's own voice, where it has one; nothing leaves the browser.
(() => {
  "use strict";
  const button = document.querySelector("[data-speak]");
  const voice = window.speechSynthesis;
  if (!button || !voice || !window.SpeechSynthesisUtterance) return;
  const label = button.querySelector("span");
  const begin = label.textContent;
  const show = (speaking) => {
    button.setAttribute("aria-pressed", String(speaking));
    label.textContent = speaking ? button.dataset.quiet : begin;
  };
  const parts = () => [...document.querySelectorAll("[data-spoken]")].filter((each) => each.textContent.trim());
  button.addEventListener("click", () => {
    if (voice.speaking || voice.pending) {
      voice.cancel();
      show(false);
      return;
    }
    const said = parts().map((each) => {
      const part = new SpeechSynthesisUtterance(each.textContent.trim().replace(/\s+/g, " "));
      part.lang = (each.querySelector("[lang]") || each.closest("[lang]")).lang;
      part.rate = 0.9;
      return part;
    });
    if (!said.length) return;
    said[said.length - 1].addEventListener("end", () => show(false));
    show(true);
    said.forEach((each) => voice.speak(each));
  });
  window.addEventListener("pagehide", () => voice.cancel());
  button.hidden = false;
})();
