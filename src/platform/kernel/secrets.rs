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
mod tests;
