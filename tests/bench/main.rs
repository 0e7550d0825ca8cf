//! Speed, measured as `docs/benchmarks.md` says: `make bench`, or
//! `cargo bench --bench desk -- [--large] [--seconds N] [NAME…]`.

// A benchmark is a test: it stops at the first surprise.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::disallowed_methods
)]

mod data;

use std::path::Path;

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/bench");
    std::fs::create_dir_all(&folder).unwrap();
    let size = data::Size {
        records: 100_000,
        open: 5_000,
        entries: 400_000,
    };
    data::sqlite(&folder, size);
}
