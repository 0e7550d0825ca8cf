//! Parents and children: a record put under another or taken away, and what flows down.

use super::moves::{Ending, held_because, hold_over};
use super::{enter, fact, not_closed};
use crate::journal::{Change, Value};
use crate::people::Visitor;
use crate::platform::db::{Db, Id, Utc, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Message, Result};
use crate::records::family::{self, Children, DEEPEST, FINISHED, Flow, MOST, Member, Plan};
use crate::records::life_cycle::{Practices, Verb};
use crate::records::model::{Hold, Record, Resolution};
use crate::records::number::Number;
use crate::records::policy;
use crate::records::store::{self, Changed};
use crate::services::{self, CodeList};
use crate::tasks;

/// Puts a record under another, or under none. At most one parent: a former one is left.
pub fn set_parent(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    parent: Option<Number>,
) -> Result<Record> {
    store::one_at_a_time(w)?;
    let record = store::find_visible(w, visitor, number)?;
    policy::may_work(visitor)?;
    let parent = parent.map(|parent| named(w, visitor, "family_number", parent));
    put_under(w, visitor, ctx, record, parent.transpose()?)
}

/// [`set_parent`], seen from above.
pub fn add_child(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    child: Number,
) -> Result<Record> {
    store::one_at_a_time(w)?;
    let parent = store::find_visible(w, visitor, number)?;
    policy::may_work(visitor)?;
    let child = named(w, visitor, "family_number", child)?;
    put_under(w, visitor, ctx, child, Some(parent))
}

fn put_under(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    record: Record,
    parent: Option<Record>,
) -> Result<Record> {
    let to = parent.as_ref().map(|parent| parent.id);
    if record.parent_id == to {
        return Ok(record);
    }
    if let Some(parent) = &parent {
        not_closed(&record)?;
        fits_under(w, visitor, &record, parent)?;
    }
    if let Some(former) = record.parent_id {
        let former = store::find_by_id(w, former)?;
        say_child(w, ctx, &former, &record, false)?;
    }
    if let Some(parent) = &parent {
        say_child(w, ctx, parent, &record, true)?;
    }
    let mut after = record.clone();
    after.parent_id = to;
    let what = fact(record.kind, "parent_changed");
    store::save(w, ctx, &record, after, what, Vec::new())
}

/// The record that a form names, by the number it has or had; what is not there for this person is said beside the field.
pub(super) fn named(
    conn: &mut Db,
    visitor: &Visitor,
    field: &'static str,
    number: Number,
) -> Result<Record> {
    match store::find_meant(conn, visitor, number) {
        Err(Error::NotFound) => Err(Error::invalid(field, "record-unknown")),
        found => found,
    }
}

/// Whether a record may stand under another: that is open, has room, and does not stand under it.
fn fits_under(conn: &mut Db, visitor: &Visitor, record: &Record, parent: &Record) -> Result<()> {
    if parent.id == record.id {
        return Err(Error::invalid("family_number", "family-itself"));
    }
    if !parent.is_open {
        let message = Message::new("family-parent-ended").arg("number", parent.number());
        return Err(Error::refused(message));
    }
    no_circle(conn, visitor, &[record], parent)?;
    family::room(parent.open_children, usize::from(record.is_open))
}

/// Walks up from what is to be above some records: who meets one of them there would close a circle.
/// What stands below them counts too, so that nobody who walks up ever ends before the top.
pub(super) fn no_circle(
    conn: &mut Db,
    visitor: &Visitor,
    records: &[&Record],
    parent: &Record,
) -> Result<()> {
    let up = store::above(conn, parent, DEEPEST)?;
    for record in records {
        if let Some(at) = up.iter().position(|id| *id == record.id) {
            let way: Vec<Id<Record>> = up.into_iter().take(at + 1).collect();
            let known = store::numbers_of(conn, visitor, &way)?;
            let way: Vec<Option<Number>> = way.iter().map(|id| known.get(id).copied()).collect();
            return Err(family::circle(record.number(), parent.number(), &way));
        }
    }
    let tall = records.iter().filter(|record| record.children > 0);
    let below = store::height(conn, tall.map(|record| record.id).collect(), DEEPEST)?;
    family::depth(up.len(), below)
}

/// Its parent's chain says which child came and went.
fn say_child(
    w: &mut Write<'_>,
    ctx: &Ctx,
    parent: &Record,
    child: &Record,
    added: bool,
) -> Result<Record> {
    let (what, change) = child_change(child, added);
    let what = fact(parent.kind, what);
    store::save(w, ctx, parent, parent.clone(), what, vec![change])
}

pub(super) fn child_change(child: &Record, added: bool) -> (&'static str, Change) {
    let number = Value::Ref(child.id.uuid(), child.number().to_string());
    if added {
        ("child_added", Change::set("child", number))
    } else {
        let gone = Change::new("child", number, Value::Nothing);
        ("child_removed", gone)
    }
}

/// What a move would do to the open records under one: level by level, down to those that are left as
/// they are, whose own children are left too. A handful of statements, however many there are.
pub fn family_plan(
    conn: &mut Db,
    visitor: &Visitor,
    practices: Practices,
    record: &Record,
    flow: Flow,
) -> Result<Plan> {
    let mut plan = Plan::default();
    if record.open_children == 0 {
        return Ok(plan);
    }
    let mut level = vec![record.id];
    for _ in 0..DEEPEST {
        let room = (MOST + 1).saturating_sub(plan.members.len());
        let found = store::open_children_of(conn, visitor, &level, room)?;
        if plan.members.len() + found.len() > MOST {
            let message = Message::new("family-too-many").arg("max", MOST);
            return Err(Error::refused(message));
        }
        let on: Vec<_> = found.iter().map(|(child, _)| child.id.cast()).collect();
        let mut blocking = match flow {
            Flow::End => tasks::open_blocking_of(conn, &on)?,
            Flow::Hold => Default::default(),
        };
        level.clear();
        for (child, requester) in found {
            let blocking = blocking.remove(&child.id.cast()).unwrap_or_default();
            let left = family::verdict(visitor, practices, record, &child, flow, blocking);
            if left.is_none() && child.open_children > 0 {
                level.push(child.id);
            }
            plan.members.push(Member {
                record: child,
                requester,
                left,
            });
        }
        if level.is_empty() {
            break;
        }
    }
    plan.finished = store::finished_children_of(conn, visitor, record.id, FINISHED + 1)?;
    Ok(plan)
}

/// The records a move carries along, as its plan was shown. Nobody's children move unseen.
pub(super) fn carried_along(
    conn: &mut Db,
    visitor: &Visitor,
    record: &Record,
    flow: Flow,
    children: &Children,
) -> Result<Vec<Record>> {
    if record.open_children == 0 {
        return Ok(Vec::new());
    }
    match children {
        Children::Alone => Ok(Vec::new()),
        Children::Unasked => {
            if store::open_children_of(conn, visitor, &[record.id], 1)?.is_empty() {
                return Ok(Vec::new());
            }
            let message = Message::new("family-look-first").arg("number", record.number());
            Err(Error::refused(message))
        }
        Children::With(practices, shown) => {
            let plan = family_plan(conn, visitor, *practices, record, flow)?;
            if plan.token() != *shown {
                let message = Message::new("family-changed").arg("number", record.number());
                return Err(Error::refused(message));
            }
            Ok(plan.carried().cloned().collect())
        }
    }
}

fn because(above: &Record) -> Change {
    let number = Value::Ref(above.id.uuid(), above.number().to_string());
    Change::set("because_of", number)
}

fn practices(children: &Children) -> Result<Practices> {
    match children {
        Children::With(practices, _) => Ok(*practices),
        _ => Err(Error::inward("children move without their practices")),
    }
}

/// Ends what a parent's end carries along: the same code and text, a fact and a resolution of its own
/// for each.
pub(super) fn end_with(
    w: &mut Write<'_>,
    ctx: &Ctx,
    above: &Record,
    ending: &Ending<'_>,
    carried: Vec<Record>,
    children: &Children,
) -> Result<()> {
    if carried.is_empty() {
        return Ok(());
    }
    let practices = practices(children)?;
    let ids: Vec<Id<Record>> = carried.iter().map(|record| record.id).collect();
    let mut held = end_holds_of(w, &ids, ctx.now)?;
    store::supersede_resolutions(w, &ids, ctx.now)?;
    let resolutions: Vec<Resolution> = carried.iter().map(|r| ending.of(r, ctx.now)).collect();
    store::insert_resolutions(w, &resolutions)?;
    let changed = carried.into_iter().map(|before| {
        let practice = practices.of(before.kind);
        let step = practice
            .find(Verb::Resolve, &before.state, None)
            .ok_or_else(|| super::not_from(&before))?;
        let mut after = before.clone();
        enter(&mut after, practice, step.to)?;
        after.resolved_at = Some(ctx.now);
        let mut extra = ending.said();
        extra.push(because(above));
        extra.extend(held.remove(&before.id).unwrap_or_default());
        Ok(Changed {
            fact: fact(before.kind, "resolved"),
            before,
            after,
            extra,
        })
    });
    let changed = changed.collect::<Result<Vec<_>>>()?;
    store::save_many(w, ctx, changed)
}

type Said = std::collections::HashMap<Id<Record>, Vec<Change>>;

/// Ends the holds that some records are in, and gives back what the journal says of each.
fn end_holds_of(w: &mut Write<'_>, ids: &[Id<Record>], now: Utc) -> Result<Said> {
    let holds = store::holds_of(w, ids)?;
    end_each(w, &holds, now)
}

fn end_each(w: &mut Write<'_>, holds: &[Hold], now: Utc) -> Result<Said> {
    if holds.is_empty() {
        return Ok(Said::new());
    }
    let ids: Vec<Id<Hold>> = holds.iter().map(|hold| hold.id).collect();
    store::end_holds(w, &ids, now)?;
    let codes = services::list_codes(w, CodeList::Hold)?;
    let said = holds.iter().map(|h| (h.record_id, hold_over(h, &codes)));
    Ok(said.collect())
}

/// Holds what a parent's hold carries along, until that ends.
pub(super) fn hold_with(
    w: &mut Write<'_>,
    ctx: &Ctx,
    above: &Record,
    hold: &Hold,
    said: &[Change],
    carried: Vec<Record>,
    children: &Children,
) -> Result<()> {
    if carried.is_empty() {
        return Ok(());
    }
    let practices = practices(children)?;
    let holds: Vec<Hold> = carried.iter().map(|r| held_because(hold, r)).collect();
    store::insert_holds(w, &holds)?;
    let changed = carried.into_iter().map(|before| {
        let practice = practices.of(before.kind);
        let step = practice
            .find(Verb::Hold, &before.state, None)
            .ok_or_else(|| super::not_from(&before))?;
        let mut after = before.clone();
        enter(&mut after, practice, step.to)?;
        let mut extra = said.to_vec();
        extra.push(because(above));
        Ok(Changed {
            fact: fact(before.kind, "held"),
            before,
            after,
            extra,
        })
    });
    let changed = changed.collect::<Result<Vec<_>>>()?;
    store::save_many(w, ctx, changed)
}

/// A hold that others followed is over: those that still do go on too, each into the state its own
/// hold began in.
pub fn resume_followers(
    w: &mut Write<'_>,
    ctx: &Ctx,
    practices: Practices,
    above: Id<Record>,
) -> Result<()> {
    let holds = store::holds_because(w, above)?;
    if holds.is_empty() {
        return Ok(());
    }
    let above = store::find_by_id(w, above)?;
    let mut said = end_each(w, &holds, ctx.now)?;
    let ids: Vec<Id<Record>> = holds.iter().map(|hold| hold.record_id).collect();
    let waiting = store::find_by_ids(w, &ids)?;
    let changed = waiting.into_iter().filter_map(|before| {
        let hold = holds.iter().find(|hold| hold.record_id == before.id)?;
        let mut after = before.clone();
        let entered = enter(&mut after, practices.of(before.kind), &hold.state_before);
        let mut extra = said.remove(&before.id).unwrap_or_default();
        extra.push(because(&above));
        Some(entered.map(|()| Changed {
            fact: fact(before.kind, "resumed"),
            before,
            after,
            extra,
        }))
    });
    let changed = changed.collect::<Result<Vec<_>>>()?;
    store::save_many(w, ctx, changed)
}
