//! Writable streams, transform streams and pipes.

use expect_test::expect;

use crate::support::check_script;

#[test]
fn writer_waits_until_the_sink_has_room() {
    check_script(
        "(async () => {
           let finish;
           const stream = new WritableStream({
             write(chunk) { log('write', chunk); return new Promise((resolve) => { finish = resolve; }); },
             close() { log('close'); },
           });
           const writer = stream.getWriter();
           await writer.ready;
           log(writer.desiredSize);
           writer.write('a');
           log(writer.desiredSize);
           let isReady = false;
           writer.ready.then(() => { isReady = true; });
           await new Promise((resolve) => setTimeout(resolve));
           log(isReady);
           finish();
           await writer.ready;
           await writer.close();
           log(writer.desiredSize, await writer.closed);
         })();",
        expect![[r#"
            1
            write a
            0
            false
            close
            0 undefined
        "#]],
    );
}

#[test]
fn abort_signals_the_sink_and_rejects_what_waits() {
    check_script(
        "(async () => {
           const stream = new WritableStream({
             write(chunk, controller) {
               log('write', chunk);
               controller.signal.addEventListener('abort', () => log('signal', controller.signal.reason));
               return new Promise((resolve) => controller.signal.addEventListener('abort', resolve));
             },
             abort(reason) { log('abort', reason); },
           });
           const writer = stream.getWriter();
           writer.write('a').then(() => log('written'));
           writer.write('b').catch((reason) => log('b', reason));
           await new Promise((resolve) => setTimeout(resolve));
           await writer.abort('enough');
           await writer.closed.catch((reason) => log('closed', reason));
         })();",
        expect![[r#"
            write a
            signal enough
            abort enough
            written
            b enough
            closed enough
        "#]],
    );
}

#[test]
fn pipe_passes_chunks_through_a_transform_stream() {
    check_script(
        "(async () => {
           const upper = new TransformStream({
             transform(chunk, controller) { controller.enqueue(chunk.toUpperCase()); },
             flush(controller) { controller.enqueue('!'); },
           });
           const got = [];
           const sink = new WritableStream({ write(chunk) { got.push(chunk); }, close() { got.push('closed'); } });
           await ReadableStream.from(['a', 'b']).pipeThrough(upper).pipeTo(sink);
           log(got.join());
         })();",
        expect![[r#"
            A,B,!,closed
        "#]],
    );
}

#[test]
fn options_decide_what_an_error_or_a_signal_ends() {
    check_script(
        "(async () => {
           const source = () => new ReadableStream({ cancel(reason) { log('cancel', reason); } });
           const sink = () => new WritableStream({ abort(reason) { log('abort', reason); } });
           const controller = new AbortController();
           const piped = source().pipeTo(sink(), { signal: controller.signal });
           controller.abort('stop');
           await piped.catch((reason) => log('piped', reason));
           const kept = sink();
           const failing = new ReadableStream({ start(controller) { controller.error('broken'); } });
           await failing.pipeTo(kept, { preventAbort: true }).catch((reason) => log('piped', reason));
           log(kept.locked, kept.getWriter().desiredSize);
           const closed = sink();
           await closed.close();
           await source().pipeTo(closed, { preventCancel: true }).catch((error) => log(error.name));
         })();",
        expect![[r#"
            abort stop
            cancel stop
            piped stop
            piped broken
            false 1
            TypeError
        "#]],
    );
}
