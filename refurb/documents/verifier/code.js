// The code on a paper (refurb/documents/signed_code.py): what it says, and whether one of the keys of this file signed it.
"use strict";

const Code = (() => {
  const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const DAY_ONE = Date.UTC(2000, 0, 1);
  const hex = (bytes) => Array.from(bytes, (each) => each.toString(16).padStart(2, "0")).join("");

  const plain = (typed) => typed.toUpperCase().replace(/[\s-]+/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");

  const bytesOf = (text) => {
    const bytes = [];
    let held = 0, bits = 0;
    for (const sign of text) {
      const value = LETTERS.indexOf(sign);
      if (value < 0) return null;
      held = (held << 5) | value;
      bits += 5;
      if (bits >= 8) {
        bits -= 8;
        bytes.push((held >> bits) & 255);
        held &= (1 << bits) - 1;
      }
    }
    return Uint8Array.from(bytes);
  };

  // What a code says, or null where the text is none.
  const read = (typed) => {
    const text = plain(typed), raw = bytesOf(text);
    if (!raw || raw.length < 110 || raw[0] !== 1) return null;
    const content = raw.slice(0, -64), after = 6 + content[5];
    if (content.length < after + 34) return null;
    const words = new TextDecoder();
    return {
      text, content, signature: raw.slice(-64), keyNumber: hex(content.slice(1, 5)), reference: words.decode(content.slice(6, after)),
      issuedOn: new Date(DAY_ONE + 86400000 * (content[after] * 256 + content[after + 1])).toISOString().slice(0, 10),
      sum: hex(content.slice(after + 2, after + 34)), issuer: words.decode(content.slice(after + 34)),
    };
  };

  // The key that signed it: { key } one of `keys`, { unknown } where none has its number, { wrong } where its signature is not that key's,
  // { late } where the key signed no paper of that day any more.
  const signer = async (code, keys) => {
    const alike = keys.filter((each) => each.number === code.keyNumber);
    if (!alike.length) return { unknown: true };
    for (const key of alike) {
      const raw = Uint8Array.from(atob(key.public), (sign) => sign.charCodeAt(0));
      if (await Ed25519.verify(raw, code.content, code.signature)) {
        return { key, late: code.issuedOn < key.since || (key.until !== null && code.issuedOn > key.until) };
      }
    }
    return { wrong: true };
  };
  return { read, signer, plain };
})();
