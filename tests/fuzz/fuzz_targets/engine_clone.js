// Builds a graph: each group of three bytes adds a property to an existing object.
function build(bytes) {
  const objects = [[]], transfer = [];
  const pick = (n) => objects[n % objects.length];
  for (let i = 0; i < bytes.length; i += 3) {
    const what = bytes[i], key = bytes[i + 1] ?? 0, seed = bytes[i + 2] ?? 0;
    const target = pick(key);
    const made = make(what % 26, key, seed);
    if (made !== null && typeof made === 'object' && !objects.includes(made)) objects.push(made);
    // Typed arrays have only numbers as elements, and a clone keeps none of their other properties.
    if (ArrayBuffer.isView(target)) continue;
    if (target instanceof Map) target.set(pick(seed), made);
    else if (target instanceof Set) target.add(made);
    else if (seed % 2) target[`k${seed % 32}`] = made;
    else if (Array.isArray(target)) target[seed * 3] = made;
    else target[seed] = made;
  }
  return { root: objects[0], transfer };

  function make(what, key, seed) {
    switch (what) {
      case 0: return null;
      case 1: return [undefined, true, false, NaN, -0, Infinity, 1e21, 0.1][seed % 8];
      case 2: return 'text'.repeat(seed % 20);
      case 3: return String.fromCharCode(0xd7f0 + seed, key);
      case 4: return -(BigInt(seed) << 60n);
      case 5: return pick(seed);
      case 6: return new Date(seed % 3 ? seed * 1e9 : NaN);
      case 7: return new ArrayBuffer(seed);
      case 8: return new ArrayBuffer(seed, { maxByteLength: seed + key });
      case 9: { const b = pick(seed); return b instanceof ArrayBuffer ? new Uint8Array(b) : new Float64Array(seed % 9); }
      case 10: { const b = pick(seed); return b instanceof ArrayBuffer ? new DataView(b, Math.min(b.byteLength, key % 5)) : new Int16Array([key, seed]); }
      case 11: return new Map([[key, seed], [pick(seed), pick(key)]]);
      case 12: return new Set([key, pick(seed)]);
      case 13: return new RegExp(`a{${seed}}`, ['', 'g', 'i', 'muy', 'ds', 'v'][key % 6]);
      case 14: return Object(seed % 2 ? `s${seed}` : seed);
      case 15: return Object(seed % 2 ? BigInt(seed) : seed % 4 === 0);
      case 16: return new [Error, TypeError, RangeError, EvalError][seed % 4](`e${key}`, seed % 3 ? undefined : { cause: pick(key) });
      case 17: return new DOMException(`m${key}`, 'DataCloneError');
      case 18: return new Blob([`b${seed}`], { type: 'text/plain' });
      case 19: return new DOMPoint(seed, key, 1, 2);
      case 20: return new DOMMatrix([1, 2, 3, 4, seed, key]);
      case 21: return new ImageData(1 + seed % 3, 1 + key % 3);
      case 22: { const object = {}; Object.defineProperty(object, 'g', { enumerable: true, get: () => seed }); return object; }
      case 23: { const { port1 } = new MessageChannel(); transfer.push(port1); return port1; }
      case 24: { const buffer = new Uint8Array([seed, key]).buffer; transfer.push(buffer); return buffer; }
      default: return Object.create(seed % 2 ? null : { inherited: 1 });
    }
  }
}

// Describes a graph, with a number for each object that was seen before.
function describe(root) {
  const seen = new Map(), lines = [];
  const name = (value) => {
    if (typeof value === 'bigint') return `${value}n`;
    if (Object.is(value, -0)) return '-0';
    if (typeof value === 'string') return JSON.stringify(value);
    if (value === null || typeof value !== 'object') return String(value);
    if (!seen.has(value)) { seen.set(value, seen.size); queue.push(value); }
    return `#${seen.get(value)}`;
  };
  const queue = [];
  lines.push(name(root));
  for (let object; (object = queue.shift()) !== undefined;) {
    const kind = Object.prototype.toString.call(object);
    let text = `#${seen.get(object)} ${kind}`;
    if (object instanceof Date) text += Number(object);
    else if (object instanceof RegExp) text += String(object);
    else if (object instanceof ArrayBuffer) text += `${object.byteLength}/${object.maxByteLength} ${new Uint8Array(object)}`;
    else if (ArrayBuffer.isView(object)) text += `${object.constructor.name} ${object.byteOffset} ${object.byteLength} ${name(object.buffer)}`;
    else if (object instanceof Map) for (const [key, value] of object) text += ` ${name(key)}=>${name(value)}`;
    else if (object instanceof Set) for (const value of object) text += ` ${name(value)}`;
    else if (object instanceof DOMException) text += `${object.name}: ${object.message}`;
    else if (object instanceof Error) text += `${object.name}: ${object.message} ${'cause' in object ? name(object.cause) : ''}`;
    else if (object instanceof Blob) text += `${object.size} ${object.type}`;
    else if (object instanceof DOMPoint) text += JSON.stringify(object);
    else if (object instanceof DOMMatrix) text += JSON.stringify(object);
    else if (object instanceof ImageData) text += `${object.width}x${object.height} ${object.data}`;
    else if (object instanceof String || object instanceof Number || object instanceof Boolean || object instanceof BigInt) text += String(object.valueOf());
    // Only these keep own properties in a clone.
    if (kind === '[object Object]' || Array.isArray(object)) {
      if (Array.isArray(object)) text += object.length;
      for (const key of Object.keys(object)) text += ` ${key}:${name(object[key])}`;
    }
    lines.push(text);
  }
  return lines.join('\n');
}

const { port1, port2 } = new MessageChannel();
let received, expected;
port1.onmessage = ({ data }) => { received = compare(describe(data), expected); };

function compare(actual, wanted) {
  return actual === wanted ? 'same' : `${actual}\n---- instead of\n${wanted}`;
}

function check(bytes) {
  received = undefined;
  const one = build(bytes), other = build(bytes);
  expected = describe(one.root);
  const clone = structuredClone(one.root, { transfer: one.transfer });
  port2.postMessage(other.root, other.transfer);
  return compare(describe(clone), expected);
}
