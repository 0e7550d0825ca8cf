//! The data maker: a desk with three years behind it, written in bulk.
//!
//! Chains, texts, tallies, numbers and the search index are what the product itself would have
//! written, made with its own hashing and folding: `andon verify` finds nothing to say about it.
//! SQLite's file stays under `target/bench` and is used again while size, schema and this code are
//! the same.

pub mod desk;
mod records;
mod rows;
pub mod words;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::sync_channel;
use std::time::Instant;

use andon::platform::db::connect::{Use, open};
use andon::platform::db::{DatabaseUrl, Db, Id, Utc, migrate};
use andon::platform::kernel::clock::Clock;
use andon::platform::kernel::secrets;
use andon::records::Kind;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use desk::Desk;
pub use records::LONG;
use records::Maker;
use rows::{Batch, Counters, HandoverRow, RecordRow, Sink, TallyRow};
use words::Words;

/// Records written in one transaction.
const BATCH: u64 = 2_000;

/// How much is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    pub records: u64,
    pub open: u64,
    pub entries: u64,
}

impl Size {
    pub fn words(self) -> Words {
        Words::new(self.records + self.entries)
    }

    /// What distinguishes one product of this maker from another: how much, and every file that
    /// decides what it looks like.
    fn stamp(self) -> String {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut files = Vec::new();
        for folder in [
            "migrations/sqlite",
            "migrations/postgres",
            "src/journal",
            "tests/bench/data",
        ] {
            list(&root.join(folder), &mut files);
        }
        files.extend([
            root.join("src/records/labels.rs"),
            root.join("src/platform/kernel/text.rs"),
        ]);
        files.sort();
        let mut all = Vec::new();
        for file in files {
            all.extend(std::fs::read(file).expect("a source file"));
        }
        let all = secrets::hex(&secrets::sha256(&all));
        format!("{self:?} from sources {all}\n")
    }
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            list(&path, files);
        } else {
            files.push(path);
        }
    }
}

/// The SQLite file of this size, made unless it is there. Nobody writes to it: runs get a copy.
pub fn sqlite(folder: &Path, size: Size) -> PathBuf {
    let path = folder.join(format!("desk-{}.db", size.records));
    let made = path.with_extension("made");
    if std::fs::read_to_string(&made).is_ok_and(|stamp| stamp == size.stamp()) {
        return path;
    }
    let _ = std::fs::remove_file(&made);
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", path.display()));
    }
    let url = DatabaseUrl::Sqlite(path.clone());
    migrate::up(&url).expect("a new database migrates");
    let mut conn = SqliteConnection::establish(&path.to_string_lossy()).expect("it opens");
    conn.batch_execute(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; \
         PRAGMA cache_size = -1000000; PRAGMA trusted_schema = OFF;",
    )
    .expect("pragmas");
    let mut sink = Sink::Sqlite(conn);
    fill(&mut sink, size).expect("the file is filled");
    sink.run("PRAGMA locking_mode = NORMAL; PRAGMA journal_mode = WAL;")
        .expect("WAL");
    drop(sink);
    std::fs::write(&made, size.stamp()).expect("the stamp is written");
    path
}

/// A PostgreSQL database of this size on the rig's server, which forgets it at the end.
pub fn postgres(server: &str, size: Size) -> String {
    let name = "andon_bench";
    let mut admin = PgConnection::establish(server).expect("the rig's server answers");
    admin
        .batch_execute(&format!("DROP DATABASE IF EXISTS {name}"))
        .expect("drop");
    admin
        .batch_execute(&format!("CREATE DATABASE {name}"))
        .expect("create");
    let (base, _) = server.rsplit_once('/').expect("a database in the URL");
    let url = format!("{base}/{name}");
    migrate::up(&url.parse().expect("a URL")).expect("a new database migrates");
    let mut sink = Sink::Postgres(PgConnection::establish(&url).expect("it opens"));
    let indexes = gin_indexes(&mut sink);
    sink.run(
        "CREATE UNLOGGED TABLE bench_texts (seq bigint, record_id uuid, entry_id uuid, audience text, body text)",
    )
    .expect("a table to work in");
    for (name, _) in &indexes {
        sink.run(&format!("DROP INDEX {name}"))
            .expect("an index is dropped");
    }
    fill(&mut sink, size).expect("the database is filled");
    for (_, definition) in &indexes {
        sink.run(definition).expect("an index is made again");
    }
    sink.run("DROP TABLE bench_texts")
        .expect("the table is dropped");
    sink.run("VACUUM ANALYZE").expect("statistics");
    make_durable(&mut admin);
    sink.run("CHECKPOINT").expect("a checkpoint");
    url
}

#[derive(QueryableByName)]
struct Index {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    definition: String,
}

/// Full-text indexes are quicker made over what is there than kept while it comes.
fn gin_indexes(sink: &mut Sink) -> Vec<(String, String)> {
    let Sink::Postgres(c) = sink else {
        return Vec::new();
    };
    diesel::sql_query(
        "SELECT indexname::text AS name, indexdef AS definition FROM pg_indexes \
         WHERE schemaname = current_schema() AND indexdef LIKE '%USING gin%'",
    )
    .load::<Index>(c)
    .expect("indexes are listed")
    .into_iter()
    .map(|i| (i.name, i.definition))
    .collect()
}

#[derive(QueryableByName)]
struct Last {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// The rig's server forgets on a power cut; one that is measured does not.
fn make_durable(admin: &mut PgConnection) {
    for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
        // Each is a transaction of its own, as ALTER SYSTEM must be.
        admin
            .batch_execute(&format!("ALTER SYSTEM SET {setting} = on"))
            .expect("a setting");
    }
    admin
        .batch_execute("SELECT pg_reload_conf()")
        .expect("a reload");
}

fn fill(sink: &mut Sink, size: Size) -> QueryResult<()> {
    let began = Instant::now();
    let now = Clock::system().now();
    let words = size.words();
    let (desk, rows) = Desk::make(&words, now.minus(time::Duration::days(1_100)));
    let mut counters = Counters::default();
    sink.write(rows, &mut counters)?;
    let mut tallies = HashMap::new();
    let mut handovers = HashMap::new();
    // One thread thinks, the other writes.
    let (send, receive) = sync_channel::<Batch>(2);
    std::thread::scope(|scope| {
        let (words, desk) = (&words, &desk);
        scope.spawn(move || think(size, now, words, desk, &send));
        let mut done = 0;
        for batch in receive {
            done += batch.records.len();
            count(&batch.records, &mut tallies, &mut handovers);
            sink.write(batch, &mut counters)?;
            eprint!(
                "\r  making {} of {} records, {:.0} s ",
                done,
                size.records,
                began.elapsed().as_secs_f64()
            );
        }
        QueryResult::Ok(())
    })?;
    eprintln!();
    let tallies = tallies
        .into_iter()
        .map(|((kind, state_group, team_id, assignee_id), n)| TallyRow {
            kind,
            state_group,
            team_id,
            assignee_id,
            n,
        });
    sink.write(
        Batch {
            tallies: tallies.collect(),
            handovers: handovers
                .into_iter()
                .map(|((owner_team_id, team_id), n)| HandoverRow {
                    owner_team_id,
                    team_id,
                    n,
                })
                .collect(),
            ..Batch::default()
        },
        &mut counters,
    )?;
    if let Sink::Postgres(c) = sink {
        for (table, last) in [("facts", counters.fact), ("search_texts", counters.text)] {
            let set: Last =
                diesel::sql_query("SELECT setval(pg_get_serial_sequence($1, 'seq'), $2) AS n")
                    .bind::<Text, _>(table)
                    .bind::<BigInt, _>(last)
                    .get_result(c)?;
            assert_eq!(set.n, last);
        }
    }
    Ok(())
}

fn think(
    size: Size,
    now: Utc,
    words: &Words,
    desk: &Desk,
    send: &std::sync::mpsc::SyncSender<Batch>,
) {
    let mut maker = Maker::new(size, now, words, desk);
    let mut batch = Batch::default();
    for n in 0..size.records {
        maker.make(n, &mut batch);
        let last = n + 1 == size.records;
        if last {
            batch.last_numbers = Kind::ALL.iter().copied().zip(maker.numbers).collect();
        }
        if last || (n + 1) % BATCH == 0 {
            // A writer that failed says so itself.
            let _ = send.send(std::mem::take(&mut batch));
        }
    }
}

type Place = (
    Kind,
    andon::records::Group,
    Id<andon::people::Team>,
    Id<andon::people::Person>,
);

/// Owner and working team of records that another team works on.
type Handover = (Id<andon::people::Team>, Id<andon::people::Team>);

fn count(
    records: &[RecordRow],
    tallies: &mut HashMap<Place, i64>,
    handovers: &mut HashMap<Handover, i64>,
) {
    for r in records.iter().filter(|r| r.is_open) {
        let team = r.team_id.unwrap_or(Id::nil());
        let assignee = r.assignee_id.unwrap_or(Id::nil());
        *tallies
            .entry((r.kind, r.state_group, team, assignee))
            .or_default() += 1;
        if let (Some(owner), Some(team)) = (r.owner_team_id, r.team_id)
            && owner != team
        {
            *handovers.entry((owner, team)).or_default() += 1;
        }
    }
}

/// A connection like the product's own readers.
pub fn reader(url: &DatabaseUrl) -> Db {
    open(url, Use::Read).expect("the database opens")
}
