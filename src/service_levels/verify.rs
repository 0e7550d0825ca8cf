//! Calendars and agreements as the journal's verification sees them: what holds last by its parts, and
//! every version by the whole of its definition.

use std::collections::{BTreeMap, HashMap};

use uuid::Uuid;

use super::kept::{Kept, Version};
use super::store::definitions;
use super::{Agreement, Calendar, fields};
use crate::journal::Value;
use crate::journal::verify::{Checked, Fields, Held, Ledger, Report, Standing};
use crate::platform::db::Db;
use crate::platform::kernel::error::Result;

/// Reads definitions as they are kept: all, or those of some ids.
type Texts = fn(&mut Db, Option<&[Uuid]>) -> Result<Vec<Kept<String>>>;

/// How the ledger of either is made of what is kept.
struct Kind {
    word: &'static str,
    added: &'static str,
    fields: &'static [&'static str],
    ids: fn(&mut Db, Uuid, i64) -> Result<Vec<Uuid>>,
    texts: Texts,
    /// The parts of a definition; `None` when it cannot be read.
    values: fn(&str) -> Option<Vec<(&'static str, Value)>>,
}

/// One of the two ledgers.
pub struct Definitions {
    kind: Kind,
    /// What stands of the batch.
    kept: Vec<Kept<String>>,
    /// What the facts of the batch say of every version, by its number.
    told: HashMap<Uuid, BTreeMap<i64, Told>>,
}

/// A version as a fact tells it.
struct Told {
    from: Option<Held>,
    definition: Option<Held>,
}

/// The ledger of calendars.
pub fn calendars() -> Definitions {
    Definitions::of(Kind {
        word: "calendar",
        added: "calendar.added",
        fields: fields::CALENDAR_FIELDS,
        ids: definitions::calendar_ids,
        texts: definitions::calendar_texts,
        values: |text| {
            let calendar: Calendar = serde_json::from_str(text).ok()?;
            Some(fields::calendar_values(&calendar))
        },
    })
}

/// The ledger of agreements.
pub fn agreements() -> Definitions {
    Definitions::of(Kind {
        word: "agreement",
        added: "agreement.added",
        fields: fields::AGREEMENT_FIELDS,
        ids: definitions::agreement_ids,
        texts: definitions::agreement_texts,
        values: |text| {
            let agreement: Agreement = serde_json::from_str(text).ok()?;
            fields::agreement_values(&agreement, &mut |_| Ok(String::new())).ok()
        },
    })
}

impl Definitions {
    fn of(kind: Kind) -> Self {
        Self {
            kind,
            kept: Vec::new(),
            told: HashMap::new(),
        }
    }

    fn called(&self, name: &str) -> String {
        format!("{} {name}", self.kind.word)
    }
}

impl Ledger for Definitions {
    fn kind(&self) -> &'static str {
        self.kind.word
    }

    fn fields(&self) -> &[&'static str] {
        self.kind.fields
    }

    fn tells_all(&self, first: &str) -> bool {
        first == self.kind.added
    }

    fn subjects_after(&self, conn: &mut Db, after: Option<Uuid>, limit: i64) -> Result<Vec<Uuid>> {
        (self.kind.ids)(conn, after.unwrap_or_default(), limit)
    }

    fn standings(&mut self, conn: &mut Db, ids: &[Uuid]) -> Result<Vec<Standing>> {
        self.told.clear();
        self.kept = (self.kind.texts)(conn, Some(ids))?;
        let standing = |kept: &Kept<String>| {
            let latest = kept.latest();
            let values = latest.and_then(|latest| (self.kind.values)(&latest.definition));
            let mut fields = values.unwrap_or_default();
            fields.extend(latest.into_iter().flat_map(fields::holding));
            // What lists and forms read of it stands in its own row.
            for (field, value) in &mut fields {
                match *field {
                    "name" => *value = Value::text(&kept.name),
                    "retired" => *value = Value::Flag(kept.is_retired),
                    _ => {}
                }
            }
            Standing {
                id: kept.id.uuid(),
                name: self.called(&kept.name),
                head: None,
                must_have_facts: true,
                fields,
            }
        };
        Ok(self.kept.iter().map(standing).collect())
    }

    fn name(&self, fields: &Fields) -> Option<String> {
        let name = fields.get("name")?;
        Some(self.called(&name.shown()))
    }

    fn fact(&mut self, fact: &Checked<'_>) {
        let Some(Held::Number(number)) = fact.after("version") else {
            return;
        };
        let told = self.told.entry(fact.fact.subject_id.uuid()).or_default();
        // A fact says from when its version holds only where that is another instant.
        let before = told.last_entry().and_then(|last| last.get().from.clone());
        let told_now = Told {
            from: fact.after("from").cloned().or(before),
            definition: fact.after("definition").cloned(),
        };
        told.insert(*number, told_now);
    }

    fn beside(&mut self, _: &mut Db, _: &[Uuid], report: &mut Report<'_>) -> Result<()> {
        for kept in std::mem::take(&mut self.kept) {
            let name = self.called(&kept.name);
            let mut told = self.told.remove(&kept.id.uuid()).unwrap_or_default();
            for version in &kept.versions {
                compare(&name, version, told.remove(&version.number.into()), report);
                if (self.kind.values)(&version.definition).is_none() {
                    let said = format!("version {}: it cannot be read", version.number);
                    report.differs(&name, said);
                }
            }
            for number in told.keys() {
                let said = format!("version {number}: the journal has it, but it is gone");
                report.differs(&name, said);
            }
        }
        Ok(())
    }
}

fn compare(name: &str, version: &Version<String>, told: Option<Told>, report: &mut Report<'_>) {
    let field = |what: &str| format!("version {}, {what}", version.number);
    let Some(told) = told else {
        let said = format!("version {}: the journal has none", version.number);
        report.differs(name, said);
        return;
    };
    let from = told.from.unwrap_or(Held::Nothing);
    report.compares(name, &field("from"), &from, &Value::At(version.from_at));
    let definition = told.definition.unwrap_or(Held::Nothing);
    let stands = Value::text(&version.definition);
    report.compares(name, &field("definition"), &definition, &stands);
}
