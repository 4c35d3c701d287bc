//! Web Cryptography: `Crypto` ([Crypto interface](https://w3c.github.io/webcrypto/#Crypto-interface)), and
//! `SubtleCrypto` with secret keys.
//!
//! IMPLEMENTATION-DEFINED: random values and keys are from the agent's one seed. They are for tests, and can be predicted.

mod algorithm;
pub(crate) mod key;
mod operations;
pub(crate) mod subtle;

use boa_engine::builtins::typed_array::TypedArrayKind;
use boa_engine::object::builtins::{JsArrayBuffer, JsTypedArray as ArrayBufferView};
use boa_engine::{Context, JsObject, JsResult};

use framepost_event_loop::GlobalId;

use crate::boa::random;
use crate::script::realm;
use crate::webidl::{exception, interface, platform};
use subtle::SUBTLE_CRYPTO;

interface! {
    /// The `Crypto` interface.
    [Exposed=(Window,Worker)]
    interface Crypto {
        ArrayBufferView getRandomValues(ArrayBufferView array) = |_, array, cx| get_random_values(array, cx);
        [SecureContext, SameObject] readonly attribute SubtleCrypto subtle =
            |crypto: &JsObject, cx| subtle_of(crypto, cx);
        [SecureContext] DOMString randomUUID() = |_, cx| random::uuid(random::next_u64(cx), random::next_u64(cx));
    }

    /// The [`crypto`](https://w3c.github.io/webcrypto/#Crypto-partial-WindowOrWorkerGlobalScope) of
    /// windows and workers.
    partial interface mixin WindowOrWorkerGlobalScope {
        [SameObject] readonly attribute Crypto crypto = |global: GlobalId, cx| realm::create_in(global, &CRYPTO, (), cx);
    }
}

/// [`subtle`](https://w3c.github.io/webcrypto/#Crypto-attribute-subtle)
fn subtle_of(crypto: &JsObject, cx: &mut Context) -> JsResult<JsObject> {
    let global = platform::relevant_global(crypto).ok_or_else(platform::illegal_invocation)?;
    Ok(realm::create_in(global, &SUBTLE_CRYPTO, (), cx))
}

/// The most bytes of one call.
const QUOTA: usize = 65_536;

/// [`getRandomValues()`](https://w3c.github.io/webcrypto/#Crypto-method-getRandomValues)
fn get_random_values(view: ArrayBufferView, ctx: &mut Context) -> JsResult<JsObject> {
    // 1. The array holds integers.
    if matches!(
        view.kind(),
        Some(TypedArrayKind::Float32 | TypedArrayKind::Float64) | None
    ) {
        let message = "The array holds no integers.";
        return Err(exception::throw("TypeMismatchError", message, ctx));
    }
    // 2. It is not too long.
    let length = view.byte_length(ctx)?;
    if length > QUOTA {
        let message = format!("{length} bytes are more than {QUOTA}.");
        return Err(exception::throw("QuotaExceededError", &message, ctx));
    }
    // 3. Overwrite its elements.
    let bytes = random_bytes(length, ctx);
    let offset = view.byte_offset(ctx)?;
    let buffer = view.buffer(ctx)?.as_object();
    if let Some(Ok(buffer)) = buffer.map(JsArrayBuffer::from_object)
        && let Some(mut data) = buffer.data_mut()
        && let Some(room) = data.get_mut(offset..offset.saturating_add(length))
    {
        room.copy_from_slice(&bytes);
    }
    // 4. Return the array.
    Ok(view.into())
}

/// Random bytes.
fn random_bytes(length: usize, ctx: &mut Context) -> Vec<u8> {
    std::iter::repeat_with(|| random::next_u64(ctx).to_le_bytes())
        .take(length.div_ceil(8))
        .flatten()
        .take(length)
        .collect()
}
