//! The incident everybody talks about: declared major by the manager of the desk; and when some
//! others began, were noticed and stopped hurting.

use time::Duration;

use super::cast::Cast;
use super::plan::MANAGER;
use crate::incidents::{self, Declare, SetInstant, SetInstants, Source, Which};
use crate::people::Visitor;
use crate::platform::db::page::Way;
use crate::platform::db::{Utc, Write};
use crate::platform::kernel::ctx::{Ctx, Door};
use crate::platform::kernel::error::{Error, Result};
use crate::records::{self, Filter, Kind, Number, Order, Sort};

/// Incidents of each sort that somebody said more about.
const SOME: usize = 4;

/// Says it all as things stand now.
pub fn play(w: &mut Write<'_>, cast: &Cast, now: Utc) -> Result<()> {
    let person = cast
        .staff
        .get(MANAGER)
        .ok_or_else(|| Error::inward("the cast has no manager"))?;
    let visitor = Visitor::offline(person, Vec::new(), now);
    let ctx = Ctx {
        now,
        actor: visitor.actor(),
        on_behalf_of: None,
        door: Door::Demo,
        request_id: String::new(),
    };
    let open = some(w, &visitor, "in_progress")?;
    for (nth, (number, reported_at)) in open.into_iter().enumerate() {
        let said = [
            (
                Which::ImpactBegan,
                -11,
                Source::Log,
                "First errors in the log",
            ),
            (Which::Detected, -4, Source::Monitoring, ""),
        ];
        say(w, &visitor, &ctx, number, reported_at, &said)?;
        if nth == 0 {
            let command = Declare {
                reason: "Several stores cannot work. One voice to all of them until it is over."
                    .into(),
                lead: Some(person.id),
                next_update_at: Some(now.plus(Duration::minutes(25))),
            };
            incidents::declare_major(w, &visitor, &ctx, number, &command)?;
        }
    }
    for (number, reported_at) in some(w, &visitor, "resolved")? {
        let said = [
            (Which::Detected, 0, Source::Person, "The caller"),
            (
                Which::Mitigated,
                1,
                Source::Estimate,
                "About when calls stopped",
            ),
        ];
        say(w, &visitor, &ctx, number, reported_at, &said)?;
    }
    Ok(())
}

/// The most urgent incidents in a state, with when they were reported.
fn some(w: &mut Write<'_>, visitor: &Visitor, state: &str) -> Result<Vec<(Number, Utc)>> {
    let filter = Filter {
        kind: Some(Kind::Incident),
        open: Some(state != "resolved"),
        state: Some(state.to_owned()),
        ..Filter::default()
    };
    let order = Order::natural(Sort::Priority);
    let page = records::list(w, visitor, &filter, order, Way::Next, None, SOME)?;
    let rows = page.rows.iter();
    Ok(rows.map(|row| (row.number(), row.reported_at)).collect())
}

/// Minutes from when it was reported, each with its source.
pub fn say(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    reported_at: Utc,
    said: &[(Which, i64, Source, &str)],
) -> Result<()> {
    let instants = said
        .iter()
        .map(|(which, minutes, source, note)| SetInstant {
            which: *which,
            at: Some(Some(reported_at.plus(Duration::minutes(*minutes)))),
            source: Some(Some(*source)),
            note: Some((*note).to_owned()),
        })
        .collect();
    let command = SetInstants {
        seen: i64::MAX,
        instants,
        ..SetInstants::default()
    };
    incidents::set_instants(w, visitor, ctx, number, &command)?;
    Ok(())
}
