//! `andon serve`.

use actix_web::rt;
use tokio::signal::unix::{SignalKind, signal};

use crate::app::config::Config;
use crate::app::{server, state, workers};
use crate::platform::kernel::clock::Clock;
use crate::platform::kernel::error::{Error, Result};

/// Serves until SIGTERM or SIGINT, then stops taking requests and finishes the ones begun.
pub fn run(config: &Config) -> Result<()> {
    for warning in &config.warnings {
        tracing::warn!("{warning}");
    }
    let store = state::store(config)?;
    rt::System::new().block_on(async move {
        let running = server::start(config, store, Clock::system())?;
        workers::start(running.site.clone());
        for address in &running.addresses {
            println!(
                "Andon answers on {} (listening on {address})",
                config.public_url
            );
        }
        crate::people::pages::announce_first_administrator(&running.site).await?;
        let handle = running.server.handle();
        let stop = rt::spawn(async move {
            let (Ok(mut term), Ok(mut int)) = (
                signal(SignalKind::terminate()),
                signal(SignalKind::interrupt()),
            ) else {
                return;
            };
            tokio::select! { _ = term.recv() => {}, _ = int.recv() => {} }
            tracing::info!("stopping");
            handle.stop(true).await;
        });
        let ended = running.server.await;
        stop.abort();
        crate::app::flush(&running.site).await?;
        ended.map_err(|e| Error::inward(format!("server: {e}")))
    })
}
