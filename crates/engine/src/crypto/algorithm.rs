//! Algorithms and their parameters
//! ([Web Cryptography, algorithm normalization](https://w3c.github.io/webcrypto/#algorithm-normalization)).

use boa_engine::{Context, JsError, JsObject, JsResult, JsString, JsValue, js_string};

use crate::boa::errors::type_error;
use crate::webidl::buffer_source::BufferSource;
use crate::webidl::convert::{FromJs, Place};
use crate::webidl::exception;

use super::subtle::AlgorithmIdentifier;

/// A hash function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hash {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    pub(super) const ALL: [Self; 4] = [Self::Sha1, Self::Sha256, Self::Sha384, Self::Sha512];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "SHA-1",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        }
    }

    /// The block size in bits, which is the default length of a key.
    pub(super) fn block_bits(self) -> usize {
        match self {
            Self::Sha1 | Self::Sha256 => 512,
            Self::Sha384 | Self::Sha512 => 1024,
        }
    }

    /// The name of HMAC with this hash in a JSON Web Key.
    pub(super) fn jwk_name(self) -> &'static str {
        match self {
            Self::Sha1 => "HS1",
            Self::Sha256 => "HS256",
            Self::Sha384 => "HS384",
            Self::Sha512 => "HS512",
        }
    }
}

/// A way to use AES.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Cbc,
    Ctr,
    Gcm,
    Kw,
}

impl Mode {
    pub(super) const ALL: [Self; 4] = [Self::Cbc, Self::Ctr, Self::Gcm, Self::Kw];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Cbc => "AES-CBC",
            Self::Ctr => "AES-CTR",
            Self::Gcm => "AES-GCM",
            Self::Kw => "AES-KW",
        }
    }

    /// The end of its name in a JSON Web Key.
    pub(super) fn jwk_name(self) -> &'static str {
        &self.name()[4..]
    }
}

/// An algorithm that is known here.
// NOT YET: RSA, elliptic curves, key derivation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    Digest(Hash),
    Hmac,
    Aes(Mode),
}

impl Name {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Digest(hash) => hash.name(),
            Self::Hmac => "HMAC",
            Self::Aes(mode) => mode.name(),
        }
    }

    fn from_text(text: &str) -> Option<Self> {
        let hashes = Hash::ALL.into_iter().map(Self::Digest);
        let modes = Mode::ALL.into_iter().map(Self::Aes);
        let mut all = hashes.chain(modes).chain([Self::Hmac]);
        all.find(|name| name.as_str().eq_ignore_ascii_case(text))
    }
}

/// A [normalized algorithm](https://w3c.github.io/webcrypto/#dfn-normalize-an-algorithm): its name, and the object with
/// its parameters.
pub(super) struct Algorithm {
    pub(super) name: Name,
    parameters: Option<JsObject>,
}

/// [Normalizes an algorithm](https://w3c.github.io/webcrypto/#dfn-normalize-an-algorithm) for an operation, which
/// supports the algorithms that `supports` accepts.
pub(super) fn normalize(
    identifier: &AlgorithmIdentifier,
    operation: &str,
    supports: impl FnOnce(Name) -> bool,
    cx: &mut Context,
) -> JsResult<Algorithm> {
    // "If alg is a DOMString": it is the name, without parameters.
    let (text, parameters) = match identifier {
        AlgorithmIdentifier::DomString(name) => (name.clone(), None),
        // "If alg is an object", 1. to 3. Read its name.
        AlgorithmIdentifier::Object(object) => {
            let name = object.get(js_string!("name"), cx)?;
            if name.is_undefined() {
                return Err(missing("name"));
            }
            let name = name.to_string(cx)?.to_std_string_lossy();
            (name, Some(object.clone()))
        }
    };
    // 5. and 6. Find the algorithm among those of the operation.
    match Name::from_text(&text).filter(|name| supports(*name)) {
        Some(name) => Ok(Algorithm { name, parameters }),
        None => {
            let message = format!("{operation} does not support the algorithm {text:?}.");
            Err(exception::throw("NotSupportedError", &message, cx))
        }
    }
}

fn missing(member: &'static str) -> JsError {
    type_error(format!("required member {member} is undefined."))
}

impl Algorithm {
    fn read(&self, member: &'static str, cx: &mut Context) -> JsResult<Option<JsValue>> {
        let Some(parameters) = &self.parameters else {
            return Ok(None);
        };
        let value = parameters.get(JsString::from(member), cx)?;
        Ok(Some(value).filter(|value| !value.is_undefined()))
    }

    fn required(&self, member: &'static str, cx: &mut Context) -> JsResult<JsValue> {
        let value = self.read(member, cx)?;
        value.ok_or_else(|| missing(member))
    }

    /// A member that is a number from 0 to `most`.
    pub(super) fn number(
        &self,
        member: &'static str,
        most: u32,
        cx: &mut Context,
    ) -> JsResult<Option<usize>> {
        let Some(value) = self.read(member, cx)? else {
            return Ok(None);
        };
        // [EnforceRange]
        let number = value.to_number(cx)?.trunc();
        if !(0.0..=f64::from(most)).contains(&number) {
            return Err(Place::Member(member).is_not("a number in range"));
        }
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it is in range"
        )]
        Ok(Some(number as usize))
    }

    /// A required number.
    pub(super) fn required_number(
        &self,
        member: &'static str,
        most: u32,
        cx: &mut Context,
    ) -> JsResult<usize> {
        let number = self.number(member, most, cx)?;
        number.ok_or_else(|| missing(member))
    }

    /// A required member with bytes.
    pub(super) fn bytes(&self, member: &'static str, cx: &mut Context) -> JsResult<Vec<u8>> {
        let value = self.required(member, cx)?;
        let place = Place::Member(member);
        BufferSource::from_js(&value, place, cx)?.bytes(cx)
    }

    /// A member with bytes that may be absent.
    pub(super) fn optional_bytes(
        &self,
        member: &'static str,
        cx: &mut Context,
    ) -> JsResult<Option<Vec<u8>>> {
        match self.read(member, cx)? {
            Some(_) => self.bytes(member, cx).map(Some),
            None => Ok(None),
        }
    }

    /// The member `hash`.
    pub(super) fn hash(&self, cx: &mut Context) -> JsResult<Hash> {
        let value = self.required("hash", cx)?;
        let place = Place::Member("hash");
        let identifier = AlgorithmIdentifier::from_js(&value, place, cx)?;
        let is_hash = |name| matches!(name, Name::Digest(_));
        match normalize(&identifier, "digest", is_hash, cx)?.name {
            Name::Digest(hash) => Ok(hash),
            other => Err(exception::throw("NotSupportedError", other.as_str(), cx)),
        }
    }
}
