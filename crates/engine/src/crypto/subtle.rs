//! `SubtleCrypto` ([Web Cryptography, SubtleCrypto interface](https://w3c.github.io/webcrypto/#subtlecrypto-interface)).
//!
//! The operations run at once. Their promises are resolved by tasks, as if they had run in parallel.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use boa_engine::object::builtins::JsArray;
use boa_engine::{Context, JsObject, JsResult, JsString, JsValue, js_string};
use framepost_event_loop::TaskSource;

use super::algorithm::{Algorithm, Mode, Name, normalize};
use super::key::{self, CryptoKey, KeyData, KeyKind, KeyUsage};
use super::operations::{self, Direction};
use super::random_bytes;
use crate::script::settlement;
use crate::webidl::buffer_source::{BufferSource, array_buffer};
use crate::webidl::convert::{FromJs, Place, sequence};
use crate::webidl::{exception, interface};

interface! {
    /// The `SubtleCrypto` interface.
    // NOT YET: deriveKey, deriveBits, wrapKey, unwrapKey.
    [SecureContext, Exposed=(Window,Worker)]
    interface SubtleCrypto {
        Promise<ArrayBuffer> encrypt(AlgorithmIdentifier algorithm, CryptoKey key, BufferSource data) =
            |_, algorithm, key, data, cx| crypt(Direction::Encrypt, &algorithm, &key, &data, cx);
        Promise<ArrayBuffer> decrypt(AlgorithmIdentifier algorithm, CryptoKey key, BufferSource data) =
            |_, algorithm, key, data, cx| crypt(Direction::Decrypt, &algorithm, &key, &data, cx);
        Promise<ArrayBuffer> sign(AlgorithmIdentifier algorithm, CryptoKey key, BufferSource data) =
            |_, algorithm, key, data, cx| sign(&algorithm, &key, &data, cx);
        Promise<boolean> verify(AlgorithmIdentifier algorithm, CryptoKey key, BufferSource signature, BufferSource data) =
            |_, algorithm, key, signature, data, cx| verify(&algorithm, &key, &signature, &data, cx);
        Promise<ArrayBuffer> digest(AlgorithmIdentifier algorithm, BufferSource data) =
            |_, algorithm, data, cx| digest(&algorithm, &data, cx);
        Promise<CryptoKey> generateKey(AlgorithmIdentifier algorithm, boolean extractable, sequence<KeyUsage> keyUsages) =
            |_, algorithm, extractable, usages, cx| generate_key(&algorithm, extractable, &usages, cx);
        Promise<CryptoKey> importKey(KeyFormat format, object keyData, AlgorithmIdentifier algorithm, boolean extractable, sequence<KeyUsage> keyUsages) =
            |_, format, data, algorithm, extractable, usages, cx|
                import_key(format, &data, &algorithm, extractable, &usages, cx);
        Promise<any> exportKey(KeyFormat format, CryptoKey key) =
            |_, format, key, cx| export_key(format, &key, cx);
    }

    enum KeyFormat { "raw", "spki", "pkcs8", "jwk" };

    typedef (object or DOMString) AlgorithmIdentifier;
}

/// The [crypto task source](https://w3c.github.io/webcrypto/#dfn-crypto-task-source).
const CRYPTO: TaskSource = TaskSource::Other("crypto");

// IMPLEMENTATION-DEFINED: a task resolves a promise, but a promise is rejected at once.
fn resolved(value: impl Into<JsValue>, cx: &mut Context) -> JsValue {
    settlement::resolve_in_parallel(cx, CRYPTO, value)
}

fn resolved_bytes(bytes: Option<Vec<u8>>, cx: &mut Context) -> JsResult<JsValue> {
    match bytes {
        Some(bytes) => {
            let buffer = array_buffer(&bytes, cx)?;
            let buffer: JsObject = buffer.into();
            Ok(resolved(buffer, cx))
        }
        None => Err(exception::throw(
            "OperationError",
            "The operation failed.",
            cx,
        )),
    }
}

/// The key, if it belongs to the algorithm and allows this usage.
fn usable(name: Name, key: &JsObject, usage: KeyUsage, cx: &mut Context) -> JsResult<KeyData> {
    let data = key::data_of(key)?;
    let refused = match () {
        () if data.kind.name() != name => format!(
            "A key for {} is no key for {}.",
            data.kind.name().as_str(),
            name.as_str()
        ),
        () if !data.usages.contains(&usage) => {
            format!("The key's usages do not include {:?}.", usage.as_str())
        }
        () => return Ok(data),
    };
    Err(exception::throw("InvalidAccessError", &refused, cx))
}

/// [`encrypt()`](https://w3c.github.io/webcrypto/#SubtleCrypto-method-encrypt) and
/// [`decrypt()`](https://w3c.github.io/webcrypto/#SubtleCrypto-method-decrypt)
fn crypt(
    direction: Direction,
    identifier: &AlgorithmIdentifier,
    key: &JsObject,
    data: &BufferSource,
    cx: &mut Context,
) -> JsResult<JsValue> {
    let (operation, usage) = match direction {
        Direction::Encrypt => ("encrypt", KeyUsage::Encrypt),
        Direction::Decrypt => ("decrypt", KeyUsage::Decrypt),
    };
    // 1. to 4. Normalize the algorithm, and copy the data.
    let supports = |name| matches!(name, Name::Aes(mode) if mode != Mode::Kw);
    let algorithm = normalize(identifier, operation, supports, cx)?;
    let parameters = CryptParameters::read(&algorithm, cx)?;
    let data = data.bytes(cx)?;
    // 8. and 9. The key has to belong to the algorithm, and to allow the operation.
    let key = usable(algorithm.name, key, usage, cx)?;
    // 10. Run the operation.
    let result = match parameters {
        CryptParameters::Cbc { iv } => operations::aes_cbc(&key.bytes, &iv, &data, direction),
        CryptParameters::Ctr { counter, bits } => {
            operations::aes_ctr(&key.bytes, &counter, bits, &data)
        }
        CryptParameters::Gcm { iv, additional } => {
            operations::aes_gcm(&key.bytes, &iv, &data, &additional, direction)
        }
    };
    resolved_bytes(result, cx)
}

/// The parameters of an encryption.
enum CryptParameters {
    Cbc { iv: Vec<u8> },
    Ctr { counter: Vec<u8>, bits: u32 },
    Gcm { iv: Vec<u8>, additional: Vec<u8> },
}

impl CryptParameters {
    fn read(algorithm: &Algorithm, cx: &mut Context) -> JsResult<Self> {
        match algorithm.name {
            Name::Aes(Mode::Ctr) => Ok(Self::Ctr {
                counter: algorithm.bytes("counter", cx)?,
                bits: algorithm
                    .required_number("length", 255, cx)?
                    .try_into()
                    .unwrap_or(0),
            }),
            Name::Aes(Mode::Gcm) => {
                let additional = algorithm.optional_bytes("additionalData", cx)?;
                let iv = algorithm.bytes("iv", cx)?;
                let tag_bits = algorithm.number("tagLength", 255, cx)?.unwrap_or(128);
                // NOT YET: vectors and tags of other lengths.
                if iv.len() != 12 || tag_bits != 128 {
                    let message = "AES-GCM needs an iv of 12 bytes and a tag of 128 bits here.";
                    return Err(exception::throw("NotSupportedError", message, cx));
                }
                let additional = additional.unwrap_or_default();
                Ok(Self::Gcm { iv, additional })
            }
            _ => Ok(Self::Cbc {
                iv: algorithm.bytes("iv", cx)?,
            }),
        }
    }
}

fn mac(
    operation: &'static str,
    usage: KeyUsage,
    identifier: &AlgorithmIdentifier,
    key: &JsObject,
    data: &BufferSource,
    cx: &mut Context,
) -> JsResult<Option<Vec<u8>>> {
    let supports = |name| name == Name::Hmac;
    let algorithm = normalize(identifier, operation, supports, cx)?;
    let data = data.bytes(cx)?;
    let key = usable(algorithm.name, key, usage, cx)?;
    match key.kind {
        KeyKind::Hmac(hash) => Ok(operations::hmac(hash, &key.bytes, &data)),
        KeyKind::Aes(_) => Ok(None),
    }
}

/// [`sign()`](https://w3c.github.io/webcrypto/#SubtleCrypto-method-sign)
fn sign(
    identifier: &AlgorithmIdentifier,
    key: &JsObject,
    data: &BufferSource,
    cx: &mut Context,
) -> JsResult<JsValue> {
    let signature = mac("sign", KeyUsage::Sign, identifier, key, data, cx)?;
    resolved_bytes(signature, cx)
}

/// [`verify()`](https://w3c.github.io/webcrypto/#SubtleCrypto-method-verify)
fn verify(
    identifier: &AlgorithmIdentifier,
    key: &JsObject,
    signature: &BufferSource,
    data: &BufferSource,
    cx: &mut Context,
) -> JsResult<JsValue> {
    let signature = signature.bytes(cx)?;
    let right = mac("verify", KeyUsage::Verify, identifier, key, data, cx)?;
    Ok(resolved(right == Some(signature), cx))
}

/// [`digest()`](https://w3c.github.io/webcrypto/#SubtleCrypto-method-digest)
fn digest(
    identifier: &AlgorithmIdentifier,
    data: &BufferSource,
    cx: &mut Context,
) -> JsResult<JsValue> {
    let supports = |name| matches!(name, Name::Digest(_));
    let algorithm = normalize(identifier, "digest", supports, cx)?;
    let data = data.bytes(cx)?;
    let digest = match algorithm.name {
        Name::Digest(hash) => Some(operations::digest(hash, &data)),
        _ => None,
    };
    resolved_bytes(digest, cx)
}

/// The kind of keys of a normalized algorithm.
fn kind_of(algorithm: &Algorithm, cx: &mut Context) -> JsResult<KeyKind> {
    match algorithm.name {
        Name::Aes(mode) => Ok(KeyKind::Aes(mode)),
        _ => Ok(KeyKind::Hmac(algorithm.hash(cx)?)),
    }
}

fn check_usages(kind: KeyKind, usages: &[KeyUsage], cx: &mut Context) -> JsResult<()> {
    let refused = match usages.iter().find(|usage| !kind.allows(**usage)) {
        Some(usage) => format!(
            "A key for {} cannot have the usage {:?}.",
            kind.name().as_str(),
            usage.as_str()
        ),
        None if usages.is_empty() => "A secret key needs a usage.".to_owned(),
        None => return Ok(()),
    };
    Err(exception::throw("SyntaxError", &refused, cx))
}

/// Each usage once, in the order of the standard's
/// [recognized key usage values](https://w3c.github.io/webcrypto/#dfn-RecognizedKeyUsage).
fn normalized(usages: &[KeyUsage]) -> Vec<KeyUsage> {
    let all = [
        KeyUsage::Encrypt,
        KeyUsage::Decrypt,
        KeyUsage::Sign,
        KeyUsage::Verify,
        KeyUsage::DeriveKey,
        KeyUsage::DeriveBits,
        KeyUsage::WrapKey,
        KeyUsage::UnwrapKey,
    ];
    all.into_iter()
        .filter(|usage| usages.contains(usage))
        .collect()
}

/// Whether `name` has keys here.
fn has_keys(name: Name) -> bool {
    !matches!(name, Name::Digest(_))
}

/// [`generateKey()`](https://w3c.github.io/webcrypto/#SubtleCrypto-method-generateKey)
fn generate_key(
    identifier: &AlgorithmIdentifier,
    extractable: bool,
    usages: &[KeyUsage],
    cx: &mut Context,
) -> JsResult<JsValue> {
    // 1. to 4. Normalize the algorithm.
    let algorithm = normalize(identifier, "generateKey", has_keys, cx)?;
    let kind = kind_of(&algorithm, cx)?;
    let bits = match kind {
        KeyKind::Aes(_) => algorithm.required_number("length", 0xffff, cx)?,
        KeyKind::Hmac(hash) => {
            let length = algorithm.number("length", u32::MAX, cx)?;
            length.unwrap_or(hash.block_bits())
        }
    };
    // 7. Generate the key, and 8. check its usages.
    check_usages(kind, usages, cx)?;
    let is_valid = match kind {
        KeyKind::Aes(_) => matches!(bits, 128 | 192 | 256),
        KeyKind::Hmac(_) => (1..=MOST_BITS).contains(&bits),
    };
    if !is_valid {
        let message = format!("{} has no keys of {bits} bits.", kind.name().as_str());
        return Err(exception::throw("OperationError", &message, cx));
    }
    let mut bytes = random_bytes(bits.div_ceil(8), cx);
    clear_bits_after(&mut bytes, bits);
    // 9. and 10. Resolve the promise.
    let data = KeyData {
        kind,
        extractable,
        usages: normalized(usages),
        bytes,
        bits,
    };
    Ok(resolved_key(data, cx))
}

fn resolved_key(data: KeyData, cx: &mut Context) -> JsValue {
    let realm = cx.realm().clone();
    let key = key::create(data, &realm, cx);
    resolved(key, cx)
}

/// The longest key that is generated: a megabyte.
// IMPLEMENTATION-DEFINED: a longer key would take too much memory.
const MOST_BITS: usize = 8 << 20;

/// Sets the bits after the length of a key to zero.
fn clear_bits_after(bytes: &mut [u8], bits: usize) {
    if let (Some(last), rest @ 1..) = (bytes.last_mut(), bits % 8) {
        *last &= 0xff << (8 - rest);
    }
}

/// [`importKey()`](https://w3c.github.io/webcrypto/#SubtleCrypto-method-importKey)
fn import_key(
    format: KeyFormat,
    data: &JsObject,
    identifier: &AlgorithmIdentifier,
    extractable: bool,
    usages: &[KeyUsage],
    cx: &mut Context,
) -> JsResult<JsValue> {
    // 1. to 4. Normalize the algorithm.
    let algorithm = normalize(identifier, "importKey", has_keys, cx)?;
    let kind = kind_of(&algorithm, cx)?;
    let length = match kind {
        KeyKind::Hmac(_) => algorithm.number("length", u32::MAX, cx)?,
        KeyKind::Aes(_) => None,
    };
    // 7. Copy the data. It has the type of the format.
    let place = Place::Argument(1);
    let bytes = match format {
        KeyFormat::Jwk => {
            check_usages(kind, usages, cx)?;
            of_jwk(data, kind, extractable, usages, cx)?
        }
        KeyFormat::Raw => {
            let bytes = BufferSource::from_js(&data.clone().into(), place, cx)?.bytes(cx)?;
            check_usages(kind, usages, cx)?;
            bytes
        }
        KeyFormat::Spki | KeyFormat::Pkcs8 => {
            let message = format!("A secret key has no format {:?}.", format.as_str());
            return Err(exception::throw("NotSupportedError", &message, cx));
        }
    };
    // 8. Import the key.
    let all = bytes.len().saturating_mul(8);
    let bits = length.unwrap_or(all);
    let is_valid = match kind {
        KeyKind::Aes(_) => matches!(all, 128 | 192 | 256),
        KeyKind::Hmac(_) => all > 0 && bits <= all && bits + 8 > all,
    };
    if !is_valid {
        let message = format!("{all} bits are no key for {}.", kind.name().as_str());
        return Err(exception::throw("DataError", &message, cx));
    }
    // 10. to 13. Resolve the promise.
    let data = KeyData {
        kind,
        extractable,
        usages: normalized(usages),
        bytes,
        bits,
    };
    Ok(resolved_key(data, cx))
}

/// The name of a key's algorithm in a JSON Web Key.
fn jwk_algorithm(kind: KeyKind, bytes: usize) -> String {
    match kind {
        KeyKind::Hmac(hash) => hash.jwk_name().to_owned(),
        KeyKind::Aes(mode) => format!("A{}{}", bytes * 8, mode.jwk_name()),
    }
}

/// The bytes of a secret key in a [JSON Web Key](https://w3c.github.io/webcrypto/#JsonWebKey-dictionary).
fn of_jwk(
    jwk: &JsObject,
    kind: KeyKind,
    extractable: bool,
    usages: &[KeyUsage],
    cx: &mut Context,
) -> JsResult<Vec<u8>> {
    let text = |member: &'static str, cx: &mut Context| -> JsResult<Option<String>> {
        let value = jwk.get(JsString::from(member), cx)?;
        match value.is_undefined() {
            true => Ok(None),
            false => Ok(Some(value.to_string(cx)?.to_std_string_lossy())),
        }
    };
    let (kty, k) = (text("kty", cx)?, text("k", cx)?);
    let (alg, public_use) = (text("alg", cx)?, text("use", cx)?);
    let ext = jwk.get(js_string!("ext"), cx)?;
    let key_ops = jwk.get(js_string!("key_ops"), cx)?;
    let key_ops = match key_ops.is_undefined() {
        true => None,
        false => {
            let mut ops = Vec::new();
            for op in sequence(&key_ops, cx)? {
                ops.push(op.to_string(cx)?.to_std_string_lossy());
            }
            Some(ops)
        }
    };
    let refused = |message: &str, cx: &mut Context| exception::throw("DataError", message, cx);
    if kty.as_deref() != Some("oct") {
        return Err(refused(
            "The member \"kty\" of a secret key is \"oct\".",
            cx,
        ));
    }
    let bytes = k.and_then(|k| URL_SAFE_NO_PAD.decode(k).ok());
    let Some(bytes) = bytes else {
        return Err(refused("The member \"k\" is not base64url.", cx));
    };
    if alg.is_some_and(|alg| alg != jwk_algorithm(kind, bytes.len())) {
        return Err(refused("The member \"alg\" names another algorithm.", cx));
    }
    let expected = match kind {
        KeyKind::Aes(_) => "enc",
        KeyKind::Hmac(_) => "sig",
    };
    if public_use.is_some_and(|public_use| public_use != expected) {
        return Err(refused("The member \"use\" is for another algorithm.", cx));
    }
    let lacks = |ops: &Vec<String>| {
        !usages
            .iter()
            .all(|usage| ops.iter().any(|op| op == usage.as_str()))
    };
    if key_ops.as_ref().is_some_and(lacks) {
        return Err(refused("The member \"key_ops\" lacks a usage.", cx));
    }
    if !ext.is_undefined() && !ext.to_boolean() && extractable {
        return Err(refused(
            "The member \"ext\" is false, so the key is not extractable.",
            cx,
        ));
    }
    Ok(bytes)
}

/// [`exportKey()`](https://w3c.github.io/webcrypto/#SubtleCrypto-method-exportKey)
fn export_key(format: KeyFormat, key: &JsObject, cx: &mut Context) -> JsResult<JsValue> {
    let data = key::data_of(key)?;
    // 6. The key has to be extractable.
    if !data.extractable {
        let message = "The key is not extractable.";
        return Err(exception::throw("InvalidAccessError", message, cx));
    }
    match format {
        KeyFormat::Raw => resolved_bytes(Some(data.bytes), cx),
        KeyFormat::Jwk => {
            let jwk = jwk_of(&data, cx)?;
            Ok(resolved(jwk, cx))
        }
        KeyFormat::Spki | KeyFormat::Pkcs8 => {
            let message = format!("A secret key has no format {:?}.", format.as_str());
            Err(exception::throw("NotSupportedError", &message, cx))
        }
    }
}

fn jwk_of(data: &KeyData, cx: &mut Context) -> JsResult<JsObject> {
    let jwk = JsObject::with_object_proto(cx.intrinsics());
    let usages = data.usages.iter();
    let usages = usages.map(|usage| JsValue::from(JsString::from(usage.as_str())));
    let usages = JsArray::from_iter(usages, cx);
    let text = |text: &str| JsValue::from(JsString::from(text));
    let members = [
        ("alg", text(&jwk_algorithm(data.kind, data.bytes.len()))),
        ("ext", data.extractable.into()),
        ("k", text(&URL_SAFE_NO_PAD.encode(&data.bytes))),
        ("key_ops", usages.into()),
        ("kty", text("oct")),
    ];
    for (name, value) in members {
        jwk.create_data_property_or_throw(JsString::from(name), value, cx)?;
    }
    Ok(jwk)
}
