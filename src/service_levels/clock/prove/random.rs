//! Random histories: the engine and the oracle say the same.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::io::Write;

use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use super::cases::KINDS;
use super::draw::{Case, case};
use super::oracle::{self, Row};
use super::sums::WALKED;
use crate::platform::db::Utc;
use crate::service_levels::clock::*;
use crate::service_levels::terms::Target;

/// So many cases when nobody says another number.
const CASES: u32 = 2_000;

/// A number from the environment.
#[allow(clippy::disallowed_methods)] // a test is told here how much to do, not the product
pub fn told(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Runs a property over random cases; the seed is printed, also when all is well.
pub fn prove<S: proptest::strategy::Strategy>(
    what: &str,
    cases: u32,
    strategy: &S,
    property: impl Fn(S::Value) -> Result<(), TestCaseError>,
) {
    let cases = told("ANDON_PROVE_CASES").map_or(cases, |n| n as u32);
    let seed = told("ANDON_PROVE_SEED").unwrap_or_else(|| RandomState::new().hash_one(cases));
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config {
        cases,
        max_global_rejects: cases,
        failure_persistence: None,
        max_shrink_time: 20_000,
        max_shrink_iters: 2_000,
        ..Config::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let result = runner.run(strategy, property);
    // Not through `print!`: the harness would keep it to itself.
    let said = format!("{what}: {cases} cases, ANDON_PROVE_SEED={seed}");
    match result {
        Ok(()) => writeln!(std::io::stderr(), "{said}, all agree").unwrap(),
        Err(TestError::Fail(why, case)) => panic!("{said}: {why}\n{case:?}"),
        Err(other) => panic!("{said}: {other}"),
    }
}

fn rows(clocks: &[Clock], target: Target) -> Vec<Row> {
    let seconds = |at: Utc| at.micros().div_euclid(1_000_000);
    let some = |at: Utc| (at < Utc::FAR).then(|| seconds(at));
    // Beyond this the oracle does not look.
    let walked = WALKED * 86_400;
    let row = |c: &Clock| {
        let version = c.agreement_version.as_u128() as usize;
        Row {
            cycle: c.cycle,
            part: c.part,
            version: (version / 10, version % 10),
            phase: c.phase.word(),
            outcome: c.outcome.word(),
            outcome_at: some(c.outcome_at),
            started: seconds(c.started_at),
            due: some(c.due_at).filter(|at| at - seconds(c.started_at) <= walked),
            stopped: c.stopped_at.map(seconds),
            breached: c.breached_at.map(seconds),
            elapsed: c.elapsed_micros / 1_000_000,
            paused: c.paused_micros / 1_000_000,
            superseded: c.is_superseded,
            kind: KINDS.iter().position(|k| *k == c.record_kind).unwrap(),
            priority: Some(c.priority),
        }
    };
    let of = clocks.iter().filter(|c| c.target == target);
    of.map(row).collect()
}

fn agrees(case: &Case) -> Result<(), TestCaseError> {
    let Some(world) = case.world() else {
        return Err(TestCaseError::reject("an offset of odd seconds"));
    };
    let clocks = clocks(&case.history(), &case.catalogue(), case.instant());
    for clock in &clocks {
        for at in [clock.due_at, clock.outcome_at] {
            let whole = at.micros() % 30_000_000 == 0;
            proptest::prop_assert!(whole, "whole minutes give whole minutes: {clock:?}");
        }
    }
    for &target in Target::ALL {
        let counted = rows(&clocks, target);
        if !world.versions.iter().any(|v| v.target == target) {
            proptest::prop_assert!(counted.is_empty());
            continue;
        }
        let walked = oracle::rows(&world, target);
        proptest::prop_assert_eq!(counted, walked, "engine, oracle: {}", target);
    }
    Ok(())
}

#[test]
fn the_engine_counts_what_the_oracle_walks() {
    prove("engine and oracle", CASES, &case(), |case| agrees(&case));
}
