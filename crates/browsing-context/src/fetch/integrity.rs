//! [Subresource Integrity](https://w3c.github.io/webappsec-subresource-integrity/): whether a body is the expected one.

use data_url::forgiving_base64;
use sha2::{Digest, Sha256, Sha384, Sha512};

/// A hash algorithm, the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Algorithm {
    Sha256,
    Sha384,
    Sha512,
}

/// [Do bytes match metadataList](https://w3c.github.io/webappsec-subresource-integrity/#does-response-match-metadatalist)
#[must_use]
pub fn bytes_match_integrity(bytes: &[u8], metadata: &str) -> bool {
    // 1. and 2. Parse the metadata. Without any that is known, every body matches.
    let hashes: Vec<(Algorithm, &str)> = metadata
        .split_ascii_whitespace()
        .filter_map(parse_hash)
        .collect();
    // 3. and 4. Only the strongest ones count.
    let Some(strongest) = hashes.iter().map(|(algorithm, _)| *algorithm).max() else {
        return true;
    };
    // 5. One of them has to match.
    let mut hashes = hashes.iter();
    hashes.any(|(algorithm, expected)| {
        *algorithm == strongest && has_digest(bytes, strongest, expected)
    })
}

/// The algorithm and the digest of a hash, without its options.
pub(super) fn parse_hash(token: &str) -> Option<(Algorithm, &str)> {
    let token = token.split('?').next()?;
    let (name, digest) = token.split_once('-')?;
    let algorithm = match name.to_ascii_lowercase().as_str() {
        "sha256" => Algorithm::Sha256,
        "sha384" => Algorithm::Sha384,
        "sha512" => Algorithm::Sha512,
        _ => return None,
    };
    Some((algorithm, digest))
}

/// Whether the bytes have this digest, which is in base64.
pub(super) fn has_digest(bytes: &[u8], algorithm: Algorithm, expected: &str) -> bool {
    let digest = match algorithm {
        Algorithm::Sha256 => Sha256::digest(bytes).to_vec(),
        Algorithm::Sha384 => Sha384::digest(bytes).to_vec(),
        Algorithm::Sha512 => Sha512::digest(bytes).to_vec(),
    };
    // Digests may be in the URL-safe alphabet.
    let expected = expected.replace('-', "+").replace('_', "/");
    forgiving_base64::decode_to_vec(expected.as_bytes()).is_ok_and(|expected| expected == digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strongest_hash_counts() {
        let of_a = "sha256-ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs=";
        assert!(bytes_match_integrity(b"a", of_a));
        assert!(bytes_match_integrity(b"a", &format!("sha256-x {of_a}?x")));
        assert!(!bytes_match_integrity(b"b", of_a));
        assert!(!bytes_match_integrity(b"a", &format!("{of_a} sha512-eA==")));
        assert!(bytes_match_integrity(b"a", "md5-x nonsense"));
    }
}
