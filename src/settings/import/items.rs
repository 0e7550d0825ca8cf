//! A file of configuration items, planned and written. What they depend on comes last, when all of
//! them are there; circles are allowed.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use super::table::{Row, Table};
use super::{Candidate, Changed, Line, Summary, first_of, pieces, reject, take_out, unknown};
use crate::items::{self, Environment, Item, rules::NEEDS_MAX};
use crate::people::meanwhile::Edit;
use crate::people::{self, Team, Visitor};
use crate::platform::db::{Db, Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Message, Result};
use crate::platform::kernel::text;
use crate::services::{self, Service};
use crate::settings::actions::{add_item, add_need, edit_item, remove_need};
use crate::settings::model::ItemForm;
use crate::settings::rules;

/// The columns that are known; the first must be there.
pub const COLUMNS: &[&str] = &[
    "name",
    "class",
    "environment",
    "team",
    "service",
    "depends_on",
];
const NAME: usize = 0;
const CLASS: usize = 1;
const ENVIRONMENT: usize = 2;
const TEAM: usize = 3;
const SERVICE: usize = 4;
const DEPENDS_ON: usize = 5;

/// A file of items, planned.
pub struct Plan {
    pub summary: Summary,
    pub(super) steps: Vec<Step>,
    writes: Vec<(Option<(Id<Item>, ItemForm)>, ItemForm)>,
    edges: Vec<Edge>,
}

/// What is written in one transaction.
pub(super) enum Step {
    Items(Range<usize>),
    Edges(Range<usize>),
}

/// An edge that comes or goes, by folded names.
struct Edge {
    item: String,
    needs: String,
    comes: bool,
}

struct Entry {
    row: Row,
    key: String,
    /// Folded names of what it is to depend on; `None` leaves what is there.
    needs: Option<BTreeSet<String>>,
    item: Option<Item>,
    form: ItemForm,
    out: bool,
}

impl Candidate for Entry {
    fn row(&self) -> &Row {
        &self.row
    }

    fn put_out(&mut self) {
        self.out = true;
    }
}

/// What the file names, as it is now.
struct Known {
    items: HashMap<String, Item>,
    /// Folded names of what each depends on.
    needs: HashMap<Id<Item>, BTreeSet<String>>,
    teams: HashMap<String, (Id<Team>, bool)>,
    services: HashMap<String, (Id<Service>, bool)>,
}

/// Plans the rows of a file against what is there.
pub fn plan(conn: &mut Db, table: Table) -> Result<Plan> {
    let mut summary = Summary::begun(table.ignored, table.rejected);
    let mut entries = checked(table.rows, &mut summary);
    let known = Known::read(conn, &entries)?;
    for entry in &mut entries {
        entry.item = known.items.get(&entry.key).cloned();
        match known.form_of(&entry.row, entry.item.as_ref()) {
            Ok(form) => entry.form = form,
            Err(why) => reject(entry, why, &mut summary),
        }
    }
    check_needs(&mut entries, &known, &mut summary);
    let mut plan = Plan {
        summary,
        steps: Vec::new(),
        writes: Vec::new(),
        edges: Vec::new(),
    };
    for entry in entries.into_iter().filter(|entry| !entry.out) {
        plan.take(entry, &known);
    }
    plan.edges.sort_by_key(|edge| edge.comes);
    plan.steps
        .extend(pieces(plan.writes.len()).map(Step::Items));
    plan.steps.extend(pieces(plan.edges.len()).map(Step::Edges));
    Ok(plan)
}

/// The rows with names that no other row has.
fn checked(rows: Vec<Row>, summary: &mut Summary) -> Vec<Entry> {
    let mut seen: HashMap<String, u64> = HashMap::new();
    let mut entries = Vec::with_capacity(rows.len());
    for row in rows {
        let key = text::fold(row.cell(NAME).unwrap_or_default());
        if key.is_empty() {
            summary.reject(row.line, row.what(), Message::new("import-why-no-name"));
            continue;
        }
        if let Some(line) = seen.insert(key.clone(), row.line) {
            let message = Message::new("import-why-duplicate").arg("line", line);
            summary.reject(row.line, row.what(), message.arg("field", "name"));
            continue;
        }
        let needs = row.cell(DEPENDS_ON).map(|cell| {
            let names = cell.split(['|', '\n']).map(|name| text::fold(name.trim()));
            names.filter(|name| !name.is_empty()).collect()
        });
        entries.push(Entry {
            row,
            key,
            needs,
            item: None,
            form: ItemForm::default(),
            out: false,
        });
    }
    entries
}

/// What is depended on must be there, or come with the file.
fn check_needs(entries: &mut [Entry], known: &Known, summary: &mut Summary) {
    let rows: HashMap<String, usize> = (entries.iter().enumerate())
        .map(|(at, entry)| (entry.key.clone(), at))
        .collect();
    let mut stand_on: HashMap<usize, Vec<usize>> = HashMap::new();
    for (at, entry) in entries.iter_mut().enumerate() {
        let (Some(needs), false) = (&entry.needs, entry.out) else {
            continue;
        };
        let missing = (needs.iter())
            .find(|name| !known.items.contains_key(*name) && !rows.contains_key(*name));
        let why = if needs.contains(&entry.key) {
            Some(Message::new("item-need-itself"))
        } else if needs.len() > NEEDS_MAX {
            Some(Message::new("item-needs-too-many").arg("max", NEEDS_MAX))
        } else {
            missing.map(|name| unknown("depends_on", name))
        };
        for name in needs.iter().filter(|name| !known.items.contains_key(*name)) {
            if let Some(row) = rows.get(name) {
                stand_on.entry(*row).or_default().push(at);
            }
        }
        if let Some(why) = why {
            reject(entry, why, summary);
        }
    }
    let out = (entries.iter().enumerate())
        .filter(|(_, entry)| entry.out)
        .map(|(at, _)| at)
        .collect();
    take_out(out, &stand_on, |at| match entries.get_mut(at) {
        Some(entry) if !entry.out => {
            reject(entry, Message::new("import-why-needs-rejected"), summary);
            true
        }
        _ => false,
    });
}

impl Known {
    fn read(conn: &mut Db, entries: &[Entry]) -> Result<Self> {
        let mut known = Known {
            items: HashMap::new(),
            needs: HashMap::new(),
            teams: people::list_teams(conn)?
                .into_iter()
                .map(|t| (text::fold(&t.name), (t.id, t.disabled_at.is_some())))
                .collect(),
            services: services::list_services(conn)?
                .into_iter()
                .map(|s| (text::fold(&s.name), (s.id, s.disabled_at.is_some())))
                .collect(),
        };
        for piece in pieces(entries.len()) {
            let entries = entries.get(piece).unwrap_or_default();
            let mut keys: Vec<String> = entries.iter().map(|e| e.key.clone()).collect();
            keys.extend(entries.iter().filter_map(|e| e.needs.clone()).flatten());
            keys.retain(|key| !known.items.contains_key(key));
            keys.sort_unstable();
            keys.dedup();
            let found = items::items_by_keys(conn, &keys)?;
            let ids: Vec<Id<Item>> = found.iter().map(|item| item.id).collect();
            for (item, needs) in items::need_keys_of(conn, &ids)? {
                known.needs.entry(item).or_default().insert(needs);
            }
            let keyed = found.into_iter().map(|item| (text::fold(&item.name), item));
            known.items.extend(keyed);
        }
        Ok(known)
    }

    fn form_of(&self, row: &Row, present: Option<&Item>) -> Result<ItemForm, Message> {
        let mut form = present.map(ItemForm::of).unwrap_or_default();
        row.cell(NAME)
            .unwrap_or_default()
            .clone_into(&mut form.name);
        if let Some(class) = row.cell(CLASS) {
            class.clone_into(&mut form.class);
        }
        if let Some(cell) = row.cell(ENVIRONMENT) {
            form.environment = cell.to_lowercase();
            if !cell.is_empty() && Environment::from_word(&form.environment).is_none() {
                return Err(unknown("environment", cell));
            }
        }
        form.team = named(row.cell(TEAM), &self.teams, form.team, "team")?;
        form.service = named(row.cell(SERVICE), &self.services, form.service, "service")?;
        rules::item(&form).map_err(first_of)
    }
}

/// What a cell names; the present one may stay though it is disabled.
fn named<T: 'static>(
    cell: Option<&str>,
    known: &HashMap<String, (Id<T>, bool)>,
    present: Option<Id<T>>,
    field: &'static str,
) -> Result<Option<Id<T>>, Message> {
    match cell {
        None => Ok(present),
        Some("") => Ok(None),
        Some(name) => match known.get(&text::fold(name)) {
            None => Err(unknown(field, name)),
            Some((id, true)) if present != Some(*id) => Err(Message::new("import-why-disabled")
                .arg("field", field)
                .arg("value", name)),
            Some((id, _)) => Ok(Some(*id)),
        },
    }
}

impl Plan {
    /// Says what becomes of a good row, and keeps what is to be written.
    fn take(&mut self, entry: Entry, known: &Known) {
        let none = BTreeSet::new();
        let before = entry
            .item
            .as_ref()
            .and_then(|item| known.needs.get(&item.id));
        let before = before.unwrap_or(&none);
        let after = entry.needs.as_ref().unwrap_or(before);
        for (names, comes) in [
            (after.difference(before), true),
            (before.difference(after), false),
        ] {
            self.edges.extend(names.map(|needs| Edge {
                item: entry.key.clone(),
                needs: needs.clone(),
                comes,
            }));
        }
        let mut line = Line {
            line: entry.row.line,
            what: entry.form.name.clone(),
            changes: Vec::new(),
            why: None,
        };
        match &entry.item {
            None => {
                self.summary.add(line);
                self.writes.push((None, entry.form));
            }
            Some(item) => {
                let now = ItemForm::of(item);
                line.changes = changes(&now, &entry.form, &entry.row);
                if after != before {
                    line.changes.push(Changed {
                        field: "field-depends-on",
                        before: joined(before),
                        after: joined(after),
                    });
                }
                if line.changes.is_empty() {
                    self.summary.counts.unchanged += 1;
                    return;
                }
                self.summary.change(line);
                if now != entry.form {
                    self.writes.push((Some((item.id, now)), entry.form));
                }
            }
        }
    }

    pub(super) fn write(
        &self,
        w: &mut Write<'_>,
        visitor: &Visitor,
        ctx: &Ctx,
        step: usize,
    ) -> Result<()> {
        match self.steps.get(step) {
            None => {}
            Some(Step::Items(range)) => {
                for (before, asked) in self.writes.get(range.clone()).unwrap_or_default() {
                    match before {
                        None => drop(add_item(w, visitor, ctx, asked)?),
                        Some((id, seen)) => {
                            let edit = Edit {
                                seen: seen.clone(),
                                asked: asked.clone(),
                            };
                            edit_item(w, visitor, ctx, *id, &edit)?;
                        }
                    }
                }
            }
            Some(Step::Edges(range)) => {
                let edges = self.edges.get(range.clone()).unwrap_or_default();
                let keys: BTreeSet<&String> =
                    edges.iter().flat_map(|e| [&e.item, &e.needs]).collect();
                let keys: Vec<String> = keys.into_iter().cloned().collect();
                let ids: HashMap<String, Id<Item>> = items::items_by_keys(w, &keys)?
                    .into_iter()
                    .map(|item| (text::fold(&item.name), item.id))
                    .collect();
                for edge in edges {
                    let (Some(item), Some(needs)) = (ids.get(&edge.item), ids.get(&edge.needs))
                    else {
                        return Err(Error::invalid("file", "import-meanwhile"));
                    };
                    if edge.comes {
                        add_need(w, visitor, ctx, *item, *needs)?;
                    } else {
                        remove_need(w, visitor, ctx, *item, *needs)?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// Names as one text, as far as anybody reads them.
fn joined(names: &BTreeSet<String>) -> String {
    const NAMED: usize = 10;
    let some: Vec<&str> = names.iter().take(NAMED).map(String::as_str).collect();
    let more = if names.len() > NAMED { ", …" } else { "" };
    format!("{}{more}", some.join(", "))
}

/// What a row changes of an item. Team and service are shown as the file names them.
fn changes(before: &ItemForm, after: &ItemForm, row: &Row) -> Vec<Changed> {
    let mut changes = Vec::new();
    for (field, before, after) in [
        ("field-name", &before.name, &after.name),
        ("field-class", &before.class, &after.class),
        ("field-environment", &before.environment, &after.environment),
    ] {
        if before != after {
            changes.push(Changed {
                field,
                before: before.clone(),
                after: after.clone(),
            });
        }
    }
    for (field, differs, column) in [
        ("field-team", before.team != after.team, TEAM),
        ("field-service", before.service != after.service, SERVICE),
    ] {
        if differs {
            changes.push(Changed {
                field,
                before: String::new(),
                after: row.cell(column).unwrap_or_default().to_owned(),
            });
        }
    }
    changes
}
