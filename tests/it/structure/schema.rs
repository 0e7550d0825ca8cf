//! One schema on two databases: tables, columns, keys, constraints, indexes, references, triggers;
//! and what diesel is told of them.

use std::collections::BTreeMap;

use andon::platform::db::{Backend, Db};

use super::introspect::{Schema, Table, schema};
use crate::app::{Database, backends, lines, root};

/// Full text is the one thing each database keeps in its own way: a column and two indexes in
/// PostgreSQL, two tables in SQLite.
const FULL_TEXT_COLUMN: (&str, &str) = ("search_texts", "terms");
const FULL_TEXT: [&str; 2] = ["search_internal", "search_public"];
const FULL_TEXT_INDEXES: [&str; 2] = ["search_texts_internal", "search_texts_public"];

/// What SQLite calls the type of a PostgreSQL column.
fn in_sqlite(kind: &str) -> &'static str {
    match kind {
        "uuid" | "bytea" => "blob",
        "text" => "text",
        "int4" | "int8" | "bool" | "timestamptz" => "integer",
        other => panic!("a column type nobody mapped yet: {other}"),
    }
}

/// The schema of PostgreSQL as SQLite would describe it.
fn translated(mut postgres: Schema) -> Schema {
    let (table, column) = FULL_TEXT_COLUMN;
    let texts = postgres.get_mut(table).expect("the table of texts");
    texts.columns.remove(column);
    texts.order.retain(|own| own != column);
    for index in FULL_TEXT_INDEXES {
        assert!(texts.indexes.remove(index).is_some(), "{index}");
    }
    for table in postgres.values_mut() {
        for column in table.columns.values_mut() {
            column.kind = in_sqlite(&column.kind).to_owned();
        }
        // SQLite knows no TRUNCATE, so it needs nothing against it.
        table
            .triggers
            .retain(|name| !name.ends_with("_no_truncate"));
    }
    postgres
}

#[test]
fn both_databases_have_one_schema() {
    let [sqlite, postgres] = both();
    let Some((postgres, _)) = postgres else {
        return;
    };
    let (sqlite, virtuals) = sqlite.expect("SQLite is always there");
    assert_eq!(virtuals.into_iter().collect::<Vec<_>>(), FULL_TEXT);
    let postgres = translated(postgres);
    let names = |schema: &Schema| schema.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&sqlite), names(&postgres), "tables");
    for (name, table) in &sqlite {
        let Table {
            columns,
            order,
            key,
            uniques,
            indexes,
            references,
            triggers,
        } = &postgres[name];
        assert_eq!(&table.columns, columns, "columns of {name}");
        assert_eq!(&table.order, order, "the order of the columns of {name}");
        assert_eq!(&table.key, key, "the key of {name}");
        assert_eq!(&table.uniques, uniques, "unique in {name}");
        assert_eq!(&table.indexes, indexes, "indexes of {name}");
        assert_eq!(&table.references, references, "references of {name}");
        assert_eq!(&table.triggers, triggers, "triggers of {name}");
    }
}

fn both() -> [Option<(Schema, std::collections::BTreeSet<String>)>; 2] {
    [Backend::Sqlite, Backend::Postgres].map(|backend| {
        backends()
            .contains(&backend)
            .then(|| schema(&mut Database::fresh(backend).connect()))
    })
}

/// `table! { name (key) { column -> Type, … } }` of `src/schema.rs`: table → its key and columns.
fn in_diesel() -> BTreeMap<String, (Vec<String>, Vec<(String, String)>)> {
    let text = std::fs::read_to_string(root().join("src/schema.rs")).unwrap();
    let mut found = BTreeMap::new();
    let mut current: Option<(String, Vec<String>, Vec<(String, String)>)> = None;
    for line in text.lines().map(str::trim) {
        if let Some((column, kind)) = line.split_once(" -> ") {
            if let Some((_, _, columns)) = &mut current {
                columns.push((column.to_owned(), kind.trim_end_matches(',').to_owned()));
            }
        } else if let Some((name, rest)) = line.split_once(" (")
            && let Some(key) = rest.strip_suffix(") {")
        {
            let key = key.split(',').map(|k| k.trim().to_owned()).collect();
            let name = name.rsplit("::").next().unwrap().to_owned();
            current = Some((name, key, Vec::new()));
        } else if line == "}"
            && let Some((name, key, columns)) = current.take()
        {
            found.insert(name, (key, columns));
        }
    }
    found
}

fn in_postgres(kind: &str) -> (String, bool) {
    if let Some(inner) = kind
        .strip_prefix("Nullable<")
        .and_then(|k| k.strip_suffix('>'))
    {
        return (in_postgres(inner).0, true);
    }
    let name = match kind.rsplit("::").next().unwrap_or(kind) {
        "SqlId" => "uuid",
        "SqlUtc" => "timestamptz",
        "Text" => "text",
        "Integer" | "Int4" => "int4",
        "BigInt" | "Int8" => "int8",
        "Bool" => "bool",
        "Binary" | "Bytea" => "bytea",
        other => panic!("a type of src/schema.rs nobody mapped yet: {other}"),
    };
    (name.to_owned(), false)
}

#[test]
fn diesel_is_told_the_schema_there_is() {
    let diesel = in_diesel();
    for (backend, found) in [Backend::Sqlite, Backend::Postgres].into_iter().zip(both()) {
        let Some((schema, _)) = found else { continue };
        let schema = if backend == Backend::Postgres {
            let (table, column) = FULL_TEXT_COLUMN;
            let mut schema = schema;
            let texts = schema.get_mut(table).unwrap();
            texts.columns.remove(column);
            texts.order.retain(|own| own != column);
            schema
        } else {
            schema
        };
        let names: Vec<_> = schema.keys().cloned().collect();
        assert_eq!(
            diesel.keys().cloned().collect::<Vec<_>>(),
            names,
            "{backend:?}"
        );
        for (name, table) in &schema {
            let (key, columns) = &diesel[name];
            assert_eq!(key, &table.key, "the key of {name}");
            let told: Vec<(String, (String, bool))> = columns
                .iter()
                .map(|(column, kind)| (column.clone(), in_postgres(kind)))
                .collect();
            let there: Vec<(String, (String, bool))> = table
                .order
                .iter()
                .map(|column| {
                    let c = &table.columns[column];
                    (column.clone(), (c.kind.clone(), c.nullable))
                })
                .collect();
            let told: Vec<_> = match backend {
                Backend::Postgres => told,
                Backend::Sqlite => told
                    .into_iter()
                    .map(|(c, (k, n))| (c, (in_sqlite(&k).to_owned(), n)))
                    .collect(),
            };
            assert_eq!(told, there, "{name} on {backend:?}");
        }
    }
}

/// The two databases sort and compare text alike only where PostgreSQL is told to compare bytes.
#[test]
fn sorted_and_unique_text_compares_bytes_in_postgres() {
    if !backends().contains(&Backend::Postgres) {
        return;
    }
    let mut conn = Database::fresh(Backend::Postgres).connect();
    let loose = lines(
        &mut conn,
        // An index of one column that is not unique only finds what is equal.
        "SELECT DISTINCT c.relname || '.' || a.attname AS line FROM pg_index x \
         JOIN pg_class c ON c.oid = x.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
         JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (x.indkey) \
         JOIN pg_type t ON t.oid = a.atttypid JOIN pg_collation l ON l.oid = a.attcollation \
         WHERE n.nspname = 'public' AND c.relname NOT LIKE '\\_\\_diesel%' AND t.typname = 'text' AND l.collname <> 'C' \
         AND (x.indisunique OR x.indnkeyatts > 1)",
    );
    assert_eq!(loose, Vec::<String>::new());
}

/// `facts` and `checkpoints` only grow, through the product's own connection too.
#[test]
fn the_journal_refuses_every_change_but_growing() {
    use diesel::connection::SimpleConnection;
    for backend in backends() {
        let database = Database::fresh(backend);
        let mut conn = database.connect();
        super::fill::fill(&mut conn);
        let before = super::fill::row_hashes(&mut conn);
        for table in ["facts", "checkpoints"] {
            let mut tries = vec![
                format!("UPDATE {table} SET hash = previous"),
                format!("DELETE FROM {table}"),
            ];
            match conn {
                Db::Sqlite(_) => {
                    tries.push(format!("REPLACE INTO {table} SELECT * FROM {table}"));
                    tries.push(format!(
                        "INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
                    ));
                }
                Db::Postgres(_) => {
                    tries.push(format!("TRUNCATE {table}"));
                    tries.push(format!("TRUNCATE {table} CASCADE"));
                }
            }
            for sql in tries {
                let refused = conn.batch_execute(&sql);
                let said = refused.expect_err(&sql).to_string();
                // PostgreSQL sees the texts that refer to facts before it asks the trigger.
                let refused = said.contains("append-only") || said.contains("cannot truncate");
                assert!(refused, "{sql}: {said}");
            }
        }
        assert_eq!(super::fill::row_hashes(&mut conn), before, "{backend:?}");
    }
}
