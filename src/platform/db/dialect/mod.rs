//! The few statements the two databases do not share. Matching on the backend anywhere else is a
//! defect.

mod full_text;
mod snapshot;
mod tally;

pub use full_text::{Found, TextAsk, Texts, delete_text, find_texts, insert_text, set_texts_apart};
pub use snapshot::{one_view, wait_for_writers};
pub use tally::add_to_tally;

/// Runs one expression on the concrete connection of either backend.
macro_rules! on_backend {
    ($conn:expr, $sqlite:ident => $a:expr, $postgres:ident => $b:expr) => {
        match $conn {
            $crate::platform::db::Db::Sqlite($sqlite) => $a,
            $crate::platform::db::Db::Postgres($postgres) => $b,
        }
    };
}
pub(crate) use on_backend;
