//! Rows for every table, made from what the database says of its columns, and hashes of rows.
//!
//! Nobody has to think of a new table: a migration that loses rows is found because they are there.

use std::collections::{BTreeMap, BTreeSet};

use andon::platform::db::Db;
use diesel::connection::SimpleConnection;
use sha2::{Digest, Sha256};

use super::introspect::{Schema, Table, schema};
use crate::app::lines;

/// Rows each table gets, besides those the migrations bring.
const ROWS: usize = 4;

/// Fills every table. Row n refers to row n of whatever it refers to.
pub fn fill(conn: &mut Db) {
    let (schema, virtuals) = schema(conn);
    for name in in_order(&schema) {
        let table = &schema[&name];
        for row in 1..=ROWS {
            let values: Vec<String> = table
                .order
                .iter()
                .map(|column| value(conn, &name, table, column, row))
                .collect();
            let sql = format!(
                "INSERT INTO {name} ({}) VALUES ({})",
                table.order.join(", "),
                values.join(", ")
            );
            if let Err(e) = conn.batch_execute(&sql) {
                panic!("{e}: {sql}");
            }
        }
    }
    for name in virtuals {
        for row in 1..=ROWS {
            let sql = format!("INSERT INTO {name} (rowid, body) VALUES ({row}, 'word{row}')");
            conn.batch_execute(&sql).unwrap();
        }
    }
}

/// Tables so that what is referred to comes first.
fn in_order(schema: &Schema) -> Vec<String> {
    let mut left: BTreeSet<&String> = schema.keys().collect();
    let mut ordered = Vec::new();
    while !left.is_empty() {
        let ready: Vec<&String> = left
            .iter()
            .filter(|name| {
                schema[**name]
                    .references
                    .iter()
                    .all(|(_, to, _, _)| to == **name || !left.contains(to))
            })
            .copied()
            .collect();
        assert!(!ready.is_empty(), "references in a circle: {left:?}");
        for name in ready {
            left.remove(name);
            ordered.push(name.clone());
        }
    }
    ordered
}

fn value(conn: &mut Db, name: &str, table: &Table, column: &str, row: usize) -> String {
    let is_sqlite = matches!(conn, Db::Sqlite(_));
    if let Some((_, to, theirs, _)) = table.references.iter().find(|(from, ..)| from == column) {
        return format!(
            "(SELECT {theirs} FROM {to} ORDER BY {theirs} DESC LIMIT 1 OFFSET {})",
            row - 1
        );
    }
    let own = &table.columns[column];
    if own.nullable && row.is_multiple_of(2) {
        return "NULL".to_owned();
    }
    match own.kind.as_str() {
        "text" => format!("'é {name} {column} {row}'"),
        "int4" | "int8" | "integer" => (1000 + row).to_string(),
        "bool" => (row % 2 == 1).to_string(),
        "timestamptz" => format!("timestamptz '2026-01-0{row}T00:00:00.123456Z'"),
        "uuid" => format!("'00000000-0000-7000-8000-0000000{row:05}'"),
        "bytea" => format!("'\\x00ff0{row}'"),
        // An id must be 16 bytes for the product to read it; a hash may be any.
        "blob" if is_sqlite => format!("x'000000000000700080000000000000{row:02}'"),
        "tsvector" => format!("to_tsvector('simple', 'word{row}')"),
        other => panic!("{name}.{column}: nothing to fill {other} with"),
    }
}

/// Table → hash of its rows, over all its columns.
pub fn row_hashes(conn: &mut Db) -> BTreeMap<String, String> {
    let (schema, _) = schema(conn);
    let columns: Vec<(String, Vec<String>)> = schema
        .into_iter()
        .map(|(name, t)| (name, t.order))
        .collect();
    hashes_of(conn, &columns)
}

/// [`row_hashes`] without one column.
pub fn row_hashes_but(conn: &mut Db, (table, column): (&str, &str)) -> BTreeMap<String, String> {
    let (schema, _) = schema(conn);
    let columns: Vec<(String, Vec<String>)> = schema
        .into_iter()
        .map(|(name, mut t)| {
            t.order.retain(|own| name != table || own != column);
            (name, t.order)
        })
        .collect();
    hashes_of(conn, &columns)
}

/// Hashes over the columns named, for tables that keep some of them.
pub fn hashes_of(conn: &mut Db, tables: &[(String, Vec<String>)]) -> BTreeMap<String, String> {
    let is_sqlite = matches!(conn, Db::Sqlite(_));
    tables
        .iter()
        .map(|(name, columns)| {
            let parts: Vec<String> = columns
                .iter()
                .map(|c| match is_sqlite {
                    true => format!("quote({c})"),
                    false => format!("coalesce({c}::text, 'NULL')"),
                })
                .collect();
            let sql = format!(
                "SELECT {} AS line FROM {name} ORDER BY 1",
                parts.join(" || '|' || ")
            );
            let mut hash = Sha256::new();
            let rows = lines(conn, &sql);
            hash.update(rows.len().to_string());
            for row in rows {
                hash.update(row.as_bytes());
                hash.update(b"\n");
            }
            let hex: String = hash.finalize().iter().map(|b| format!("{b:02x}")).collect();
            (name.clone(), hex)
        })
        .collect()
}
