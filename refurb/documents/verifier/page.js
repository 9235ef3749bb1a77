// The page: what it was given, what the code signs beside what is printed, and one sentence for it all.
"use strict";

const Check = (() => {
  const BLANK = /[\t-\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/g;  // As signed_code.py has them.
  const squeezed = (text) => text.replace(/\s+/g, "");
  // The data keep a text as it was typed; on the page its signs are set: an apostrophe is curved, three dots are one sign.
  const typed = (text) => squeezed(text).replace(/[\u2018\u2019]/g, "'").replace(/[\u201c\u201d\u00ab\u00bb]/g, '"').replace(/\u2026/g, "...")
    .replace(/[\u2010-\u2012]/g, "-");
  const hex = (bytes) => Array.from(bytes, (each) => each.toString(16).padStart(2, "0")).join("");
  const sumOf = async (text) => {
    const bytes = new TextEncoder().encode(text);
    return hex(globalThis.crypto?.subtle ? new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)) : Sha.sum(bytes, 32));
  };
  const textsIn = (data) => typeof data === "string" ? [data] : data && typeof data === "object" ? Object.values(data).flatMap(textsIn) : [];
  const NOT_PRINTED_SO = ["format", "language", "issued_on", "code", "status", "type", "verify", "sha256"];

  // What the attached data say and no page prints; beside each, what is printed that is most like it.
  const differences = (attached, words) => {
    if (!attached) return [];
    const printed = typed(words.join("")), seen = words.map((each) => each.trim()).filter(Boolean), found = [];
    const told = Object.entries(attached).filter(([name]) => !NOT_PRINTED_SO.includes(name)).flatMap(([, value]) => textsIn(value));
    const kinds = new Set(["paragraph", "heading", "claim", "facts", "sides", "table", "translation", "signatures"]);
    for (const text of new Set(told)) {
      if (kinds.has(text) || printed.includes(typed(text)) || /[\u0590-\u08ff]/.test(text)) continue;
      const spare = seen.filter((each) => !told.some((other) => other !== text && typed(other).includes(typed(each))));
      found.push({ told: text, printed: spare.sort((a, b) => alike(b, text) - alike(a, text))[0] ?? "" });
    }
    return found;
  };
  const alike = (a, b) => {
    let start = 0, end = 0;
    while (start < Math.min(a.length, b.length) && a[start] === b[start]) start++;
    while (end < Math.min(a.length, b.length) - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
    return start + end;
  };

  // The strings that are drawn before the code, which is drawn last; null where another one is.
  const beforeCode = (words, code) => {
    let end = "";
    for (let at = words.length - 1; at >= 0 && end.length < code.length; at--) {
      end = squeezed(words[at]) + end;
      if (end === code) return words.slice(0, at);
    }
    return null;
  };

  // The verdict on a PDF (its bytes, or null) and a code (as typed, or ""):
  // { verdict: ok | signed | changed | forged | stranger | retired | other | no_code | no_pdf, code, key, fields, differences, other }.
  const check = async (bytes, given, keys) => {
    let pdf = null;
    if (bytes) {
      try { pdf = await Pdf.read(bytes); } catch { return { verdict: "no_pdf" }; }
    }
    const code = Code.read(given || (pdf?.attached?.code ?? ""));
    if (!code) return { verdict: given ? "no_code" : "unsigned" };
    const signed = await Code.signer(code, keys);
    const found = { code, key: signed.key, fields: [], differences: [], other: pdf?.other ?? [] };
    if (signed.unknown) return { ...found, verdict: "stranger" };
    if (signed.wrong) return { ...found, verdict: "forged" };
    if (signed.late) return { ...found, verdict: "retired" };
    if (!pdf) return { ...found, verdict: "signed" };
    const printed = squeezed(pdf.words.join("")), before = beforeCode(pdf.words, code.text);
    const sum = await sumOf((before ?? pdf.words).map((each) => each.replace(BLANK, " ")).join("\n"));
    const issuer = squeezed(code.issuer.replace(/…$/, "")), data = pdf.attached ?? {};
    found.fields = [
      ["number", code.reference, data.reference ?? "", printed.includes(code.reference) && data.reference === code.reference],
      ["date", code.issuedOn, data.issued_on ?? "", data.issued_on === code.issuedOn],
      ["issuer", code.issuer, data.issuer?.name ?? "", squeezed(data.issuer?.name ?? "").startsWith(issuer) && printed.includes(issuer)],
      ["words", code.sum, sum, sum === code.sum],
    ];
    if (!before) return { ...found, verdict: "other" };
    const whole = sum === code.sum && !found.other.length && found.fields.every((each) => each[3]);
    return { ...found, verdict: whole ? "ok" : "changed", differences: whole ? [] : differences(pdf.attached, pdf.words) };
  };
  return { check };
})();

if (globalThis.document) (() => {
  const { keys, texts, issuer } = TOLD;
  const by = (id) => document.getElementById(id);
  let language = (navigator.language || "fr").toLowerCase().startsWith("fr") ? "fr" : "en", last = null;
  const t = (name, facts = {}) => texts[language][name].replace(/%\((\w+)\)s/g, (_, key) => facts[key] ?? "");
  const day = (iso) => iso && new Date(`${iso}T12:00:00Z`).toLocaleDateString(language === "fr" ? "fr" : "en-GB", { dateStyle: "long", timeZone: "UTC" })
    .replace(/^1 (?=[a-zéû]+ )/, language === "fr" ? "1er " : "1 ");
  const make = (tag, text = "", more = {}) => Object.assign(document.createElement(tag), { textContent: text }, more);
  const grouped = (text) => text.replace(/.{4}(?=.)/g, "$& ");

  const row = (name, signed, printed, same) => {
    const tr = make("tr", "", { className: same ? "" : "differs", role: "row" });
    tr.append(make("th", t(`f_${name}`), { scope: "row", role: "rowheader" }));
    for (const [label, value] of [["signed_column", signed], ["printed_column", printed]].filter(([, value]) => value !== null)) {
      const shown = name === "date" ? day(value) : name === "words" ? grouped(value) : value;
      const td = make("td", shown, { className: name === "words" ? "mono" : "", role: "cell" });
      td.dataset.th = t(label);
      tr.append(td);
    }
    if (printed !== null) {
      tr.append(make("td", t(same ? "same" : "differs"), { role: "cell" }));
    }
    return tr;
  };

  const table = (found, compared) => {
    const all = make("table", "", { role: "table" }), head = make("tr", "", { role: "row" }), { code } = found;
    all.append(make("caption", t(compared ? "compared" : "compare_by_eye")));
    for (const name of ["field", "signed_column", ...(compared ? ["printed_column", "result_column"] : [])]) {
      head.append(make("th", t(name), { scope: "col", role: "columnheader" }));
    }
    all.append(make("thead", "", { role: "rowgroup" }));
    all.tHead.append(head);
    const body = make("tbody", "", { role: "rowgroup" });
    const named = (reference) => texts[language][`kind_${reference.slice(0, 2)}`] ?? reference.slice(0, 2), printed = found.fields[0]?.[2] ?? "";
    const fields = compared ? found.fields : [["number", code.reference], ["date", code.issuedOn], ["issuer", code.issuer]].map((each) => [...each, null, true]);
    const alike = !compared || printed.slice(0, 2) === code.reference.slice(0, 2);
    body.append(row("kind", named(code.reference), compared ? named(printed) : null, alike));
    for (const each of fields) body.append(row(...each));
    all.append(body);
    return all;
  };

  const show = (found) => {
    const place = by("result"), tone = { ok: "ok", signed: "ok", changed: "stop", forged: "stop", other: "stop", retired: "stop" }[found.verdict] ?? "wait";
    const facts = { number: found.code?.reference, issuer: found.code?.issuer, day: day(found.code?.issuedOn), until: day(found.key?.until) };
    place.className = tone;
    place.replaceChildren(make("h2", t(`v_${found.verdict}`, facts)), make("p", t(`w_${found.verdict}`, facts)));
    for (const each of found.differences ?? []) {
      place.append(make("p", t(each.printed ? "difference" : "missing", each), { className: "difference" }));
    }
    if (found.other?.length) place.append(make("p", t("laid_over")));
    if (found.fields?.length) place.append(table(found, true));
    else if (found.verdict === "signed") place.append(table(found, false));
    if (found.code && ["ok", "signed", "changed"].includes(found.verdict)) {
      place.append(make("p", t("covered")), make("p", t("not_covered")));
    }
  };

  const speak = () => {
    document.documentElement.lang = language;
    document.title = t("title");
    for (const each of document.querySelectorAll("[data-t]")) each.textContent = t(each.dataset.t, { issuer });
    for (const each of document.querySelectorAll("[data-lang]")) each.setAttribute("aria-pressed", String(each.dataset.lang === language));
    const days = (key) => ({ name: key.line, since: day(key.since), until: day(key.until) });
    by("keys").replaceChildren(...keys.map((key) => make("li", t(key.until ? "key_until" : "key_since", days(key)))));
    if (last) show(last);
  };

  // The codes in a part of a picture, as jsQR reads them: it finds one at a time, so that each is painted over once it is read.
  const codesIn = function* (picture, [left, top, wide, high], most) {
    const scale = most / Math.max(wide, high), [width, height] = [wide, high].map((each) => Math.max(1, Math.round(each * scale)));
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const drawn = canvas.getContext("2d", { willReadFrequently: true });
    drawn.fillStyle = "#fff";  // What a picture leaves transparent is paper.
    drawn.fillRect(0, 0, width, height);
    drawn.drawImage(picture, left, top, wide, high, 0, 0, width, height);
    for (let tries = 0; tries < 4; tries++) {
      const found = jsQR(drawn.getImageData(0, 0, width, height).data, width, height, { inversionAttempts: "dontInvert" });
      if (!found) return;
      yield found.data;
      const corners = ["topLeftCorner", "topRightCorner", "bottomRightCorner", "bottomLeftCorner"].map((each) => found.location[each]);
      drawn.beginPath();
      for (const { x, y } of corners) drawn.lineTo(x, y);
      drawn.fill();
    }
  };

  // Where a code is looked for, and how large: in the whole picture, then nearer, from the foot up, where papers bear theirs.
  const looks = ({ width, height }) => {
    const found = [700, 1000, 1600].map((most) => [[0, 0, width, height], most]);  // What is quick comes first.
    for (const down of [2, 1, 0]) {
      for (const along of [0, 1, 2]) found.push([[along * width / 4, down * height / 4, width / 2, height / 2], 1600]);
    }
    return found;
  };

  const fromPhoto = async (file) => {
    const picture = await createImageBitmap(file);
    if ("BarcodeDetector" in globalThis) {
      const found = await new BarcodeDetector({ formats: ["qr_code"] }).detect(picture).catch(() => []);
      const own = found.map((each) => each.rawValue).find((text) => Code.read(text));
      if (own) return own;
    }
    for (const [part, most] of looks(picture)) {
      await new Promise((go) => setTimeout(go));  // The page stays alive between two looks.
      for (const text of codesIn(picture, part, most)) if (Code.read(text)) return text;
    }
    return "";
  };

  by("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const pdf = by("pdf").files[0], photo = by("photo").files[0];
    let typed = by("code").value.trim();
    if (!typed && photo) {
      by("result").className = "wait";
      by("result").replaceChildren(make("p", t("looking")));
      const seen = await fromPhoto(photo).catch(() => "");
      if (!seen && !pdf) last = { verdict: "no_photo" };
      typed = seen;
    }
    if (typed || pdf) last = await Check.check(pdf ? new Uint8Array(await pdf.arrayBuffer()) : null, typed, keys);
    else if (!photo) last = { verdict: "nothing" };
    show(last);
    by("result").focus();
  });
  for (const each of document.querySelectorAll("[data-lang]")) each.addEventListener("click", () => { language = each.dataset.lang; speak(); });
  speak();
})();
