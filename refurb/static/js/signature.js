// Signature: what is drawn on the canvas becomes a PNG in the hidden field beside it. Signing on paper is worth the same.
// It stands for what the form says when it is drawn (`[data-signed-for]` keeps that): whatever changes afterwards voids it, and says so.
(() => {
  "use strict";

  const PEN = 2.4; // CSS pixels
  const WIDEST = 900; // pixels of the picture that is sent

  const begin = (holder) => {
    const canvas = holder.querySelector("canvas");
    const field = holder.querySelector('input[type="hidden"]');
    const pen = canvas.getContext("2d");
    // Strokes are kept as shares of the width and height, so that turning the phone does not lose them.
    let strokes = [];
    let picture = null;
    let stroke = null;
    const ink = getComputedStyle(canvas).color;

    const draw = () => {
      const { clientWidth: width, clientHeight: height } = canvas;
      pen.clearRect(0, 0, width, height);
      if (picture) pen.drawImage(picture, 0, 0, width, height);
      pen.strokeStyle = ink;
      pen.fillStyle = ink;
      pen.lineWidth = PEN;
      pen.lineCap = "round";
      pen.lineJoin = "round";
      strokes.forEach((points) => {
        const [first] = points;
        pen.beginPath();
        if (points.length === 1) {
          pen.arc(first.x * width, first.y * height, PEN / 2, 0, 2 * Math.PI);
          pen.fill();
          return;
        }
        pen.moveTo(first.x * width, first.y * height);
        points.slice(1).forEach((point, index) => {
          const before = points[index];
          pen.quadraticCurveTo(before.x * width, before.y * height, ((before.x + point.x) / 2) * width, ((before.y + point.y) / 2) * height);
        });
        pen.stroke();
      });
    };

    const fit = () => {
      const dense = window.devicePixelRatio || 1;
      if (!canvas.clientWidth) return;
      canvas.width = Math.round(canvas.clientWidth * dense);
      canvas.height = Math.round(canvas.clientHeight * dense);
      pen.setTransform(dense, 0, 0, dense, 0, 0);
      draw();
    };

    const form = field.form;
    const bond = form && form.querySelector("[data-signed-for]");
    const notice = form && form.querySelector("[data-sign-void]");
    const said = () => {
      const covers = new RegExp(bond.dataset.covers);
      return Array.from(new FormData(form)).filter(([name, value]) => covers.test(name) && typeof value === "string");
    };
    const sorted = (pairs) => JSON.stringify(pairs.map((pair) => JSON.stringify(pair)).sort());
    const bind = () => {
      if (!bond) return;
      const now = new Date();
      const two = (number) => String(number).padStart(2, "0");
      const at = `${two(now.getHours())}:${two(now.getMinutes())}`;
      bond.value = field.value ? JSON.stringify({ at, fields: said() }) : "";
      if (field.value && notice) notice.hidden = true;
    };
    const wipe = () => {
      strokes = [];
      picture = null;
      draw();
      field.value = "";
    };
    const check = () => {
      if (!field.value || !bond.value) return;
      const told = JSON.parse(bond.value);
      if (sorted(told.fields) === sorted(said())) return;
      const words = notice.querySelector("[data-said]");
      words.textContent = words.dataset.said.replace("__at__", told.at.replace(":", "\u202fh\u202f"));
      wipe();
      bond.value = "";
      notice.hidden = false;
    };
    if (bond) {
      ["change", "input", "click"].forEach((kind) => form.addEventListener(kind, () => setTimeout(check)));
    }

    const save = () => {
      if (!strokes.length && !picture) {
        field.value = "";
      } else {
        const copy = document.createElement("canvas");
        const scale = Math.min(1, WIDEST / canvas.width);
        copy.width = Math.round(canvas.width * scale);
        copy.height = Math.round(canvas.height * scale);
        copy.getContext("2d").drawImage(canvas, 0, 0, copy.width, copy.height);
        field.value = copy.toDataURL("image/png");
      }
      bind();
      field.dispatchEvent(new Event("change", { bubbles: true }));
    };

    const at = (event) => {
      const box = canvas.getBoundingClientRect();
      return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
    };
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      canvas.setPointerCapture(event.pointerId);
      stroke = [at(event)];
      strokes.push(stroke);
      draw();
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!stroke) return;
      const steps = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
      (steps.length ? steps : [event]).forEach((step) => stroke.push(at(step)));
      draw();
    });
    const lift = () => {
      if (!stroke) return;
      stroke = null;
      save();
    };
    canvas.addEventListener("pointerup", lift);
    canvas.addEventListener("pointercancel", lift);

    holder.querySelector("[data-sign-clear]").addEventListener("click", () => {
      wipe();
      save();
    });

    new ResizeObserver(fit).observe(canvas);
    if (field.value.startsWith("data:image/png;base64,")) {
      const kept = new Image();
      kept.addEventListener("load", () => { picture = kept; draw(); });
      kept.src = field.value;
    }
    fit();
  };

  const all = () => document.querySelectorAll("[data-sign]:not([data-ready])").forEach((holder) => {
    holder.dataset.ready = "yes";
    begin(holder);
  });
  all();
  document.addEventListener("htmx:afterSwap", all);
})();
