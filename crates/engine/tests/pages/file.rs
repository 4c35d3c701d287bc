//! Tests of blobs, blob URLs and `FileReader`.

use expect_test::expect;

use crate::support::EMPTY;

#[test]
fn blobs_concatenate_parts_and_slice() {
    EMPTY.check(
        r#"
        const part = new Blob(["xy"]);
        const blob = new Blob(["a\r\nb", new Uint8Array([67, 68, 69]).subarray(1), part, 7,
            new DataView(new ArrayBuffer(1))], { type: "Text/Plain", endings: "native" });
        console.log(blob.size, blob.type, blob instanceof Blob);
        const slice = blob.slice(3, -2, "X/Y");
        console.log(slice.size, slice.type);
        blob.text().then(text => console.log(JSON.stringify(text)));
        slice.arrayBuffer().then(b => console.log(b instanceof ArrayBuffer, new Uint8Array(b).join()));
        blob.bytes().then(b => console.log(b.constructor.name, b.length));
        for (const bad of ["abc", null, {}, 1]) {
            try { new Blob(bad); } catch (e) { console.log(e.name); }
        }
        try { new Blob([], { endings: "no" }); } catch (e) { console.log(e.name); }
        const file = new File(["1"], "n.txt", { lastModified: 5.9, type: "a/b" });
        console.log(file.name, file.lastModified, file.size, file.type, file instanceof Blob, File.length);
        console.log(Object.prototype.toString.call(file), "name" in blob, typeof new File([], "").lastModified);
        try { new File([]); } catch (e) { console.log(e.name); }
        "#,
        expect![[r#"
            9 text/plain true
            4 x/y
            TypeError
            TypeError
            TypeError
            TypeError
            TypeError
            n.txt 5 1 a/b true 2
            [object File] false number
            TypeError
            "a\nbDExy7\u0000"
            true 68,69,120,121
            Uint8Array 9
        "#]],
    );
}

#[test]
fn frames_load_blob_urls_until_revoked() {
    EMPTY.check(
        r#"
        const html = "<script>parent.log('loaded', location.protocol, origin === parent.origin)<\/script>";
        const url = URL.createObjectURL(new Blob([html], { type: "text/html" }));
        window.log = (...args) => console.log(...args);
        console.log(/^blob:http:\/\/a\.test\/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(url));
        const frame = document.createElement("iframe");
        frame.src = url;
        frame.onload = () => {
            URL.revokeObjectURL(url);
            frame.onload = () => console.log("the frame is empty:", frame.contentDocument?.body?.textContent ?? null);
            frame.src = url;
        };
        document.body.append(frame);
        try { URL.createObjectURL({}); } catch (e) { console.log(e.name); }
        "#,
        expect![[r#"
            true
            TypeError
            loaded blob: true
            the frame is empty: null
        "#]],
    );
}

#[test]
fn file_reader_fires_events_in_tasks() {
    EMPTY.check(
        r#"
        const reader = new FileReader();
        for (const type of ["loadstart", "progress", "load", "loadend", "abort", "error"]) {
            reader.addEventListener(type, e => console.log(type, e.loaded, e.total, e instanceof ProgressEvent));
        }
        console.log(reader.readyState, reader.result, FileReader.DONE);
        reader.readAsText(new Blob(["h\u00e9"]));
        console.log(reader.readyState);
        try { reader.readAsText(new Blob()); } catch (e) { console.log(e.name); }
        reader.onload = () => {
            console.log(reader.readyState, reader.result);
            reader.onload = () => {
                console.log(reader.result);
                reader.onload = null;
                reader.readAsArrayBuffer(new Blob(["x"]));
                reader.abort();
                console.log(reader.readyState, reader.result);
                reader.abort();
            };
            reader.readAsDataURL(new Blob([], { type: "a/b" }));
        };
        "#,
        expect![[r#"
            0 null 2
            1
            InvalidStateError
            loadstart 0 3 true
            progress 3 3 true
            load 3 3 true
            2 hé
            loadstart 0 0 true
            load 0 0 true
            data:a/b;base64,
            abort 0 0 true
            loadend 0 0 true
            2 null
            loadend 0 0 true
        "#]],
    );
}

#[test]
fn blobs_are_cloned_in_messages() {
    EMPTY.check(
        r#"
        const file = new File(["abc"], "f", { type: "t/t", lastModified: 1 });
        onmessage = async ({ data: { file: copy, blob } }) => {
            console.log(copy instanceof File, copy !== file, copy.name, copy.type, copy.lastModified);
            console.log(blob.constructor === Blob, await blob.text());
        };
        postMessage({ file, blob: file.slice(1) }, "*");
        "#,
        expect![[r#"
            true true f t/t 1
            true bc
        "#]],
    );
}
