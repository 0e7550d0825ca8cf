//! What an action item's page shows first, and what an incident's page says of the actions that came of
//! it and of those it shows were not enough.

use super::item::{ActionItem, Listed, is_awaited};
use super::rules::actions::{Standing, Tally, tally};
use super::store;
use crate::incidents;
use crate::people::{self, Right, Shell, Visitor};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::{Error, Result};
use crate::records::{
    self, Beside, Chapter, Link, Part, Practice, Record, Section, Sheet, Step, Warning, state_label,
};

/// Incidents, with what was learnt from each on its page: incidents themselves know nothing of it.
pub static INCIDENT: Practice = Practice {
    besides: of_incident,
    ..incidents::PRACTICE
};

/// Paths under an action item.
pub const PLAN: &str = "plan";
pub const CARRIER: &str = "carrier";
pub const VERIFICATION: &str = "verification";

/// What an action item's page shows; of one that was not raised from a post-mortem there is nothing.
pub fn of(conn: &mut Db, shell: &Shell, visitor: &Visitor, record: &Record) -> Result<Beside> {
    let Some(item) = store::find_item(conn, record.id)? else {
        return Ok(Beside::default());
    };
    let late = is_late(&record.state, &item, shell);
    let t = shell.t;
    let mut chips = vec![t.s(kind_key(&item)).into_owned()];
    if late {
        chips.push(t.s("action-overdue").into_owned());
    }
    let works = visitor.has(Right::Work) && record.is_open;
    let verifies = works && record.state == "done";
    let acts = verifies.then_some(Step {
        path: VERIFICATION,
        label: "action-verify",
        posts: false,
        solid: true,
    });
    let links = [(PLAN, "action-plan-edit"), (CARRIER, "action-carrier-edit")];
    let links = links.into_iter().filter(|_| works);
    Ok(Beside {
        links: links.map(|(path, label)| Link { path, label }).collect(),
        sheet: Sheet {
            chips,
            acts: acts.into_iter().collect(),
            warnings: warnings(shell, record, &item),
            sections: vec![plan(conn, shell, visitor, &item, late)?],
        },
        ..Beside::default()
    })
}

fn is_late(state: &str, item: &ActionItem, shell: &Shell) -> bool {
    is_awaited(state) && item.due_at.is_some_and(|due| due < shell.now)
}

/// Key of what an action does.
pub fn kind_key(item: &ActionItem) -> &'static str {
    use super::rules::actions::ActionKind;
    match item.action_kind {
        ActionKind::Detect => "action-kind-detect",
        ActionKind::Mitigate => "action-kind-mitigate",
        ActionKind::Prevent => "action-kind-prevent",
        ActionKind::Process => "action-kind-process",
    }
}

fn warnings(shell: &Shell, record: &Record, item: &ActionItem) -> Vec<Warning> {
    let asked = item.asked_at.filter(|_| record.is_open);
    let warning = asked.map(|_| Warning {
        lamp: "risk",
        icon: "warn",
        heading: shell.t.s("action-carrier-has-ended").into_owned(),
        link: None,
        when: None,
    });
    warning.into_iter().collect()
}

fn plan(
    conn: &mut Db,
    shell: &Shell,
    visitor: &Visitor,
    item: &ActionItem,
    late: bool,
) -> Result<Chapter> {
    let mut parts = vec![Part {
        when: item.due_at.map(|at| shell.when(at)),
        word: match item.due_at {
            None => shell.t.s("action-no-due").into_owned(),
            Some(_) => String::new(),
        },
        late,
        ..Part::of("field-action-due-at")
    }];
    for (label, id) in [
        ("field-action-postmortem", Some(item.postmortem_id)),
        ("field-action-carrier", item.carrier_id),
        ("field-action-recurrence-of", item.recurrence_of_id),
    ] {
        let Some(other) = seen(conn, visitor, id)? else {
            continue;
        };
        parts.push(Part {
            word: state_label(shell.t, &other.state).into_owned(),
            ..Part::record(label, other.number(), &other.title)
        });
    }
    if let Some(at) = item.done_at {
        parts.push(Part {
            when: Some(shell.when(at)),
            ..Part::of("field-action-done-at")
        });
    }
    if let (Some(at), Some(by)) = (item.verified_at, item.verified_by_id) {
        parts.push(Part {
            when: Some(shell.when(at)),
            name: people::find_person(conn, by)?.name,
            ..Part::of("field-action-verified-at")
        });
    }
    let texts = [
        ("field-action-verification", &item.verification),
        ("field-action-seen", &item.seen),
    ];
    let texts = texts.into_iter().filter(|(_, text)| !text.is_empty());
    Ok(Chapter {
        heading: "action-plan",
        parts,
        texts: texts
            .map(|(label, text)| (label, text.clone(), String::new()))
            .collect(),
    })
}

/// A record that is named, if it exists for the reader.
fn seen(conn: &mut Db, visitor: &Visitor, id: Option<Id<Record>>) -> Result<Option<Record>> {
    let Some(id) = id else { return Ok(None) };
    match records::find_visible_by_id(conn, visitor, id) {
        Err(Error::NotFound) => Ok(None),
        found => found.map(Some),
    }
}

/// "3 of 5 done, 2 overdue", of those the reader may see.
pub fn said_tally<'a>(shell: &Shell, of: impl IntoIterator<Item = Standing<'a>>) -> (String, bool) {
    let Tally {
        done, of, overdue, ..
    } = tally(of, shell.now);
    let args = [
        ("done", done.to_string()),
        ("of", of.to_string()),
        ("overdue", overdue.to_string()),
    ];
    let args = args.each_ref().map(|(name, n)| (*name, n.as_str()));
    let key = match overdue {
        0 => "actions-tally",
        _ => "actions-tally-overdue",
    };
    (shell.t.with(key, args), overdue > 0)
}

fn of_incident(conn: &mut Db, shell: &Shell, visitor: &Visitor, record: &Record) -> Result<Beside> {
    let mut beside = (incidents::PRACTICE.besides)(conn, shell, visitor, record)?;
    if visitor.has(Right::Work) {
        let found = store::items_of_incident(conn, visitor, record.id)?;
        beside.more.extend(learnt(shell, &found));
    }
    Ok(beside)
}

/// What is said of an incident's actions: of those of its post-mortems how far they are, of those that
/// were opened since it happened again which they are.
fn learnt(shell: &Shell, found: &[(Listed, bool)]) -> Option<Section> {
    let own = found.iter().filter(|(_, again)| !again);
    let own: Vec<Standing<'_>> = own
        .map(|(item, _)| Standing {
            state: &item.state,
            due: item.due_at,
            since: item.created_at,
        })
        .collect();
    let mut parts = Vec::new();
    if !own.is_empty() {
        let (word, late) = said_tally(shell, own);
        parts.push(Part {
            word,
            late,
            ..Part::of("actions-came-of-it")
        });
    }
    for (item, _) in found.iter().filter(|(_, again)| *again) {
        parts.push(Part {
            word: state_label(shell.t, &item.state).into_owned(),
            ..Part::record("action-happened-again", item.number(), &item.title)
        });
    }
    (!parts.is_empty()).then_some(Section {
        heading: "view-action",
        parts,
        link: None,
    })
}
