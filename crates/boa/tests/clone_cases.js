// What a clone has to keep. Each case gets the function `clone` and returns whether the result is right.
[
    ["`undefined`, `NaN`, `-0`, BigInt", (clone) => {
        const {a, b, c, d} = clone({a: undefined, b: NaN, c: -0, d: 7n});
        return a === undefined && Number.isNaN(b) && Object.is(c, -0) && d === 7n;
    }],
    ["a lone surrogate in a string", (clone) => clone("\ud800") === "\ud800"],
    ["`Boolean`, `Number`, `String`, `BigInt` objects", (clone) =>
        [true, 1, "s", 7n].every((value) => {
            const copy = clone(Object(value));
            return typeof copy === "object" && copy.valueOf() === value;
        })],
    ["cycles, and one object in two places", (clone) => {
        const shared = {};
        const value = {first: shared, second: shared};
        value.self = value;
        const copy = clone(value);
        return copy !== value && copy.self === copy && copy.first === copy.second && copy.first !== shared;
    }],
    ["holes and names of an `Array`", (clone) => {
        const value = [1, , 3];
        value.name = "n";
        const copy = clone(value);
        return Array.isArray(copy) && copy.length === 3 && !(1 in copy) && copy.name === "n";
    }],
    ["`Date`, also an invalid one", (clone) => {
        const copy = clone(new Date(5));
        return copy instanceof Date && copy.getTime() === 5 && Number.isNaN(clone(new Date(NaN)).getTime());
    }],
    ["`RegExp` with flags; `lastIndex` is 0", (clone) => {
        const value = /a\/b/dgimsy;
        value.lastIndex = 3;
        const copy = clone(value);
        return copy instanceof RegExp && copy.source === value.source && copy.flags === value.flags && copy.lastIndex === 0;
    }],
    ["`Map` and `Set`, in order, with objects as keys", (clone) => {
        const key = {};
        const copy = clone({key, map: new Map([["x", 1], [key, 2]]), set: new Set([key, 3])});
        return copy.map instanceof Map && copy.map.get(copy.key) === 2 && [...copy.map.keys()][0] === "x"
            && copy.set instanceof Set && copy.set.has(copy.key) && copy.set.has(3);
    }],
    ["a `Map` that contains itself", (clone) => {
        const map = new Map();
        map.set("self", map);
        const copy = clone(map);
        return copy !== map && copy.get("self") === copy;
    }],
    ["errors: type, message, `cause`", (clone) => {
        const copy = clone(new RangeError("far", {cause: {code: 1}}));
        return copy instanceof RangeError && copy.message === "far" && copy.cause.code === 1;
    }],
    ["an error with a name of no built-in type is an `Error`", (clone) => {
        const value = new Error("m");
        value.name = "Mine";
        const copy = clone(value);
        return copy instanceof Error && Object.getPrototypeOf(copy) === Error.prototype && copy.name === "Error";
    }],
    ["`ArrayBuffer`, also a resizable one", (clone) => {
        const value = new ArrayBuffer(2, {maxByteLength: 4});
        new Uint8Array(value)[1] = 9;
        const copy = clone(value);
        return copy instanceof ArrayBuffer && copy.maxByteLength === 4 && new Uint8Array(copy)[1] === 9;
    }],
    ["two views of one buffer, with offset and length", (clone) => {
        const buffer = new ArrayBuffer(8);
        const {a, b} = clone({a: new Uint8Array(buffer, 2, 3), b: new DataView(buffer, 1)});
        a[0] = 7;
        return a.byteOffset === 2 && a.length === 3 && a.buffer === b.buffer && b.getUint8(1) === 7;
    }],
    ["every typed array, `Float16Array` too", (clone) =>
        [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float16Array,
            Float32Array, Float64Array, BigInt64Array, BigUint64Array].every((type) => {
            const copy = clone(new type(2));
            return copy instanceof type && copy.length === 2;
        })],
    ["`transfer` detaches the buffer", (clone) => {
        const buffer = new ArrayBuffer(8);
        const copy = clone(buffer, {transfer: [buffer]});
        return copy.byteLength === 8 && buffer.byteLength === 0 && buffer.detached !== false;
    }],
    ["an object that is in `transfer` twice is refused", (clone) => {
        const buffer = new ArrayBuffer(8);
        try { clone(0, {transfer: [buffer, buffer]}); } catch (error) { return error.name === "DataCloneError" && buffer.byteLength === 8; }
        return false;
    }],
    ["functions, symbols, promises, weak maps are refused with a `DataCloneError`", (clone) =>
        [() => 0, Symbol("s"), Promise.resolve(), new WeakMap(), new WeakRef({})].every((value) => {
            try { clone({value}); } catch (error) { return error.name === "DataCloneError"; }
            return false;
        })],
    ["a `DataCloneError` is a `DOMException` with code 25", (clone) => {
        try { clone(() => 0); } catch (error) { return error.name === "DataCloneError" && error.code === 25; }
        return false;
    }],
    ["an object of a class becomes a plain one, without its accessors", (clone) => {
        class Point { x = 1; get double() { return 2 * this.x; } }
        const copy = clone(new Point());
        return Object.getPrototypeOf(copy) === Object.prototype && copy.x === 1 && !("double" in copy);
    }],
    ["a getter runs once; its exception reaches the caller", (clone) => {
        let calls = 0;
        const copy = clone({get once() { calls++; return "value"; }});
        try { clone({get wrong() { throw "mine"; }}); } catch (error) { return error === "mine" && calls === 1 && copy.once === "value"; }
        return false;
    }],
    ["only own enumerable properties with string keys", (clone) => {
        const value = Object.create({inherited: 1}, {hidden: {value: 1}});
        value.own = 1;
        value[Symbol("s")] = 1;
        return Reflect.ownKeys(clone(value)).join() === "own";
    }],
    ["`__proto__` as an own property", (clone) => {
        const copy = clone(JSON.parse('{"__proto__": 1}'));
        return Object.keys(copy).join() === "__proto__" && Object.getPrototypeOf(copy) === Object.prototype;
    }],
    ["replaced built-in methods change nothing", (clone) => {
        const {get} = Map.prototype, {exec} = RegExp.prototype, {toJSON} = Date.prototype;
        const {iterator} = Symbol;
        const entries = Map.prototype[iterator];
        Map.prototype[iterator] = Map.prototype.forEach = RegExp.prototype.exec = () => { throw "called"; };
        try { return get.call(clone(new Map([[1, 2]])), 1) === 2 && exec.call(clone(/a/), "a") !== null; } catch { return false; }
        finally { Map.prototype[iterator] = entries; RegExp.prototype.exec = exec; }
    }],
    ["10,000 nested arrays", (clone) => {
        let value = [];
        for (let i = 0; i < 10000; i++) value = [value];
        let copy = clone(value), depth = 0;
        while (copy.length) { copy = copy[0]; depth++; }
        return depth === 10000;
    }],
]
