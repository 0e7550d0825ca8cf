//! The timeline of twenty linked records with two thousand entries, and the language check of ten
//! thousand words.

use std::time::{Duration, Instant};

use andon::people::{Visitor, find_person};
use andon::platform::kernel::clock::Clock;
use andon::platform::kernel::ctx::{Ctx, Door};
use andon::postmortems::rules::wording::{Register, check};
use andon::postmortems::{self, Raise};
use andon::records::actions::{self, Say};
use andon::records::{Kind, Number};
use andon::schema::records;
use diesel::prelude::*;

use crate::report::Column;
use crate::world::World;

const RECORDS: i64 = 20;
const ENTRIES: usize = 100;
const ROUNDS: usize = 60;

/// Milliseconds: of nineteen in twenty not more.
fn p95(mut all: Vec<Duration>) -> f64 {
    all.sort_unstable();
    all[all.len() * 95 / 100].as_secs_f64() * 1_000.0
}

fn timed(mut f: impl FnMut()) -> f64 {
    let mut all = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let began = Instant::now();
        f();
        all.push(began.elapsed());
    }
    p95(all)
}

pub fn measure(world: &World, column: &mut Column) {
    let now = Clock::system().now();
    let agent = world.agents[0];
    let visitor = world
        .store
        .read_here(|r| Ok(Visitor::offline(&find_person(r, agent)?, Vec::new(), now)))
        .expect("an agent");
    let ctx = Ctx {
        actor: visitor.actor(),
        ..Ctx::system(now, Door::Web)
    };
    let incidents: Vec<Number> = world
        .store
        .read_here(|r| {
            let found: Vec<i64> = records::table
                .filter(records::kind.eq(Kind::Incident))
                .filter(records::is_open.eq(true))
                .filter(records::is_restricted.eq(false))
                .order(records::id)
                .limit(RECORDS)
                .select(records::number)
                .load(&mut **r)?;
            let kind = Kind::Incident;
            Ok(found.into_iter().map(|n| Number { kind, n }).collect())
        })
        .expect("incidents");
    for number in &incidents {
        let said = world.store.write_here(|w| {
            for n in 0..ENTRIES {
                let say = Say {
                    anyway: true,
                    body: format!("Looked at part {n}"),
                    ..Say::default()
                };
                actions::note(w, &visitor, &ctx, *number, &say)?;
            }
            Ok(())
        });
        said.expect("notes");
    }
    let raise = Raise {
        title: "What happened".into(),
        incidents,
    };
    let record = world
        .store
        .write_here(|w| postmortems::raise(w, &visitor, &ctx, &raise))
        .expect("a post-mortem");
    let mut rows = 0;
    let took = timed(|| {
        rows = world
            .store
            .read_here(|r| {
                let linked = postmortems::linked_to(r, Some(&visitor), record.id)?;
                Ok(postmortems::lines(r, Some(&visitor), record.id, &linked)?.len())
            })
            .expect("a timeline");
    });
    assert!(rows >= 2_000, "{rows} rows");
    column.put("a timeline of 2,000 entries, p95 ms", format!("{took:.1}"));
    let text =
        "We should have known, if only the team had checked the gateway before. ".repeat(770);
    let words = text.split_whitespace().count();
    assert!(words >= 10_000, "{words} words");
    let took = timed(|| {
        let hits = check("en", Register::Prose, &["Ada Okafor"], &text);
        assert!(!hits.is_empty());
    });
    column.put(
        "the language check of 10,000 words, p95 ms",
        format!("{took:.1}"),
    );
}
