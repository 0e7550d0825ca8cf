//! The limit: the statements an uncached page needs, alone. No HTTP, no rendering, no reading of
//! columns: prepared once, bound, every row stepped over, on two threads.
//!
//! The statements are not written down here. They are those the product's own functions send for
//! this page, overheard on a connection, with their values; their number is held against the
//! `Server-Timing` of the page itself.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use andon::platform::db::{DatabaseUrl, Db, Id};
use diesel::connection::{Connection, InstrumentationEvent, LoadConnection};
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, Binary, Text, Untyped};
use diesel::sqlite::{Sqlite, SqliteConnection};

use crate::data;
use crate::load::ROUNDS;

#[derive(Debug, Clone, PartialEq)]
enum Value {
    Bytes(Vec<u8>),
    Number(i64),
    Text(String),
}

/// A statement with its values.
#[derive(Debug, Clone)]
pub struct Statement {
    sql: String,
    values: Vec<Value>,
}

/// Writes down the statements of `ask`.
pub fn overhear(url: &DatabaseUrl, ask: impl FnOnce(&mut Db)) -> Vec<Statement> {
    let heard: Arc<Mutex<Vec<String>>> = Arc::default();
    let mut conn = data::reader(url);
    let ears = heard.clone();
    conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            ears.lock().expect("ears").push(query.to_string());
        }
    });
    ask(&mut conn);
    let heard = heard.lock().expect("ears");
    heard.iter().map(|said| Statement::parse(said)).collect()
}

impl Statement {
    /// Diesel shows a statement as `SQL -- binds: [value, …]`.
    fn parse(said: &str) -> Self {
        let (sql, values) = said.rsplit_once("-- binds: ").unwrap_or((said, "[]"));
        let values: Vec<Value> = split(values).iter().map(|v| Value::parse(v)).collect();
        let sql = sql.trim().to_owned();
        assert_eq!(
            holes(&sql).count(),
            values.len() + 1,
            "as many values as holes in {sql}"
        );
        Self { sql, values }
    }
}

/// The parts of a statement between its values.
fn holes(sql: &str) -> impl Iterator<Item = &str> {
    sql.split('?')
}

/// The outermost elements of `[a, [b, c], "d, e"]`.
fn split(list: &str) -> Vec<String> {
    let inner = list.trim();
    let inner = inner.strip_prefix('[').unwrap_or(inner);
    let inner = inner.strip_suffix(']').unwrap_or(inner);
    let (mut depth, mut quoted, mut escaped) = (0, false, false);
    let mut parts = vec![String::new()];
    for c in inner.chars() {
        match c {
            '"' if !escaped => quoted = !quoted,
            '[' | '(' | '{' if !quoted => depth += 1,
            ']' | ')' | '}' if !quoted => depth -= 1,
            ',' if depth == 0 && !quoted => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        escaped = c == '\\' && !escaped;
        if let Some(last) = parts.last_mut() {
            last.push(c);
        }
    }
    parts
        .into_iter()
        .map(|p| p.trim().to_owned())
        .filter(|p| !p.is_empty())
        .collect()
}

impl Value {
    fn parse(shown: &str) -> Self {
        if let Ok(id) = shown.parse::<Id<()>>() {
            return Value::Bytes(id.uuid().as_bytes().to_vec());
        }
        if let Ok(number) = shown.parse() {
            return Value::Number(number);
        }
        if let Some(text) = shown.strip_prefix('"') {
            return Value::Text(text.trim_end_matches('"').to_owned());
        }
        if shown.starts_with('[') {
            let bytes = split(shown).iter().filter_map(|b| b.parse().ok()).collect();
            return Value::Bytes(bytes);
        }
        match shown {
            "true" => Value::Number(1),
            "false" => Value::Number(0),
            other => Value::Text(word_of(other)),
        }
    }
}

/// Our enums are shown as `Incident` and stored as `incident`.
fn word_of(shown: &str) -> String {
    let mut word = String::new();
    for c in shown.chars() {
        if c.is_uppercase() && !word.is_empty() {
            word.push('_');
        }
        word.extend(c.to_lowercase());
    }
    word
}

impl QueryFragment<Sqlite> for Statement {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        let mut values = self.values.iter();
        for part in holes(&self.sql) {
            out.push_sql(part);
            match values.next() {
                Some(Value::Bytes(bytes)) => out.push_bind_param::<Binary, _>(bytes)?,
                Some(Value::Number(number)) => out.push_bind_param::<BigInt, _>(number)?,
                Some(Value::Text(text)) => out.push_bind_param::<Text, _>(text)?,
                None => {}
            }
        }
        Ok(())
    }
}

// No static id and nothing unsafe to cache: diesel keeps it prepared by its text.
impl QueryId for Statement {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Statement {
    type SqlType = Untyped;
}

/// How many times a second these pages' statements can be answered by two threads that do nothing
/// else: the median of three rounds.
pub fn measure(url: &DatabaseUrl, pages: &[Vec<Statement>], round: Duration) -> f64 {
    let mut rounds: Vec<f64> = (0..ROUNDS).map(|_| one(url, pages, round)).collect();
    rounds.sort_by(f64::total_cmp);
    rounds[ROUNDS / 2]
}

fn one(url: &DatabaseUrl, pages: &[Vec<Statement>], round: Duration) -> f64 {
    let counts = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..2)
            .map(|thread| {
                scope.spawn(move || {
                    let Db::Sqlite(mut conn) = data::reader(url) else {
                        panic!("the limit is SQLite's");
                    };
                    for page in pages {
                        run(&mut conn, page);
                    }
                    let began = Instant::now();
                    let mut count = 0;
                    while began.elapsed() < round {
                        run(&mut conn, &pages[(thread * 7 + count) % pages.len()]);
                        count += 1;
                    }
                    count as f64 / began.elapsed().as_secs_f64()
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|t| t.join().expect("a thread went on"))
            .collect::<Vec<_>>()
    });
    counts.iter().sum()
}

fn run(conn: &mut SqliteConnection, page: &[Statement]) -> usize {
    let mut rows = 0;
    for statement in page {
        for row in conn.load(statement).expect("it was answered before") {
            let _row = row.expect("a row");
            rows += 1;
        }
    }
    rows
}
