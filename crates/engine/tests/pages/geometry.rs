//! Tests of the geometry interfaces and their structured clones.
use expect_test::expect;

use crate::support::EMPTY;

#[test]
fn geometry_interfaces_are_serializable() {
    EMPTY.check(
        "const all = [new DOMPointReadOnly(1, -0, NaN, Infinity), new DOMPoint(1, 2), \
           new DOMRectReadOnly(1, 2, 3, 4), new DOMRect(5, 6, -7, 8), \
           new DOMMatrixReadOnly([1, 2, 3, 4, 5, 6]), \
           new DOMMatrix([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16])]; \
         for (const one of all) { \
           one.extra = 1; Object.defineProperty(one, 'x', { get() { throw 'not to be called' } }); \
           const copy = structuredClone(one), json = o => Object.values(o.toJSON()); \
           console.log(Object.prototype.toString.call(copy), copy !== one, 'extra' in copy, \
             json(copy).every((value, index) => Object.is(value, json(one)[index]))); \
         }",
        expect![[r#"
            [object DOMPointReadOnly] true false true
            [object DOMPoint] true false true
            [object DOMRectReadOnly] true false true
            [object DOMRect] true false true
            [object DOMMatrixReadOnly] true false true
            [object DOMMatrix] true false true
        "#]],
    );
}

#[test]
fn cloned_quad_keeps_identity_of_its_points() {
    EMPTY.check(
        "const quad = new DOMQuad({ x: 1 }, { y: 2 }, { z: 3 }, { w: 4 }); \
         const [copy, point, again] = structuredClone([quad, quad.p2, quad]); \
         console.log(copy === again, copy.p2 === point, point.y, copy.p1.x, copy.p3.z, copy.p4.w); \
         onmessage = ({ data }) => console.log(data instanceof DOMQuad, data.p4 instanceof DOMPoint); \
         postMessage(quad, '*');",
        expect![[r#"
            true true 2 1 3 4
            true true
        "#]],
    );
}

#[test]
fn read_only_methods_return_mutable_objects() {
    EMPTY.check(
        "const fixed = new DOMMatrixReadOnly(), free = fixed.translate(1, 2); \
         fixed.a = 5; free.a = 5; \
         console.log(fixed.a, free.a, fixed.constructor.name, free.constructor.name, free.e, free.f); \
         console.log(free.translateSelf(1) === free, free.e, free.is2D, free.m34 = 0, free.is2D, \
           free.m34 = 1, free.is2D); \
         console.log(WebKitCSSMatrix === DOMMatrix, 'translateSelf' in fixed, \
           fixed.transformPoint().constructor.name, new DOMPoint(1).matrixTransform({ a: 3 }).x);",
        expect![[r#"
            1 5 DOMMatrixReadOnly DOMMatrix 1 2
            true 6 true 0 true 1 false
            true false DOMPoint 3
        "#]],
    );
}

#[test]
fn matrices_accept_sequences_strings_and_dictionaries() {
    EMPTY.check(
        "const thrown = f => { try { return String(f()) } catch (e) { return e.name } }; \
         for (const f of [() => new DOMMatrix(), () => new DOMMatrix('translate(1px, 2px) scale(.1)'), \
           () => new DOMMatrix(new DOMMatrix([1, 2, 3, 4, 5, 1 / 3])), () => new DOMMatrix(new Set([1, 2])), \
           () => new DOMMatrix('scale(1em)'), () => new DOMMatrix(null), \
           () => DOMMatrix.fromMatrix({ a: 2, m11: 2, is2D: false }), \
           () => DOMMatrix.fromMatrix({ a: 2, m11: 3 }), () => DOMMatrix.fromMatrix(5), \
           () => DOMMatrix.fromFloat32Array(new Float32Array([.5, 0, 0, 1, 0, 0])), \
           () => DOMMatrix.fromFloat64Array([1, 0, 0, 1, 0, 0]), \
           () => new DOMMatrix([NaN, 0, 0, 1, 0, 0])]) console.log(thrown(f)); \
         const read = []; \
         DOMMatrix.fromMatrix(new Proxy({}, { get(target, key) { read.push(key) } })); \
         console.log(read.join(' '));",
        expect![[r#"
            matrix(1, 0, 0, 1, 0, 0)
            matrix(0.1, 0, 0, 0.1, 1, 2)
            matrix(1, 2, 3, 4, 5, 0.3333333333333333)
            TypeError
            SyntaxError
            SyntaxError
            matrix3d(2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1)
            TypeError
            TypeError
            matrix(0.5, 0, 0, 1, 0, 0)
            TypeError
            InvalidStateError
            a b c d e f m11 m12 m21 m22 m41 m42 is2D m13 m14 m23 m24 m31 m32 m33 m34 m43 m44
        "#]],
    );
}

#[test]
fn quads_and_rectangles_compute_bounds() {
    EMPTY.check(
        "const show = o => console.log(JSON.stringify(o)); \
         show(DOMQuad.fromRect({ x: 1, y: 2, width: 3, height: -4 }).getBounds()); \
         show(DOMQuad.fromQuad({ p1: { x: 9 }, p3: { y: -1 } })); \
         show(DOMRect.fromRect({ width: -5 }));",
        expect![[r#"
            {"x":1,"y":-2,"width":3,"height":4,"top":-2,"right":4,"bottom":2,"left":1}
            {"p1":{"x":9,"y":0,"z":0,"w":1},"p2":{"x":0,"y":0,"z":0,"w":1},"p3":{"x":0,"y":-1,"z":0,"w":1},"p4":{"x":0,"y":0,"z":0,"w":1}}
            {"x":0,"y":0,"width":-5,"height":0,"top":0,"right":0,"bottom":0,"left":-5}
        "#]],
    );
}

#[test]
fn workers_parse_no_matrix_strings() {
    EMPTY.check(
        "const source = `const thrown = f => { try { return f() } catch (e) { return e.name } }; \
           onmessage = ({ data }) => postMessage([String(data), thrown(() => new DOMMatrix('none').a), \
             thrown(() => new DOMMatrix([2, 0, 0, 1, 0, 0]).a), 'setMatrixValue' in data, \
             typeof WebKitCSSMatrix, data, new DOMException('w', 'DataError')])`; \
         const worker = new Worker(URL.createObjectURL(new Blob([source]))); \
         worker.onmessage = ({ data }) => { \
           const [matrix, exception] = data.splice(-2); worker.terminate(); \
           console.log(data.join(), String(matrix), exception.stack.split('\\n')[0]); \
         }; \
         worker.postMessage(new DOMMatrix([1, 2, 3, 4, 5, 6]));",
        expect![[r#"
            [object DOMMatrix],TypeError,2,false,undefined matrix(1, 2, 3, 4, 5, 6) DataError: w
        "#]],
    );
}
