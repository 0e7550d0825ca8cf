//! The arithmetic of chains: pure, and the same for writing and for verifying.
//!
//! A fact's hash is SHA-256 over the hash before it and the fact's own fields, each with its
//! length, so that no two different facts give the same bytes. Texts enter as SHA-256 over salt and
//! text. A checkpoint's hash covers the hash of the checkpoint before it and the head of every chain
//! that grew since. Each kind of hash begins with a word of its own, so that none can pass for another.

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
        let mut put = |bytes: &[u8]| part(&mut h, bytes);
        put(b"andon fact 1");
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

fn part(h: &mut Sha256, bytes: &[u8]) {
    h.update((bytes.len() as u64).to_be_bytes());
    h.update(bytes);
}

/// The hash by which a fact knows a text.
pub fn text_hash(salt: &[u8], text: &str) -> [u8; 32] {
    let mut h = Sha256::new();
    part(&mut h, b"andon text 1");
    part(&mut h, salt);
    part(&mut h, text.as_bytes());
    h.finalize().into()
}

/// A checkpoint's hash in the making. Heads are put in the order of their facts, so a checkpoint
/// also fixes the order in which the chains grew, and no list of them is ever held in memory.
pub struct CheckpointSeal {
    hash: Sha256,
    chains: i64,
}

impl CheckpointSeal {
    pub fn new(number: i64, previous: &[u8]) -> Self {
        let mut hash = Sha256::new();
        part(&mut hash, b"andon checkpoint 1");
        part(&mut hash, previous);
        part(&mut hash, &number.to_be_bytes());
        Self { hash, chains: 0 }
    }

    /// Covers the head of one chain.
    pub fn head(&mut self, seq: i64, subject: Uuid, position: i64, hash: &[u8]) {
        part(&mut self.hash, &seq.to_be_bytes());
        part(&mut self.hash, subject.as_bytes());
        part(&mut self.hash, &position.to_be_bytes());
        part(&mut self.hash, hash);
        self.chains += 1;
    }

    pub fn chains(&self) -> i64 {
        self.chains
    }

    pub fn finish(mut self, last_seq: i64, at: Utc) -> [u8; 32] {
        part(&mut self.hash, b"end");
        part(&mut self.hash, &self.chains.to_be_bytes());
        part(&mut self.hash, &last_seq.to_be_bytes());
        part(&mut self.hash, &at.micros().to_be_bytes());
        self.hash.finalize().into()
    }
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

    const SUBJECT: Uuid = Uuid::from_u128(7);
    const OTHER: Uuid = Uuid::from_u128(8);

    fn fact() -> Sealed<'static> {
        Sealed {
            previous: &ZERO,
            subject_kind: "record",
            subject_id: SUBJECT,
            position: 1,
            name: "incident.created",
            version: 1,
            occurred_at: Utc::from_micros(0),
            recorded_at: Utc::from_micros(0),
            actor_id: None,
            behalf_id: None,
            door: "web",
            data: "{}",
        }
    }

    #[test]
    fn every_field_counts_and_none_can_pass_for_its_neighbour() {
        let at = Utc::from_micros(1);
        let others = [
            Sealed {
                previous: &[1; 32],
                ..fact()
            },
            Sealed {
                subject_kind: "person",
                ..fact()
            },
            Sealed {
                subject_id: OTHER,
                ..fact()
            },
            Sealed {
                position: 2,
                ..fact()
            },
            Sealed {
                name: "incident.closed",
                ..fact()
            },
            Sealed {
                version: 2,
                ..fact()
            },
            Sealed {
                occurred_at: at,
                ..fact()
            },
            Sealed {
                recorded_at: at,
                ..fact()
            },
            Sealed {
                actor_id: Some(OTHER),
                ..fact()
            },
            Sealed {
                behalf_id: Some(OTHER),
                ..fact()
            },
            Sealed {
                actor_id: Some(Uuid::nil()),
                ..fact()
            },
            Sealed {
                door: "api",
                ..fact()
            },
            Sealed {
                data: "{ }",
                ..fact()
            },
            Sealed {
                door: "we",
                data: "b{}",
                ..fact()
            },
        ];
        let mut hashes: Vec<_> = others.iter().map(Sealed::hash).collect();
        hashes.push(fact().hash());
        let all = hashes.len();
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), all);
        assert_eq!(fact().hash(), fact().hash());
    }

    #[test]
    fn the_same_text_has_another_hash_under_another_salt() {
        assert_ne!(text_hash(b"a", "x"), text_hash(b"b", "x"));
        assert_ne!(text_hash(b"a", "bx"), text_hash(b"ab", "x"));
    }

    #[test]
    fn a_checkpoint_covers_which_heads_and_in_which_order() {
        let seal = |heads: &[(i64, Uuid, i64)]| {
            let mut seal = CheckpointSeal::new(1, &ZERO);
            for (seq, subject, position) in heads {
                seal.head(*seq, *subject, *position, &[9; 32]);
            }
            assert_eq!(seal.chains(), heads.len() as i64);
            seal.finish(5, Utc::from_micros(0))
        };
        let both = seal(&[(4, SUBJECT, 2), (5, OTHER, 1)]);
        assert_eq!(both, seal(&[(4, SUBJECT, 2), (5, OTHER, 1)]));
        assert_ne!(both, seal(&[(5, OTHER, 1), (4, SUBJECT, 2)]));
        assert_ne!(both, seal(&[(4, SUBJECT, 1), (5, OTHER, 1)]));
        assert_ne!(both, seal(&[(5, OTHER, 1)]));
    }
}
