// Ed25519 (RFC 8032, 5.1.7): whether a key signed a message. The browser's own where it has it; ours, in whole numbers, where it has none.
"use strict";

const Ed25519 = (() => {
  const P = 2n ** 255n - 19n;
  const L = 2n ** 252n + 27742317777372353535851937790883648493n;
  const mod = (a) => { const r = a % P; return r < 0n ? r + P : r; };
  const power = (base, exponent) => {
    let result = 1n;
    for (let b = mod(base), e = exponent; e > 0n; e >>= 1n) {
      if (e & 1n) result = mod(result * b);
      b = mod(b * b);
    }
    return result;
  };
  const inverse = (a) => power(a, P - 2n);
  const D = mod(-121665n * inverse(121666n));
  const ROOT = power(2n, (P - 1n) / 4n);  // Of minus one.
  const fromBytes = (bytes) => bytes.reduceRight((all, each) => (all << 8n) | BigInt(each), 0n);

  // A point as X, Y, Z, T: x = X/Z, y = Y/Z, x·y = T/Z (5.1.4).
  const NONE = [0n, 1n, 1n, 0n];
  const add = ([x1, y1, z1, t1], [x2, y2, z2, t2]) => {
    const a = mod((y1 - x1) * (y2 - x2)), b = mod((y1 + x1) * (y2 + x2)), c = mod(2n * t1 * D * t2), d = mod(2n * z1 * z2);
    const e = b - a, f = d - c, g = d + c, h = b + a;
    return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
  };
  const times = (scalar, point) => {
    let result = NONE;
    for (let p = point, s = scalar; s > 0n; s >>= 1n) {
      if (s & 1n) result = add(result, p);
      p = add(p, p);
    }
    return result;
  };
  const same = ([x1, y1, z1], [x2, y2, z2]) => mod(x1 * z2 - x2 * z1) === 0n && mod(y1 * z2 - y2 * z1) === 0n;

  // The point that 32 bytes name, or null (5.1.3).
  const point = (bytes) => {
    const whole = fromBytes(bytes), sign = whole >> 255n, y = whole & (2n ** 255n - 1n);
    if (y >= P) return null;
    const u = mod(y * y - 1n), v = mod(D * y * y + 1n);
    let x = mod(u * v ** 3n * power(u * v ** 7n, (P - 5n) / 8n));
    if (mod(v * x * x) !== u) {
      if (mod(v * x * x) !== mod(-u)) return null;
      x = mod(x * ROOT);
    }
    if (x === 0n && sign) return null;
    if ((x & 1n) !== sign) x = P - x;
    return [x, y, 1n, mod(x * y)];
  };
  const BASE = point(Uint8Array.from([0x58, ...Array(31).fill(0x66)]));

  const ours = async (key, message, signature) => {
    if (key.length !== 32 || signature.length !== 64) return false;
    const a = point(key), r = point(signature.slice(0, 32)), s = fromBytes(signature.slice(32));
    if (!a || !r || s >= L) return false;
    const mixed = new Uint8Array([...signature.slice(0, 32), ...key, ...message]);
    const k = fromBytes(await sha512(mixed)) % L;
    return same(times(s, BASE), add(r, times(k, a)));
  };

  // SHA-512 and SHA-256 (FIPS 180-4): crypto.subtle is not there on every page that is opened from a folder.
  const sha512 = async (bytes) => globalThis.crypto?.subtle
    ? new Uint8Array(await crypto.subtle.digest("SHA-512", bytes)) : Sha.sum(bytes, 64);

  const theirs = async (key, message, signature) => {
    const read = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
    return crypto.subtle.verify({ name: "Ed25519" }, read, signature, message);
  };

  const verify = async (key, message, signature) => {
    try {
      return await theirs(key, message, signature);
    } catch {  // No crypto.subtle, no Ed25519 in it, or a key that it does not read.
      return ours(key, message, signature);
    }
  };
  return { verify, ours };
})();

const Sha = (() => {
  // The first bits of the fractional parts of roots of primes, worked out instead of written down.
  const primes = [];
  for (let n = 2n; primes.length < 80; n++) if (primes.every((p) => n % p)) primes.push(n);
  const root = (n, degree) => {
    let low = 0n, high = 1n << 160n;
    while (high - low > 1n) {
      const middle = (low + high) >> 1n;
      if (middle ** degree <= n) low = middle; else high = middle;
    }
    return low;
  };
  const bits = (p, degree, width) => root(p << (degree * width), degree) & ((1n << width) - 1n);
  const sizes = {
    32: { word: 32n, block: 64, rounds: 64, S: [[2n, 13n, 22n], [6n, 11n, 25n]], s: [[7n, 18n, 3n], [17n, 19n, 10n]] },
    64: { word: 64n, block: 128, rounds: 80, S: [[28n, 34n, 39n], [14n, 18n, 41n]], s: [[1n, 8n, 7n], [19n, 61n, 6n]] },
  };
  const made = {};
  const constants = (length) => made[length] ??= {
    k: primes.slice(0, sizes[length].rounds).map((p) => bits(p, 3n, sizes[length].word)),
    h: primes.slice(0, 8).map((p) => bits(p, 2n, sizes[length].word)),
  };

  // The SHA-256 (32) or SHA-512 (64) of bytes.
  const sum = (bytes, length) => {
    const { word, block, rounds, S, s } = sizes[length], { k, h: start } = constants(length);
    const mask = (1n << word) - 1n, size = Number(word) / 8;
    const turn = (x, n) => ((x >> n) | (x << (word - n))) & mask;
    const big = (x, [a, b, c]) => turn(x, a) ^ turn(x, b) ^ turn(x, c);
    const small = (x, [a, b, c]) => turn(x, a) ^ turn(x, b) ^ (x >> c);
    const total = Math.ceil((bytes.length + 1 + 2 * size) / block) * block;
    const padded = new Uint8Array(total);
    padded.set(bytes);
    padded[bytes.length] = 0x80;
    new DataView(padded.buffer).setBigUint64(total - 8, BigInt(bytes.length) * 8n);
    let h = [...start];
    for (let at = 0; at < total; at += block) {
      const w = [];
      for (let t = 0; t < 16; t++) {
        let value = 0n;
        for (let b = 0; b < size; b++) value = (value << 8n) | BigInt(padded[at + t * size + b]);
        w.push(value);
      }
      for (let t = 16; t < rounds; t++) w.push((w[t - 16] + small(w[t - 15], s[0]) + w[t - 7] + small(w[t - 2], s[1])) & mask);
      let [a, b, c, d, e, f, g, i] = h;
      for (let t = 0; t < rounds; t++) {
        const one = (i + big(e, S[1]) + ((e & f) ^ (~e & mask & g)) + k[t] + w[t]) & mask;
        const two = (big(a, S[0]) + ((a & b) ^ (a & c) ^ (b & c))) & mask;
        [i, g, f, e, d, c, b, a] = [g, f, e, (d + one) & mask, c, b, a, (one + two) & mask];
      }
      h = [a, b, c, d, e, f, g, i].map((each, n) => (each + h[n]) & mask);
    }
    return Uint8Array.from(h.flatMap((each) => Array.from({ length: size }, (_, b) => Number((each >> (word - 8n * BigInt(b + 1))) & 255n))));
  };
  return { sum };
})();
