//! The pages of post-mortems.

use actix_web::web::ServiceConfig;

pub fn routes(_: &mut ServiceConfig) {}
