//! The proof: another way to count, as slow and as plain as can be, agrees with the engine.
//!
//! [`wall`] asks for every minute whether the wall shows an open time. [`oracle`] walks a record's
//! life minute by minute and adds up. Both are written apart from the engine: they share what is
//! defined (a calendar, an agreement, what can happen) and nothing that counts.
//!
//! `ANDON_PROVE_CASES` says how many random histories are tried (2,000 unless it does), and
//! `ANDON_PROVE_SEED` repeats a run.

mod cases;
mod draw;
mod oracle;
mod random;
mod splits;
mod sums;
mod wall;
