//! Administration pages over the other slices.

use actix_web::web::ServiceConfig;

pub fn routes(_: &mut ServiceConfig) {}
