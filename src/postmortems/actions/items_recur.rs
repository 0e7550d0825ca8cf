//! It happened again: an incident of the kind an action was to prevent was reported soon after that was
//! done. A new action is opened for its owner, and the incident is linked to it.

use time::Duration;

use super::items::{New, can_work, item_of, make_item};
use super::items_carried::ask;
use crate::people::{self, Person, Team, Visitor};
use crate::platform::db::{Db, Id, Utc, Write};
use crate::platform::kernel::ctx::{Ctx, Door};
use crate::platform::kernel::error::Result;
use crate::postmortems::item::{ActionItem, is_awaited};
use crate::postmortems::rules::actions::proposed_due;
use crate::postmortems::rules::recurrence::{self, Reported, Same, WITHIN, opens, recurs};
use crate::postmortems::store;
use crate::records::actions::{self, Log};
use crate::records::{self, Channel, Kind, LinkType, Number, PriorityWish, Record};

/// An incident was reported, or was said otherwise what it is about. The desk looks whether it should
/// not have happened any more; whoever reported it did nothing of that.
pub fn incident_reported(w: &mut Write<'_>, ctx: &Ctx, incident: &Record) -> Result<()> {
    let Some(category) = incident.category_id else {
        return Ok(());
    };
    let (from, to) = (incident.reported_at.minus(WITHIN), incident.reported_at);
    let done = store::completed_between(w, category, from, to)?;
    if done.is_empty() {
        return Ok(());
    }
    let reported = Reported {
        incident: incident.id,
        at: incident.reported_at,
        about: store::about_of(w, incident)?,
        is_imported: store::is_imported(w, incident.id)?,
    };
    let desk = Ctx::system(ctx.now, Door::Worker);
    let mut looked_at: Vec<Id<Record>> = Vec::new();
    for one in &done {
        if !looked_at.contains(&one.action) && recurs(one, &reported).is_some() {
            looked_at.push(one.action);
            recurred(w, &desk, one.action, incident)?;
        }
    }
    Ok(())
}

/// An action did not prevent an incident: a new one is opened for it, unless one is open already. One
/// that was done meanwhile stands for the first, and is looked at for itself.
fn recurred(w: &mut Write<'_>, ctx: &Ctx, action: Id<Record>, incident: &Record) -> Result<()> {
    let since = store::recurrences_of(w, action)?;
    let standing = since.iter().filter(|one| one.state != "declined");
    if standing.clone().any(|one| !is_awaited(&one.state)) {
        return Ok(());
    }
    let open: Vec<&Record> = standing.collect();
    let record = match open.first() {
        Some(record) if !opens(open.len()) => (*record).clone(),
        _ => open_again(w, ctx, action)?,
    };
    if !store::is_linked(w, incident.id, record.id)? {
        let related = LinkType::Related;
        // As it is now: it may have been linked to another one just before.
        let incident = records::find_by_id(w, incident.id)?;
        actions::link_by_itself(w, ctx, incident, &record, related)?;
    }
    Ok(())
}

/// Opens an action once more, for whoever had it.
fn open_again(w: &mut Write<'_>, ctx: &Ctx, action: Id<Record>) -> Result<Record> {
    let first = records::find_by_id(w, action)?;
    let Some(found) = item_of(w, first)? else {
        return Err(crate::platform::kernel::error::Error::NotFound);
    };
    let first = &found.record;
    let postmortem = records::find_by_id(w, found.of.postmortem_id)?;
    let log = Log {
        requester: None,
        channel: Channel::Portal,
        title: first.title.clone(),
        description: first.description.clone(),
        service: first.service_id,
        category: first.category_id,
        item: None,
        location: None,
        priority: PriorityWish {
            impact: Some(first.impact),
            urgency: Some(first.urgency),
            ..PriorityWish::default()
        },
        team: still_there(w, first.team_id)?,
        assignee: still_works(w, first)?,
        reported_at: None,
        files: Vec::new(),
    };
    let new = New {
        postmortem: &postmortem,
        like: first,
        log,
        of: ActionItem {
            verification: found.of.verification.clone(),
            due_at: Some(proposed_due(ctx.now, first.priority)),
            recurrence_of_id: Some(first.id),
            ..ActionItem::new(first.id, postmortem.id, found.of.action_kind)
        },
    };
    let record = make_item(w, &Visitor::command(ctx.now), ctx, new)?;
    let record = actions::link_by_itself(w, ctx, record, first, LinkType::RecurrenceOf)?;
    ask(w, ctx, &record, "notice-action-recurred")?;
    Ok(record)
}

/// The owner of an action, while they work here and it exists for them; otherwise it goes to the team,
/// with nobody.
fn still_works(conn: &mut Db, record: &Record) -> Result<Option<Id<Person>>> {
    let Some(owner) = record.assignee_id else {
        return Ok(None);
    };
    let works = can_work(&people::find_person(conn, owner)?);
    let open = works && records::is_open_to(conn, record, owner)?;
    Ok(open.then_some::<Id<Person>>(owner))
}

/// A team, unless it was switched off.
fn still_there(conn: &mut Db, team: Option<Id<Team>>) -> Result<Option<Id<Team>>> {
    let Some(id) = team else { return Ok(None) };
    let found = people::find_team(conn, id)?;
    Ok(found.disabled_at.is_none().then_some(id))
}

/// An action and an incident in which it recurs, as the dry report lists them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    pub action: Number,
    pub done_at: Utc,
    pub incident: Number,
    pub reported_at: Utc,
    pub same: Same,
}

/// Every pair there is, in imported history too. Nothing is written.
pub fn recurrences(conn: &mut Db) -> Result<Vec<Pair>> {
    let done = store::all_completed(conn)?;
    let (Some(first), Some(last)) = (
        done.iter().map(|one| one.at).min(),
        done.iter().map(|one| one.at).max(),
    ) else {
        return Ok(Vec::new());
    };
    let mut categories: Vec<_> = done.iter().filter_map(|one| one.about.category).collect();
    categories.sort_unstable();
    categories.dedup();
    let until = last.plus(WITHIN).plus(Duration::SECOND);
    let reported = store::reported_between(conn, &categories, first, until)?;
    let found = recurrence::pairs(&done, &reported, true);
    let mut pairs = Vec::new();
    for some in found.chunks(500) {
        let ids: Vec<Id<Record>> = some.iter().flat_map(|(a, i, _)| [*a, *i]).collect();
        let records = records::find_by_ids(conn, &ids)?;
        let number = |id: Id<Record>| records.iter().find(|r| r.id == id).map(Record::number);
        for (action, incident, same) in some {
            let (Some(a), Some(i)) = (number(*action), number(*incident)) else {
                continue;
            };
            let at = done.iter().find(|one| one.action == *action);
            let reported = reported.iter().find(|one| one.incident == *incident);
            if let (Some(at), Some(reported)) = (at, reported) {
                pairs.push(Pair {
                    action: a,
                    done_at: at.at,
                    incident: i,
                    reported_at: reported.at,
                    same: *same,
                });
            }
        }
    }
    pairs.sort_by_key(|pair| (pair.action.n, pair.reported_at, pair.incident.n));
    debug_assert!(
        pairs
            .iter()
            .all(|pair| pair.incident.kind == Kind::Incident)
    );
    Ok(pairs)
}
