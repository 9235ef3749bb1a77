// The keys of a committee that sits: digits decide, Enter notes, arrows lead on. They act only while no field has the focus, and can be
// switched off. Everything they do is a press of the page, so that the page works without them.
(() => {
  "use strict";

  const form = document.getElementById("decision");
  const OFF = "refurb-committee-keys-off";

  // Only the reasons that suit the verdict are offered; the first is meant where another was chosen before.
  const reasons = document.querySelector("[data-reasons]");
  const more = document.querySelector("[data-more]");
  const suit = () => {
    const chosen = form.querySelector("[name='verdict']:checked");
    reasons.querySelectorAll("optgroup").forEach((each) => {
      const suits = Boolean(chosen) && each.dataset.for === chosen.value;
      each.disabled = !suits;
      if (suits && !each.querySelector("option:checked")) each.querySelector("option").selected = true;
    });
  };
  if (form && reasons) {
    suit();
    form.addEventListener("change", (event) => {
      if (event.target.name === "verdict") suit();
      if (event.target === reasons && reasons.value === "other") {
        more.open = true;
        more.querySelector("[name='note']").focus();
      }
    });
  }

  const panel = document.querySelector("[data-keys]");
  const press = document.querySelector("[data-keys-switch]");
  const isOff = () => {
    try {
      return sessionStorage.getItem(OFF) === "yes";
    } catch {
      return false;
    }
  };
  const tell = () => {
    press.setAttribute("aria-pressed", String(!isOff()));
    document.body.classList.toggle("is-off", isOff());
  };
  if (panel && press) {
    panel.hidden = false;
    tell();
    press.addEventListener("click", () => {
      try {
        sessionStorage.setItem(OFF, isOff() ? "no" : "yes");
      } catch { /* Without storage they are on again on the next page. */ }
      tell();
    });
  }

  const follow = (selector) => {
    const link = document.querySelector(selector);
    if (link) link.click();
    return Boolean(link);
  };
  const decide = (digit) => {
    const choice = form && form.querySelector(`[name='verdict'][data-key='${digit}']`);
    if (!choice) return false;
    choice.checked = true;
    suit();
    return true;
  };
  const DEEDS = {
    Enter: () => Boolean(form) && (form.requestSubmit(), true),
    ArrowLeft: () => follow("[data-ways] [rel='prev']"),
    ArrowRight: () => follow("[data-ways] [rel='next']"),
    r: () => follow("[data-recusal]"),
  };

  document.addEventListener("keydown", (event) => {
    if (isOff() || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const at = document.activeElement;
    if (at && at !== document.body && at.id !== "contenu" && at.id !== "erreurs") return;
    const deed = DEEDS[event.key] || DEEDS[event.key.toLowerCase()];
    if (/^[1-4]$/.test(event.key) ? decide(event.key) : deed && deed()) event.preventDefault();
  });
})();
