// The interfaces of a realm. The engine evaluates this function once in each realm, before any script of the page,
// and calls it with `native`, which has all native functions. It returns what the engine calls in the realm later.
//
// An object with an identity outside script (a port, a channel, a worker, a node) is a native `Platform` object whose
// prototype is one of the classes below. `native("slot", object)` is its place for listeners: a plain object that only
// this file sees.
(function (native, isWorker) {
  "use strict";
  const global = globalThis;
  const { Object, Array, Reflect, Promise, TypeError, DOMException } = global;
  const hidden = (object, name, value) =>
    Object.defineProperty(object, name, { value, writable: true, configurable: true });
  const expose = (object, getters) => {
    for (const name of Object.keys(getters))
      Object.defineProperty(object, name, { get: getters[name], enumerable: true, configurable: true });
  };

  const uncurry = (method) => Function.prototype.call.bind(method);
  const slice = uncurry(Array.prototype.slice);

  // Events.

  class Event {
    #type; #init; #target = null; #prevented = false; #stopped = false;
    constructor(type, init = {}) {
      this.#type = `${type}`;
      this.#init = init;
    }
    get type() { return this.#type; }
    get bubbles() { return !!this.#init.bubbles; }
    get cancelable() { return !!this.#init.cancelable; }
    get target() { return this.#target; }
    get currentTarget() { return this.#target; }
    get defaultPrevented() { return this.#prevented; }
    preventDefault() { if (this.cancelable) this.#prevented = true; }
    stopPropagation() {}
    stopImmediatePropagation() { this.#stopped = true; }
    static initOf(event, name, other) { return name in event.#init ? event.#init[name] : other; }
    // Dispatches the event at one object: `shown` is its `target`, `holder` has the listeners.
    static fire(event, holder, shown) {
      event.#target = shown;
      event.#stopped = false;
      const slot = native("slot", holder);
      for (const listener of slice(slot.listeners)) {
        if (event.#stopped) break;
        if (listener.type !== event.#type || listener.removed) continue;
        if (listener.once) remove(holder, listener);
        const callback = listener.handler ? slot.handlers[listener.type] : listener.callback;
        // `invoke` runs the callback as script: it reports what it throws and performs the checkpoint.
        if (typeof callback === "function") native("invoke", callback, shown, event);
        else if (callback) native("invoke", callback.handleEvent, callback, event);
      }
      return !event.#prevented;
    }
  }
  const { fire, initOf } = Event;
  delete Event.fire;
  delete Event.initOf;

  // A class of events, with its attributes and their defaults.
  const eventClass = (attributes) => {
    const type = class extends Event {};
    for (const name of Object.keys(attributes))
      Object.defineProperty(type.prototype, name, {
        get() { return initOf(this, name, attributes[name]); }, enumerable: true, configurable: true,
      });
    return type;
  };
  const MessageEvent = eventClass({ data: null, origin: "", source: null, ports: Object.freeze([]), lastEventId: "" });
  const ErrorEvent = eventClass({ message: "", filename: "", lineno: 0 });

  const add = (holder, listener) => {
    const slot = native("slot", holder);
    slot.listeners.push(listener);
    if (slot.listeners.length === 1) native("listening", holder, true);
  };
  const remove = (holder, listener) => {
    const { listeners } = native("slot", holder);
    const at = listeners.indexOf(listener);
    if (at < 0) return;
    listeners.splice(at, 1);
    listener.removed = true;
    if (listeners.length === 0) native("listening", holder, false);
  };
  const find = (holder, type, callback, options) => {
    const capture = typeof options === "object" ? !!options?.capture : !!options;
    const same = (it) => it.type === `${type}` && it.callback === callback && it.capture === capture;
    return { capture, found: native("slot", holder).listeners.find(same) };
  };
  // A window's listeners are those of `scope`, since its global object is no `Platform` object.
  const scope = native("platform", null, global);
  const holderOf = (object) => (object == null || object === global || object === native("window", "self") ? scope : object);

  class EventTarget {
    constructor() { return native("platform", new.target.prototype, undefined); }
    addEventListener(type, callback, options) {
      const holder = holderOf(this);
      const { capture, found } = find(holder, type, callback, options);
      if (callback && !found) add(holder, { type: `${type}`, callback, capture, once: !!options?.once });
    }
    removeEventListener(type, callback, options) {
      const holder = holderOf(this);
      const { found } = find(holder, type, callback, options);
      if (found) remove(holder, found);
    }
    dispatchEvent(event) {
      return fire(event, holderOf(this), this ?? native("window", "self"));
    }
  }
  const handlers = (object, types, whenSet) => {
    for (const type of types)
      Object.defineProperty(object, `on${type}`, {
        get() { return native("slot", holderOf(this)).handlers[type] ?? null; },
        set(value) {
          const holder = holderOf(this);
          const { handlers, listeners } = native("slot", holder);
          const old = listeners.find((it) => it.handler && it.type === type);
          const callable = typeof value === "function";
          handlers[type] = callable ? value : null;
          if (callable && !old) add(holder, { type, handler: true });
          if (!callable && old) remove(holder, old);
          whenSet?.(this, type);
        },
        enumerable: true,
        configurable: true,
      });
  };

  // Messages.

  const transferOf = (options) => (Array.isArray(options) ? options : (options?.transfer ?? []));

  class MessagePort extends EventTarget {
    constructor() { throw new TypeError("Illegal constructor"); }
    postMessage(message, options) { native("post", this, message, transferOf(options)); }
    start() { native("start", this); }
    close() { native("close", this); }
  }
  handlers(MessagePort.prototype, ["message", "messageerror", "close"], (port, type) => {
    if (type === "message") native("start", port);
  });

  class MessageChannel {
    #ports = native("channel");
    get port1() { return this.#ports[0]; }
    get port2() { return this.#ports[1]; }
  }

  class BroadcastChannel extends EventTarget {
    constructor(name) { return native("broadcastChannel", new.target.prototype, `${name}`); }
    get name() { return native("name", this); }
    postMessage(message) { native("broadcast", this, message); }
    close() { native("close", this); }
  }
  handlers(BroadcastChannel.prototype, ["message", "messageerror"]);

  class Worker extends EventTarget {
    constructor(url, options) { return native("worker", new.target.prototype, `${url}`, `${options?.name ?? ""}`); }
    postMessage(message, options) { native("post", this, message, transferOf(options)); }
    terminate() { native("close", this); }
  }
  handlers(Worker.prototype, ["message", "messageerror", "error"]);

  // Nodes. The tree is the embedder's; a node's object is made when script first asks for it.

  class Node extends EventTarget {
    constructor() { throw new TypeError("Illegal constructor"); }
    get textContent() { return native("text", this); }
    set textContent(value) { native("setText", this, `${value}`); }
    appendChild(child) { native("append", this, child); return child; }
    removeChild(child) { native("remove", child); return child; }
    querySelector(selector) { return native("find", this, `${selector}`) ?? null; }
  }
  class Element extends Node {
    get id() { return native("attribute", this, "id") ?? ""; }
    set innerHTML(value) { native("setHtml", this, `${value}`); }
    get src() { return native("attribute", this, "src") ?? ""; }
    set src(value) { native("setAttribute", this, "src", `${value}`); }
    get contentWindow() { return native("contentWindow", this) ?? null; }
    getAttribute(name) { return native("attribute", this, `${name}`) ?? null; }
    setAttribute(name, value) { native("setAttribute", this, `${name}`, `${value}`); }
    remove() { native("remove", this); }
  }
  handlers(Element.prototype, ["load", "error"]);
  class Document extends Node {
    get body() { return native("find", this, "body") ?? null; }
    getElementById(id) { return native("find", this, `#${id}`) ?? null; }
    createElement(name) { return native("create", this, `${name}`); }
  }

  // The global object.

  const interfaces = { Event, MessageEvent, ErrorEvent, EventTarget, MessagePort, MessageChannel, BroadcastChannel, Worker };
  if (!isWorker) Object.assign(interfaces, { Node, Element, Document });
  for (const name of Object.keys(interfaces)) hidden(global, name, interfaces[name]);
  for (const name of ["addEventListener", "removeEventListener", "dispatchEvent"])
    hidden(global, name, EventTarget.prototype[name]);
  handlers(global, ["message", "messageerror", "error", "load"]);
  hidden(global, "console", { log: (...values) => native("log", values.map(String).join(" ")) });
  for (const name of ["clearTimeout", "clearInterval"]) hidden(global, name, (handle) => native("clearTimer", handle));
  const { then } = Promise.prototype;
  hidden(global, "queueMicrotask", (callback) => {
    Reflect.apply(then, Promise.resolve(), [() => native("invoke", callback, undefined)]);
  });
  hidden(global, "structuredClone", (value, options) => native("clone", value, transferOf(options)));
  if (isWorker) {
    expose(global, { self: () => global, name: () => native("name", scope) });
    hidden(global, "postMessage", (message, options) => native("post", scope, message, transferOf(options)));
    hidden(global, "close", () => native("close", scope));
  } else {
    const windows = {};
    for (const name of ["window", "self", "frames", "parent", "top"])
      windows[name] = () => native("window", name) ?? null;
    expose(global, windows);
    expose(global, { document: () => native("document"), length: () => native("window", "length"), closed: () => false });
  }

  // What the heap of structured clone does with script. All is captured now: a page may change the built-ins.

  const absent = Object.create(null);
  const getter = (prototype, name) => uncurry(Object.getOwnPropertyDescriptor(prototype, name).get);
  const hasOwn = uncurry(Object.prototype.hasOwnProperty);
  const typedArray = Object.getPrototypeOf(Int8Array).prototype;
  const viewName = getter(typedArray, Symbol.toStringTag);
  const viewOf = [typedArray, DataView.prototype].map((prototype) => ({
    buffer: getter(prototype, "buffer"), offset: getter(prototype, "byteOffset"), bytes: getter(prototype, "byteLength"),
  }));
  const viewLength = getter(typedArray, "length");
  const bufferOf = {};
  for (const name of ["byteLength", "maxByteLength", "resizable", "detached"])
    bufferOf[name] = getter(ArrayBuffer.prototype, name);
  const { Map, Set, Date, RegExp, BigInt, Number, ArrayBuffer: Buffer } = global;
  const constructors = { Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array,
    Float16Array, Float32Array, Float64Array, BigInt64Array, BigUint64Array, DataView,
    Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };
  const flags = { hasIndices: "d", global: "g", ignoreCase: "i", multiline: "m", dotAll: "s", unicode: "u", unicodeSets: "v", sticky: "y" };
  const flagOf = Object.keys(flags).map((name) => [getter(RegExp.prototype, name), flags[name]]);
  const flagsOf = (object) => {
    let text = "";
    for (let i = 0; i < flagOf.length; i++) if (flagOf[i][0](object)) text += flagOf[i][1];
    return text;
  };
  const source = getter(RegExp.prototype, "source");
  const mapForEach = uncurry(Map.prototype.forEach), mapSet = uncurry(Map.prototype.set);
  const setForEach = uncurry(Set.prototype.forEach), setAdd = uncurry(Set.prototype.add);
  const charCodeAt = uncurry(String.prototype.charCodeAt), { fromCharCode } = String;
  // Without a prototype, a setter that a page defines there is not called.
  const { setPrototypeOf } = Object;
  const list = () => setPrototypeOf([], null);
  const exceptionName = getter(DOMException.prototype, "name");
  const exceptionMessage = getter(DOMException.prototype, "message");

  // The internal slots, found by functions that throw for an object without them and run no script.
  const slots = [
    [getter(Map.prototype, "size"), "Map"],
    [getter(Set.prototype, "size"), "Set"],
    [uncurry(Date.prototype.getTime), "Date"],
    [uncurry(Boolean.prototype.valueOf), "Boolean"],
    [uncurry(Number.prototype.valueOf), "Number"],
    [uncurry(String.prototype.valueOf), "String"],
    [uncurry(BigInt.prototype.valueOf), "BigInt"],
    [getter(SharedArrayBuffer.prototype, "byteLength"), "SharedArrayBuffer"],
    [getter(DOMException.prototype, "code"), "DOMException"],
    [uncurry(Symbol.prototype.valueOf), "#<Symbol>"],
    [(object) => uncurry(WeakMap.prototype.has)(object, absent), "#<WeakMap>"],
    [(object) => uncurry(WeakSet.prototype.has)(object, absent), "#<WeakSet>"],
    [uncurry(WeakRef.prototype.deref), "#<WeakRef>"],
  ];
  const classOf = (object) => {
    if (object === global) return ["Window"];
    const name = viewName(object);
    let view = name === undefined ? undefined : viewOf[0];
    if (!view) try { viewOf[1].buffer(object); view = viewOf[1]; } catch {}
    if (view) {
      const place = lengthOf(view, object, name);
      return ["View", name ?? "DataView", view.buffer(object), place[0], place[1], place[2]];
    }
    try { return ["ArrayBuffer", bufferOf.byteLength(object), bufferOf.resizable(object) ? bufferOf.maxByteLength(object) : -1, bufferOf.detached(object)]; } catch {}
    if (object !== RegExp.prototype)
      try { return ["RegExp", source(object), flagsOf(object)]; } catch {}
    for (let i = 0; i < slots.length; i++) try { return [slots[i][1], slots[i][0](object)]; } catch {}
    return ["Ordinary"];
  };
  // Byte offset, length, whether the view is out of bounds. No function tells whether a view tracks the length of its
  // buffer, so one that ends where its resizable buffer ends is taken to.
  const lengthOf = (view, object, name) => {
    let bytes;
    try { bytes = view.bytes(object); } catch { return [0, 0, true]; }
    const buffer = view.buffer(object), offset = view.offset(object);
    try { if (bufferOf.detached(buffer)) return [0, 0, true]; } catch { return [offset, bytes, false]; }
    const length = name ? viewLength(object) : bytes;
    if (!bufferOf.resizable(buffer)) return [offset, length, false];
    const rest = bufferOf.byteLength(buffer) - offset - bytes;
    return [offset, rest < (constructors[name]?.BYTES_PER_ELEMENT ?? 1) ? -1 : length, false];
  };
  const make = {
    Map: () => new Map(),
    Set: () => new Set(),
    Date: (time) => new Date(time),
    RegExp: (source, flags) => new RegExp(source, flags),
    wrapper: (value) => Object(value),
    object: () => ({}),
    array: (length) => { const array = []; array.length = length; return array; },
    view: (name, buffer, offset, length) => new constructors[name](buffer, offset, length),
    resizable: (from, maxByteLength) => {
      const buffer = new Buffer(bufferOf.byteLength(from), { maxByteLength });
      new constructors.Uint8Array(buffer).set(new constructors.Uint8Array(from));
      return buffer;
    },
    error: (name, message, stack) => {
      const error = new constructors[name]();
      delete error.stack;
      if (message !== undefined) hidden(error, "message", message);
      if (stack !== undefined) hidden(error, "stack", stack);
      return error;
    },
  };

  const reflect = {};
  for (const name of Object.getOwnPropertyNames(Reflect)) reflect[name] = Reflect[name];

  return {
    reflect, scope, absent, make, classOf, fire, hidden,
    prototypes: { MessagePort: MessagePort.prototype, Document: Document.prototype, Element: Element.prototype, Node: Node.prototype },
    event: (type, cancelable) => new Event(type, { cancelable }),
    messageEvent: (type, data, origin, source, ports) =>
      new MessageEvent(type, { data: type === "message" ? data : null, origin, source: source ?? null, ports: Object.freeze(ports) }),
    errorEvent: (message, filename, lineno) => new ErrorEvent("error", { message, filename, lineno, cancelable: true }),
    domException: (message, name) => new DOMException(message, name),
    keys: Object.keys,
    own: (object, key) => (hasOwn(object, key) ? object[key] : absent),
    ownData: (object, key) => {
      const property = Object.getOwnPropertyDescriptor(object, key);
      return property && hasOwn(property, "value") ? property.value : absent;
    },
    toText: (value) => `${value}`,
    units: (text) => { const units = list(); for (let i = 0; i < text.length; i++) units[i] = charCodeAt(text, i); return units; },
    fromUnits: (units) => { let text = ""; for (let i = 0; i < units.length; i++) text += fromCharCode(units[i]); return text; },
    isNegative: (bigint) => bigint < 0n,
    bytesOf: (bigint) => {
      const bytes = list();
      for (let rest = bigint < 0n ? -bigint : bigint; rest; rest >>= 8n) bytes[bytes.length] = Number(rest & 255n);
      return bytes;
    },
    fromBytes: (bytes, negative) => {
      let bigint = 0n;
      for (let i = bytes.length; i-- > 0;) bigint = (bigint << 8n) | BigInt(bytes[i]);
      return negative ? -bigint : bigint;
    },
    entries: (map) => { const all = list(); mapForEach(map, (value, key) => { all[all.length] = key; all[all.length] = value; }); return all; },
    elements: (set) => { const all = list(); setForEach(set, (value) => { all[all.length] = value; }); return all; },
    mapSet, setAdd,
    detached: (buffer) => bufferOf.detached(buffer),
    nameAndMessage: (exception) => [exceptionName(exception), exceptionMessage(exception)],
  };
})
