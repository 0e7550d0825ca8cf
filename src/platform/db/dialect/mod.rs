//! The few statements the two databases do not share. Matching on the backend anywhere else is a
//! defect.

mod around;
mod catalogue;
mod each;
mod full_text;
mod many;
mod pour;
mod rows;
mod scrub;
mod snapshot;
mod tally;

pub use around::{check_loops_later, empty, go_on_counting};
pub use catalogue::{Catalogue, Table, catalogue, names_of_anything};
pub(crate) use each::each_of;
pub use full_text::{
    Found, TextAsk, Texts, delete_text, find_texts, insert_text, replace_texts, set_texts_apart,
};
pub use many::AT_ONCE;
pub(crate) use many::{insert_many, insert_returning};
pub use pour::{Cell, pour, pour_texts, rows_at_once};
pub use rows::each_row;
pub use scrub::scrub;
pub use snapshot::{Turn, long_view, one_at_a_time, one_view, wait_for_writers};
pub use tally::{add_to_handover_tally, add_to_tally};

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
