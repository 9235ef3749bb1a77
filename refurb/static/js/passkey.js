// Passkeys: asks the browser's key what the page says, and sends its answer with the form around it. The server decides.
(() => {
  "use strict";

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const described = (keys) => (keys || []).map((key) => ({ ...key, id: bytes(key.id) }));

  // What stands in the page in base64url, as the browser takes it: bytes.
  const asked = (box) => {
    const told = JSON.parse(box.dataset.asked);
    const options = { ...told, challenge: bytes(told.challenge) };
    if (told.user) options.user = { ...told.user, id: bytes(told.user.id) };
    if (told.excludeCredentials) options.excludeCredentials = described(told.excludeCredentials);
    if (told.allowCredentials) options.allowCredentials = described(told.allowCredentials);
    return { publicKey: options };
  };

  const answered = (key) => {
    const response = { clientDataJSON: text(key.response.clientDataJSON) };
    ["attestationObject", "authenticatorData", "signature"].forEach((name) => {
      if (key.response[name]) response[name] = text(key.response[name]);
    });
    return JSON.stringify({ id: key.id, rawId: text(key.rawId), type: key.type, response });
  };

  // One of the sentences that the page brings along; the last one where none is for what happened.
  const say = (box, fault) => {
    const sentences = Array.from(box.querySelectorAll("[data-passkey-fault]"));
    const shown = sentences.find((each) => each.dataset.passkeyFault === fault) || sentences[sentences.length - 1];
    sentences.forEach((each) => {
      each.hidden = each !== shown;
    });
  };

  const lacks = (form) => Array.from(form.elements).some((each) => each.required && !each.value.trim());

  // Where something else is missing the form goes without an answer, and the server says what: a key that made a credential for nothing
  // would keep it.
  const ask = async (box, button) => {
    const form = box.closest("form");
    if (lacks(form)) return send(box, "");
    if (button.hasAttribute("aria-busy")) return undefined;
    button.setAttribute("aria-busy", "true");
    try {
      const key = await (asked(box).publicKey.user ? navigator.credentials.create(asked(box)) : navigator.credentials.get(asked(box)));
      send(box, answered(key));
    } catch (error) {
      say(box, error.name);
    } finally {
      button.removeAttribute("aria-busy");
    }
    return undefined;
  };

  const send = (box, answer) => {
    const form = box.closest("form");
    form.elements.answer.value = answer;
    form.requestSubmit();
  };

  const begin = (box) => {
    const button = box.querySelector("button");
    const form = box.closest("form");
    if (location.origin !== box.dataset.origin) return say(box, "elsewhere");
    if (!window.PublicKeyCredential || !navigator.credentials) return say(box, "unsupported");
    button.hidden = false;
    // Enter in a field is a press of the button, where no code may be typed instead.
    form.addEventListener("submit", (event) => {
      if (form.elements.answer.value || form.elements.typed || lacks(form)) return;
      event.preventDefault();
      event.stopPropagation();
      ask(box, button);
    });
    return button.addEventListener("click", () => ask(box, button));
  };

  document.querySelectorAll("[data-asked]").forEach(begin);
})();
