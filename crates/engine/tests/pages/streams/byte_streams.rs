//! Byte streams and BYOB readers.

use expect_test::expect;

use crate::support::check_script;

#[test]
fn byob_reader_gets_its_own_buffer_back() {
    check_script(
        "(async () => {
           const stream = new ReadableStream({
             type: 'bytes',
             pull(controller) {
               const { view } = controller.byobRequest;
               log('pull', view.byteOffset, view.byteLength);
               const bytes = [1, 2, 3].slice(0, view.byteLength);
               view.set(bytes);
               controller.byobRequest.respond(bytes.length);
             },
           });
           const reader = stream.getReader({ mode: 'byob' });
           const buffer = new ArrayBuffer(8);
           const { value, done } = await reader.read(new Uint8Array(buffer, 1, 5));
           log(value.join(), done, value.byteOffset, value.buffer.byteLength, buffer.detached);
           const { value: words } = await reader.read(new Uint16Array(2), { min: 2 });
           log(words.constructor.name, words.length);
           await reader.read(new Uint8Array(0)).catch((error) => log(error.name));
         })();",
        expect![[r#"
            pull 1 5
            1,2,3 false 1 8 true
            pull 0 4
            pull 3 1
            Uint16Array 2
            TypeError
        "#]],
    );
}

#[test]
fn chunks_fill_the_views_that_wait() {
    check_script(
        "(async () => {
           let controller;
           const stream = new ReadableStream({ type: 'bytes', start(given) { controller = given; } });
           const reader = stream.getReader({ mode: 'byob' });
           const reads = [reader.read(new Uint8Array(2)), reader.read(new DataView(new ArrayBuffer(4)))];
           const chunk = new Uint8Array([1, 2, 3, 4, 5]);
           controller.enqueue(chunk);
           log(chunk.byteLength);
           const [first, second] = await Promise.all(reads);
           log(first.value.join(), second.value.constructor.name, second.value.byteLength);
           controller.close();
           log((await reader.read(new Uint8Array(3))).done);
         })();",
        expect![[r#"
            0
            1,2 DataView 3
            true
        "#]],
    );
}

#[test]
fn source_fills_buffers_that_the_stream_allocates() {
    check_script(
        "(async () => {
           const stream = new ReadableStream({
             type: 'bytes',
             autoAllocateChunkSize: 16,
             pull(controller) {
               const { view } = controller.byobRequest;
               log(view.byteLength);
               view[0] = 7;
               controller.byobRequest.respond(1);
               controller.close();
             },
           });
           const [one, two] = stream.tee();
           log((await one.getReader().read()).value.join());
           const reader = two.getReader({ mode: 'byob' });
           log((await reader.read(new Uint8Array(4))).value.join());
           const end = await reader.read(new Uint8Array(4));
           log(end.done, end.value.length);
         })();",
        expect![[r#"
            16
            7
            7
            true 0
        "#]],
    );
}
