//! Building what every request shares from the settings.

use std::sync::Mutex;

use time::Duration;

use super::config::Config;
use super::place;
use crate::follow;
use crate::people::{Lines, Site, session};
use crate::platform::db::{Store, migrate};
use crate::platform::kernel::clock::Clock;
use crate::platform::kernel::error::{Error, Result};
use crate::platform::kernel::secrets::PasswordGate;
use crate::platform::web::throttle::Throttle;

/// The store of these settings, its schema brought up to date.
pub fn store(config: &Config) -> Result<Store> {
    for migration in migrate::up(&config.database)? {
        tracing::info!(%migration, database = %config.database, "migrated");
    }
    Ok(Store::new(
        config.database.clone(),
        config.workers,
        follow::up,
    ))
}

/// [`store`] for commands that only read: a mistyped path is a mistake, not a new database.
pub fn existing_store(config: &Config) -> Result<Store> {
    is_there(config)?;
    store(config)
}

/// The store of these settings with whatever schema it has.
pub fn store_as_it_is(config: &Config) -> Result<Store> {
    is_there(config)?;
    Ok(Store::new(
        config.database.clone(),
        config.workers,
        follow::up,
    ))
}

fn is_there(config: &Config) -> Result<()> {
    match config.database.file() {
        Some(file) if !file.exists() => Err(Error::inward(format!(
            "there is no database {}; `andon serve` or `andon migrate` makes one",
            file.display()
        ))),
        _ => Ok(()),
    }
}

/// Everything a request shares.
pub fn site(config: &Config, store: Store, clock: Clock) -> Result<Site> {
    let blobs = place::open(&store, &config.attachments_path)?;
    Ok(Site {
        store,
        clock,
        public_url: config.public_url.to_string(),
        https: config.public_url.is_https(),
        limits: session::Limits {
            idle: Duration::minutes(config.session_idle_minutes.into()),
            absolute: Duration::hours(config.session_absolute_hours.into()),
        },
        blobs,
        diagnostics: config.diagnostics,
        trusted_proxies: config.trusted_proxies.clone(),
        seen: session::LastSeen::default(),
        throttle: Mutex::new(Throttle::default()),
        passwords: PasswordGate::new(),
        lines: Lines::counted_by(crate::records::line),
    })
}
