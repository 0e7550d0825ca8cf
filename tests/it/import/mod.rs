//! Importing, from a file to the database: histories, tables, bad input. What the pure readers of files
//! make of them is tested beside them.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use andon::app::verify;
use andon::follow;
use andon::incidents::import::servicenow::Options;
use andon::incidents::import::{Desk, Report, Watch, import_servicenow};
use andon::platform::db::{Backend, Store};
use andon::platform::kernel::clock::Clock;
use andon::platform::kernel::error::Result;
use andon::platform::kernel::table_file::Rejected;
use andon::records::Practices;

use super::app::{Database, backends};

mod bad_input;
mod slice;
mod tables;

pub use slice::real_slice;

/// A desk on a database of its own.
struct Bench {
    database: Database,
    store: Store,
    clock: Clock,
}

/// Keeps what it is told.
#[derive(Default)]
struct Notes {
    expected: u64,
    rows: u64,
    rejected: Vec<String>,
}

impl Watch for Notes {
    fn expect(&mut self, rows: u64) {
        self.expected = rows;
    }
    fn rows(&mut self, rows: u64) {
        self.rows += rows;
    }
    fn rejected(&mut self, row: &Rejected) -> Result<()> {
        self.rejected.push(row.to_string());
        Ok(())
    }
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

impl Bench {
    fn new() -> Self {
        Self::on(Backend::Sqlite)
    }

    fn on(backend: Backend) -> Self {
        let database = Database::fresh(backend);
        Self {
            store: Store::new(database.url.clone(), 1, follow::up),
            clock: Clock::system(),
            database,
        }
    }

    fn desk(&self, dry_run: bool) -> Desk<'_> {
        Desk {
            store: &self.store,
            clock: &self.clock,
            practices: Practices(follow::practice_of),
            dry_run,
        }
    }

    fn log(&self, path: &Path) -> (Report, Notes) {
        self.try_log(path, &Options::default()).unwrap()
    }

    fn try_log(&self, path: &Path, options: &Options) -> Result<(Report, Notes)> {
        let mut notes = Notes::default();
        let report = import_servicenow(&self.desk(false), path, options, &mut notes)?;
        assert_eq!(notes.rows, notes.expected, "every row is told to the bar");
        Ok((report, notes))
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.database.folder().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// A query in the words of this database: the two read JSON in their own ways.
    fn own(&self, sql: &str) -> String {
        if self.store.backend() == Backend::Sqlite {
            return sql.to_owned();
        }
        let mut own = String::new();
        let mut rest = sql;
        while let Some((before, after)) = rest.split_once("json_extract(") {
            let (call, then) = after.split_once(')').unwrap();
            let (column, path) = call.split_once(", '$.").unwrap();
            let path = path.trim_end_matches('\'').replace(['.', '['], ",");
            let path = path.replace(']', "");
            own.push_str(&format!("{before}({column}::jsonb #>> '{{{path}}}')"));
            rest = then;
        }
        own + rest
    }

    fn lines(&self, sql: &str) -> Vec<String> {
        let rows: Vec<Line> = self
            .store
            .read_here(|r| Ok(diesel::sql_query(self.own(sql)).load(&mut **r)?))
            .unwrap();
        rows.into_iter().map(|row| row.line).collect()
    }

    fn count(&self, sql: &str) -> i64 {
        let row: Number = self
            .store
            .read_here(|r| Ok(diesel::sql_query(self.own(sql)).get_result(&mut **r)?))
            .unwrap();
        row.n
    }

    fn counts(&self, sql: &str) -> BTreeMap<String, i64> {
        self.lines(sql)
            .into_iter()
            .map(|line| {
                let (label, n) = line.rsplit_once('|').unwrap();
                (label.to_owned(), n.parse().unwrap())
            })
            .collect()
    }

    /// Every row of every table.
    fn everything(&self) -> BTreeMap<String, Vec<String>> {
        if self.store.backend() == Backend::Postgres {
            let tables = self
                .lines("SELECT tablename::text AS line FROM pg_tables WHERE schemaname = 'public'");
            let rows = |table: &String| {
                self.lines(&format!("SELECT t::text AS line FROM {table} t ORDER BY 1"))
            };
            return tables
                .iter()
                .map(|table| (table.clone(), rows(table)))
                .collect();
        }
        let tables = self.lines(
            "SELECT name AS line FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        );
        let rows_of = |table: &String| {
            let columns = self.lines(&format!(
                "SELECT 'quote(' || name || ')' AS line FROM pragma_table_info('{table}')"
            ));
            let line = columns.join(" || '|' || ");
            self.lines(&format!("SELECT {line} AS line FROM {table} ORDER BY 1"))
        };
        let hidden = |table: &&String| {
            !table.starts_with("search_public") && !table.starts_with("search_internal")
        };
        tables
            .iter()
            .filter(hidden)
            .map(|table| (table.clone(), rows_of(table)))
            .collect()
    }

    /// What the desk knows, by the source's numbers and names: no ids, no hashes, no times of ours.
    fn story(&self) -> BTreeMap<&'static str, Vec<String>> {
        let named = "(SELECT x.external_id FROM external_ids x WHERE x.record_id = ";
        [
            ("records", format!(
                "SELECT {named} r.id) || '|' || r.number || '|' || r.title || '|' || r.state || '|' || r.state_group || '|' || r.is_open
                 || '|' || r.impact || r.urgency || r.priority || r.priority_source || '|' || r.channel
                 || '|' || ifnull((SELECT name FROM people WHERE id = r.requester_id), '-')
                 || '|' || ifnull((SELECT name FROM people WHERE id = r.assignee_id), '-')
                 || '|' || ifnull((SELECT name FROM teams WHERE id = r.team_id), '-')
                 || '|' || ifnull((SELECT name FROM categories WHERE id = r.category_id), '-')
                 || '|' || r.reported_at || '|' || r.updated_at || '|' || ifnull(r.resolved_at, '-') || '|' || ifnull(r.closed_at, '-')
                 || '|' || r.reassignments || '|' || r.reopens AS line FROM records r ORDER BY 1")),
            ("holds", format!(
                "SELECT {named} h.record_id) || '|' || reason || supplier || '|' || state_before || '|' || started_at || '|' || ifnull(ended_at, '-') AS line
                 FROM holds h ORDER BY 1")),
            ("resolutions", format!(
                "SELECT {named} o.record_id) || '|' || code || '|' || at || '|' || ifnull(superseded_at, '-')
                 || '|' || ifnull((SELECT name FROM people WHERE id = o.by_id), '-') AS line FROM resolutions o ORDER BY 1")),
            ("rows", "SELECT source || external_id || '|' || revision || hex(row_hash) AS line FROM imported_rows ORDER BY 1".to_owned()),
            ("tallies", "SELECT kind || state_group || ifnull((SELECT name FROM teams WHERE id = team_id), '-') || n AS line
                 FROM record_tallies WHERE n <> 0 ORDER BY 1".to_owned()),
            ("found", "SELECT count(*) || ' texts' AS line FROM search_texts".to_owned()),
            // A file cut in two says final values earlier; what happened is the same.
            ("facts", format!(
                "SELECT {named} f.subject_id) || '|' || f.name || '|' || f.occurred_at || '|' || ifnull(json_extract(data, '$.set.state[1]'), '-')
                 || '|' || ifnull(json_extract(data, '$.set.source_state[1]'), '-') || '|' || ifnull(json_extract(data, '$.set.priority[1]'), '-')
                 || '|' || (data LIKE '%\"team\"%') AS line
                 FROM facts f WHERE subject_kind = 'record'
                 AND EXISTS (SELECT 1 FROM json_each(f.data, '$.set') WHERE key NOT IN ('resolved_at', 'closed_at', 'reassignments', 'reopens'))
                 ORDER BY f.subject_id, f.position")),
        ]
        .into_iter()
        .map(|(what, sql)| (what, {
            let mut lines = self.lines(&sql);
            lines.sort();
            lines
        }))
        .collect()
    }

    /// Each chain is whole, and each record's row holds its head and says what its journal says.
    fn is_sound(&self) {
        let mut lines = Vec::new();
        let told = &mut |line: &str| lines.push(line.to_owned());
        verify::run(&self.store, &[], told).unwrap();
        assert!(lines.is_empty(), "{lines:#?}");
        let broken = "SELECT count(*) AS n FROM facts f JOIN facts b ON b.subject_id = f.subject_id
             AND b.position = f.position - 1 WHERE f.previous <> b.hash";
        assert_eq!(self.count(broken), 0);
        let heads = "SELECT count(*) AS n FROM records r WHERE NOT EXISTS
             (SELECT 1 FROM facts f WHERE f.subject_id = r.id AND f.position = r.facts AND f.hash = r.facts_head)
             OR r.facts <> (SELECT count(*) FROM facts f WHERE f.subject_id = r.id)";
        assert_eq!(self.count(heads), 0);
        for (field, column) in [
            ("state", "state"),
            ("priority", "priority"),
            ("reassignments", "reassignments"),
            ("reopens", "reopens"),
            ("number", "number"),
        ] {
            let differ = format!(
                "SELECT count(*) AS n FROM records r WHERE CAST(r.{column} AS text) <> (SELECT CAST(json_extract(f.data, '$.set.{field}[1]') AS text)
                 FROM facts f WHERE f.subject_id = r.id AND json_extract(f.data, '$.set.{field}') IS NOT NULL
                 ORDER BY f.position DESC LIMIT 1)"
            );
            assert_eq!(self.count(&differ), 0, "{field}");
        }
        let tallied = "SELECT (SELECT count(*) FROM records WHERE is_open) - (SELECT CAST(coalesce(sum(n), 0) AS bigint) FROM record_tallies) AS n";
        assert_eq!(self.count(tallied), 0);
        if self.store.backend() == Backend::Sqlite {
            let strays = "SELECT count(*) AS n FROM pragma_foreign_key_check";
            assert_eq!(self.count(strays), 0);
        }
    }
}

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/import")
        .join(name)
}

fn unpacked(path: &Path) -> String {
    let mut text = String::new();
    flate2::read::GzDecoder::new(File::open(path).unwrap())
        .read_to_string(&mut text)
        .unwrap();
    text
}
