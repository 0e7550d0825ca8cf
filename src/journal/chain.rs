//! The arithmetic of chains: pure, and the same for writing and for verifying.
//!
//! A fact's hash is SHA-256 over the hash before it and the fact's own fields, each with its
//! length, so that no two different facts give the same bytes. Texts enter as SHA-256 over salt and
//! text.

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::platform::db::Utc;

/// What stands before the first fact of a chain.
pub const ZERO: [u8; 32] = [0; 32];

/// Count and last hash of a chain; the record's row holds the same two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub count: i64,
    pub hash: Vec<u8>,
}

impl Head {
    pub fn empty() -> Self {
        Self {
            count: 0,
            hash: ZERO.to_vec(),
        }
    }
}

/// The fields of a fact that its hash covers.
pub struct Sealed<'a> {
    pub previous: &'a [u8],
    pub subject_kind: &'a str,
    pub subject_id: Uuid,
    pub position: i64,
    pub name: &'a str,
    pub version: i32,
    pub occurred_at: Utc,
    pub recorded_at: Utc,
    pub actor_id: Option<Uuid>,
    pub behalf_id: Option<Uuid>,
    pub door: &'a str,
    pub data: &'a str,
}

impl Sealed<'_> {
    pub fn hash(&self) -> [u8; 32] {
        let mut h = Sha256::new();
        let mut put = |bytes: &[u8]| {
            h.update((bytes.len() as u64).to_be_bytes());
            h.update(bytes);
        };
        put(self.previous);
        put(self.subject_kind.as_bytes());
        put(self.subject_id.as_bytes());
        put(&self.position.to_be_bytes());
        put(self.name.as_bytes());
        put(&self.version.to_be_bytes());
        put(&self.occurred_at.micros().to_be_bytes());
        put(&self.recorded_at.micros().to_be_bytes());
        put(self.actor_id.as_ref().map_or(&[][..], |id| id.as_bytes()));
        put(self.behalf_id.as_ref().map_or(&[][..], |id| id.as_bytes()));
        put(self.door.as_bytes());
        put(self.data.as_bytes());
        h.finalize().into()
    }
}

/// The hash by which a fact knows a text.
pub fn text_hash(salt: &[u8], text: &str) -> [u8; 32] {
    let mut h = Sha256::new();
    h.update((salt.len() as u64).to_be_bytes());
    h.update(salt);
    h.update(text.as_bytes());
    h.finalize().into()
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut out, b| {
            use std::fmt::Write;
            let _ = write!(out, "{b:02x}");
            out
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact(position: i64, data: &str) -> [u8; 32] {
        Sealed {
            previous: &ZERO,
            subject_kind: "record",
            subject_id: Uuid::nil(),
            position,
            name: "incident.created",
            version: 1,
            occurred_at: Utc::from_micros(0),
            recorded_at: Utc::from_micros(0),
            actor_id: None,
            behalf_id: None,
            door: "web",
            data,
        }
        .hash()
    }

    #[test]
    fn every_field_counts() {
        assert_ne!(fact(1, "{}"), fact(2, "{}"));
        assert_ne!(fact(1, "{}"), fact(1, "{ }"));
        assert_eq!(fact(1, "{}"), fact(1, "{}"));
    }

    #[test]
    fn the_same_text_has_another_hash_under_another_salt() {
        assert_ne!(text_hash(b"a", "x"), text_hash(b"b", "x"));
        assert_ne!(text_hash(b"a", "bx"), text_hash(b"ab", "x"));
    }
}
