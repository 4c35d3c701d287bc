//! Streams of blobs, requests and responses.

use expect_test::expect;

use crate::support::check_script;

#[test]
fn blob_is_streamed_in_chunks() {
    check_script(
        "(async () => {
           const blob = new Blob([new Uint8Array(100000).fill(1), 'end']);
           const sizes = [];
           for await (const chunk of blob.stream()) sizes.push(chunk.length);
           log(sizes.join());
           const reader = blob.slice(99999).stream().getReader({ mode: 'byob' });
           const { value } = await reader.read(new Uint8Array(10));
           log(value.join());
           log((await reader.read(new Uint8Array(10))).done);
           log((await new Blob([]).stream().getReader().read()).done);
         })();",
        expect![[r#"
            65536,34467
            1,101,110,100
            true
            true
        "#]],
    );
}

#[test]
fn response_is_read_by_its_stream_or_by_its_methods() {
    check_script(
        "(async () => {
           const response = new Response('some text');
           log(response.body === response.body, response.body.constructor.name, response.bodyUsed);
           const reader = response.body.getReader();
           log(new TextDecoder().decode((await reader.read()).value), response.bodyUsed);
           await response.text().catch((error) => log(error.name));
           const plain = new Response('plain');
           log(await plain.text(), plain.bodyUsed, plain.body.locked);
           log(new Response().body, new Response(null).body);
           const encoded = ReadableStream.from(['{\"a\":', '[1]}']).pipeThrough(new TextEncoderStream());
           log(JSON.stringify(await new Response(encoded).json()), encoded.locked);
           await new Response(ReadableStream.from(['text'])).text().catch((error) => log(error.name));
           const failing = new Response(new ReadableStream({ start(controller) { controller.error('broken'); } }));
           await failing.blob().catch((reason) => log(reason));
           try { new Response(encoded); } catch (error) { log(error.name); }
         })();",
        expect![[r#"
            true ReadableStream false
            some text true
            TypeError
            plain true true
            null null
            {"a":[1]} true
            TypeError
            broken
            TypeError
        "#]],
    );
}

#[test]
fn clone_of_a_response_has_a_branch_of_its_stream() {
    check_script(
        "(async () => {
           const response = new Response(ReadableStream.from([new Uint8Array([104, 105])]));
           const copy = response.clone();
           log(await copy.text(), await response.text());
           const request = new Request('/x', { method: 'POST', body: 'b' });
           request.body;
           const other = new Request(request);
           log(request.bodyUsed, await other.text());
           const stream = ReadableStream.from(['x']);
           try { new Request('/x', { method: 'POST', body: stream }); } catch (error) { log(error.name); }
           log(new Request('/x', { method: 'POST', body: stream, duplex: 'half' }).body === stream);
         })();",
        expect![[r#"
            hi hi
            true b
            TypeError
            true
        "#]],
    );
}
