//! Building what every request shares from the settings.

use std::sync::Mutex;

use time::Duration;

use super::config::Config;
use super::place;
use crate::follow;
use crate::people::{Site, session};
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

/// The store of these settings with whatever schema it has. A SQLite file is not made by looking.
pub fn store_as_it_is(config: &Config) -> Result<Store> {
    let url = &config.database;
    if let Some(file) = url.file().filter(|file| !file.exists()) {
        let file = file.display();
        return Err(Error::inward(format!("there is no database {file}")));
    }
    Ok(Store::new(url.clone(), config.workers, follow::up))
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
    })
}
