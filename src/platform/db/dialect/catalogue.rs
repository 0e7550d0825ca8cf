//! What tables there are, as the database itself describes them: for whoever copies all of them and
//! must not miss the one that came yesterday.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diesel::sql_types::{Bool, Integer, Text};

use super::on_backend;
use crate::platform::db::Db;
use crate::platform::kernel::error::{Error, Result};

/// What a column holds, as far as this database tells things apart: SQLite has one integer for
/// numbers, instants, yes and no, and one blob for ids and hashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Id,
    Bytes,
    Text,
    Flag,
    Small,
    Large,
    Instant,
}

/// A column that is copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub shape: Shape,
}

/// A table whose rows are copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub name: String,
    pub columns: Vec<Column>,
    /// The columns of its key, which order its rows.
    pub key: Vec<String>,
    /// PostgreSQL's column of search terms: made again from the texts, never copied.
    pub terms: Option<String>,
    /// PostgreSQL's column that counts by itself.
    pub counts: Option<String>,
}

/// A reference to a table that does not come before: to the table itself, or in a circle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loop {
    pub table: String,
    pub constraint: String,
}

/// All tables of a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalogue {
    /// What is referred to comes first, as far as there is such an order.
    pub tables: Vec<Table>,
    pub loops: Vec<Loop>,
}

impl Catalogue {
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }
}

#[derive(QueryableByName)]
struct ColumnRow {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    /// Its place in the key, from 1; 0 outside it.
    #[diesel(sql_type = Integer)]
    in_key: i32,
    #[diesel(sql_type = Bool)]
    counts: bool,
}

#[derive(QueryableByName)]
struct ReferenceRow {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    refers_to: String,
    #[diesel(sql_type = Text)]
    constraint_name: String,
}

#[derive(QueryableByName)]
struct NameRow {
    #[diesel(sql_type = Text)]
    name: String,
}

const SQLITE_COLUMNS: &str = "SELECT t.name AS table_name, c.name AS column_name, lower(c.type) AS kind, \
     c.pk AS in_key, 0 AS counts FROM pragma_table_list t JOIN pragma_table_info(t.name) c \
     WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
     AND t.name NOT LIKE '\\_\\_diesel%' ESCAPE '\\' ORDER BY t.name, c.cid";

const SQLITE_REFERENCES: &str = "SELECT t.name AS table_name, f.\"table\" AS refers_to, '' AS constraint_name \
     FROM pragma_table_list t JOIN pragma_foreign_key_list(t.name) f \
     WHERE t.schema = 'main' AND t.type = 'table'";

const POSTGRES_COLUMNS: &str = "SELECT c.relname::text AS table_name, a.attname::text AS column_name, t.typname::text AS kind, \
     coalesce(array_position(k.conkey, a.attnum), 0) AS in_key, a.attidentity <> '' AS counts \
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
     JOIN pg_type t ON t.oid = a.atttypid \
     LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'p' \
     WHERE n.nspname = current_schema() AND c.relkind = 'r' AND c.relname NOT LIKE '\\_\\_diesel%' \
     ORDER BY c.relname COLLATE \"C\", a.attnum";

const POSTGRES_REFERENCES: &str = "SELECT c.relname::text AS table_name, f.relname::text AS refers_to, \
     k.conname::text AS constraint_name \
     FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class f ON f.oid = k.confrelid \
     JOIN pg_namespace n ON n.oid = c.relnamespace \
     WHERE k.contype = 'f' AND n.nspname = current_schema()";

/// The tables of this database, without diesel's own and those of full text.
pub fn catalogue(conn: &mut Db) -> Result<Catalogue> {
    let (columns, references): (Vec<ColumnRow>, Vec<ReferenceRow>) = on_backend!(conn,
        c => (diesel::sql_query(SQLITE_COLUMNS).load(c)?, diesel::sql_query(SQLITE_REFERENCES).load(c)?),
        c => (diesel::sql_query(POSTGRES_COLUMNS).load(c)?, diesel::sql_query(POSTGRES_REFERENCES).load(c)?)
    );
    let mut tables: BTreeMap<String, Table> = BTreeMap::new();
    let mut keys: BTreeMap<String, BTreeMap<i32, String>> = BTreeMap::new();
    for row in columns {
        let table = tables
            .entry(row.table_name.clone())
            .or_insert_with(|| Table {
                name: row.table_name.clone(),
                columns: Vec::new(),
                key: Vec::new(),
                terms: None,
                counts: None,
            });
        if row.counts {
            table.counts = Some(row.column_name.clone());
        }
        if row.in_key > 0 {
            let key = keys.entry(row.table_name.clone()).or_default();
            key.insert(row.in_key, row.column_name.clone());
        }
        if row.kind == "tsvector" {
            table.terms = Some(row.column_name);
            continue;
        }
        table.columns.push(Column {
            shape: shape(&row.table_name, &row.column_name, &row.kind)?,
            name: row.column_name,
        });
    }
    for (name, table) in &mut tables {
        table.key = keys
            .remove(name)
            .unwrap_or_default()
            .into_values()
            .collect();
        if table.key.is_empty() {
            return Err(Error::inward(format!("the table {name} has no key")));
        }
    }
    Ok(in_order(tables, &references))
}

/// Whatever stands in an "empty" PostgreSQL database; a SQLite file that is new has nothing.
pub fn names_of_anything(conn: &mut Db) -> Result<Vec<String>> {
    let found: Vec<NameRow> = on_backend!(conn,
        c => diesel::sql_query("SELECT name FROM sqlite_schema ORDER BY name").load(c)?,
        c => diesel::sql_query(
            "SELECT c.relname::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY c.relname"
        ).load(c)?
    );
    Ok(found.into_iter().map(|row| row.name).collect())
}

fn shape(table: &str, column: &str, kind: &str) -> Result<Shape> {
    Ok(match kind {
        "uuid" => Shape::Id,
        "blob" | "bytea" => Shape::Bytes,
        "text" => Shape::Text,
        "bool" => Shape::Flag,
        "int4" => Shape::Small,
        "integer" | "int8" => Shape::Large,
        "timestamptz" => Shape::Instant,
        other => {
            let what = format!("{table}.{column} is a {other}, which nobody taught the copier");
            return Err(Error::inward(what));
        }
    })
}

/// Always the next table, by name, that refers only to what is there; in a circle, the first.
fn in_order(mut left: BTreeMap<String, Table>, references: &[ReferenceRow]) -> Catalogue {
    // The texts' index is made from records and entries, which must be there.
    let last = left.remove("search_texts");
    let mut tables = Vec::with_capacity(left.len() + 1);
    let mut placed = BTreeSet::new();
    let mut loops = Vec::new();
    let of = |name: &str| {
        let name = name.to_owned();
        references.iter().filter(move |r| r.table_name == name)
    };
    loop {
        let is_free = |name: &&String| {
            of(name).all(|r| r.refers_to == r.table_name || !left.contains_key(&r.refers_to))
        };
        let next = left.keys().find(is_free).or_else(|| left.keys().next());
        let Some(table) = next.cloned().and_then(|name| left.remove(&name)) else {
            break;
        };
        for reference in of(&table.name).filter(|r| !placed.contains(&r.refers_to)) {
            loops.push(Loop {
                table: table.name.clone(),
                constraint: reference.constraint_name.clone(),
            });
        }
        placed.insert(table.name.clone());
        tables.push(table);
    }
    tables.extend(last);
    Catalogue { tables, loops }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tables(names: &[&str]) -> BTreeMap<String, Table> {
        let table = |name: &&str| Table {
            name: (*name).to_owned(),
            columns: Vec::new(),
            key: Vec::new(),
            terms: None,
            counts: None,
        };
        names.iter().map(|n| ((*n).to_owned(), table(n))).collect()
    }

    fn reference(from: &str, to: &str) -> ReferenceRow {
        ReferenceRow {
            table_name: from.to_owned(),
            refers_to: to.to_owned(),
            constraint_name: format!("{from}_{to}"),
        }
    }

    #[test]
    fn what_is_referred_to_comes_first_and_circles_are_named() {
        let references = [
            reference("a", "c"),
            reference("b", "b"),
            reference("d", "e"),
            reference("e", "d"),
            reference("search_texts", "a"),
        ];
        let found = in_order(
            tables(&["a", "b", "c", "d", "e", "search_texts"]),
            &references,
        );
        let order: Vec<&str> = found.tables.iter().map(|t| t.name.as_str()).collect();
        assert_eq!(order, ["b", "c", "a", "d", "e", "search_texts"]);
        let loops: Vec<&str> = found.loops.iter().map(|l| l.constraint.as_str()).collect();
        assert_eq!(loops, ["b_b", "d_e"]);
    }
}
