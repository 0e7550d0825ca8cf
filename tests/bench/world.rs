//! What a run needs to know of the database it measures: who signs in, what is asked for.

use std::path::Path;
use std::time::Duration;

use andon::follow;
use andon::people::{Person, session};
use andon::platform::db::{Id, Store};
use andon::platform::kernel::clock::Clock;
use andon::platform::kernel::secrets;
use andon::records::{Kind, Number, Record};
use andon::schema::{categories, entries, people, records, services};
use diesel::dsl::count_star;
use diesel::prelude::*;

use crate::data::words::{BEGINNINGS, Random, TENTH, Words};
use crate::data::{LONG, Size};

pub struct World {
    pub size: Size,
    pub store: Store,
    /// One cookie for each agent.
    pub cookies: Vec<String>,
    pub agents: Vec<Id<Person>>,
    pub requesters: Vec<String>,
    pub services: Vec<String>,
    pub categories: Vec<String>,
    /// Open records with forty entries.
    pub long: Vec<Number>,
    /// Other open ones: what is replied to.
    pub open: Vec<Number>,
    words: Words,
}

/// The kinds of search, each a fifth of the mix.
pub const SEARCHES: [&str; 5] = [
    "rare word",
    "one in a thousand",
    "one in ten",
    "two words",
    "three letters",
];

/// A token needs no secret here.
pub fn token(agent: usize) -> String {
    format!("bench-agent-{agent:02}")
}

impl World {
    /// Signs every agent in and looks round.
    pub fn enter(database: &str, size: Size) -> Self {
        let store = Store::new(database.parse().expect("a URL"), 2, follow::up);
        let now = Clock::system().now();
        let limits = session::Limits {
            idle: time::Duration::hours(12),
            absolute: time::Duration::hours(12),
        };
        let agents: Vec<Id<Person>> = store
            .read_here(|r| {
                Ok(people::table
                    .filter(people::roles.gt(0))
                    .order(people::id)
                    .select(people::id)
                    .load(&mut **r)?)
            })
            .expect("agents");
        let signed_in = agents.clone();
        store
            .write_here(|w| {
                for (n, agent) in signed_in.iter().enumerate() {
                    let hash = secrets::sha256(token(n).as_bytes());
                    session::insert(w, &hash, *agent, now, limits, "127.0.0.1", "bench")?;
                }
                Ok(())
            })
            .expect("sessions");
        let (long, open) = open_records(&store);
        let requesters = store.read_here(|r| {
            let ids: Vec<Id<Person>> = people::table
                .filter(people::roles.eq(0))
                .select(people::id)
                .load(&mut **r)?;
            Ok(ids.iter().map(ToString::to_string).collect())
        });
        let services = store.read_here(|r| {
            let ids: Vec<Id<andon::services::Service>> =
                services::table.select(services::id).load(&mut **r)?;
            Ok(ids.iter().map(ToString::to_string).collect())
        });
        let categories = store.read_here(|r| {
            let ids: Vec<Id<andon::services::Category>> =
                categories::table.select(categories::id).load(&mut **r)?;
            Ok(ids.iter().map(ToString::to_string).collect())
        });
        Self {
            size,
            cookies: (0..agents.len())
                .map(|n| format!("andon={}", token(n)))
                .collect(),
            agents,
            requesters: requesters.expect("requesters"),
            services: services.expect("services"),
            categories: categories.expect("categories"),
            long,
            open,
            words: size.words(),
            store,
        }
    }

    /// The cookie that connection `c` sends with its `n`-th request: every agent takes turns.
    pub fn cookie(&self, c: usize, n: u64) -> &str {
        &self.cookies[(c * 5 + n as usize) % self.cookies.len()]
    }

    /// What is searched for; `class` is an index of [`SEARCHES`].
    pub fn search(&self, class: usize, random: &mut Random) -> String {
        let thousandth = self.words.thousandth();
        match class {
            0 => {
                let texts = (self.size.records + self.size.entries) as usize;
                self.words.rare(random.below(texts) as u64)
            }
            1 => thousandth[random.below(thousandth.len())].clone(),
            2 => TENTH[random.below(TENTH.len())].to_owned(),
            3 => {
                let first = random.below(TENTH.len());
                let second = (first + 1 + random.below(TENTH.len() - 1)) % TENTH.len();
                format!("{}+{}", TENTH[first], TENTH[second])
            }
            _ => BEGINNINGS[random.below(BEGINNINGS.len())].0.to_owned(),
        }
    }
}

fn open_records(store: &Store) -> (Vec<Number>, Vec<Number>) {
    type Row = (Id<Record>, Kind, i64);
    let rows: Vec<Row> = store
        .read_here(|r| {
            Ok(records::table
                .filter(records::is_open.eq(true))
                .order(records::id)
                .select((records::id, records::kind, records::number))
                .load(&mut **r)?)
        })
        .expect("open records");
    let (mut long, mut open) = (Vec::new(), Vec::new());
    for chunk in rows.chunks(500) {
        let ids: Vec<Id<Record>> = chunk.iter().map(|(id, ..)| *id).collect();
        let counts: Vec<(Id<Record>, i64)> = store
            .read_here(|r| {
                Ok(entries::table
                    .filter(entries::record_id.eq_any(ids))
                    .group_by(entries::record_id)
                    .select((entries::record_id, count_star()))
                    .load(&mut **r)?)
            })
            .expect("their entries");
        for (id, kind, n) in chunk {
            let number = Number { kind: *kind, n: *n };
            match counts.iter().find(|(record, _)| record == id) {
                Some((_, n)) if *n == LONG as i64 => long.push(number),
                _ => open.push(number),
            }
        }
    }
    assert!(
        long.len() >= 200,
        "at least 200 open records with 40 entries"
    );
    (long, open)
}

/// The disk's own answer to "is it safe now?": appending 4 KB and waiting, in milliseconds, at the
/// median and at p95.
pub fn fsync(folder: &Path) -> (f64, f64) {
    use std::io::Write;
    let path = folder.join("fsync");
    let mut file = std::fs::File::create(&path).expect("a file");
    let mut took: Vec<Duration> = (0..300)
        .map(|_| {
            let began = std::time::Instant::now();
            file.write_all(&[7u8; 4096]).expect("4 KB");
            file.sync_data().expect("fdatasync");
            began.elapsed()
        })
        .collect();
    took.sort_unstable();
    let _ = std::fs::remove_file(path);
    let ms = |at: usize| took[at].as_secs_f64() * 1000.0;
    (ms(150), ms(285))
}
