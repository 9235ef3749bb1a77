// Signature: what is drawn on the canvas becomes a PNG in the hidden field beside it. Signing on paper is worth the same.
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
      strokes = [];
      picture = null;
      draw();
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
