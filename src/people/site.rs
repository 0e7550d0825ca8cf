//! What every request shares: the store, the clock, limits, and what is held in memory.

use std::sync::Mutex;

use super::line::Lines;
use super::session::{LastSeen, Limits};
use crate::platform::db::Store;
use crate::platform::files::blobs::Blobs;
use crate::platform::kernel::clock::Clock;
use crate::platform::kernel::secrets::PasswordGate;
use crate::platform::web::throttle::Throttle;

/// Built once at assembly, read by every door.
pub struct Site {
    pub store: Store,
    pub clock: Clock,
    /// Where links point to: `https://desk.example.com`, without a slash at the end.
    pub public_url: String,
    pub https: bool,
    pub limits: Limits,
    /// The content of attachments.
    pub blobs: Blobs,
    pub diagnostics: bool,
    pub trusted_proxies: Vec<crate::platform::web::origin::Net>,
    pub seen: LastSeen,
    pub throttle: Mutex<Throttle>,
    pub passwords: PasswordGate,
    /// How everything that is open stands.
    pub lines: Lines,
}

impl Site {
    /// Browsers hold a `__Host-` cookie to this host, this path and TLS.
    pub fn cookie_name(&self) -> &'static str {
        if self.https { "__Host-andon" } else { "andon" }
    }
}
