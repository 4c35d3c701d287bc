//! Tests of `TextEncoder` and `TextDecoder`.

use expect_test::expect;

use crate::support::EMPTY;

#[test]
fn text_encoder_and_decoder_round_trip() {
    EMPTY.check(
        r#"
        const encoder = new TextEncoder();
        console.log(encoder.encoding, encoder.encode("\u20ac\ud800").join(), encoder.encode().length);
        const room = new Uint8Array(new ArrayBuffer(8), 2, 4);
        const { read, written } = encoder.encodeInto("a\u20ac\u20ac", room);
        console.log(read, written, room.join());
        const decoder = new TextDecoder("latin1", { fatal: true });
        console.log(decoder.encoding, decoder.fatal, decoder.ignoreBOM);
        console.log(new TextDecoder().decode(new Uint8Array([239, 187, 191, 97, 255])));
        const stream = new TextDecoder();
        console.log(stream.decode(new Uint8Array([226, 130]), { stream: true }) + stream.decode(new Uint8Array([172]).buffer));
        try { new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array([255])); } catch (e) { console.log(e.name); }
        for (const label of ["nonsense", "replacement"]) {
            try { new TextDecoder(label); } catch (e) { console.log(e.name); }
        }
        try { new TextDecoder().decode("x"); } catch (e) { console.log(e.name); }
        try { encoder.encodeInto("x", new Int8Array(1)); } catch (e) { console.log(e.name); }
        "#,
        expect![[r#"
            utf-8 226,130,172,239,191,189 0
            2 4 97,226,130,172
            windows-1252 true false
            a�
            €
            TypeError
            RangeError
            RangeError
            TypeError
            TypeError
        "#]],
    );
}
