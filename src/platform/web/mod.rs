//! What every request passes through.

pub mod assets;
pub mod headers;
pub mod icon;
pub mod multipart;
pub mod origin;
pub mod request_id;
pub mod throttle;
