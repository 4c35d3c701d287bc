//! Text and compression streams.

use expect_test::expect;

use crate::support::check_script;

#[test]
fn text_streams_keep_characters_that_are_split() {
    check_script(
        "(async () => {
           const collect = async (stream) => { const all = []; for await (const chunk of stream) all.push(chunk); return all; };
           const bytes = await collect(ReadableStream.from(['a\\ud83d', '\\ude00', 'b\\ud800']).pipeThrough(new TextEncoderStream()));
           log(bytes.map((chunk) => chunk.join()).join(' | '));
           const chunks = [[0xef, 0xbb], [0xbf, 0x61, 0xe2], [0x82, 0xac], [0xe2]].map((list) => new Uint8Array(list));
           log((await collect(ReadableStream.from(chunks).pipeThrough(new TextDecoderStream()))).join('|'));
           const decoder = new TextDecoderStream('latin1', { fatal: true, ignoreBOM: true });
           log(decoder.encoding, decoder.fatal, decoder.ignoreBOM, new TextEncoderStream().encoding);
           const broken = ReadableStream.from([new Uint8Array([0xff])]).pipeThrough(new TextDecoderStream('utf-8', { fatal: true }));
           await collect(broken).catch((error) => log(error.name));
           try { new TextDecoderStream('nonsense'); } catch (error) { log(error.name); }
         })();",
        expect![[r#"
            97 | 240,159,152,128 | 98 | 239,191,189
            a|€|�
            windows-1252 true true utf-8
            TypeError
            RangeError
        "#]],
    );
}

#[test]
fn compressed_data_comes_back_in_all_formats() {
    check_script(
        "(async () => {
           const collect = async (stream) => { const all = []; for await (const chunk of stream) all.push(...chunk); return new Uint8Array(all); };
           const text = new TextEncoder().encode('framepost '.repeat(1000));
           for (const format of ['gzip', 'deflate', 'deflate-raw']) {
             const packed = await collect(ReadableStream.from([text.slice(0, 5000), text.slice(5000)]).pipeThrough(new CompressionStream(format)));
             const halves = [packed.slice(0, 10), packed.slice(10)];
             const unpacked = await collect(ReadableStream.from(halves).pipeThrough(new DecompressionStream(format)));
             log(format, packed.length < 200, unpacked.length, unpacked.every((byte, index) => byte === text[index]));
             for (const bad of [packed.slice(0, -1), new Uint8Array([...packed, 0]), new Uint8Array([1, 2, 3, 4])]) {
               await collect(ReadableStream.from([bad]).pipeThrough(new DecompressionStream(format))).catch((error) => log(error.name));
             }
           }
           await collect(ReadableStream.from(['text']).pipeThrough(new CompressionStream('gzip'))).catch((error) => log(error.name));
           try { new CompressionStream('zip'); } catch (error) { log(error.name); }
         })();",
        expect![[r#"
            gzip true 10000 true
            TypeError
            TypeError
            TypeError
            deflate true 10000 true
            TypeError
            TypeError
            TypeError
            deflate-raw true 10000 true
            TypeError
            TypeError
            TypeError
            TypeError
            TypeError
        "#]],
    );
}
