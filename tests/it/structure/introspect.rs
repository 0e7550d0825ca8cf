//! A schema as its database describes it, in words both databases share.

use std::collections::{BTreeMap, BTreeSet};

use andon::platform::db::Db;

use crate::app::lines;

/// Diesel's own table.
const DIESEL: &str = "__diesel_schema_migrations";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The database's own name of the type, lower case.
    pub kind: String,
    pub nullable: bool,
    pub default: bool,
}

/// A foreign key: its column, the table and column it refers to, what a deletion does.
pub type Reference = (String, String, String, String);

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    pub columns: BTreeMap<String, Column>,
    /// Columns in the table's own order.
    pub order: Vec<String>,
    pub key: Vec<String>,
    pub uniques: BTreeSet<String>,
    /// Index name → its columns.
    pub indexes: BTreeMap<String, String>,
    pub references: BTreeSet<Reference>,
    pub triggers: BTreeSet<String>,
}

pub type Schema = BTreeMap<String, Table>;

/// The schema behind a connection; full-text tables of SQLite, which have no columns of ours, by
/// name only.
pub fn schema(conn: &mut Db) -> (Schema, BTreeSet<String>) {
    match conn {
        Db::Sqlite(_) => sqlite(conn),
        Db::Postgres(_) => (postgres(conn), BTreeSet::new()),
    }
}

fn parts<const N: usize>(line: &str) -> [String; N] {
    let found: Vec<String> = line.split('|').map(str::to_owned).collect();
    found
        .try_into()
        .unwrap_or_else(|f: Vec<String>| panic!("{N} parts in {f:?}"))
}

fn sqlite(conn: &mut Db) -> (Schema, BTreeSet<String>) {
    let mut schema = Schema::new();
    let virtuals: BTreeSet<String> = lines(
        conn,
        "SELECT name AS line FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL%'",
    )
    .into_iter()
    .collect();
    let tables = lines(
        conn,
        "SELECT name || '|' || strict AS line FROM pragma_table_list WHERE schema = 'main' AND type = 'table' \
         AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE '\\_\\_diesel%' ESCAPE '\\'",
    );
    for line in tables {
        let [name, strict] = parts(&line);
        let is_shadow = virtuals.iter().any(|v| {
            name.strip_prefix(v.as_str())
                .is_some_and(|r| r.starts_with('_'))
        });
        if is_shadow {
            continue;
        }
        assert_eq!(strict, "1", "{name} is not STRICT");
        schema.insert(name, Table::default());
    }
    for (name, table) in &mut schema {
        let columns = lines(
            conn,
            &format!(
                "SELECT name || '|' || lower(type) || '|' || \"notnull\" || '|' || (dflt_value IS NOT NULL) || '|' || pk \
                 AS line FROM pragma_table_info('{name}') ORDER BY cid"
            ),
        );
        let mut key = BTreeMap::new();
        for line in columns {
            let [column, kind, not_null, default, pk] = parts(&line);
            let in_key: usize = pk.parse().unwrap();
            if in_key > 0 {
                key.insert(in_key, column.clone());
            }
            table.order.push(column.clone());
            let nullable = not_null == "0" && in_key == 0;
            let default = default == "1";
            table.columns.insert(
                column,
                Column {
                    kind,
                    nullable,
                    default,
                },
            );
        }
        table.key = key.into_values().collect();
        let indexes = lines(
            conn,
            &format!(
                "SELECT il.name || '|' || il.origin || '|' || (SELECT group_concat(name, ',') FROM \
                 (SELECT name FROM pragma_index_info(il.name) ORDER BY seqno)) AS line FROM pragma_index_list('{name}') il"
            ),
        );
        for line in indexes {
            let [index, origin, columns] = parts(&line);
            match origin.as_str() {
                "u" => drop(table.uniques.insert(columns)),
                "c" => drop(table.indexes.insert(index, columns)),
                _ => {}
            }
        }
        let references = lines(
            conn,
            &format!(
                "SELECT \"from\" || '|' || \"table\" || '|' || coalesce(\"to\", '') || '|' || lower(on_delete) AS line \
                 FROM pragma_foreign_key_list('{name}')"
            ),
        );
        for line in references {
            let [from, to, column, on_delete] = parts(&line);
            table.references.insert((from, to, column, on_delete));
        }
        let triggers = lines(
            conn,
            &format!(
                "SELECT name AS line FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{name}'"
            ),
        );
        table.triggers.extend(triggers);
    }
    (schema, virtuals)
}

fn postgres(conn: &mut Db) -> Schema {
    let mut schema = Schema::new();
    let columns = lines(
        conn,
        "SELECT table_name || '|' || column_name || '|' || udt_name || '|' || is_nullable || '|' || \
         (column_default IS NOT NULL)::text AS line FROM information_schema.columns \
         WHERE table_schema = 'public' ORDER BY table_name, ordinal_position",
    );
    for line in columns {
        let [table, column, kind, nullable, default] = parts(&line);
        if table == DIESEL {
            continue;
        }
        let table = schema.entry(table).or_default();
        table.order.push(column.clone());
        let (nullable, default) = (nullable == "YES", default == "true");
        table.columns.insert(
            column,
            Column {
                kind,
                nullable,
                default,
            },
        );
    }
    let indexes = lines(
        conn,
        "SELECT t.relname || '|' || i.relname || '|' || CASE WHEN x.indisprimary THEN 'pk' \
         WHEN EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.oid AND c.contype = 'u') THEN 'u' ELSE 'c' END \
         || '|' || (SELECT string_agg(pg_get_indexdef(i.oid, k, true), ',' ORDER BY k) FROM generate_series(1, x.indnkeyatts) k) AS line \
         FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid \
         JOIN pg_namespace n ON n.oid = t.relnamespace WHERE n.nspname = 'public'",
    );
    for line in indexes {
        let [table, index, origin, columns] = parts(&line.replace('"', ""));
        let Some(table) = schema.get_mut(&table) else {
            continue;
        };
        match origin.as_str() {
            "pk" => table.key = columns.split(',').map(str::to_owned).collect(),
            "u" => drop(table.uniques.insert(columns)),
            _ => drop(table.indexes.insert(index, columns)),
        }
    }
    let references = lines(
        conn,
        "SELECT t.relname || '|' || a.attname || '|' || f.relname || '|' || b.attname || '|' || \
         CASE c.confdeltype WHEN 'a' THEN 'no action' WHEN 'c' THEN 'cascade' ELSE c.confdeltype::text END AS line \
         FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class f ON f.oid = c.confrelid \
         JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = c.conkey[1] \
         JOIN pg_attribute b ON b.attrelid = f.oid AND b.attnum = c.confkey[1] WHERE c.contype = 'f'",
    );
    for line in references {
        let [table, from, to, column, on_delete] = parts(&line);
        let table = schema.get_mut(&table).unwrap();
        table.references.insert((from, to, column, on_delete));
    }
    let triggers = lines(
        conn,
        "SELECT c.relname || '|' || t.tgname AS line FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid \
         WHERE NOT t.tgisinternal",
    );
    for line in triggers {
        let [table, trigger] = parts(&line);
        schema.get_mut(&table).unwrap().triggers.insert(trigger);
    }
    schema
}
