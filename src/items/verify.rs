//! Suppliers, items and their edges as the journal's verification sees them.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;
use uuid::Uuid;

use super::model::{Item, Supplier};
use super::store;
use crate::journal::Value;
use crate::journal::verify::{Checked, Fields, Held, Ledger, Report, Rows, Standing};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;
use crate::schema::{items, suppliers};

pub const SUPPLIERS: Rows = Rows {
    kind: "supplier",
    fields: &["name", "phone", "mail", "disabled"],
    added: "supplier.added",
    after: |conn, after, limit| {
        let after = Id::<Supplier>::from_uuid(after.unwrap_or(Uuid::nil()));
        let ids: Vec<Id<Supplier>> = suppliers::table
            .filter(suppliers::id.gt(after))
            .order(suppliers::id)
            .limit(limit)
            .select(suppliers::id)
            .load(conn)?;
        Ok(ids.into_iter().map(Id::uuid).collect())
    },
    standings: |conn, ids| {
        let ids = ids.iter().map(|id| Id::<Supplier>::from_uuid(*id));
        let rows: Vec<Supplier> = suppliers::table
            .filter(suppliers::id.eq_any(ids))
            .select(Supplier::as_select())
            .load(conn)?;
        let standing = |row: Supplier| Standing {
            id: row.id.uuid(),
            name: format!("supplier {}", row.name),
            head: None,
            must_have_facts: true,
            fields: vec![
                ("name", Value::text(&row.name)),
                ("phone", Value::text(&row.phone)),
                ("mail", Value::text(&row.mail)),
                ("disabled", Value::Flag(row.disabled_at.is_some())),
            ],
        };
        Ok(rows.into_iter().map(standing).collect())
    },
    seed: |_| None,
    called: |fields| called("supplier", fields),
};

/// What to call one that is gone: by the name its facts gave it.
fn called(kind: &str, fields: &Fields) -> Option<String> {
    let name = fields.get("name")?;
    Some(format!("{kind} {}", name.shown()))
}

/// Items with their edges: each edge was added by one fact, and perhaps taken away by another.
#[derive(Default)]
pub struct Items {
    names: HashMap<Uuid, String>,
    /// What the facts of the batch leave every item depending on.
    needs: HashMap<Uuid, BTreeSet<String>>,
}

impl Ledger for Items {
    fn kind(&self) -> &'static str {
        "item"
    }

    fn fields(&self) -> &[&'static str] {
        &[
            "name",
            "class",
            "environment",
            "team",
            "service",
            "disabled",
        ]
    }

    fn tells_all(&self, first: &str) -> bool {
        first == "item.added"
    }

    fn subjects_after(&self, conn: &mut Db, after: Option<Uuid>, limit: i64) -> Result<Vec<Uuid>> {
        let after = Id::<Item>::from_uuid(after.unwrap_or(Uuid::nil()));
        let ids: Vec<Id<Item>> = items::table
            .filter(items::id.gt(after))
            .order(items::id)
            .limit(limit)
            .select(items::id)
            .load(conn)?;
        Ok(ids.into_iter().map(Id::uuid).collect())
    }

    fn standings(&mut self, conn: &mut Db, ids: &[Uuid]) -> Result<Vec<Standing>> {
        self.names.clear();
        self.needs.clear();
        let ids = ids.iter().map(|id| Id::<Item>::from_uuid(*id));
        let rows: Vec<Item> = items::table
            .filter(items::id.eq_any(ids))
            .select(Item::as_select())
            .load(conn)?;
        Ok(rows
            .into_iter()
            .map(|row| {
                let name = format!("item {}", row.name);
                self.names.insert(row.id.uuid(), name.clone());
                standing(name, row)
            })
            .collect())
    }

    fn name(&self, fields: &Fields) -> Option<String> {
        called("item", fields)
    }

    fn fact(&mut self, fact: &Checked<'_>) {
        let needs = self.needs.entry(fact.fact.subject_id.uuid()).or_default();
        if let Some(Held::Ref(id, _)) = fact.before("depends_on") {
            needs.remove(id);
        }
        if let Some(Held::Ref(id, _)) = fact.after("depends_on") {
            needs.insert(id.clone());
        }
    }

    fn beside(&mut self, conn: &mut Db, _: &[Uuid], report: &mut Report<'_>) -> Result<()> {
        let mut ids: Vec<Id<Item>> = self.names.keys().map(|id| Id::from_uuid(*id)).collect();
        ids.sort_unstable();
        for (item, needs) in store::needs_of_many(conn, &ids)? {
            let told = self.needs.entry(item.uuid()).or_default();
            if !told.remove(&needs.to_string()) {
                let name = self.names.get(&item.uuid()).map_or("", String::as_str);
                let said = format!("depends on {needs}: it stands there, but the journal has none");
                report.differs(name, said);
            }
        }
        for (item, needs) in self.needs.drain() {
            // An item that is gone is named by its own facts.
            let Some(name) = self.names.get(&item) else {
                continue;
            };
            for needs in needs {
                let said = format!("depends on {needs}: the journal has it, but it is gone");
                report.differs(name, said);
            }
        }
        Ok(())
    }
}

fn standing(name: String, row: Item) -> Standing {
    Standing {
        id: row.id.uuid(),
        name,
        head: None,
        must_have_facts: true,
        fields: vec![
            ("name", Value::text(&row.name)),
            ("class", Value::text(&row.class)),
            ("environment", word(&row.environment)),
            ("team", reference(row.team_id)),
            ("service", reference(row.service_id)),
            ("disabled", Value::Flag(row.disabled_at.is_some())),
        ],
    }
}

fn word(word: &str) -> Value {
    if word.is_empty() {
        Value::Nothing
    } else {
        Value::word(word)
    }
}

fn reference<T>(id: Option<Id<T>>) -> Value {
    Value::reference(id.map(|id| (id.uuid(), String::new())))
}
