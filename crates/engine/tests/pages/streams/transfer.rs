//! Transferred streams.

use expect_test::expect;

use crate::support::check_script;

#[test]
fn transferred_stream_passes_chunks_the_end_and_errors() {
    check_script(
        "(async () => {
           const over = (stream) => new Promise((resolve) => {
             const { port1, port2 } = new MessageChannel();
             port2.onmessage = ({ data, ports }) => { resolve(data); log(ports.length); };
             port1.postMessage(stream, [stream]);
           });
           const stream = ReadableStream.from([{ a: 1 }, [2]]);
           const copy = await over(stream);
           log(stream.locked, copy.locked, copy instanceof ReadableStream);
           for await (const chunk of copy) log(JSON.stringify(chunk));
           const failing = await over(new ReadableStream({ start(controller) { controller.error(new RangeError('x')); } }));
           await failing.getReader().closed.catch((error) => log(error.name, error.message));
           const functions = await over(ReadableStream.from([() => {}]));
           await functions.getReader().read().catch((error) => log(error.name));
           try { structuredClone(stream, { transfer: [stream] }); } catch (error) { log(error.name); }
         })();",
        expect![[r#"
            0
            true false true
            {"a":1}
            [2]
            0
            RangeError x
            0
            DataCloneError
            DataCloneError
        "#]],
    );
}

#[test]
fn producer_of_a_transferred_stream_stops_when_nobody_reads() {
    check_script(
        "(async () => {
           let pulls = 0;
           let stream = new ReadableStream({ pull(controller) { controller.enqueue(++pulls); } });
           for (let hop = 0; hop < 3; hop++) stream = structuredClone(stream, { transfer: [stream] });
           const wait = () => new Promise((resolve) => setTimeout(resolve, 100));
           await wait();
           const before = pulls;
           await wait();
           log('stopped', pulls === before, pulls < 10);
           const reader = stream.getReader();
           for (let read = 0; read < 100; read++) await reader.read();
           await wait();
           log('read', pulls - before);
           await reader.cancel('enough');
         })();",
        expect![[r#"
            stopped true true
            read 100
        "#]],
    );
}

#[test]
fn writable_and_transform_streams_work_from_the_other_side() {
    check_script(
        "(async () => {
           const got = [];
           const sink = new WritableStream({ write(chunk) { got.push(chunk); }, close() { got.push('closed'); } });
           const writer = structuredClone(sink, { transfer: [sink] }).getWriter();
           await writer.write('a');
           await writer.close();
           await new Promise((resolve) => setTimeout(resolve));
           log(got.join(), sink.locked);
           const double = new TransformStream({ transform(chunk, controller) { controller.enqueue(chunk * 2); } });
           const { readable, writable } = structuredClone(double, { transfer: [double] });
           const doubled = [];
           for await (const chunk of ReadableStream.from([1, 2, 3]).pipeThrough({ readable, writable })) doubled.push(chunk);
           log(doubled.join());
           const aborted = new WritableStream({ abort(reason) { log('abort', reason); } });
           await structuredClone(aborted, { transfer: [aborted] }).abort('why');
           await new Promise((resolve) => setTimeout(resolve));
         })();",
        expect![[r#"
            a,closed false
            2,4,6
            abort why
        "#]],
    );
}
