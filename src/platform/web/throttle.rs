//! Slowing down whoever guesses passwords, without giving anybody a way to lock others out.
//!
//! Three counters of tries that did not end in a sign-in, each over a window that begins with the
//! first of them:
//!
//! * *account at address*: 10 in 15 minutes. Somebody who mistypes stays below; a guesser gets at
//!   most 960 tries a day at one account from one address.
//! * *address*: 50 in 15 minutes, so that trying one password at many accounts ends too. Whoever
//!   signed in from that address within 30 days is exempt: one infected machine behind the
//!   office's shared address must not keep the office out.
//! * *account*: 100 in an hour from everywhere (the figure SP 800-63B gives for consecutive
//!   failures). It never refuses by itself, it lowers the first limit to 3 for that account: the
//!   right password from an address that did not guess always works.
//!
//! A try is counted when it *begins* and taken back when it succeeds, otherwise fifty at once
//! would all pass before the first had failed. Refused tries do not count, so a wait ends even if
//! the machine in the corner goes on asking. The answer says how long to wait, never how many
//! tries are left nor which counter was full.
//!
//! IPv6 addresses count by their /64, which is what one customer gets. In memory only, keys as
//! keyed hashes, at most 20,000 entries a counter (about 2 MB each), the least recently used
//! dropped: a restart forgets, and several instances count each for itself.

use std::hash::{BuildHasher, Hash, RandomState};
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroUsize;

use lru::LruCache;
use time::{Duration, OffsetDateTime};

/// The numbers above, to be changed by tests or a setting.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub pair: u32,
    pub address: u32,
    pub account: u32,
    /// What `pair` becomes for an account that is being guessed from everywhere.
    pub pair_when_guessed: u32,
    pub window: Duration,
    pub account_window: Duration,
    pub known_for: Duration,
    pub entries: NonZeroUsize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            pair: 10,
            address: 50,
            account: 100,
            pair_when_guessed: 3,
            window: Duration::minutes(15),
            account_window: Duration::HOUR,
            known_for: Duration::days(30),
            entries: NonZeroUsize::new(20_000).unwrap_or(NonZeroUsize::MIN),
        }
    }
}

/// "Too many tries, wait N minutes." Answer it with 429 and `Retry-After`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    until: OffsetDateTime,
    now: OffsetDateTime,
}

impl Wait {
    /// Whole minutes, rounded up, at least one.
    pub fn minutes(&self) -> i64 {
        (self.seconds() + 59) / 60
    }

    pub fn seconds(&self) -> i64 {
        (self.until - self.now).whole_seconds().max(1)
    }

    /// The key of the message, with the argument `minutes`.
    pub fn key(&self) -> &'static str {
        "sign-in-too-many"
    }
}

/// A try under way; give it back to `succeeded` or `undo`, or drop it when the password was wrong.
#[derive(Debug, Clone, Copy)]
#[must_use]
pub struct Try {
    pair: u64,
    address: u64,
    account: u64,
}

#[derive(Debug, Clone, Copy)]
struct Count {
    since: OffsetDateTime,
    tries: u32,
}

/// The counters. Put it behind a mutex; every call is a few hash look-ups.
pub struct Throttle {
    limits: Limits,
    hasher: RandomState,
    pairs: LruCache<u64, Count>,
    addresses: LruCache<u64, Count>,
    accounts: LruCache<u64, Count>,
    known: LruCache<u64, OffsetDateTime>,
}

impl Default for Throttle {
    fn default() -> Self {
        Self::new(Limits::default())
    }
}

impl Throttle {
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            hasher: RandomState::new(),
            pairs: LruCache::sparse(limits.entries),
            addresses: LruCache::sparse(limits.entries),
            accounts: LruCache::sparse(limits.entries),
            known: LruCache::sparse(limits.entries),
        }
    }

    /// Asks before a password is checked. `account` is what was typed, existing or not.
    pub fn begin(&mut self, account: &str, from: IpAddr, now: OffsetDateTime) -> Result<Try, Wait> {
        let limits = self.limits;
        let this = self.name(account, from);
        let guessed = tries(&mut self.accounts, this.account, now, limits.account_window)
            .is_some_and(|c| c.tries >= limits.account);
        let known = self
            .known
            .get(&this.pair)
            .is_some_and(|at| now - *at < limits.known_for);
        let pair_limit = if guessed {
            limits.pair_when_guessed
        } else {
            limits.pair
        };
        let full = |count: Option<Count>, limit: u32| {
            count
                .filter(|c| c.tries >= limit)
                .map(|c| c.since + limits.window)
        };
        let pair = full(
            tries(&mut self.pairs, this.pair, now, limits.window),
            pair_limit,
        );
        let address = tries(&mut self.addresses, this.address, now, limits.window);
        let address = if known {
            None
        } else {
            full(address, limits.address)
        };
        if let Some(until) = pair.max(address) {
            return Err(Wait { until, now });
        }
        add(&mut self.pairs, this.pair, now);
        add(&mut self.addresses, this.address, now);
        add(&mut self.accounts, this.account, now);
        Ok(this)
    }

    /// The password was right: this person's slips at this address are forgotten. The address
    /// keeps its other tries, else one valid account would let a guesser go on for ever.
    pub fn succeeded(&mut self, this: Try, now: OffsetDateTime) {
        self.undo(this);
        self.pairs.pop(&this.pair);
        self.known.put(this.pair, now);
    }

    /// Nothing was learnt about the password (the server was busy): the try does not count.
    pub fn undo(&mut self, this: Try) {
        take(&mut self.pairs, this.pair);
        take(&mut self.addresses, this.address);
        take(&mut self.accounts, this.account);
    }

    fn name(&self, account: &str, from: IpAddr) -> Try {
        let account = account.trim().to_lowercase();
        let address = network(from);
        Try {
            pair: self.hasher.hash_one((&account, address)),
            address: self.hash(address),
            account: self.hash(&account),
        }
    }

    fn hash(&self, what: impl Hash) -> u64 {
        self.hasher.hash_one(what)
    }
}

/// An IPv4 address by itself, an IPv6 address by its /64.
fn network(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
        v4 => v4,
    }
}

/// The count whose window is still open; one that is over is dropped.
fn tries(
    counts: &mut LruCache<u64, Count>,
    key: u64,
    now: OffsetDateTime,
    window: Duration,
) -> Option<Count> {
    let count = *counts.get(&key)?;
    if now - count.since < window {
        return Some(count);
    }
    counts.pop(&key);
    None
}

fn add(counts: &mut LruCache<u64, Count>, key: u64, now: OffsetDateTime) {
    let count = counts.get_or_insert_mut(key, || Count {
        since: now,
        tries: 0,
    });
    count.tries = count.tries.saturating_add(1);
}

fn take(counts: &mut LruCache<u64, Count>, key: u64) {
    if let Some(count) = counts.get_mut(&key) {
        count.tries = count.tries.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests;
