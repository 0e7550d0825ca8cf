//! Raising a change, and planning it.

use super::{Found, clashes, found, gate, write};
use crate::changes::labels::Scope;
use crate::changes::model::{Change, Template};
use crate::changes::rules::freezes::Deed;
use crate::changes::rules::life::PRACTICE;
use crate::changes::rules::plan::{self, FIELDS, Plan, PlanForm};
use crate::changes::rules::steps::{self, Act, ChangeType};
use crate::changes::store;
use crate::items::{self, Item};
use crate::people::meanwhile::{Edit, settle};
use crate::people::{self, Person, Right, Visitor};
use crate::platform::db::{Db, Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Invalid, Message, Result};
use crate::platform::kernel::text;
use crate::platform::kernel::zone::Zone;
use crate::records::actions::{self, Log};
use crate::records::pages::written_local;
use crate::records::{self, Channel, Kind, LinkType, Number, PriorityWish, Record};
use crate::services::{self, Scale, Service};

/// A new change.
#[derive(Debug, Clone, Default)]
pub struct Raise {
    pub title: String,
    /// What, and why.
    pub description: String,
    /// What it is made from, for a standard one.
    pub template: Option<Id<Template>>,
    /// Incidents and problems it belongs to.
    pub linked: Vec<Number>,
    pub plan: PlanForm,
}

/// Raises a change with as much of its plan as is known.
pub fn raise(w: &mut Write<'_>, visitor: &Visitor, ctx: &Ctx, command: &Raise) -> Result<Record> {
    visitor.needs(Right::Work)?;
    let (form, template) = filled(w, command)?;
    let plan = plan::read(&form, &visitor.zone, None, ctx.now)?;
    let scope = scope(w, &plan)?;
    let log = log_of(w, visitor, command, &scope)?;
    let record = actions::log(w, visitor, ctx, &PRACTICE, &log)?;
    let before = Found {
        change: Change::blank(record.id),
        scope: Scope::default(),
        record,
    };
    let number = before.record.number();
    save(w, ctx, &before, &plan, scope, template.as_ref(), "planned")?;
    for linked in &command.linked {
        // A problem is fixed by it; with an incident it has to do.
        let made = match linked.kind {
            Kind::Problem => actions::link(w, visitor, ctx, *linked, number, LinkType::FixedBy),
            _ => actions::link(w, visitor, ctx, number, *linked, LinkType::Related),
        };
        match made {
            Err(Error::NotFound) => {
                let message = Message::new("change-link-unknown").arg("number", linked);
                return Err(Error::invalid("linked", message));
            }
            linked => linked.map(drop)?,
        }
    }
    records::find_visible(w, visitor, number)
}

/// The middle of both scales: a change is ordered by its window, not by how much it hurts.
fn middle(conn: &mut Db) -> Result<PriorityWish> {
    let mut of = |scale| -> Result<Option<i32>> {
        let levels = records::levels(conn, scale)?;
        Ok(levels.get(levels.len() / 2).map(|level| level.level))
    };
    Ok(PriorityWish {
        impact: of(Scale::Impact)?,
        urgency: of(Scale::Urgency)?,
        priority: None,
        reason: String::new(),
    })
}

/// The plan of a new change, with what its template fixes.
fn filled(conn: &mut Db, command: &Raise) -> Result<(PlanForm, Option<Template>)> {
    let mut form = command.plan.clone();
    let template = command.template.map(|id| template_in_use(conn, id));
    let template = template.transpose()?;
    if let Some(template) = &template {
        fix(conn, &mut form, template)?;
    } else if form.change_type == ChangeType::Standard.word() {
        return Err(Error::invalid("change_type", "change-no-template"));
    }
    Ok((form, template))
}

fn log_of(conn: &mut Db, visitor: &Visitor, command: &Raise, scope: &Scope) -> Result<Log> {
    Ok(Log {
        requester: Some(visitor.id),
        channel: Channel::Portal,
        title: command.title.clone(),
        description: command.description.clone(),
        service: scope.services.first().copied(),
        category: None,
        item: scope.items.first().copied(),
        location: None,
        priority: middle(conn)?,
        team: None,
        assignee: None,
        reported_at: None,
        files: Vec::new(),
    })
}

/// What a form would raise, kept nowhere: nothing where it is not understood yet.
pub fn as_raised(conn: &mut Db, visitor: &Visitor, command: &Raise) -> Result<Option<Found>> {
    let raised = filled(conn, command).and_then(|(form, template)| {
        let plan = plan::read(&form, &visitor.zone, None, visitor.now)?;
        let scope = scope(conn, &plan)?;
        let log = log_of(conn, visitor, command, &scope)?;
        let record = actions::unlogged(conn, &PRACTICE, visitor.now, &log)?;
        let mut change = Change::blank(record.id);
        if let Some(template) = &template {
            template.fill(&mut change);
        }
        planned(
            conn,
            visitor,
            &plan,
            Found {
                record,
                change,
                scope,
            },
        )
    });
    looked(raised)
}

/// What was found as a plan would make it, its risk judged anew.
fn planned(conn: &mut Db, visitor: &Visitor, plan: &Plan, mut found: Found) -> Result<Found> {
    apply(conn, plan, &mut found.change)?;
    let mut change = found.change.clone();
    gate::judge(conn, &found, &mut change, visitor.now)?;
    found.change = change;
    Ok(found)
}

/// Nothing of a form that is not understood.
fn looked(found: Result<Found>) -> Result<Option<Found>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(Error::Invalid(_)) => Ok(None),
        Err(e) => Err(e),
    }
}

fn template_in_use(conn: &mut Db, id: Id<Template>) -> Result<Template> {
    match store::find_template(conn, id) {
        Ok(template) if template.is_authorised() => Ok(template),
        Ok(_) | Err(Error::NotFound) => Err(Error::invalid(
            "change_template",
            "change-template-withdrawn",
        )),
        Err(e) => Err(e),
    }
}

/// Writes what a template fixes into a form.
fn fix(conn: &mut Db, form: &mut PlanForm, template: &Template) -> Result<()> {
    let mut change = Change::blank(Id::nil());
    template.fill(&mut change);
    let (services, items) = scope_form(conn, &template.scope())?;
    let fixed = plan_form_of(&change, services, items, &Zone::utc());
    *form = PlanForm {
        window_starts_at: form.window_starts_at.clone(),
        window_ends_at: form.window_ends_at.clone(),
        bounds_starts_at: form.bounds_starts_at.clone(),
        bounds_ends_at: form.bounds_ends_at.clone(),
        outage_minutes: form.outage_minutes.clone(),
        implementer: form.implementer.clone(),
        verifier: form.verifier.clone(),
        ..fixed
    };
    Ok(())
}

/// Services and items as a form holds them.
fn scope_form(conn: &mut Db, scope: &Scope) -> Result<(String, String)> {
    let items = store::items_by_ids(conn, &scope.items)?;
    let items: Vec<String> = items.into_iter().map(|item| item.name).collect();
    let services = scope.services.iter().map(ToString::to_string);
    let services: Vec<String> = services.collect();
    Ok((services.join(","), items.join("\n")))
}

/// The plan of a change as its form holds it.
pub fn plan_form(conn: &mut Db, found: &Found, zone: &Zone) -> Result<PlanForm> {
    let (services, items) = scope_form(conn, &found.scope)?;
    Ok(plan_form_of(&found.change, services, items, zone))
}

fn plan_form_of(c: &Change, services: String, items: String, zone: &Zone) -> PlanForm {
    let at = |at: Option<_>| at.map_or_else(String::new, |at| written_local(at, zone));
    let count = |n: i32| match n {
        0 => String::new(),
        n => n.to_string(),
    };
    let who = |id: Option<Id<Person>>| id.map_or_else(String::new, |id| id.to_string());
    PlanForm {
        change_type: c.change_type.word().to_owned(),
        environment: c.environment.clone(),
        change_services: services,
        change_items: items,
        window_starts_at: at(c.window_starts_at),
        window_ends_at: at(c.window_ends_at),
        bounds_starts_at: at(c.bounds_starts_at),
        bounds_ends_at: at(c.bounds_ends_at),
        outage_minutes: count(c.outage_minutes),
        implementer: who(c.implementer_id),
        verifier: who(c.verifier_id),
        rollout: c.rollout.word().to_owned(),
        observe_minutes: count(c.observe_minutes),
        implementation_plan: c.implementation_plan.clone(),
        test_plan: c.test_plan.clone(),
        backout_plan: c.backout_plan.clone(),
        backout_minutes: count(c.backout_minutes),
        backout_rehearsed: c.backout_rehearsed,
        risk_reach: c.risk_reach.clone(),
        risk_reversible: c.risk_reversible.clone(),
        risk_done_before: c.risk_done_before.clone(),
        risk_steps: c.risk_steps.clone(),
    }
}

/// Edits the plan of a change whose work has not begun.
pub fn edit_plan(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    edit: &Edit<PlanForm>,
) -> Result<Record> {
    store::one_at_a_time(w)?;
    let before = found(w, visitor, number)?;
    visitor.needs(Right::Work)?;
    if !steps::is_planning(&before.record.state) {
        let message = Message::new("change-plan-stands").arg("number", number);
        return Err(Error::refused(message));
    }
    let now = plan_form(w, &before, &visitor.zone)?;
    let settled = settle(w, before.record.id.uuid(), FIELDS, edit, &now)?.value;
    if settled == now {
        return Ok(before.record);
    }
    if before.change.template_id.is_some() {
        plan::fixed_stays(&now, &settled)?;
    } else {
        type_stays(&before, &now, &settled)?;
    }
    let plan = plan::read(&settled, &visitor.zone, before.change.window(), ctx.now)?;
    let scope = scope(w, &plan)?;
    let in_the_way = clashes::in_the_way(w, &before)?;
    let moved = (before.change.window_starts_at, before.change.window_ends_at)
        != (plan.starts_at, plan.ends_at);
    let what = match moved && before.record.state == "scheduled" {
        true => "window_moved",
        false => "planned",
    };
    let record = save(w, ctx, &before, &plan, scope, None, what)?;
    let record = still_stands(w, visitor, ctx, record)?;
    let after = super::of_record(w, record)?;
    super::tell_others(w, ctx, &in_the_way, &after)?;
    Ok(after.record)
}

/// A change that waits for its approvers says what they were asked about, and a scheduled one is
/// authorised as it now stands and in nobody's freeze; or it is a draft again.
fn still_stands(w: &mut Write<'_>, visitor: &Visitor, ctx: &Ctx, record: Record) -> Result<Record> {
    let now = super::of_record(w, record)?;
    let stands = stands(w, ctx, &now).and_then(|()| match now.record.state.as_str() {
        "scheduled" => gate::unfrozen(w, visitor, &now, Deed::Schedule, ctx.now)
            .and_then(|()| clashes::unblocked(w, visitor, &now)),
        _ => Ok(()),
    });
    or_draft(w, ctx, now, stands)
}

/// Refuses what says something else than what was asked about, or is authorised.
fn stands(conn: &mut Db, ctx: &Ctx, found: &Found) -> Result<()> {
    match found.record.state.as_str() {
        "awaiting_approval" => gate::as_asked(conn, found, ctx.now),
        "scheduled" => gate::authorise(conn, found, ctx.now).map(drop),
        _ => Ok(()),
    }
}

/// What was refused is a draft again, as the next revision; its round ends with that.
fn or_draft(w: &mut Write<'_>, ctx: &Ctx, now: Found, stands: Result<()>) -> Result<Record> {
    match stands {
        Ok(()) => Ok(now.record),
        Err(Error::Refused(_)) => {
            let after = Change {
                revision: now.change.revision + 1,
                ..now.change.clone()
            };
            super::go(w, ctx, &now, Act::Revise, &after, "revised")
        }
        Err(e) => Err(e),
    }
}

/// Its title, what it is about or its tasks were altered: what approvers were asked about, and what was
/// scheduled, says something else now, or it does not.
pub fn said_otherwise(w: &mut Write<'_>, ctx: &Ctx, record: Id<Record>) -> Result<()> {
    if store::find_row(w, record)?.is_none() {
        return Ok(());
    }
    let record = records::find_by_id(w, record)?;
    let now = super::of_record(w, record)?;
    let stands = stands(w, ctx, &now);
    or_draft(w, ctx, now, stands).map(drop)
}

/// Another type goes another way, so it is chosen before the first step; standard is what a template is.
fn type_stays(before: &Found, now: &PlanForm, asked: &PlanForm) -> Result<()> {
    if now.change_type == asked.change_type {
        return Ok(());
    }
    let standard = asked.change_type == ChangeType::Standard.word();
    match before.record.state.as_str() {
        "draft" if !standard => Ok(()),
        "draft" => Err(Error::invalid("change_type", "change-no-template")),
        _ => Err(Error::invalid("change_type", "change-type-stays")),
    }
}

fn save(
    w: &mut Write<'_>,
    ctx: &Ctx,
    before: &Found,
    plan: &Plan,
    scope: Scope,
    template: Option<&Template>,
    what: &str,
) -> Result<Record> {
    let mut change = before.change.clone();
    apply(w, plan, &mut change)?;
    if let Some(template) = template {
        template.fill(&mut change);
    }
    let after = Found {
        record: before.record.clone(),
        change,
        scope,
    };
    let mut change = after.change.clone();
    gate::judge(w, &after, &mut change, ctx.now)?;
    let record = before.record.clone();
    write(
        w,
        ctx,
        before,
        record,
        &change,
        &after.scope,
        what,
        Vec::new(),
    )
}

fn apply(conn: &mut Db, plan: &Plan, change: &mut Change) -> Result<()> {
    let mut bad = Invalid::default();
    for (field, id, was) in [
        ("implementer", plan.implementer, change.implementer_id),
        ("verifier", plan.verifier, change.verifier_id),
    ] {
        if let Some(id) = id.filter(|id| Some(*id) != was) {
            works(conn, field, id, &mut bad)?;
        }
    }
    bad.or(())?;
    let [reach, reversible, done_before, steps] = plan.risk.clone();
    change.change_type = plan.change_type;
    change.environment.clone_from(&plan.environment);
    change.window_starts_at = plan.starts_at;
    change.window_ends_at = plan.ends_at;
    (change.bounds_starts_at, change.bounds_ends_at) = plan.bounds;
    change.outage_minutes = plan.outage_minutes;
    change.implementer_id = plan.implementer;
    change.verifier_id = plan.verifier;
    change.rollout = plan.rollout;
    change.observe_minutes = plan.observe_minutes;
    change
        .implementation_plan
        .clone_from(&plan.implementation_plan);
    change.test_plan.clone_from(&plan.test_plan);
    change.backout_plan.clone_from(&plan.backout_plan);
    change.backout_minutes = plan.backout_minutes;
    change.backout_rehearsed = plan.backout_rehearsed;
    change.risk_reach = reach;
    change.risk_reversible = reversible;
    change.risk_done_before = done_before;
    change.risk_steps = steps;
    Ok(())
}

/// Whoever is named works here and is still there.
fn works(conn: &mut Db, field: &'static str, id: Id<Person>, bad: &mut Invalid) -> Result<()> {
    match people::find_person(conn, id) {
        Ok(person) if person.disabled_at.is_none() && Right::Work.is_held_by(person.roles()) => {}
        Ok(_) => bad.add(field, "change-person-cannot-work"),
        Err(Error::NotFound) => bad.add(field, "error-no-longer-there"),
        Err(e) => return Err(e),
    }
    Ok(())
}

fn scope(conn: &mut Db, plan: &Plan) -> Result<Scope> {
    let mut bad = Invalid::default();
    for id in &plan.services {
        match services::find_service(conn, *id) {
            Ok(_) => {}
            Err(Error::NotFound) => bad.add("change_services", "error-no-longer-there"),
            Err(e) => return Err(e),
        }
    }
    let keys: Vec<String> = plan.items.iter().map(|name| text::fold(name)).collect();
    let found = items::items_by_keys(conn, &keys)?;
    let mut meant: Vec<Id<Item>> = Vec::new();
    for (name, key) in plan.items.iter().zip(&keys) {
        match found.iter().find(|item| text::fold(&item.name) == *key) {
            Some(item) => meant.push(item.id),
            None => bad.add(
                "change_items",
                Message::new("change-item-unknown").arg("name", name),
            ),
        }
    }
    meant.sort_unstable();
    meant.dedup();
    let services: Vec<Id<Service>> = plan.services.clone();
    bad.or(Scope {
        services,
        items: meant,
    })
}

/// A change as it would be with what was typed, as far as that is understood.
pub fn as_planned(
    conn: &mut Db,
    visitor: &Visitor,
    found: &Found,
    form: &PlanForm,
) -> Result<Option<Found>> {
    let read = plan::read(form, &visitor.zone, found.change.window(), visitor.now);
    looked(read.and_then(|plan| {
        let scope = scope(conn, &plan)?;
        let found = Found {
            scope,
            ..found.clone()
        };
        planned(conn, visitor, &plan, found)
    }))
}
