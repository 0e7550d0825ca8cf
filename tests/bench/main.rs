//! Speed, measured as `docs/benchmarks.md` says.

fn main() {}
