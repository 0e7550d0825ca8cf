//! Secrets: random tokens and passwords.
//!
//! * A token is 256 random bits from the operating system. It leaves the server once, as 64 hex
//!   digits; the database keeps its SHA-256 only, so a stolen copy of the database signs nobody in.
//!   (A fast hash is right here: there is nothing to guess in 256 random bits.)
//! * A password is kept as argon2id, m = 19456 KiB, t = 2, p = 1 (OWASP's password storage cheat
//!   sheet and ASVS 5.0 appendix C; 26 ms on one core here), as a PHC string that names its own
//!   parameters, so they can rise later: `needs_rehash` says when.
//! * An unknown user costs the same time as a wrong password: `verify_password(None, …)` works on
//!   a dummy hash with the same parameters.
//! * Every hash takes 19 MiB and a core, so `PasswordGate` lets as many run as there are cores, 32
//!   wait, and tells the rest to come back: 50 sign-ins at once must not cost 1 GB.

use std::fmt;
use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

mod rules;

pub use rules::{MAX_BYTES, MIN_CHARACTERS, Weak, check_password};

const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// No password has this hash: its 32 bytes were drawn at random and nothing was hashed.
const DUMMY: &str = "$argon2id$v=19$m=19456,t=2,p=1$FLF3PqIPWXCtyQqIN/yaCg$\
                     pFHVh/mNdyElGCNlvCA67WgUq3LxqLplLvBbbUMhtsA";

/// Sign-ins that may wait for a core; the field note's figure (two cores do about 75 a second).
pub const GATE_QUEUE: usize = 32;

/// 256 random bits.
#[derive(Clone, PartialEq, Eq)]
pub struct Token([u8; 32]);

impl Token {
    pub fn new() -> Result<Self, SecretError> {
        let mut bits = [0; 32];
        getrandom::fill(&mut bits).map_err(|_| SecretError::Random)?;
        Ok(Self(bits))
    }

    /// The text that goes out: 64 lower-case hex digits, nothing a URL or cookie must escape.
    pub fn to_text(&self) -> String {
        hex(&self.0)
    }

    /// Reads the text back; anything but 64 lower-case hex digits is no token.
    pub fn parse(text: &str) -> Option<Self> {
        unhex(text).map(Self)
    }

    /// What the database keeps and looks up.
    pub fn hash(&self) -> [u8; 32] {
        sha256(&self.0)
    }
}

/// A token must not slip into a log.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
    ];
    let digit = |n: u8| DIGITS.get(usize::from(n & 15)).copied().unwrap_or('0');
    bytes
        .iter()
        .flat_map(|b| [digit(b >> 4), digit(*b)])
        .collect()
}

/// Exactly 64 lower-case hex digits.
pub fn unhex(text: &str) -> Option<[u8; 32]> {
    let digit = |b: u8| match b {
        b'0'..=b'9' => Some(b - b'0'),
        b'a'..=b'f' => Some(b - b'a' + 10),
        _ => None,
    };
    let mut out = [0; 32];
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if pairs.len() != out.len() || !rest.is_empty() {
        return None;
    }
    for (byte, [high, low]) in out.iter_mut().zip(pairs) {
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Some(out)
}

/// Compares without telling by the time taken where the difference is.
pub fn same(a: &[u8], b: &[u8]) -> bool {
    let differing = a.iter().zip(b).fold(0, |d, (x, y)| black_box(d | (x ^ y)));
    a.len() == b.len() && black_box(differing) == 0
}

/// Neither is the person's doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretError {
    /// The operating system gave no random bytes.
    Random,
    /// The hash could not be made (no memory).
    Hash,
}

impl fmt::Display for SecretError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SecretError::Random => "the operating system gave no random bytes",
            SecretError::Hash => "the password hash could not be computed",
        })
    }
}

impl std::error::Error for SecretError {}

fn hasher() -> Result<Argon2<'static>, SecretError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| SecretError::Hash)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The same password typed on two systems can arrive as different code points ("ü" as one or as
/// two); NFKC makes them one, as SP 800-63B advises.
fn folded(password: &str) -> String {
    password.nfkc().collect()
}

/// A PHC string for the database. Takes 20–30 ms and 19 MiB: call it through `PasswordGate`.
pub fn hash_password(password: &str) -> Result<String, SecretError> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(|_| SecretError::Random)?;
    hasher()?
        .hash_password_with_salt(folded(password).as_bytes(), &salt)
        .map(|hash: PasswordHash| hash.to_string())
        .map_err(|_| SecretError::Hash)
}

/// What came of checking a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    pub ok: bool,
    /// It was right, but kept with other parameters than today's: store a new hash now.
    pub needs_rehash: bool,
}

/// Checks a password. `stored` is `None` for an unknown user, a disabled one or one without a
/// password; that costs the same time. Call it through `PasswordGate`.
pub fn verify_password(stored: Option<&str>, given: &str) -> Verified {
    let no = Verified {
        ok: false,
        needs_rehash: false,
    };
    let known = stored.and_then(|text| PasswordHash::new(text).ok());
    let real = known.is_some() && given.len() <= MAX_BYTES;
    let hash = match known {
        Some(hash) => hash,
        None => match PasswordHash::new(DUMMY) {
            Ok(hash) => hash,
            Err(_) => return no,
        },
    };
    // Longer than any password can be: the time is spent, the text is not read.
    let given = if given.len() <= MAX_BYTES {
        folded(given)
    } else {
        String::new()
    };
    let Ok(hasher) = hasher() else { return no };
    let matches = hasher.verify_password(given.as_bytes(), &hash).is_ok();
    let ok = matches && real;
    Verified {
        ok,
        needs_rehash: ok && !current(&hash),
    }
}

fn current(hash: &PasswordHash) -> bool {
    let params = Params::try_from(hash)
        .is_ok_and(|p| (p.m_cost(), p.t_cost(), p.p_cost()) == (MEMORY_KIB, PASSES, LANES));
    params && hash.algorithm.as_str() == "argon2id" && hash.version == Some(Version::V0x13.into())
}

/// Why the gate gave no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GateError {
    /// Too many wait already: 503 with `Retry-After`.
    Busy { retry_after_seconds: u64 },
    /// The work broke off (a panic, or the server is stopping).
    Broken,
}

/// Lets as many hashes run as there are cores.
#[derive(Clone)]
pub struct PasswordGate {
    running: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
    queue: usize,
}

impl PasswordGate {
    /// One permit a core and 32 places to wait.
    pub fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, |n| n.get());
        Self::with(cores, GATE_QUEUE)
    }

    pub fn with(permits: usize, queue: usize) -> Self {
        let running = Arc::new(Semaphore::new(permits.max(1)));
        Self {
            running,
            waiting: Arc::default(),
            queue,
        }
    }

    /// Runs `work` on a thread for blocking work. The permit goes along with it: when the client
    /// hangs up and this future is dropped, the hash that is still being computed keeps its place.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, GateError> {
        let permit = match Arc::clone(&self.running).try_acquire_owned() {
            Ok(permit) => permit,
            Err(_) => {
                let place = Place::take(&self.waiting, self.queue)?;
                let permit = Arc::clone(&self.running).acquire_owned().await;
                drop(place);
                permit.map_err(|_| GateError::Broken)?
            }
        };
        let done = actix_web::web::block(move || {
            let _permit = permit;
            work()
        });
        done.await.map_err(|_| GateError::Broken)
    }
}

impl Default for PasswordGate {
    fn default() -> Self {
        Self::new()
    }
}

/// A place in the queue; given back even when whoever waits gives up.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize, queue: usize) -> Result<Self, GateError> {
        let place = Self(waiting);
        if waiting.fetch_add(1, Ordering::AcqRel) < queue {
            return Ok(place);
        }
        // 32 waiting at about 26 ms each are through within two seconds on one core.
        Err(GateError::Busy {
            retry_after_seconds: 2,
        })
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic
    )]

    use std::time::{Duration, Instant};

    use futures_util::FutureExt;

    use super::*;

    #[test]
    fn tokens() {
        let token = Token::new().unwrap();
        let text = token.to_text();
        assert_eq!(text.len(), 64);
        assert_eq!(Token::parse(&text), Some(token.clone()));
        assert_ne!(Token::new().unwrap(), token);
        assert_eq!(token.hash(), sha256(&token.0));
        assert!(!format!("{token:?}").contains(&text[..8]));
        let short = &text[1..];
        let bad = [
            String::new(),
            short.into(),
            format!("{text}0"),
            format!("{short}G"),
            format!("{short}A"),
            format!("{short} "),
            format!("{}é", &text[2..]),
        ];
        for bad in bad {
            assert_eq!(Token::parse(&bad), None, "{bad:?}");
        }
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hex(&sha256(b"abc")), abc);
        assert_eq!(unhex(abc), Some(sha256(b"abc")));
    }

    #[test]
    fn comparing() {
        assert!(same(b"", b"") && same(b"abc", b"abc"));
        assert!(!same(b"abc", b"abd") && !same(b"abc", b"ab") && !same(b"", b"a"));
    }

    #[test]
    fn the_right_password_and_only_that() {
        let stored = hash_password("correct horse battery").unwrap();
        assert!(
            stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{stored}"
        );
        assert_ne!(stored, hash_password("correct horse battery").unwrap());
        let yes = Verified {
            ok: true,
            needs_rehash: false,
        };
        let no = Verified {
            ok: false,
            needs_rehash: false,
        };
        assert_eq!(verify_password(Some(&stored), "correct horse battery"), yes);
        for wrong in [
            "",
            "correct horse batterz",
            "correct horse battery ",
            &"x".repeat(300),
        ] {
            assert_eq!(verify_password(Some(&stored), wrong), no);
        }
        assert_eq!(verify_password(None, "correct horse battery"), no);
        assert_eq!(verify_password(Some("plain text"), "plain text"), no);
        assert_eq!(verify_password(Some(""), ""), no);
    }

    #[test]
    fn both_ways_to_write_an_umlaut_are_one_password() {
        let stored = hash_password("gr\u{fc}ne B\u{e4}ume").unwrap();
        assert!(verify_password(Some(&stored), "gru\u{308}ne Ba\u{308}ume").ok);
    }

    #[test]
    fn other_parameters_still_work_and_ask_for_a_new_hash() {
        let params = Params::new(64, 1, 1, None).unwrap();
        let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let stored = weak
            .hash_password_with_salt(b"an old password", b"0123456789abcdef")
            .unwrap();
        let stored = PasswordHash::to_string(&stored);
        let found = verify_password(Some(&stored), "an old password");
        assert_eq!(
            found,
            Verified {
                ok: true,
                needs_rehash: true
            }
        );
        let found = verify_password(Some(&stored), "another");
        assert_eq!(
            found,
            Verified {
                ok: false,
                needs_rehash: false
            }
        );
    }

    #[test]
    fn an_unknown_user_costs_a_whole_hash() {
        assert!(current(&PasswordHash::new(DUMMY).unwrap()));
        let stored = hash_password("correct horse battery").unwrap();
        let time = |stored: Option<&str>| {
            let mut all: Vec<Duration> = (0..9)
                .map(|_| {
                    let start = Instant::now();
                    verify_password(stored, "wrong");
                    start.elapsed()
                })
                .collect();
            all.sort();
            all[4]
        };
        // A wide margin: this test is about doing the work at all, not about the machine.
        assert!(time(None) * 3 > time(Some(&stored)));
    }

    #[actix_web::test]
    async fn the_gate_runs_some_queues_some_and_refuses_the_rest() {
        let gate = PasswordGate::with(2, 3);
        let (most, now) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let all = (0..8).map(|_| {
            let (most, now) = (Arc::clone(&most), Arc::clone(&now));
            gate.run(move || {
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                std::thread::sleep(Duration::from_millis(30));
                now.fetch_sub(1, Ordering::SeqCst);
            })
        });
        let done = futures_util::future::join_all(all).await;
        let busy = done
            .iter()
            .filter(|r| matches!(r, Err(GateError::Busy { .. })))
            .count();
        assert_eq!((busy, done.iter().filter(|r| r.is_ok()).count()), (3, 5));
        assert!(most.load(Ordering::SeqCst) <= 2);
        assert_eq!(gate.waiting.load(Ordering::SeqCst), 0);
        assert_eq!(gate.run(|| 7).await, Ok(7));
    }

    #[actix_web::test]
    async fn a_waiter_who_leaves_gives_back_its_place_and_a_panic_its_permit() {
        let gate = PasswordGate::with(1, 1);
        let (tell, wait) = std::sync::mpsc::channel::<()>();
        let first = actix_web::rt::spawn({
            let gate = gate.clone();
            async move { gate.run(move || wait.recv().is_ok()).await }
        });
        actix_web::rt::task::yield_now().await;
        {
            let second = gate.run(|| ());
            let third = gate.run(|| ());
            futures_util::pin_mut!(second, third);
            assert!(second.as_mut().now_or_never().is_none());
            assert!(matches!(
                third.await,
                Err(GateError::Busy {
                    retry_after_seconds: 2
                })
            ));
        }
        assert_eq!(gate.waiting.load(Ordering::SeqCst), 0);
        tell.send(()).unwrap();
        assert_eq!(first.await.unwrap(), Ok(true));
        assert_eq!(
            gate.run(|| if gate_breaks() {
                panic!("x")
            })
            .await,
            Err(GateError::Broken)
        );
        assert_eq!(gate.run(|| 1).await, Ok(1));
    }

    fn gate_breaks() -> bool {
        true
    }
}
