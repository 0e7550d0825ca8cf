//! Pages.

use actix_web::web::ServiceConfig;

pub fn routes(_: &mut ServiceConfig) {}

/// Prints a one-time link where there is no administrator yet.
pub async fn announce_first_administrator(
    _: &super::Site,
) -> crate::platform::kernel::error::Result<()> {
    Ok(())
}
