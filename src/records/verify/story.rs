//! What a record's facts tell of the rows beside it: entries, attachments, watchers, links,
//! hand-offs, holds, resolutions, tasks. Each was added by one fact; some were taken away or ended by another.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use crate::journal::verify::{Checked, Held, Mark, Report};
use crate::platform::db::{Id, Utc};
use crate::platform::kernel::ctx::Door;
use crate::service_levels::results;
use crate::tasks;

/// Facts of a record's clocks.
const CLOCKS: [&str; 2] = ["breached", "escalated"];

/// Rows by the ids the facts gave them, as the facts leave them.
#[derive(Default)]
pub struct Story {
    /// When it was last changed, and when that was recorded. What happens to its clocks changes nothing
    /// of it.
    pub changed: Option<(Utc, Utc)>,
    pub entries: BTreeMap<String, EntryTold>,
    pub attachments: BTreeMap<String, AttachmentTold>,
    pub watchers: BTreeSet<String>,
    pub affected: BTreeMap<String, Utc>,
    pub callers: BTreeMap<String, Utc>,
    pub links: BTreeMap<String, LinkTold>,
    pub children: BTreeSet<String>,
    /// Whom a restriction names.
    pub readers: BTreeSet<String>,
    /// The team a restriction names, while there is one.
    pub restricted_to: Option<Held>,
    pub handoffs: BTreeMap<i64, HandoffTold>,
    pub holds: Vec<HoldTold>,
    pub resolutions: Vec<ResolutionTold>,
    pub tasks: tasks::verify::Told,
    /// Why clocks were missed, and which shall not count.
    pub results: results::verify::Told,
    /// Numbers it gave up with its former kinds: kind, number, and until when.
    pub former_numbers: BTreeMap<(String, i64), Utc>,
    /// How many of them there are.
    pub kind_changes: i32,
    /// When it entered the fair order, and the fact by which it has its allowance.
    pub entered: Option<Utc>,
    pub placed: i64,
}

/// Whose deed a fact was. An import tells of deeds of others: it says who, or nothing; a contact is of
/// the one who got in touch, whoever wrote it down.
pub struct By(Option<Option<Uuid>>);

impl By {
    fn of(fact: &Checked<'_>) -> Self {
        let named = fact.after("resolved_by").or(fact.after("contact_from"));
        By(match named {
            Some(Held::Ref(id, _)) => Some(id.parse().ok()),
            _ if is_imported(fact) => None,
            _ => Some(fact.fact.actor_id.map(Id::uuid)),
        })
    }

    pub fn compare<T>(&self, name: &str, stands: Option<Id<T>>, report: &mut Report<'_>) {
        if let Some(told) = self.0
            && told != stands.map(Id::uuid)
        {
            let shown =
                |id: Option<Uuid>| id.map_or_else(|| "nobody".to_owned(), |id| id.to_string());
            report.differs_in(name, "by", &shown(told), &shown(stands.map(Id::uuid)));
        }
    }
}

pub struct EntryTold {
    pub audience: Held,
    pub channel: Held,
    pub by: By,
    pub author: Mark,
    pub at: Utc,
    pub body: Held,
    pub chaser: bool,
}

pub struct AttachmentTold {
    pub audience: Held,
    pub name: Mark,
    pub content: Held,
    pub media_type: Held,
    pub size: Held,
    /// The entry it came with.
    pub entry: Held,
    pub by: By,
    pub at: Utc,
}

pub struct LinkTold {
    pub other: Held,
    pub link_type: Held,
    pub outward: Held,
}

pub struct HandoffTold {
    pub from: Held,
    pub to: Held,
    pub entry: Held,
    pub tried: Held,
    /// The note with which it was sent back.
    pub returned: Held,
}

pub struct HoldTold {
    pub reason: Held,
    pub for_record: Held,
    pub supplier: Held,
    pub supplier_case: Held,
    pub resume_at: Held,
    /// The record above whose hold it follows.
    pub because: Held,
    /// Whether others follow it.
    pub flows_down: Held,
    /// Not told by an import, which may begin in the middle of a stay.
    pub state_before: Option<Held>,
    pub started_at: Utc,
    pub ended_at: Option<Utc>,
}

pub struct ResolutionTold {
    pub by: By,
    pub list: &'static str,
    pub code: Held,
    pub text: Held,
    pub at: Utc,
    pub superseded_at: Option<Utc>,
}

fn is_imported(fact: &Checked<'_>) -> bool {
    fact.fact.door == Door::Imported.word()
}

impl Story {
    /// Takes the next fact of the record.
    pub fn tell(&mut self, fact: &Checked<'_>) {
        let at = fact.fact.occurred_at;
        let (_, what) = fact.fact.name.rsplit_once('.').unwrap_or_default();
        if !CLOCKS.contains(&what) {
            self.changed = Some((at, fact.fact.recorded_at));
        }
        // What ended and is taken up again, by whatever act, loses when it ended; of what was imported
        // that is not always known.
        let lost = |field| fact.before(field).is_some() && fact.after(field).is_none();
        let again = what == "reopened" || lost("resolved_at") || lost("closed_at");
        if self.entered.is_none() || again {
            self.entered = Some(at);
            self.placed = fact.fact.seq;
        }
        if fact.before("kind").is_some() {
            self.placed = fact.fact.seq;
        }
        let after = |field: &str| fact.after(field).cloned().unwrap_or(Held::Nothing);
        if let Some(Held::Ref(id, author)) = fact.after("entry") {
            let told = EntryTold {
                audience: after("entry_audience"),
                channel: after("entry_channel"),
                by: By::of(fact),
                author: author.clone(),
                at,
                body: after("entry_body"),
                chaser: fact.after("entry_chaser") == Some(&Held::Flag(true)),
            };
            self.entries.insert(id.clone(), told);
        }
        if let Some(Held::Ref(id, name)) = fact.after("attachment") {
            let told = AttachmentTold {
                audience: after("attachment_audience"),
                name: name.clone(),
                content: after("attachment_content"),
                media_type: after("attachment_type"),
                size: after("attachment_size"),
                entry: after("attachment_entry"),
                by: By::of(fact),
                at,
            };
            self.attachments.insert(id.clone(), told);
        }
        if let Some(Held::Ref(person, _)) = fact.before("watcher") {
            self.watchers.remove(person);
        }
        if let Some(Held::Ref(person, _)) = fact.after("watcher") {
            self.watchers.insert(person.clone());
        }
        for (field, people) in [
            ("affected", &mut self.affected),
            ("caller", &mut self.callers),
        ] {
            if let Some(Held::Ref(person, _)) = fact.before(field) {
                people.remove(person);
            }
            if let Some(Held::Ref(person, _)) = fact.after(field) {
                people.insert(person.clone(), at);
            }
        }
        self.tell_restriction(fact);
        if let Some(Held::Word(id)) = fact.before("link") {
            self.links.remove(id);
        }
        if let Some(Held::Word(id)) = fact.after("link") {
            let told = LinkTold {
                other: after("link_to"),
                link_type: after("link_type"),
                outward: after("link_outward"),
            };
            self.links.insert(id.clone(), told);
        }
        if let Some(Held::Ref(id, _)) = fact.before("child") {
            self.children.remove(id);
        }
        if let Some(Held::Ref(id, _)) = fact.after("child") {
            self.children.insert(id.clone());
        }
        if let (Some(Held::Word(kind)), Some(Held::Number(n))) =
            (fact.before("kind"), fact.before("number"))
        {
            self.former_numbers.insert((kind.clone(), *n), at);
            self.kind_changes += 1;
        }
        self.tell_handoff(fact);
        self.tell_hold(fact, at);
        self.tell_resolution(fact, at);
        self.tasks.tell(fact);
        self.results.tell(fact);
    }

    fn tell_restriction(&mut self, fact: &Checked<'_>) {
        if let Some(Held::Ref(person, _)) = fact.before("reader") {
            self.readers.remove(person);
        }
        if let Some(Held::Ref(person, _)) = fact.after("reader") {
            self.readers.insert(person.clone());
        }
        if fact.after("restricted").is_some() {
            self.restricted_to = Some(Held::Nothing);
        }
        if let Some(told) = &mut self.restricted_to
            && (fact.before("restricted_team").is_some() || fact.after("restricted_team").is_some())
        {
            *told = fact
                .after("restricted_team")
                .cloned()
                .unwrap_or(Held::Nothing);
        }
        if fact.before("restricted").is_some() {
            self.restricted_to = None;
            self.readers.clear();
        }
    }

    fn tell_handoff(&mut self, fact: &Checked<'_>) {
        let entry = || {
            let id = match fact.after("entry") {
                Some(Held::Ref(id, _)) => Some(id.clone()),
                _ => None,
            };
            id.map_or(Held::Nothing, Held::Word)
        };
        if let Some(Held::Number(n)) = fact.after("handoffs") {
            let told = HandoffTold {
                from: fact.before("team").cloned().unwrap_or(Held::Nothing),
                to: fact.after("team").cloned().unwrap_or(Held::Nothing),
                entry: entry(),
                tried: fact
                    .after("handoff_tried")
                    .cloned()
                    .unwrap_or(Held::Nothing),
                returned: Held::Nothing,
            };
            self.handoffs.insert(*n, told);
        }
        if let Some(Held::Number(n)) = fact.before("handoff")
            && let Some(told) = self.handoffs.get_mut(n)
        {
            told.returned = entry();
        }
    }

    fn tell_hold(&mut self, fact: &Checked<'_>, at: Utc) {
        let after = |field: &str| fact.after(field).cloned().unwrap_or(Held::Nothing);
        if fact.before("hold_reason").is_some()
            && let Some(open) = self.holds.iter_mut().rfind(|h| h.ended_at.is_none())
        {
            open.ended_at = Some(at);
        }
        // Of another kind it waits on, and comes back to a state that there is.
        if fact.before("kind").is_some()
            && let Some(state) = fact.after("hold_state_before")
            && let Some(open) = self.holds.iter_mut().rfind(|h| h.ended_at.is_none())
        {
            open.state_before = Some(state.clone());
        }
        if let Some(reason) = fact.after("hold_reason") {
            self.holds.push(HoldTold {
                reason: reason.clone(),
                for_record: after("hold_for"),
                supplier: after("hold_supplier"),
                supplier_case: after("hold_supplier_case"),
                resume_at: after("hold_resume_at"),
                because: after("because_of"),
                flows_down: after("hold_flows_down"),
                // An import says it, since its records may come from one hold into another.
                state_before: fact
                    .after("hold_state_before")
                    .or(fact.before("state"))
                    .cloned(),
                started_at: at,
                ended_at: None,
            });
        }
    }

    fn tell_resolution(&mut self, fact: &Checked<'_>, at: Utc) {
        let reopened = fact.fact.name.ends_with(".reopened");
        for (list, code, text) in [
            ("resolution", "resolution_code", "resolution_text"),
            ("cancellation", "cancellation_code", "cancellation_text"),
        ] {
            let code = fact.after(code);
            if (code.is_some() || reopened)
                && let Some(last) = self.resolutions.last_mut()
            {
                last.superseded_at = last.superseded_at.or(Some(at));
            }
            if let Some(code) = code {
                self.resolutions.push(ResolutionTold {
                    by: By::of(fact),
                    list,
                    code: code.clone(),
                    text: fact.after(text).cloned().unwrap_or(Held::Nothing),
                    at,
                    superseded_at: None,
                });
            }
        }
    }
}
