// The words of a PDF: every text object that its pages draw, in the order in which they draw it, and the data attached to it.
// It reads what we write (refurb/documents/pdf_file.py) and what a change appends to it; of anything else it says that it cannot.
"use strict";

const Pdf = (() => {
  const latin = (bytes) => {
    let text = "";
    for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
    return text;
  };
  const bytesOf = (text) => Uint8Array.from(text, (sign) => sign.charCodeAt(0));

  const unpacked = async (bytes) => {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  };

  // --- values -----------------------------------------------------------------------------------------------------------
  // A name is { name }, a reference { ref }, a string { text }, an operator { op }; the others are what they are in JavaScript.
  const BLANK = /[\0\t\n\f\r ]/, END = /[\0\t\n\f\r ()<>[\]{}/%]/;

  class Reader {
    constructor(text, at = 0) { this.text = text; this.at = at; }

    skip() {
      for (;;) {
        while (this.at < this.text.length && BLANK.test(this.text[this.at])) this.at++;
        if (this.text[this.at] !== "%") return;
        while (this.at < this.text.length && !/[\r\n]/.test(this.text[this.at])) this.at++;
      }
    }

    // The next value; undefined at the end of the text or of a list.
    value() {
      this.skip();
      const { text } = this, sign = text[this.at];
      if (sign === undefined) return undefined;
      if (text.startsWith("<<", this.at)) { this.at += 2; return this.dictionary(); }
      if (text.startsWith(">>", this.at)) { this.at += 2; return undefined; }
      if (sign === "[") { this.at++; return this.list(); }
      if (sign === "]") { this.at++; return undefined; }
      if (sign === "(") return this.string();
      if (sign === "<") {
        const end = text.indexOf(">", this.at), digits = text.slice(this.at + 1, end).replace(/\s/g, "");
        this.at = end + 1;
        return { text: digits.replace(/..?/g, (pair) => String.fromCharCode(parseInt(pair.padEnd(2, "0"), 16))) };
      }
      const begun = this.at++;
      while (this.at < text.length && !END.test(text[this.at])) this.at++;
      const word = text.slice(begun, this.at);
      if (sign === "/") return { name: word.slice(1).replace(/#(..)/g, (_, pair) => String.fromCharCode(parseInt(pair, 16))) };
      if (/^[+-]?(\d+\.?\d*|\.\d+)$/.test(word)) {
        const reference = /^(\d+)[\s]+(\d+)[\s]+R(?![A-Za-z])/.exec(text.slice(begun, begun + 40));
        if (reference) { this.at = begun + reference[0].length; return { ref: reference[2] === "0" ? Number(reference[1]) : -1 }; }
        return Number(word);
      }
      return { true: true, false: false, null: null }[word] ?? { op: word };
    }

    list() {
      const all = [];
      for (let each = this.value(); each !== undefined; each = this.value()) all.push(each);
      return all;
    }

    dictionary() {
      const all = this.list(), found = new Map();
      for (let at = 0; at + 1 < all.length; at += 2) {
        if (found.has(all[at]?.name)) throw new Error("told twice");  // Readers do not agree on which one holds.
        found.set(all[at]?.name, all[at + 1]);
      }
      return found;
    }

    string() {
      let depth = 1, out = "";
      const plain = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };
      for (this.at++; this.at < this.text.length; this.at++) {
        const sign = this.text[this.at];
        if (sign === "\\") {
          const octal = /^[0-7]{1,3}/.exec(this.text.slice(this.at + 1, this.at + 4));
          if (octal) { out += String.fromCharCode(parseInt(octal[0], 8) & 255); this.at += octal[0].length; continue; }
          const next = this.text[++this.at];
          if (next === "\r" && this.text[this.at + 1] === "\n") this.at++;
          if (next !== "\r" && next !== "\n") out += plain[next] ?? next;
          continue;
        }
        if (sign === "(") depth++;
        if (sign === ")" && --depth === 0) { this.at++; break; }
        out += sign;
      }
      return { text: out };
    }
  }

  // --- the file ---------------------------------------------------------------------------------------------------------

  class File {
    constructor() { this.objects = new Map(); this.root = undefined; }

    get(value) {
      for (let times = 0; value?.ref !== undefined && times < 20; times++) value = this.objects.get(value.ref)?.value;
      return value;
    }

    async stream(value) {
      const held = value?.ref !== undefined ? this.objects.get(value.ref) : undefined;
      if (!held?.raw) return null;
      const filter = this.get(held.value.get("Filter")), names = (Array.isArray(filter) ? filter : [filter]).map((each) => each?.name);
      if (names.length === 1 && names[0] === undefined) return held.raw;
      if (names.length !== 1 || names[0] !== "FlateDecode" || held.value.get("DecodeParms")) throw new Error("filter");
      return unpacked(held.raw);
    }
  }

  // Every object of the file, found as readers of PDF find it (ISO 32000-1, 7.5.4 to 7.5.8): from the last table back to the first, the
  // newest place of each number. Where a reader would have to guess, and might show other words than are read here, it is no PDF of ours.
  const open = async (bytes) => {
    const text = latin(bytes), file = new File(), last = /startxref\s+(\d+)\s+%%EOF\s{0,4}$/.exec(text.slice(-60));
    if (!text.startsWith("%PDF-") || !last) throw new Error("no pdf");
    const places = new Map(), known = new Set(), read = new Set();
    for (let at = Number(last[1]); at !== undefined;) {
      if (read.has(at)) throw new Error("tables in a ring");
      read.add(at);
      const { told, rows } = await tableAt(text, bytes, at);
      if (told.get("Encrypt") || told.get("XRefStm")) throw new Error("locked or two tables");
      file.root ??= told.get("Root");
      for (const [number, place] of rows) {
        if (!places.has(number)) places.set(number, place);
        if (place.at !== undefined) known.add(place.at);
      }
      at = told.get("Prev");
    }
    const ends = new Map();
    for (const at of new Set([...known, ...read])) if (!text.startsWith("xref", at)) ends.set(at, objectAt(text, bytes, at, places).end);
    strays(text, ends);
    for (const [number, { at }] of places) if (at !== undefined) file.objects.set(number, objectAt(text, bytes, at, places, number));
    for (const [number, { pack, index }] of places) if (pack !== undefined) file.objects.set(number, await packed(file, pack, index, number));
    if (!file.root?.ref) throw new Error("without a root");
    return file;
  };

  // A table of places, as lines or as a stream: what it tells of the file, and [number, { at } | { pack, index } | {}] of each object.
  const tableAt = async (text, bytes, at) => {
    const rows = [];
    if (!text.startsWith("xref", at)) {
      const held = objectAt(text, bytes, at, new Map()), told = held.value, [kind, place, more] = told.get("W") ?? [];
      if (told.get("Type")?.name !== "XRef" || kind !== 1 || told.get("DecodeParms")) throw new Error("table");
      const data = told.get("Filter") ? await unpacked(held.raw) : held.raw, spans = told.get("Index") ?? [0, told.get("Size")];
      const whole = (from, count) => data.subarray(from, from + count).reduce((sum, each) => sum * 256 + each, 0);
      let row = 0;
      for (let span = 0; span + 1 < spans.length; span += 2) {
        for (let number = spans[span]; number < spans[span] + spans[span + 1]; number++, row += 1 + place + more) {
          if (row + 1 + place + more > data.length) throw new Error("table");
          const [first, second] = [whole(row + 1, place), whole(row + 1 + place, more)];
          if (data[row] > 2 || (data[row] === 1 && second !== 0)) throw new Error("table");
          rows.push([number, [{}, { at: first }, { pack: first, index: second }][data[row]]]);
        }
      }
      return { told, rows };
    }
    const line = /\s*(\d+)\s+(\d+)\s*?[\r\n]+/y, row = /(\d{10}) (\d{5}) ([nf])(?: \r| \n|\r\n)/y;
    line.lastIndex = at + 4;
    for (let span = line.exec(text); span; span = line.exec(text)) {
      row.lastIndex = line.lastIndex;
      for (let number = Number(span[1]); number < Number(span[1]) + Number(span[2]); number++) {
        const found = row.exec(text);
        if (!found || (found[3] === "n" && Number(found[2]) !== 0)) throw new Error("table");
        rows.push([number, found[3] === "n" ? { at: Number(found[1]) } : {}]);
        line.lastIndex = row.lastIndex;
      }
      at = line.lastIndex;
    }
    const reader = new Reader(text, at), word = reader.value(), told = reader.value();
    if (word?.op !== "trailer" || !(told instanceof Map)) throw new Error("table");
    return { told, rows };
  };

  // The object that begins exactly there: { number, value, raw: the bytes of its stream, end }.
  const objectAt = (text, bytes, at, places, number) => {
    const begins = /(\d+) 0 obj\b/y;
    begins.lastIndex = at;
    const found = begins.exec(text);
    if (!found || (number !== undefined && Number(found[1]) !== number)) throw new Error("place");
    const reader = new Reader(text, begins.lastIndex), value = reader.value(), held = { value };
    reader.skip();
    if (value instanceof Map && text.startsWith("stream", reader.at)) {
      const start = reader.at + 6 + (text[reader.at + 6] === "\r" ? 2 : 1), told = value.get("Length"), place = places.get(told?.ref)?.at;
      const length = told?.ref === undefined ? told : objectAt(text, bytes, place, places, told.ref).value;
      if (!Number.isInteger(length) || !/^\s*endstream\b/.test(text.slice(start + length, start + length + 20))) throw new Error("length");
      held.raw = bytes.subarray(start, start + length);
      reader.at = text.indexOf("endstream", start + length) + 9;
    }
    if (!/^\s*endobj\b/.test(text.slice(reader.at, reader.at + 20))) throw new Error("object");
    return { ...held, end: reader.at };
  };

  // What stands in the file as an object and in no table: some readers would show it.
  const strays = (text, ends) => {
    const begins = /\d+\s+\d+\s+obj\b/g;
    for (let found = begins.exec(text); found; found = begins.exec(text)) {
      if (!ends.has(found.index)) throw new Error("stray object");
      begins.lastIndex = ends.get(found.index);
    }
  };

  const packed = async (file, pack, index, number) => {
    const held = file.objects.get(pack);
    if (held?.value?.get?.("Type")?.name !== "ObjStm") throw new Error("pack");
    held.text ??= latin(await file.stream({ ref: pack }));
    held.places ??= held.text.slice(0, held.value.get("First")).trim().split(/\s+/).map(Number);
    if (held.places[2 * index] !== number) throw new Error("pack");
    return { value: new Reader(held.text, held.value.get("First") + held.places[2 * index + 1]).value() };
  };

  const pagesOf = (file) => {
    const found = [], visit = (reference, inherited, depth) => {
      const node = file.get(reference);
      if (!(node instanceof Map) || depth > 30) return;
      const resources = node.get("Resources") ?? inherited;
      if (node.get("Kids")) for (const kid of file.get(node.get("Kids"))) visit(kid, resources, depth + 1);
      else found.push({ page: node, resources: file.get(resources) });
    };
    visit(file.get(file.root).get("Pages"), undefined, 0);
    return found;
  };

  // --- letters ----------------------------------------------------------------------------------------------------------

  const utf16 = (raw) => raw.replace(/([\s\S])([\s\S])/g, (_, high, low) => String.fromCharCode((high.charCodeAt(0) << 8) | low.charCodeAt(0)));

  // From the codes of a font to the letters that they stand for.
  const lettersOf = async (file, font) => {
    const map = new Map(), told = await file.stream(file.get(font)?.get("ToUnicode"));
    if (!told) return map;
    const reader = new Reader(latin(told)), all = [];
    for (let each = reader.value(); each !== undefined || reader.at < reader.text.length; each = reader.value()) {
      if (each?.op === "endbfchar") for (let at = 0; at + 1 < all.length; at += 2) map.set(all[at].text, utf16(all[at + 1].text));
      if (each?.op === "endbfrange") {
        for (let at = 0; at + 2 < all.length; at += 3) {
          const first = all[at].text.charCodeAt(0), last = all[at + 1].text.charCodeAt(0), base = utf16(all[at + 2].text);
          const step = (code) => base.slice(0, -1) + String.fromCharCode(base.charCodeAt(base.length - 1) + code - first);
          for (let code = first; code <= last; code++) map.set(String.fromCharCode(code), step(code));
        }
      }
      if (each?.op) all.length = 0; else all.push(each);
    }
    return map;
  };

  // What a page draws: its strings in their order, and the names of what else it draws; of lines and shapes it knows nothing.
  const drawn = async (file, { page, resources }, fonts) => {
    const contents = file.get(page.get("Contents")), parts = Array.isArray(contents) ? contents : [page.get("Contents")];
    let text = "";
    for (const part of parts) text += `${latin(await file.stream(part) ?? new Uint8Array())}\n`;
    const reader = new Reader(text), words = [], other = [], named = file.get(resources?.get("Font")), things = file.get(resources?.get("XObject"));
    let letters = new Map(), operands = [], unseen = false, shaped = false;
    const kept = [], say = (raw) => {
      const said = [...raw].map((code) => letters.get(code) ?? "\ufffd").join("");
      words[words.length - 1] += said;
      if (unseen && !shaped) other.push("unseen");  // Where letters join, we draw shapes, and their letters unseen over them.
    };
    for (let each = reader.value(); each !== undefined || reader.at < text.length; each = reader.value()) {
      if (!each?.op) { operands.push(each); continue; }
      if (each.op === "BT") words.push("");
      if (each.op === "Tf") {
        const font = named?.get(operands[0]?.name);
        if (file.get(font)?.get("Subtype")?.name === "Type3") other.push("drawn letters");
        if (!fonts.has(font?.ref)) fonts.set(font?.ref, await lettersOf(file, font));
        letters = fonts.get(font?.ref);
      }
      if (each.op === "Tj" || each.op === "'" || each.op === '"') say(operands[operands.length - 1]?.text ?? "");
      if (each.op === "TJ") for (const piece of operands[0] ?? []) if (piece?.text !== undefined) say(piece.text);
      if (each.op === "BI") throw new Error("inline picture");
      if (each.op === "Do") other.push(file.get(things?.get(operands[0]?.name))?.get("Subtype")?.name === "Image" ? "image" : "form");
      if (each.op === "f") shaped = true;
      if (each.op === "ET") shaped = false;
      if (each.op === "Tr") unseen = operands[0] >= 3;
      if (each.op === "q") kept.push(unseen);
      if (each.op === "Q") unseen = kept.pop() ?? false;
      if (each.op === "BDC" && operands[0]?.name === "OC") other.push("layer");
      operands = [];
    }
    for (const note of file.get(page.get("Annots")) ?? []) {
      const told = file.get(note), rect = file.get(told?.get("Rect")) ?? [];
      if ((told?.get("Subtype")?.name !== "Link" || told.get("AP")) && rect.some((side) => side !== 0)) other.push("annotation");
    }
    return { words, other };
  };

  const attachedTo = async (file) => {
    const list = file.get(file.get(file.root).get("AF")) ?? [];
    for (const each of list) {
      const kept = file.get(file.get(each)?.get("EF"))?.get("F"), raw = kept && await file.stream(kept);
      if (raw) return JSON.parse(new TextDecoder().decode(raw));
    }
    return null;
  };

  // Pictures are laid over beyond those that the data count; data of before count none: a logo, and one for each who signs.
  const beyond = (other, attached) => {
    const signers = (attached?.blocks ?? []).filter((each) => each.type === "signatures").flatMap((each) => each.items);
    let spare = attached?.pictures ?? 1 + signers.filter((each) => each.name).length;
    return other.filter((each) => each !== "image" || spare-- <= 0);
  };

  // { words, attached, other }: everything that is drawn, what is attached, what was laid over. Throws where it is no PDF of ours.
  const read = async (bytes) => {
    const file = await open(bytes), words = [], other = [], fonts = new Map();
    for (const each of pagesOf(file)) {
      const said = await drawn(file, each, fonts);
      words.push(...said.words);
      other.push(...said.other);
    }
    const attached = await attachedTo(file);
    return { words, other: beyond(other, attached), attached };
  };
  return { read, bytesOf };
})();
