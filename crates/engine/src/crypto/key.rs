//! `CryptoKey` ([Web Cryptography, CryptoKey interface](https://w3c.github.io/webcrypto/#cryptokey-interface)).

use boa_engine::object::builtins::JsArray;
use boa_engine::realm::Realm;
use boa_engine::{Context, Finalize, JsObject, JsResult, JsString, JsValue, Trace, js_string};

use super::algorithm::{Hash, Mode, Name};
use crate::webidl::serializable::Serializable;
use crate::webidl::{self, interface, platform};

/// The data of a secret key.
#[derive(Clone, Debug, PartialEq, Eq, Trace, Finalize)]
#[boa_gc(unsafe_empty_trace)]
pub(crate) struct KeyData {
    pub(super) kind: KeyKind,
    pub(super) extractable: bool,
    pub(super) usages: Vec<KeyUsage>,
    pub(super) bytes: Vec<u8>,
    /// The length in bits.
    pub(super) bits: usize,
}

/// The algorithm of a secret key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyKind {
    Aes(Mode),
    Hmac(Hash),
}

impl KeyKind {
    pub(super) fn name(self) -> Name {
        match self {
            Self::Aes(mode) => Name::Aes(mode),
            Self::Hmac(_) => Name::Hmac,
        }
    }

    /// Whether keys of this kind can have a usage.
    pub(super) fn allows(self, usage: KeyUsage) -> bool {
        match self {
            Self::Hmac(_) => matches!(usage, KeyUsage::Sign | KeyUsage::Verify),
            Self::Aes(Mode::Kw) => matches!(usage, KeyUsage::WrapKey | KeyUsage::UnwrapKey),
            Self::Aes(_) => matches!(
                usage,
                KeyUsage::Encrypt | KeyUsage::Decrypt | KeyUsage::WrapKey | KeyUsage::UnwrapKey
            ),
        }
    }
}

interface! {
    /// The `CryptoKey` interface.
    // NOT YET: public and private keys.
    [SecureContext, Exposed=(Window,Worker), Serializable=STEPS]
    interface CryptoKey(KeyData) {
        readonly attribute DOMString type = "secret";
        readonly attribute boolean extractable = .extractable;
        [SameObject] readonly attribute object algorithm = |key: &JsObject, cx| algorithm(key, cx);
        [SameObject] readonly attribute object usages = |key: &JsObject, cx| usages(key, cx);
    }

    enum KeyUsage {
        "encrypt", "decrypt", "sign", "verify", "deriveKey", "deriveBits", "wrapKey", "unwrapKey"
    };
}

/// The cached object of [`algorithm`](https://w3c.github.io/webcrypto/#dfn-CryptoKey-slot-algorithm_cached).
fn algorithm(key: &JsObject, cx: &mut Context) -> JsResult<JsObject> {
    let held = platform::read(key, KeyData::clone)?;
    let object = JsObject::with_object_proto(cx.intrinsics());
    let name = JsString::from(held.kind.name().as_str());
    object.create_data_property_or_throw(js_string!("name"), name, cx)?;
    if let KeyKind::Hmac(hash) = held.kind {
        let named = JsObject::with_object_proto(cx.intrinsics());
        let name = JsString::from(hash.name());
        named.create_data_property_or_throw(js_string!("name"), name, cx)?;
        object.create_data_property_or_throw(js_string!("hash"), named, cx)?;
    }
    let bits = u32::try_from(held.bits).unwrap_or(u32::MAX);
    object.create_data_property_or_throw(js_string!("length"), bits, cx)?;
    Ok(object)
}

/// The cached object of [`usages`](https://w3c.github.io/webcrypto/#dfn-CryptoKey-slot-usages_cached).
fn usages(key: &JsObject, cx: &mut Context) -> JsResult<JsObject> {
    let held = platform::read(key, |data: &KeyData| data.usages.clone())?;
    let names = held.into_iter();
    let names = names.map(|usage| JsValue::from(JsString::from(usage.as_str())));
    Ok(JsArray::from_iter(names, cx).into())
}

/// Creates a `CryptoKey`.
pub(super) fn create(data: KeyData, realm: &Realm, cx: &mut Context) -> JsObject {
    webidl::create_object(realm, &CRYPTO_KEY, data, cx)
}

/// The data of an object that is a `CryptoKey`.
pub(super) fn data_of(key: &JsObject) -> JsResult<KeyData> {
    platform::read(key, KeyData::clone)
}

/// The [steps for messages](https://w3c.github.io/webcrypto/#cryptokey-interface-clone).
static STEPS: Serializable = Serializable {
    serialize: |object, out| {
        let Some(data) = platform::with(object, |data: &KeyData| Some(data.clone())) else {
            return Ok(());
        };
        // 1. Its `[[type]]` is always "secret".
        // 2. to 5. Its extractability, algorithm, usages and handle.
        out.integer(data.extractable.into());
        out.text(data.kind.name().as_str())?;
        let hash = match data.kind {
            KeyKind::Hmac(hash) => hash.name(),
            KeyKind::Aes(_) => "",
        };
        out.text(hash)?;
        let usages: Vec<&str> = data.usages.iter().map(|usage| usage.as_str()).collect();
        out.text(&usages.join(" "))?;
        out.integer(data.bits.try_into().unwrap_or(u64::MAX));
        out.bytes(&data.bytes)
    },
    deserialize: |_, realm, input, cx| {
        let extractable = input.integer()? != 0;
        let name = input.string()?.to_string_lossy();
        let hash = input.string()?.to_string_lossy();
        let usages = input.string()?.to_string_lossy();
        let bits = usize::try_from(input.integer()?);
        let bytes = input.bytes()?.to_vec();
        let mut modes = Mode::ALL.into_iter();
        let mode = modes.find(|mode| mode.name() == name);
        let mut hashes = Hash::ALL.into_iter();
        let hash = hashes.find(|known| known.name() == hash && name == "HMAC");
        let kind = mode.map(KeyKind::Aes).or(hash.map(KeyKind::Hmac));
        let usages = usages.split_whitespace().map(KeyUsage::from_text);
        let (Some(kind), Some(usages), Ok(bits)) = (kind, usages.collect(), bits) else {
            return Err(input.malformed("the algorithm and usages of a key expected"));
        };
        let data = KeyData {
            kind,
            extractable,
            usages,
            bytes,
            bits,
        };
        Ok(create(data, realm, cx))
    },
    sub_deserialized: Serializable::no_sub_values,
};
