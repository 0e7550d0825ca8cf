//! The small change of every room: time, errors, secrets, text.

pub mod clock;
pub mod ctx;
pub mod dates;
pub mod error;
pub mod markdown;
pub mod secrets;
pub mod table_file;
pub mod text;
pub mod zone;
