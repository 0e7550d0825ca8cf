//! The changes of a calendar, and which of them are in each other's way or in that of a freeze.

use std::collections::HashMap;

use crate::changes::actions;
use crate::changes::besides::type_key;
use crate::changes::model::FreezeRow;
use crate::changes::rules::conflicts::{Conflict, Graph, Planned, conflicts};
use crate::changes::rules::freezes::{Deed, stopping};
use crate::changes::rules::steps::{ChangeType, is_planning};
use crate::changes::rules::window::Span;
use crate::changes::store::{self, Live};
use crate::people::{Shell, When};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;
use crate::records::{Kind, Number, Record, state_label};
use crate::services::Service;

/// A change as the calendar shows it.
#[derive(Clone)]
pub struct Event {
    pub span: Span,
    pub of: Vec<Id<Service>>,
    /// What these are called.
    pub services: String,
    pub number: String,
    pub href: String,
    pub title: String,
    pub class: &'static str,
    pub kind: String,
    pub state: String,
    pub clash: bool,
    pub frozen: bool,
    /// When it begins, for machines and by the clock on the wall.
    pub begins: String,
    pub time: String,
    /// From when until when, where it is listed.
    pub listed: Option<(When, When)>,
}

/// Two changes that collide, or one that lies in a freeze.
pub struct Trouble {
    /// Where they are, and what they are called.
    pub changes: Vec<(String, String)>,
    /// What both use, or the freeze.
    pub name: String,
    pub in_freeze: bool,
    pub from: When,
}

/// The changes of a page and what stands in their way.
pub struct Events {
    pub all: Vec<Event>,
    pub troubles: Vec<Trouble>,
}

fn number(n: i64) -> Number {
    Number {
        kind: Kind::Change,
        n,
    }
}

/// Reads what the changes touch, and puts each beside the others and the freezes.
pub fn events(
    conn: &mut Db,
    shell: &Shell,
    live: &[Live],
    freezes: &[FreezeRow],
    names: &HashMap<Id<Service>, String>,
) -> Result<Events> {
    let ids: Vec<Id<Record>> = live.iter().map(|one| one.id).collect();
    let services = store::services_of(conn, &ids)?;
    let mut items = store::live_of_items(conn, &ids)?;
    let planned: Vec<Planned> = live
        .iter()
        .filter_map(|one| {
            Some(Planned {
                change: one.id,
                span: Span::new(one.starts_at?, one.ends_at?),
                items: items.remove(&one.id).unwrap_or_default(),
                implementer: None,
            })
        })
        .collect();
    let graph = Graph::default();
    let known: Vec<_> = freezes.iter().map(actions::freeze).collect();
    let mut found = Vec::with_capacity(live.len());
    let mut pairs: Vec<(Id<Record>, Conflict)> = Vec::new();
    let mut troubles = Vec::new();
    for (one, mine) in live.iter().zip(&planned) {
        let waits = is_planning(&one.state);
        let collisions = match waits {
            true => conflicts(mine, &planned, &graph, 0),
            false => Vec::new(),
        };
        let touches = actions::touches_of(one, services.get(&one.id));
        let frozen = match waits {
            true => stopping(&known, &touches, Deed::Schedule, mine.span, shell.now),
            false => Vec::new(),
        };
        troubles.extend(frozen.iter().map(|freeze| Trouble {
            changes: vec![named(one)],
            name: freeze.key.name.clone(),
            in_freeze: true,
            from: shell.when(freeze.span.starts.max(mine.span.starts)),
        }));
        let of = services.get(&one.id).cloned().unwrap_or_default();
        let called = of.iter().filter_map(|id| names.get(id));
        let called: Vec<&str> = called.map(String::as_str).collect();
        found.push(Event {
            services: called.join(", "),
            of,
            ..event(
                shell,
                one,
                mine.span,
                !collisions.is_empty(),
                !frozen.is_empty(),
            )
        });
        let known = |c: &Conflict| pairs.iter().any(|(a, b)| *a == c.with && b.with == one.id);
        let new: Vec<Conflict> = collisions.into_iter().filter(|c| !known(c)).collect();
        pairs.extend(new.into_iter().map(|c| (one.id, c)));
    }
    troubles.extend(collided(conn, shell, live, pairs)?);
    Ok(Events {
        all: found,
        troubles,
    })
}

fn named(one: &Live) -> (String, String) {
    let number = number(one.number);
    (number.path(), number.to_string())
}

/// Each pair once, with what both use.
fn collided(
    conn: &mut Db,
    shell: &Shell,
    live: &[Live],
    pairs: Vec<(Id<Record>, Conflict)>,
) -> Result<Vec<Trouble>> {
    let mut items: Vec<_> = pairs.iter().filter_map(|(_, c)| c.item).collect();
    items.sort_unstable();
    items.dedup();
    let items = store::items_by_ids(conn, &items)?;
    let find = |id| live.iter().find(|one| one.id == id);
    let trouble = |(mine, conflict): (Id<Record>, Conflict)| {
        let item = items.iter().find(|item| Some(item.id) == conflict.item);
        Some(Trouble {
            changes: vec![named(find(mine)?), named(find(conflict.with)?)],
            name: item.map_or_else(String::new, |item| item.name.clone()),
            in_freeze: false,
            from: shell.when(conflict.shared.starts),
        })
    };
    Ok(pairs.into_iter().filter_map(trouble).collect())
}

fn event(shell: &Shell, one: &Live, span: Span, clash: bool, frozen: bool) -> Event {
    let number = number(one.number);
    let decided = !["draft", "assessment", "awaiting_approval"].contains(&one.state.as_str());
    let local = shell.zone.local(span.starts);
    Event {
        span,
        of: Vec::new(),
        services: String::new(),
        number: number.to_string(),
        href: number.path(),
        title: one.title.clone(),
        class: match (clash || frozen, decided, one.change_type) {
            (true, ..) => "clash",
            (_, false, _) => "wait",
            (.., ChangeType::Standard) => "std",
            (.., ChangeType::Emergency) => "emg",
            (.., ChangeType::Normal) => "",
        },
        kind: shell.t.s(type_key(one.change_type)).into_owned(),
        state: state_label(shell.t, &one.state).into_owned(),
        clash,
        frozen,
        time: format!("{:02}:{:02}", local.hour(), local.minute()),
        begins: span.starts.rfc3339(),
        listed: None,
    }
}
