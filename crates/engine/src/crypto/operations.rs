//! Operations on bytes: hashes, HMAC and AES.

use aes::cipher::block_padding::Pkcs7;
use aes::cipher::consts::U12;
use aes::cipher::{
    BlockCipherEncrypt, BlockModeDecrypt, BlockModeEncrypt, BlockSizeUser, KeyInit, KeyIvInit,
};
use aes::{Aes128, Aes192, Aes256};
use aes_gcm::AesGcm;
use aes_gcm::aead::{Aead, Payload};
use hmac::{Hmac, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::algorithm::Hash;

/// Whether an operation encrypts or decrypts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Encrypt,
    Decrypt,
}

pub(super) fn digest(hash: Hash, data: &[u8]) -> Vec<u8> {
    match hash {
        Hash::Sha1 => Sha1::digest(data).to_vec(),
        Hash::Sha256 => Sha256::digest(data).to_vec(),
        Hash::Sha384 => Sha384::digest(data).to_vec(),
        Hash::Sha512 => Sha512::digest(data).to_vec(),
    }
}

/// The HMAC of `data`. `None` if the key cannot be used.
pub(super) fn hmac(hash: Hash, key: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    fn of<M: Mac + KeyInit>(key: &[u8], data: &[u8]) -> Option<Vec<u8>> {
        let mut mac = <M as KeyInit>::new_from_slice(key).ok()?;
        mac.update(data);
        Some(mac.finalize().into_bytes().to_vec())
    }
    match hash {
        Hash::Sha1 => of::<Hmac<Sha1>>(key, data),
        Hash::Sha256 => of::<Hmac<Sha256>>(key, data),
        Hash::Sha384 => of::<Hmac<Sha384>>(key, data),
        Hash::Sha512 => of::<Hmac<Sha512>>(key, data),
    }
}

/// Calls a function with the AES of the length of a key.
macro_rules! with_aes {
    ($key:expr, $function:ident($($argument:expr),*)) => {
        match $key.len() {
            16 => $function::<Aes128>($key, $($argument),*),
            24 => $function::<Aes192>($key, $($argument),*),
            32 => $function::<Aes256>($key, $($argument),*),
            _ => None,
        }
    };
}

/// AES in CBC mode, with the padding of PKCS #7. `None` if the key, the vector or the padding is wrong.
pub(super) fn aes_cbc(key: &[u8], iv: &[u8], data: &[u8], direction: Direction) -> Option<Vec<u8>> {
    fn encrypt<C: BlockCipherEncrypt + KeyInit>(
        key: &[u8],
        iv: &[u8],
        data: &[u8],
    ) -> Option<Vec<u8>> {
        let cipher = cbc::Encryptor::<C>::new_from_slices(key, iv).ok()?;
        Some(cipher.encrypt_padded_vec::<Pkcs7>(data))
    }
    fn decrypt<C: aes::cipher::BlockCipherDecrypt + KeyInit>(
        key: &[u8],
        iv: &[u8],
        data: &[u8],
    ) -> Option<Vec<u8>> {
        let cipher = cbc::Decryptor::<C>::new_from_slices(key, iv).ok()?;
        cipher.decrypt_padded_vec::<Pkcs7>(data).ok()
    }
    match direction {
        Direction::Encrypt => with_aes!(key, encrypt(iv, data)),
        Direction::Decrypt => with_aes!(key, decrypt(iv, data)),
    }
}

/// AES in GCM mode, with a vector of 12 bytes and a tag of 16. `None` if the key, the vector or the tag is wrong.
pub(super) fn aes_gcm(
    key: &[u8],
    iv: &[u8],
    data: &[u8],
    additional: &[u8],
    direction: Direction,
) -> Option<Vec<u8>> {
    fn run<C>(
        key: &[u8],
        iv: &[u8],
        payload: Payload<'_, '_>,
        direction: Direction,
    ) -> Option<Vec<u8>>
    where
        AesGcm<C, U12>: KeyInit + Aead,
    {
        let cipher = AesGcm::<C, U12>::new_from_slice(key).ok()?;
        let nonce = iv.try_into().ok()?;
        match direction {
            Direction::Encrypt => cipher.encrypt(nonce, payload).ok(),
            Direction::Decrypt => cipher.decrypt(nonce, payload).ok(),
        }
    }
    let payload = Payload {
        msg: data,
        aad: additional,
    };
    with_aes!(key, run(iv, payload, direction))
}

/// AES in CTR mode. The last `counter_bits` bits of the block `counter` are the counter. `None` if the key or the
/// counter is wrong, or the counter would repeat.
pub(super) fn aes_ctr(
    key: &[u8],
    counter: &[u8],
    counter_bits: u32,
    data: &[u8],
) -> Option<Vec<u8>> {
    fn run<
        C: BlockCipherEncrypt + KeyInit + BlockSizeUser<BlockSize = aes::cipher::consts::U16>,
    >(
        key: &[u8],
        first: u128,
        mask: u128,
        data: &[u8],
    ) -> Option<Vec<u8>> {
        let cipher = C::new_from_slice(key).ok()?;
        let mut out = Vec::with_capacity(data.len());
        let mut counter = first;
        for part in data.chunks(16) {
            let mut block = counter.to_be_bytes().into();
            cipher.encrypt_block(&mut block);
            out.extend(part.iter().zip(block.iter()).map(|(byte, key)| byte ^ key));
            counter = (first & !mask) | (counter.wrapping_add(1) & mask);
        }
        Some(out)
    }
    let first = u128::from_be_bytes(counter.try_into().ok()?);
    let mask = match counter_bits {
        1..128 => (1 << counter_bits) - 1,
        128 => u128::MAX,
        _ => return None,
    };
    if u128::try_from(data.len().div_ceil(16)).ok()? > mask.saturating_add(1) {
        return None;
    }
    with_aes!(key, run(first, mask, data))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(hex: &str) -> Vec<u8> {
        let digit = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex digits");
        (0..hex.len()).step_by(2).map(digit).collect()
    }

    /// [NIST SP 800-38A](https://csrc.nist.gov/pubs/sp/800/38/a/final), F.5.1.
    #[test]
    fn ctr_mode_gives_the_published_blocks() {
        let key = bytes("2b7e151628aed2a6abf7158809cf4f3c");
        let counter = bytes("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
        let plain = bytes("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51");
        let cipher = bytes("874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff");
        assert_eq!(aes_ctr(&key, &counter, 64, &plain), Some(cipher));
    }

    #[test]
    fn a_counter_that_would_repeat_is_refused() {
        let (key, counter) = ([0; 16], [0; 16]);
        assert!(aes_ctr(&key, &counter, 1, &[0; 32]).is_some());
        assert!(aes_ctr(&key, &counter, 1, &[0; 33]).is_none());
    }

    #[test]
    fn what_was_encrypted_is_decrypted() {
        for length in [16, 24, 32] {
            let key = vec![7; length];
            let (iv, text) = ([1; 16], b"a text of no special length".as_slice());
            let secret = aes_cbc(&key, &iv, text, Direction::Encrypt).expect("a good key");
            assert_eq!(
                aes_cbc(&key, &iv, &secret, Direction::Decrypt).as_deref(),
                Some(text)
            );
            let secret =
                aes_gcm(&key, &iv[..12], text, b"x", Direction::Encrypt).expect("a good key");
            let decrypted = aes_gcm(&key, &iv[..12], &secret, b"x", Direction::Decrypt);
            assert_eq!(decrypted.as_deref(), Some(text));
            assert_eq!(
                aes_gcm(&key, &iv[..12], &secret, b"y", Direction::Decrypt),
                None
            );
        }
    }
}
