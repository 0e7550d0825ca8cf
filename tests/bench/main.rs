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

mod changes;
mod client;
mod clocks;
mod data;
mod family;
mod limit;
mod load;
mod postmortems;
mod report;
mod scenarios;
mod server;
mod sla;
mod waiting;
mod world;

use std::path::{Path, PathBuf};
use std::time::Duration;

use andon::people::{Visitor, session};
use andon::platform::db::Db;
use andon::platform::db::page::Way;
use andon::platform::kernel::clock::Clock;
use andon::platform::kernel::secrets;
use andon::records::views::View;
use andon::records::{self, Order, Sort};
use andon::schema::team_members;
use diesel::prelude::*;

use data::Size;
use report::Report;
use scenarios::Bench;
use server::Server;
use world::World;

const USUAL: Size = Size {
    records: 100_000,
    open: 5_000,
    entries: 400_000,
};
const LARGE: Size = Size {
    records: 1_000_000,
    open: 5_000,
    entries: 4_000_000,
};

/// Rows of a page of the queue.
const ROWS: usize = 50;

/// What was asked for on the command line.
struct Asked {
    /// One million records too. (`ANDON_TEST_BENCH_LARGE=1` asks for the same.)
    large: bool,
    /// Seconds of a round.
    seconds: u64,
    /// Scenarios by name; all when there is none.
    only: Vec<String>,
}

impl Asked {
    fn read() -> Self {
        let mut asked = Self {
            large: std::env::var("ANDON_TEST_BENCH_LARGE").is_ok_and(|v| v == "1"),
            seconds: 5,
            only: Vec::new(),
        };
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            match word.as_str() {
                // What cargo itself says to every benchmark.
                "--bench" => {}
                "--large" => asked.large = true,
                "--seconds" => {
                    let seconds = words.next().and_then(|s| s.parse().ok());
                    asked.seconds = seconds.expect("--seconds takes a number");
                }
                name => asked.only.push(name.to_owned()),
            }
        }
        asked
    }

    fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|n| n == name)
    }

    fn round(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }
}

fn main() {
    let asked = Asked::read();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/bench");
    std::fs::create_dir_all(&folder).expect("target/bench");
    let mut report = Report::begin(&folder);
    let mut usual = report.column("SQLite, 100,000");
    sqlite(&asked, &folder, USUAL, &mut usual);
    if asked.wants("clocks") {
        clocks::measure(&folder, asked.round(), &mut usual);
    }
    report.add(usual);
    if asked.large {
        let mut large = report.column("SQLite, 1,000,000");
        sqlite(&asked, &folder, LARGE, &mut large);
        report.add(large);
    }
    match std::env::var("ANDON_TEST_POSTGRES") {
        Ok(server) if asked.wants("postgres") => {
            let mut column = report.column("PostgreSQL, 100,000");
            postgres(&asked, &folder, &server, &mut column);
            report.add(column);
        }
        Ok(_) => {}
        Err(_) => eprintln!("no PostgreSQL: tests/rig/with-postgres brings one"),
    }
    report.end(&folder);
}

fn sqlite(asked: &Asked, folder: &Path, size: Size, column: &mut report::Column) {
    let made = data::sqlite(folder, size);
    let run = copy(&made, folder);
    let database = format!("sqlite:{}", run.display());
    let world = World::enter(&database, size);
    measure(asked, folder, &database, &world, column);
    if asked.wants("limit") {
        let limit = limit_of_queue(asked, folder, &world);
        column.put("the queue's statements alone, /s", format!("{limit:.0}"));
        column.limit = Some(limit);
    }
    if asked.wants("panic") {
        let (plain, after) = scenarios::after_a_panic(&world);
        column.put(
            "a write, then one after a panic, ms",
            format!("{plain:.1}, {after:.1}"),
        );
    }
    if asked.wants("report") {
        sla::measure(folder, &database, &world, column);
    }
    if asked.wants("postmortems") {
        postmortems::measure(&world, column);
    }
    if asked.wants("next") {
        waiting::next(&world, column);
    }
    if asked.wants("changes") {
        enablement(asked, folder, &database, &world, column);
    }
    drop(world);
    remove(&run);
}

fn postgres(asked: &Asked, folder: &Path, server: &str, column: &mut report::Column) {
    let database = data::postgres(server, USUAL);
    let _ = std::fs::remove_dir_all(server::files(folder, &database));
    let world = World::enter(&database, USUAL);
    measure(asked, folder, &database, &world, column);
    if asked.wants("report") {
        sla::measure(folder, &database, &world, column);
    }
    if asked.wants("postmortems") {
        postmortems::measure(&world, column);
    }
    if asked.wants("next") {
        waiting::next(&world, column);
    }
    if asked.wants("changes") {
        enablement(asked, folder, &database, &world, column);
    }
}

/// The pages of changes: last, because every record becomes one.
fn enablement(
    asked: &Asked,
    folder: &Path,
    database: &str,
    world: &World,
    column: &mut report::Column,
) {
    let server = Server::start(folder, database, &[]);
    let bench = Bench {
        world,
        server: &server,
        round: asked.round(),
    };
    changes::measure(&bench, database, column);
}

/// Everything that is asked over HTTP.
fn measure(
    asked: &Asked,
    folder: &Path,
    database: &str,
    world: &World,
    column: &mut report::Column,
) {
    let server = Server::start(folder, database, &[]);
    let bench = Bench {
        world,
        server: &server,
        round: asked.round(),
    };
    if asked.wants("queue") {
        let (rounds, page) = bench.queue();
        column.pages("queue page", &rounds, Some(page));
    }
    if asked.wants("record") {
        let (rounds, page) = bench.record();
        column.pages("record page, 40 entries", &rounds, Some(page));
    }
    if asked.wants("search") {
        let (mix, alone) = bench.search();
        column.latency("search, the mix", &mix);
        for (name, round) in alone {
            column.put(
                &format!("search, {name}, p95 ms"),
                format!("{:.1}", round.percentile(0.95)),
            );
        }
    }
    if asked.wants("similar") {
        column.latency("incidents like one of many", &bench.similar());
    }
    if asked.wants("write") {
        bench.changes_show_at_once();
        let (median, p95) = world::fsync(folder);
        column.put(
            "the disk's fdatasync of 4 KB, p50 and p95 ms",
            format!("{median:.1}, {p95:.1}"),
        );
        column.latency("create", &bench.create());
        column.latency("reply", &bench.reply());
    }
    if asked.wants("family") {
        let took = bench.family();
        column.put(
            "a parent with 500 children: preview and press, ms",
            format!("{:.0}, {:.0}", millis(took.preview), millis(took.press)),
        );
    }
    if asked.wants("contacts") {
        let name = "record page, 2,000 contacts and affected people";
        column.latency(name, &bench.contacts());
    }
    if asked.wants("backup") {
        column.backup(&bench.backup(folder, database));
    }
    let (now, highest) = server.memory();
    column.put(
        "resident after that, now and highest, MiB",
        format!("{now:.0}, {highest:.0}"),
    );
    if asked.wants("export") {
        column.export(&bench.export());
    }
}

fn millis(took: Duration) -> f64 {
    took.as_secs_f64() * 1000.0
}

/// The queue page's limit: the statements of the default views of all agents.
fn limit_of_queue(asked: &Asked, folder: &Path, world: &World) -> f64 {
    let url = world.store.url();
    let pages: Vec<Vec<limit::Statement>> = (0..world.cookies.len())
        .map(|agent| limit::overhear(url, |conn| queue_of(conn, agent)))
        .collect();
    let server_says = page_statements(folder, world);
    // BEGIN is a statement too, and no part of the limit.
    assert_eq!(
        pages[0].len() + 1,
        server_says,
        "the limit runs what the page runs"
    );
    limit::measure(url, &pages, asked.round())
}

/// Asks what the queue page asks for one agent: session, teams, counts, the default view
/// with its tasks.
fn queue_of(conn: &mut Db, agent: usize) {
    let hash = secrets::sha256(world::token(agent).as_bytes());
    let (_, person, _) = session::find(conn, &hash)
        .expect("a read")
        .expect("a session");
    let teams = team_members::table
        .filter(team_members::person_id.eq(person.id))
        .select(team_members::team_id)
        .load(conn)
        .expect("teams");
    let visitor = Visitor::offline(&person, teams, Clock::system().now());
    records::counts(conn, &visitor).expect("counts");
    let view = View::first_for(&visitor);
    let filter = view.filter(&visitor);
    let order = Order::natural(Sort::Priority);
    records::list(conn, &visitor, &filter, order, Way::Next, None, ROWS).expect("a list");
    if let Some(whose) = view.tasks() {
        records::open_tasks(conn, &visitor, whose, ROWS as i64).expect("tasks");
    }
}

/// How many statements the page itself says it needed; not the first one, for which the line above it
/// was counted.
fn page_statements(folder: &Path, world: &World) -> usize {
    let database = format!("sqlite:{}", folder.join("run.db").display());
    let server = Server::start(folder, &database, &["--diagnostics"]);
    let mut client = client::Client::new(server.address);
    client.get("/queue", &world.cookies[0]);
    let reply = client.get("/queue", &world.cookies[0]);
    let timing = client::field(reply.head, "server-timing").expect("Server-Timing");
    let digits: String = timing.chars().filter(char::is_ascii_digit).collect();
    digits.parse().expect("a number of statements")
}

/// A copy to run on, so that what was made stays as it was made.
fn copy(made: &Path, folder: &Path) -> PathBuf {
    let run = folder.join("run.db");
    remove(&run);
    let _ = std::fs::remove_dir_all(server::files(folder, "sqlite:"));
    std::fs::copy(made, &run).expect("a copy of the database");
    run
}

fn remove(database: &Path) {
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", database.display()));
    }
}
