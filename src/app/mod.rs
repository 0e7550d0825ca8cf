//! Assembly: the only place that knows everyone.

pub mod backup;
pub mod commands;
pub mod config;
pub mod demo;
pub mod log;
pub mod place;
pub mod routes;
pub mod server;
pub mod state;
pub mod verify;
pub mod workers;

/// What is to be written before the process ends.
pub async fn flush(site: &crate::people::Site) -> crate::platform::kernel::error::Result<()> {
    workers::flush_seen(site).await
}
