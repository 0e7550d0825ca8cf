//! Clocks: what a pass of the workers costs with a thousand of them due and with none, what three of
//! them add to logging an incident, and how fast all are counted again.

use std::path::Path;
use std::time::{Duration, Instant};

use andon::app::{verify, workers};
use andon::people::Visitor;
use andon::platform::db::{Id, Utc, Write};
use andon::platform::kernel::clock::Clock;
use andon::platform::kernel::ctx::{Ctx, Door};
use andon::platform::kernel::error::Result;
use andon::schema::clocks;
use andon::service_levels::actions::{save_agreement, save_calendar};
use andon::service_levels::{Agreement, Calendar, Kept, Wanted};
use diesel::prelude::*;
use serde_json::json;

use crate::data::{self, Size};
use crate::report::Column;
use crate::scenarios::Bench;
use crate::server::Server;
use crate::world::World;
use crate::{copy, millis, remove};

/// A fifth of the records is open and has a clock that runs.
const SIZE: Size = Size {
    records: 100_000,
    open: 20_000,
    entries: 400_000,
};
const DUE: usize = 1_000;
const PASSES: usize = 5;
/// A hundred years, in microseconds.
const SLEEP: i64 = 3_155_760_000_000_000;
/// Passes with nothing to do.
const IDLE: usize = 25;

/// On desks of their own: incidents with three clocks, and open records of every kind that were
/// promised an end.
pub fn measure(folder: &Path, round: Duration, column: &mut Column) {
    let made = data::sqlite(folder, SIZE);
    let run = copy(&made, folder);
    let database = format!("sqlite:{}", run.display());
    let world = World::enter(&database, SIZE);
    let (without, none) = create(folder, &database, &world, round);
    promise_three(&world);
    let (with, three) = create(folder, &database, &world, round);
    assert!(
        none < 0.01 && three > 2.99,
        "clocks a call: {none}, then {three}"
    );
    column.put(
        "processor time of a create, without clocks and with three, ms",
        format!("{without:.2}, {with:.2} ({:.2} ×)", with / without),
    );
    drop(world);
    let run = copy(&made, folder);
    let world = World::enter(&database, SIZE);
    promise(&world);
    passes(&world, column);
    proof(&world, column);
    drop(world);
    remove(&run);
}

fn hours(world: &World) -> Id<Kept<Calendar>> {
    let id = Id::new();
    let day = json!(["08:00-18:00"]);
    let calendar: Calendar = serde_json::from_value(json!({
        "name": "Working hours", "zone": "Europe/Amsterdam", "week": {
            "monday": day, "tuesday": day, "wednesday": day, "thursday": day, "friday": day,
        },
        "holidays": [{"date": "2026-12-25", "name": "Christmas"}],
    }))
    .expect("a calendar");
    administer(world, |w, v, ctx| {
        let definition = calendar.clone();
        let wanted = Wanted {
            id,
            definition,
            from: None,
            is_retired: false,
        };
        save_calendar(w, v, ctx, wanted)
    });
    id
}

/// For each kind of record an agreement that promises an end: so long that of what was opened over
/// three years some is late at once and the most comes due one after the other.
fn promise(world: &World) {
    let calendar = hours(world);
    for kind in ["incident", "request", "problem", "change"] {
        agree(
            world,
            calendar,
            json!({
                "name": format!("Every {kind}"), "kind": "sla", "covers": {"record": kind},
                "targets": {"resolution": "4000 business hours"},
                "steps": [{"target": "resolution", "when": {"percent": 100}, "tell": ["team_lead"], "flag": true}],
            }),
        );
    }
    work(world, Clock::system().now());
}

/// What an incident has besides: three clocks, each.
fn promise_three(world: &World) {
    let calendar = hours(world);
    let covers = json!({"record": "incident", "priority": 3});
    agree(
        world,
        calendar,
        json!({
            "name": "Ordinary incidents", "kind": "sla", "covers": covers,
            "targets": {"first_response": "2 business hours", "resolution": "3 business hours"},
            "steps": [{"target": "resolution", "when": {"percent": 75}, "tell": ["assignee"], "flag": false}],
        }),
    );
    agree(
        world,
        calendar,
        json!({
            "name": "Stays", "kind": "ola", "covers": {"record": "incident"},
            "targets": {"ola": "2 business hours"},
        }),
    );
    work(world, Clock::system().now());
}

fn agree(world: &World, calendar: Id<Kept<Calendar>>, mut says: serde_json::Value) {
    says["calendar"] = json!(calendar.to_string());
    says["pauses"] = json!(["requester"]);
    says["goal"] = json!(95);
    let definition: Agreement = serde_json::from_value(says).expect("an agreement");
    let id = Id::new();
    administer(world, |w, v, ctx| {
        let definition = definition.clone();
        let wanted = Wanted {
            id,
            definition,
            from: None,
            is_retired: false,
        };
        save_agreement(w, v, ctx, wanted)
    });
}

/// Does something as whoever runs the machine.
fn administer(world: &World, f: impl Fn(&mut Write<'_>, &Visitor, &Ctx) -> Result<()>) {
    let now = Clock::system().now();
    let ctx = Ctx::system(now, Door::Command);
    let done = world
        .store
        .write_here(|w| f(w, &Visitor::command(now), &ctx));
    done.expect("a definition that may be kept");
}

fn work(world: &World, now: Utc) -> Duration {
    let system = actix_web::rt::System::new();
    let began = Instant::now();
    system
        .block_on(workers::run(&world.store, now))
        .expect("workers that work");
    began.elapsed()
}

/// The time is moved to where the next thousand come due; everything else of that time is done
/// before.
fn passes(world: &World, column: &mut Column) {
    let running = running(world);
    let mut due = Vec::new();
    let mut none = Vec::new();
    for _ in 0..PASSES {
        let last = next_wakes(world)[DUE - 1];
        // The clocks sleep while everything else of the time until then is done.
        shift(world, SLEEP);
        work(world, last);
        shift(world, -SLEEP);
        due.push(work(world, last));
        none.extend((0..IDLE).map(|_| work(world, last)));
    }
    due.sort_unstable();
    none.sort_unstable();
    column.put("clocks that run", running.to_string());
    column.put(
        "workers, 1,000 clocks due: p50 and highest, ms",
        format!(
            "{:.0}, {:.0}",
            millis(due[PASSES / 2]),
            millis(due[PASSES - 1])
        ),
    );
    column.put(
        "workers, nothing due: p50 and p95, ms",
        format!(
            "{:.2}, {:.2}",
            millis(none[none.len() / 2]),
            millis(none[none.len() * 95 / 100])
        ),
    );
}

/// Puts off when clocks are to be looked at.
fn shift(world: &World, micros: i64) {
    let sql = format!("UPDATE clocks SET wake_at = wake_at + ({micros}) WHERE wake_at IS NOT NULL");
    let done = world.store.write_here(|w| {
        diesel::sql_query(&sql).execute(&mut **w)?;
        Ok(())
    });
    done.expect("clocks that sleep");
}

/// When the next clocks are to be looked at.
fn next_wakes(world: &World) -> Vec<Utc> {
    let wakes: Vec<Utc> = world
        .store
        .read_here(|r| {
            Ok(clocks::table
                .filter(clocks::wake_at.is_not_null())
                .order(clocks::wake_at)
                .limit(DUE as i64)
                .select(clocks::wake_at.assume_not_null())
                .load(&mut **r)?)
        })
        .expect("wakes");
    assert_eq!(wakes.len(), DUE, "clocks that are still to come due");
    wakes
}

fn running(world: &World) -> i64 {
    world
        .store
        .read_here(|r| {
            let running = clocks::table.filter(clocks::phase.eq("running"));
            Ok(running.count().get_result(&mut **r)?)
        })
        .expect("a count")
}

/// Every clock counted again, from every fact there is.
fn proof(world: &World, column: &mut Column) {
    let began = Instant::now();
    let now = next_wakes(world)[0].minus(time::Duration::microseconds(1));
    let mut lines = Vec::new();
    let found = verify::clocks(&world.store, now, &mut |line| lines.push(line.to_owned()));
    let seen = found.expect("clocks that can be counted").seen;
    let took = began.elapsed();
    assert!(lines.is_empty(), "{lines:#?}");
    column.put(
        "verify --sla: clocks, records, s, clocks/s",
        format!(
            "{}, {}, {:.1}, {:.0}",
            seen.clocks,
            seen.records,
            took.as_secs_f64(),
            seen.clocks as f64 / took.as_secs_f64()
        ),
    );
}

/// For each incident that is logged: processor time of the server in milliseconds, and clocks.
fn create(folder: &Path, database: &str, world: &World, round: Duration) -> (f64, f64) {
    let server = Server::start(folder, database, &[]);
    let bench = Bench {
        world,
        server: &server,
        round,
    };
    let (before, used) = (counts(world), server.processor_time());
    bench.create();
    let (after, used) = (counts(world), server.processor_time() - used);
    let logged = (after.0 - before.0) as f64;
    let clocks = (after.1 - before.1) as f64;
    (used.as_secs_f64() * 1000.0 / logged, clocks / logged)
}

/// How many records and clocks there are.
fn counts(world: &World) -> (i64, i64) {
    use andon::schema::records;
    let counts = world.store.read_here(|r| {
        Ok((
            records::table.count().get_result(&mut **r)?,
            clocks::table.count().get_result(&mut **r)?,
        ))
    });
    counts.expect("counts")
}
