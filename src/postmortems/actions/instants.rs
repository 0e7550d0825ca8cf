//! The seven instants: as the incidents have them, and as the post-mortem says otherwise.

use super::facts::back;
use super::sections::person_of;
use super::{to_write, write};
use crate::incidents::{self, Which};
use crate::journal::{Change as Said, Value};
use crate::people::Visitor;
use crate::platform::db::{Db, Id, Utc, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Invalid, Message, Result};
use crate::postmortems::labels;
use crate::postmortems::model::{InstantSaid, Postmortem};
use crate::postmortems::rules::instants::{Instants, Known, Moment, Source, joined, odd};
use crate::postmortems::store;
use crate::records::{self, Number, Record};

/// What somebody says of one instant. Without a time it is taken back to what the incidents have.
#[derive(Debug, Clone)]
pub struct SayInstant {
    pub which: Moment,
    pub at: Option<Utc>,
    pub source: Option<Source>,
    pub note: String,
    /// A time far from the incident was asked about, and is meant.
    pub odd_time: bool,
}

/// The instants with what was said of them here.
#[derive(Debug, Clone)]
pub struct Seen {
    pub joined: Instants,
    pub said: Vec<InstantSaid>,
}

/// The instants as the page shows them.
pub fn instants_seen(conn: &mut Db, id: Id<Record>) -> Result<Seen> {
    let said = store::instants_of(conn, id)?;
    Ok(Seen {
        joined: join(conn, id, &said)?,
        said,
    })
}

pub(super) fn joined_of(conn: &mut Db, id: Id<Record>) -> Result<Instants> {
    Ok(instants_seen(conn, id)?.joined)
}

fn join(conn: &mut Db, id: Id<Record>, said: &[InstantSaid]) -> Result<Instants> {
    let mut own = Instants::default();
    for one in said {
        own.set(
            one.which,
            Some(Known {
                at: one.at,
                source: one.source,
            }),
        );
    }
    let ids = store::incidents_of(conn, id)?;
    let over = records::find_by_ids(conn, &ids)?;
    let known = incidents::instants_of_many(conn, &ids)?;
    let mut all = Vec::with_capacity(over.len());
    for incident in &over {
        let at = |which| {
            let of = known.iter();
            let mut of = of.filter(|one| one.record_id == incident.id);
            of.find(|one| one.which == which).and_then(|one| one.at)
        };
        let mut of = Instants::default();
        for (which, at) in [
            (Moment::ImpactBegan, at(Which::ImpactBegan)),
            (
                Moment::Detected,
                at(Which::Detected).or(Some(incident.reported_at)),
            ),
            (Moment::Acknowledged, at(Which::Acknowledged)),
            (Moment::Mitigated, at(Which::Mitigated)),
            (Moment::Resolved, incident.resolved_at),
        ] {
            let source = Source::Incident;
            of.set(which, at.map(|at| Known { at, source }));
        }
        all.push(of);
    }
    Ok(joined(&own, &all))
}

/// Says when something happened and how that is known.
pub fn say_instant(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    command: &SayInstant,
) -> Result<Record> {
    let found = to_write(w, visitor, number)?;
    let id = found.record.id;
    let was = store::instants_of(w, id)?;
    let present = was.iter().find(|said| said.which == command.which).cloned();
    let mut invalid = Invalid::default();
    let source = match (command.at, command.source) {
        (Some(_), None | Some(Source::Incident)) => {
            invalid.add("source", "instant-source-needed");
            None
        }
        (_, source) => source,
    };
    if let Some(at) = command.at {
        let known = join(w, id, &was)?;
        let of = |which| known.get(which).map(|known: Known| known.at);
        let over = of(Moment::Resolved).or(of(Moment::Mitigated));
        let began = of(Moment::ImpactBegan).or(of(Moment::Detected));
        if let Some(odd) = odd(at, began, over, ctx.now)
            && (odd.is_refused() || !command.odd_time)
        {
            if !odd.is_refused() {
                invalid.add("odd_time", "postmortem-odd-time");
            }
            invalid.add("at", Message::new(super::timeline::odd_key(odd)));
        }
    }
    invalid.or(())?;
    match (command.at, source, &present) {
        (Some(at), Some(source), _) => store::put_instant(
            w,
            &InstantSaid {
                record_id: id,
                which: command.which,
                at,
                source,
                note: command.note.clone(),
                by_id: person_of(ctx),
                set_at: ctx.now,
            },
        )?,
        (None, _, Some(present)) => store::delete_instant(w, present)?,
        _ => return Ok(found.record),
    }
    let is = store::instants_of(w, id)?;
    let mut said = vec![Said::new(
        "postmortem_instants",
        labels::instants(&was),
        labels::instants(&is),
    )];
    said.retain(|said| said.before != said.after);
    if !command.note.is_empty() {
        said.push(Said::set("instant_note", Value::text(&command.note)));
    }
    let after = Postmortem {
        facts_version: found.of.facts_version + 1,
        ..found.of.clone()
    };
    let record = match found.record.state.as_str() {
        "facts_agreed" | "in_review" => back(w, ctx, &found)?,
        _ => found.record.clone(),
    };
    write(w, ctx, &found, record, &after, "instant_said", said)
}
