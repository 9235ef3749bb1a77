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

  const begin = (box) => {
    const button = box.querySelector("button");
    if (location.origin !== box.dataset.origin) return say(box, "elsewhere");
    if (!window.PublicKeyCredential || !navigator.credentials) return say(box, "unsupported");
    button.hidden = false;
    return button.addEventListener("click", async () => {
      button.setAttribute("aria-busy", "true");
      try {
        const key = await (asked(box).publicKey.user ? navigator.credentials.create(asked(box)) : navigator.credentials.get(asked(box)));
        const form = box.closest("form");
        form.elements.answer.value = answered(key);
        form.requestSubmit();
      } catch (error) {
        say(box, error.name);
      } finally {
        button.removeAttribute("aria-busy");
      }
    });
  };

  document.querySelectorAll("[data-asked]").forEach(begin);
})();
