// Forms: takes the focus to the faults, asks before what cannot be undone, and refuses a second press or a heavy file.
// Every form works without this file; the server decides.
(() => {
  "use strict";

  const PATIENCE = 20000; // milliseconds before a form may be sent again

  const openAgain = (form) => {
    delete form.dataset.sent;
    form.querySelectorAll('[aria-busy="true"]').forEach((button) => button.removeAttribute("aria-busy"));
  };

  const focusFaults = (root) => {
    const faults = root.querySelector("[data-focus]");
    if (faults) faults.focus();
  };

  // The answer to a dialog is remembered on the form it came from, and used once.
  const askFirst = (form, submitter) => {
    const dialog = document.getElementById(form.dataset.confirm);
    if (!dialog || typeof dialog.showModal !== "function") return false;
    if (form.dataset.answered) {
      delete form.dataset.answered;
      return false;
    }
    dialog.returnValue = "";
    dialog.addEventListener(
      "close",
      () => {
        if (dialog.returnValue === "yes") {
          form.dataset.answered = "yes";
          form.requestSubmit(submitter || undefined);
        } else if (submitter) {
          submitter.focus();
        }
      },
      { once: true },
    );
    dialog.showModal();
    return true;
  };

  const sizeFault = (input) => {
    const most = Number(input.dataset.maxBytes);
    if (!most) return "";
    const heavy = Array.from(input.files).find((file) => file.size > most);
    return heavy ? (input.dataset.tooBig || "").replace("{name}", heavy.name) : "";
  };

  const describe = (input, id, isThere) => {
    const others = (input.getAttribute("aria-describedby") || "").split(/\s+/).filter((each) => each && each !== id);
    input.setAttribute("aria-describedby", (isThere ? [...others, id] : others).join(" "));
  };

  const showFileFault = (input) => {
    const fault = sizeFault(input);
    const id = `${input.id}-size`;
    const shown = document.getElementById(id);
    if (!fault) {
      if (shown) {
        shown.remove();
        input.removeAttribute("aria-invalid");
        describe(input, id, false);
      }
      return true;
    }
    const line = shown || document.createElement("p");
    line.id = id;
    line.className = "field-error";
    line.setAttribute("role", "alert");
    line.textContent = fault;
    if (!shown) input.before(line);
    input.setAttribute("aria-invalid", "true");
    describe(input, id, true);
    return false;
  };

  document.addEventListener("change", (event) => {
    if (event.target.matches('input[type="file"][data-max-bytes]')) showFileFault(event.target);
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "dialog") return;
    const heavy = Array.from(form.querySelectorAll('input[type="file"][data-max-bytes]')).filter((input) => !showFileFault(input));
    if (heavy.length) {
      event.preventDefault();
      heavy[0].focus();
      return;
    }
    if (form.dataset.confirm && askFirst(form, event.submitter)) {
      event.preventDefault();
      return;
    }
    if (form.method !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
    // A post that answers with a file leaves the page where it is.
    setTimeout(() => openAgain(form), PATIENCE);
  });

  // Coming back with the browser's Back button must not find a form that is closed for ever.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(openAgain);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest("form[data-sent]");
    if (form) openAgain(form);
  });

  document.addEventListener("click", (event) => {
    const closed = event.target.closest('[aria-disabled="true"]');
    if (closed) {
      event.preventDefault();
      const why = document.getElementById(closed.getAttribute("aria-describedby"));
      if (why) {
        // Written again inside a live region, so that the reason is said aloud.
        why.setAttribute("role", "status");
        const words = why.textContent;
        why.textContent = "";
        requestAnimationFrame(() => { why.textContent = words; });
      }
      return;
    }
    const opener = event.target.closest("[data-open]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.open);
      if (dialog) {
        event.preventDefault();
        dialog.showModal();
        dialog.addEventListener("close", () => opener.focus(), { once: true });
      }
      return;
    }
    const printer = event.target.closest("[data-print]");
    if (printer) {
      event.preventDefault();
      window.print();
    }
  });

  // An account menu closes when one looks elsewhere.
  document.addEventListener("click", (event) => {
    document.querySelectorAll("details.me[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.removeAttribute("open");
    });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details.me[open]").forEach((menu) => {
      menu.removeAttribute("open");
      menu.querySelector("summary").focus();
    });
  });

  // What is being written is kept on the server, never here: desks are shared. The address then brings it back, after a reload too.
  const KEEP_AFTER = 3000; // milliseconds without a key
  const keepers = Array.from(document.querySelectorAll("form[data-keep]")).map((form) => {
    let waits = 0;
    let isNew = false;
    const keep = async () => {
      clearTimeout(waits);
      if (!isNew || form.dataset.sent) return;
      isNew = false;
      const told = new URLSearchParams();
      // Its key says which opened form this is; under its own name it would be that of a deed.
      for (const [name, value] of new FormData(form)) if (typeof value === "string") told.append(name === "_key" ? "_form" : name, value);
      told.append("_page", location.pathname + location.search);
      try {
        const answer = await fetch(form.dataset.keep, { method: "POST", body: told, credentials: "same-origin", keepalive: true });
        const kept = answer.ok ? await answer.json() : {};
        if (!kept.number) return;
        const here = new URL(location.href);
        here.searchParams.set("reprise", kept.number);
        history.replaceState(history.state, "", here);
        const next = document.querySelector(".tongue [name=next]");
        if (next) next.value = here.pathname + here.search;
        const mark = form.querySelector("[name=_reprise]") || form.appendChild(document.createElement("input"));
        Object.assign(mark, { type: "hidden", name: "_reprise", value: kept.number });
      } catch {
        isNew = true; // The network is away: the next key tries again.
      }
    };
    form.addEventListener("input", () => {
      isNew = true;
      clearTimeout(waits);
      waits = setTimeout(keep, KEEP_AFTER);
    });
    window.addEventListener("pagehide", keep);
    document.addEventListener("visibilitychange", () => { if (document.hidden) keep(); });
    return keep;
  });
  const tongue = document.querySelector("form.tongue");
  if (tongue && keepers.length) {
    tongue.addEventListener("submit", (event) => {
      if (tongue.dataset.kept) return;
      event.preventDefault();
      event.stopPropagation();
      tongue.dataset.kept = "yes";
      Promise.all(keepers.map((keep) => keep())).then(() => tongue.requestSubmit(event.submitter));
    });
  }

  focusFaults(document);
  document.addEventListener("htmx:afterSwap", (event) => focusFaults(event.target));
})();
