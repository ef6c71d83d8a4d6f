/**
 * What actors do, each as a function of a number of rounds that gives an integer: calls, sorting by the library and by hand, JSON, a binary encoding, text, maps, classes, big numbers, bytes.
 */
export const JAVASCRIPT_KERNELS: Readonly<Record<string, string>> = {
  calls: `(rounds) => { const fib = (n) => n < 2 ? n : fib(n - 1) + fib(n - 2); let sum = 0; for (let i = 0; i < rounds; i++) sum += fib(16); return sum | 0 }`,
  sort: `(rounds) => { let sum = 0; for (let i = 0; i < rounds; i++) { const all = []; for (let k = 0; k < 500; k++) all.push((k * 7919 + i) % 1009); all.sort((a, b) => a - b); sum += all[250] } return sum | 0 }`,
  quicksort: `(rounds) => {
    const sort = (all, low, high) => { while (low < high) { const pivot = all[(low + high) >> 1]; let i = low; let j = high;
      while (i <= j) { while (all[i] < pivot) i++; while (all[j] > pivot) j--; if (i <= j) { const one = all[i]; all[i++] = all[j]; all[j--] = one } }
      if (j - low < high - i) { sort(all, low, j); low = i } else { sort(all, i, high); high = j } } };
    let sum = 0; for (let i = 0; i < rounds; i++) { const all = []; for (let k = 0; k < 500; k++) all.push((k * 7919 + i) % 1009); sort(all, 0, 499); sum += all[250] } return sum | 0 }`,
  json: `(rounds) => { const value = { name: 'actor', tags: ['a', 'b', 'c'], balances: Array.from({ length: 40 }, (_, i) => ({ owner: 'owner ' + i, amount: i * 1000, open: i % 2 === 0 })) };
    let sum = 0; for (let i = 0; i < rounds; i++) { value.round = i; sum += JSON.parse(JSON.stringify(value)).balances[39].amount } return sum | 0 }`,
  cbor: `(rounds) => {
    const write = (out, value) => { const head = (major, n) => { if (n < 24) out.push(major << 5 | n); else if (n < 256) out.push(major << 5 | 24, n); else out.push(major << 5 | 25, n >> 8, n & 255) };
      if (typeof value === 'number') head(0, value); else if (typeof value === 'string') { head(3, value.length); for (let i = 0; i < value.length; i++) out.push(value.charCodeAt(i)) }
      else if (Array.isArray(value)) { head(4, value.length); for (const each of value) write(out, each) } else { const keys = Object.keys(value); head(5, keys.length); for (const key of keys) { write(out, key); write(out, value[key]) } } };
    const read = (bytes) => { let at = 0; const next = () => { const byte = bytes[at++]; let n = byte & 31; if (n === 24) n = bytes[at++]; else if (n === 25) { n = bytes[at] << 8 | bytes[at + 1]; at += 2 }
      switch (byte >> 5) { case 0: return n; case 3: { let text = ''; for (let i = 0; i < n; i++) text += String.fromCharCode(bytes[at++]); return text } case 4: { const all = []; for (let i = 0; i < n; i++) all.push(next()); return all }
        default: { const all = {}; for (let i = 0; i < n; i++) { const key = next(); all[key] = next() } return all } } }; return next() };
    const value = { name: 'actor', list: Array.from({ length: 60 }, (_, i) => ({ id: i, text: 'text ' + i })) };
    let sum = 0; for (let i = 0; i < rounds; i++) { const out = []; write(out, value); sum += read(Uint8Array.from(out)).list[59].id + out.length } return sum | 0 }`,
  text: `(rounds) => { let sum = 0; for (let i = 0; i < rounds; i++) { const words = ('the actor ' + i + ' sends what it has to the other one, and waits; ').repeat(12).split(' '); const text = words.map((word) => word.toUpperCase() + word.length).join('-'); sum += text.replaceAll('SENDS', 'takes').indexOf('takes5') + text.slice(5, 50).length } return sum | 0 }`,
  maps: `(rounds) => { let sum = 0; for (let i = 0; i < rounds; i++) { const all = new Map(); for (let k = 0; k < 300; k++) all.set('key ' + k, k); for (let k = 0; k < 300; k += 3) all.delete('key ' + k); for (const [, value] of all) sum += value; sum += all.get('key 100') ?? 0 } return sum | 0 }`,
  classes: `(rounds) => { class Shape { constructor(size) { this.size = size } area() { return 0 } } class Square extends Shape { area() { return this.size * this.size } } class Circle extends Shape { area() { return 3 * this.size * this.size } }
    let sum = 0; for (let i = 0; i < rounds; i++) { const all = []; for (let k = 0; k < 300; k++) all.push(k % 2 === 0 ? new Square(k) : new Circle(k)); for (const each of all) sum = (sum + each.area()) | 0 } return sum }`,
  'big numbers': `(rounds) => { const p = 2n ** 255n - 19n; let x = 3n; for (let i = 0; i < rounds * 40; i++) x = (x * x + BigInt(i)) % p; return Number(x & 0x7fffffffn) }`,
  bytes: `(rounds) => { const bytes = new Uint8Array(2000); let sum = 0; for (let i = 0; i < rounds; i++) { for (let k = 0; k < bytes.length; k++) bytes[k] = (k * 31 + i) & 255; for (let k = 0; k < bytes.length; k++) sum = ((sum << 1 | sum >>> 31) ^ bytes[k]) | 0 } return sum }`,
}
