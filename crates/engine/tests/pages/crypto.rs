//! Tests of Web Cryptography: `crypto.subtle`, and keys in messages.

use crate::support::pages;

const HEX: &str = "const hex = buffer => [...new Uint8Array(buffer)].map(byte => byte.toString(16).padStart(2, '0')).join('');
     const bytes = text => new TextEncoder().encode(text);
     const failed = promise => promise.then(() => console.log('no error'), error => console.log(error.name));
     const { subtle } = crypto;";

#[track_caller]
fn steps(source: &str, expected: &[&str]) {
    let page = format!("<script>{HEX} (async () => {{ {source} }})();</script>");
    pages(&[("https://a.test/", &page)], expected);
}

#[test]
fn digests_are_those_of_the_standard() {
    steps(
        "for (const name of ['SHA-1', 'sha-256', { name: 'SHA-384' }, 'SHA-512'])
             console.log(hex(await subtle.digest(name, bytes('abc'))).slice(0, 16));
         await failed(subtle.digest('MD5', bytes('abc')));
         await failed(subtle.digest('HMAC', bytes('abc')));
         await failed(subtle.digest({}, bytes('abc')));
         await failed(subtle.digest('SHA-1', 'abc'));",
        &[
            "a9993e364706816a",
            "ba7816bf8f01cfea",
            "cb00753f45a35e8b",
            "ddaf35a193617aba",
            "NotSupportedError",
            "NotSupportedError",
            "TypeError",
            "TypeError",
        ],
    );
}

/// [RFC 4231](https://www.rfc-editor.org/rfc/rfc4231), test case 2.
#[test]
fn signatures_are_verified() {
    steps(
        "const algorithm = { name: 'HMAC', hash: 'SHA-256' };
         const key = await subtle.importKey('raw', bytes('Jefe'), algorithm, true, ['sign', 'verify']);
         const text = bytes('what do ya want for nothing?');
         const signature = await subtle.sign('HMAC', key, text);
         console.log(hex(signature).slice(0, 16), await subtle.verify('HMAC', key, signature, text),
             await subtle.verify('HMAC', key, signature, bytes('other')));
         console.log(JSON.stringify([key.type, key.extractable, key.algorithm, key.usages]), key.usages === key.usages);
         const jwk = await subtle.exportKey('jwk', key);
         console.log(JSON.stringify(jwk));
         const again = await subtle.importKey('jwk', jwk, algorithm, false, ['verify']);
         console.log(await subtle.verify('HMAC', again, signature, text));
         await failed(subtle.sign('HMAC', again, text));
         await failed(subtle.exportKey('raw', again));
         await failed(subtle.importKey('jwk', { ...jwk, alg: 'HS512' }, algorithm, false, ['sign']));
         await failed(subtle.importKey('raw', bytes('Jefe'), algorithm, true, ['encrypt']));
         await failed(subtle.importKey('raw', bytes('Jefe'), algorithm, true, []));
         await failed(subtle.importKey('spki', bytes('Jefe'), algorithm, true, ['sign']));",
        &[
            "5bdcc146bf60754e true false",
            r#"["secret",true,{"name":"HMAC","hash":{"name":"SHA-256"},"length":32},["sign","verify"]] true"#,
            r#"{"alg":"HS256","ext":true,"k":"SmVmZQ","key_ops":["sign","verify"],"kty":"oct"}"#,
            "true",
            "InvalidAccessError",
            "InvalidAccessError",
            "DataError",
            "SyntaxError",
            "SyntaxError",
            "NotSupportedError",
        ],
    );
}

#[test]
fn what_a_key_encrypts_it_decrypts() {
    steps(
        "for (const [name, parameters] of Object.entries({
             'AES-CBC': { iv: new Uint8Array(16) },
             'AES-CTR': { counter: new Uint8Array(16), length: 64 },
             'AES-GCM': { iv: new Uint8Array(12), additionalData: bytes('x') },
         })) {
             const key = await subtle.generateKey({ name, length: 192 }, true, ['encrypt', 'decrypt']);
             const secret = await subtle.encrypt({ name, ...parameters }, key, bytes('a secret'));
             const plain = await subtle.decrypt({ name, ...parameters }, key, secret);
             console.log(name, secret.byteLength, new TextDecoder().decode(plain),
                 (await subtle.exportKey('raw', key)).byteLength);
             await failed(subtle.encrypt({ name }, key, bytes('a secret')));
         }
         const key = await subtle.generateKey({ name: 'AES-GCM', length: 128 }, false, ['decrypt']);
         const iv = new Uint8Array(12);
         await failed(subtle.decrypt({ name: 'AES-GCM', iv }, key, new Uint8Array(40)));
         await failed(subtle.encrypt({ name: 'AES-GCM', iv }, key, new Uint8Array(40)));
         await failed(subtle.decrypt({ name: 'AES-CBC', iv: new Uint8Array(16) }, key, new Uint8Array(48)));
         await failed(subtle.generateKey({ name: 'AES-GCM', length: 100 }, false, ['decrypt']));
         await failed(subtle.generateKey('AES-GCM', false, ['decrypt']));",
        &[
            "AES-CBC 16 a secret 24",
            "TypeError",
            "AES-CTR 8 a secret 24",
            "TypeError",
            "AES-GCM 24 a secret 24",
            "TypeError",
            "OperationError",
            "InvalidAccessError",
            "InvalidAccessError",
            "OperationError",
            "TypeError",
        ],
    );
}

#[test]
fn a_key_travels_in_messages_and_keeps_its_secret() {
    let page = format!(
            "<script>{HEX}
             (async () => {{
                 const algorithm = {{ name: 'HMAC', hash: 'SHA-1' }};
                 const key = await subtle.generateKey(algorithm, false, ['verify', 'sign', 'sign']);
                 const copy = structuredClone([key, key]);
                 console.log(copy[0] instanceof CryptoKey, copy[0] === copy[1], copy[0] === key);
                 const worker = new Worker('worker.js');
                 worker.onmessage = async ({{ data }} ) => {{
                     console.log(data.usages, await subtle.verify('HMAC', key, data.signature, bytes('text')));
                     worker.terminate();
                 }};
                 worker.postMessage(key);
             }})();</script>"
        );
    let worker = "onmessage = async ({ data: key }) => {
                 const signature = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode('text'));
                 postMessage({ signature, usages: key.usages.join() });
             };";
    pages(
        &[
            ("https://a.test/", &page),
            ("https://a.test/worker.js", worker),
        ],
        &["true true false", "sign,verify true"],
    );
}

#[test]
fn operations_end_in_tasks() {
    steps(
        "const order = [];
         const digest = subtle.digest('SHA-1', new Uint8Array()).then(() => order.push('digest'));
         await null; await null; await null;
         order.push('microtasks');
         await digest;
         console.log(order.join());",
        &["microtasks,digest"],
    );
}

#[test]
fn an_insecure_window_has_neither_keys_nor_their_messages() {
    pages(
        &[
            (
                "http://a.test/",
                "<script>console.log(crypto.subtle, typeof CryptoKey, typeof SubtleCrypto);
                 onmessage = event => console.log('message', event.data);
                 onmessageerror = event => console.log(event.type, event.data);
                 open('https://a.test/keys')</script>",
            ),
            (
                "https://a.test/keys",
                "<script>crypto.subtle.generateKey({ name: 'AES-CBC', length: 128 }, false, ['encrypt'])
                     .then(key => opener.postMessage(key, '*'))</script>",
            ),
        ],
        &["undefined undefined undefined", "messageerror null"],
    );
}
