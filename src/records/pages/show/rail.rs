//! The rail beside the conversation: requester, details, hold, ending, links, watchers, files.

use super::Look;
use super::conversation::FileView;
use super::panels::Panel;
use crate::attachments::Attachment;
use crate::people::{self, PersonBrief, Shell, Visitor, When, initials};
use crate::platform::db::page::{key_at, read_key_at};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::{Error, Result};
use crate::platform::kernel::markdown::{self, SafeHtml};
use crate::platform::web::icon::Icon;
use crate::platform::words::Words;
use crate::records::pages::target::Target;
use crate::records::store::{self, LinkSeen};
use crate::records::{
    Detail, Group, LinkType, Marks, Number, PrioritySource, Record, detail, involved,
    priority_label, restrictions, rules, state_icon, state_label,
};
use crate::services::{self, CodeList};

/// A detail that is edited in place.
pub struct Fact {
    pub panel: Panel,
    pub label: &'static str,
    pub value: String,
    /// A name people gave, not a word of ours.
    pub data: bool,
    pub priority: Option<(i32, String)>,
    pub when: Option<When>,
    /// Whether it may still be changed: who works on a finished record does not.
    pub editable: bool,
    /// Said beside the value: where a priority comes from, why it differs.
    pub aside: String,
}

/// Who waits for the record.
pub struct Requester {
    pub name: String,
    pub initials: String,
    pub phone: String,
    pub mail: String,
    pub vip: bool,
    /// Where they work, and whom for.
    pub belongs: String,
    pub others: i64,
    pub others_path: String,
}

/// Whom a restricted record exists for.
pub struct RestrictedView {
    pub people: Vec<String>,
    pub team: Option<String>,
}

/// Why the record waits.
pub struct HoldView {
    pub reason: String,
    pub since: When,
    pub until: Option<When>,
    pub supplier: String,
    pub supplier_case: String,
    /// Number and title of the record waited for.
    pub waits_for: Option<(String, String, String)>,
}

/// How the record ended.
pub struct EndingView {
    pub cancelled: bool,
    pub code: String,
    pub text: SafeHtml,
    pub by: Option<String>,
    pub when: When,
    pub marks: Vec<&'static str>,
}

/// A link to another record.
pub struct LinkView {
    pub id: Id<LinkSeen>,
    pub number: String,
    pub href: String,
    pub title: String,
    pub kind: &'static str,
    pub state: String,
    pub icon: Icon,
    /// Whether it can be taken away: how a record ended stays.
    pub removable: bool,
}

/// Children shown at once.
const CHILDREN: usize = 20;

/// A record of the family.
pub struct Relative {
    pub number: String,
    pub href: String,
    pub title: String,
    pub state: String,
    pub icon: Icon,
}

/// The record above and those below, as far as the reader may see them.
#[derive(Default)]
pub struct FamilyView {
    pub parent: Option<Relative>,
    pub children: Vec<Relative>,
    /// Where the next page of them is.
    pub more: Option<String>,
    /// The list of all of them.
    pub all: String,
}

/// Who called for the requester.
pub struct CallerView {
    pub name: String,
    pub initials: String,
    pub phone: String,
}

/// Affected people shown at once.
const AFFECTED: usize = 12;

/// The affected people, a page of them.
#[derive(Default)]
pub struct AffectedView {
    pub count: i32,
    pub people: Vec<AffectedOne>,
    /// Where the next page of them is.
    pub older: Option<String>,
}

pub struct AffectedOne {
    pub id: String,
    pub name: String,
    pub initials: String,
    pub since: When,
}

/// Somebody who follows the record.
pub struct WatcherView {
    pub id: String,
    pub name: String,
    pub initials: String,
}

/// Everything beside the conversation.
pub struct Rail {
    pub requester: Option<Requester>,
    pub caller: Option<CallerView>,
    pub affected: AffectedView,
    /// How often somebody got in touch.
    pub contacts: i32,
    pub facts: Vec<Fact>,
    pub updated: When,
    /// The numbers it had before its kind was changed.
    pub former: String,
    pub restricted: Option<RestrictedView>,
    pub hold: Option<HoldView>,
    pub ending: Option<EndingView>,
    pub family: FamilyView,
    pub links: Vec<LinkView>,
    pub watchers: Vec<WatcherView>,
    pub watching: bool,
    pub files: Vec<FileView>,
}

impl Rail {
    pub fn read(
        conn: &mut Db,
        shell: &Shell,
        visitor: &Visitor,
        target: Target,
        detail: &Detail,
        files: &[Attachment],
        look: &Look,
    ) -> Result<Self> {
        let marks = target.practice.marks;
        let record = &detail.record;
        let watchers = store::watchers_of(conn, record.id)?;
        Ok(Rail {
            requester: requester(conn, visitor, detail)?,
            caller: caller(conn, detail)?,
            affected: affected(conn, shell, target, detail, look)?,
            contacts: detail.contacts.map_or(0, |n| n.contacts),
            facts: facts(shell, detail),
            updated: shell.when(record.updated_at),
            former: former(conn, record)?,
            restricted: restricted(conn, record)?,
            hold: hold(conn, shell, visitor, record)?,
            ending: ending(conn, shell, record, marks)?,
            family: family(conn, shell.t, visitor, target, record, look)?,
            links: store::links_of(conn, visitor, record.id)?
                .into_iter()
                .map(|link| link_view(shell.t, record, link))
                .collect(),
            watching: watchers.iter().any(|p| p.id == visitor.id),
            watchers: watchers.into_iter().map(watcher).collect(),
            files: files.iter().map(|f| FileView::of(shell.t, f)).collect(),
        })
    }
}

fn former(conn: &mut Db, record: &Record) -> Result<String> {
    if record.kind_changes == 0 {
        return Ok(String::new());
    }
    let mut numbers = store::former_numbers_of(conn, &[record.id])?;
    let own = numbers.remove(&record.id).unwrap_or_default();
    let own: Vec<String> = own.iter().map(ToString::to_string).collect();
    Ok(own.join(", "))
}

fn requester(conn: &mut Db, visitor: &Visitor, found: &Detail) -> Result<Option<Requester>> {
    let (Some(contact), Some(id)) = (&found.requester, found.record.requester_id) else {
        return Ok(None);
    };
    Ok(Some(Requester {
        initials: initials(&contact.name),
        name: contact.name.clone(),
        phone: contact.phone.clone(),
        mail: contact.mail.clone(),
        vip: contact.vip,
        belongs: [found.home.as_deref(), found.organisation.as_deref()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" · "),
        others: detail::other_open_of_requester(conn, visitor, &found.record)?,
        others_path: format!("/queue?requester={id}"),
    }))
}

fn caller(conn: &mut Db, found: &Detail) -> Result<Option<CallerView>> {
    if found.contacts.is_none() {
        return Ok(None);
    }
    let caller = involved::caller_of(conn, found.record.id)?;
    Ok(caller.map(|person| CallerView {
        initials: initials(&person.name),
        name: person.name,
        phone: person.phone,
    }))
}

fn affected(
    conn: &mut Db,
    shell: &Shell,
    target: Target,
    found: &Detail,
    look: &Look,
) -> Result<AffectedView> {
    let count = found.contacts.map_or(0, |n| n.affected);
    if count == 0 {
        return Ok(AffectedView::default());
    }
    let before = look.affected.as_deref().and_then(read_key_at);
    let limit = AFFECTED as i64 + 1;
    let mut people = involved::affected_of(conn, found.record.id, before, limit)?;
    let more = people.len() > AFFECTED;
    people.truncate(AFFECTED);
    let last = people.last().filter(|_| more);
    Ok(AffectedView {
        count,
        older: last.map(|p| {
            let key = key_at(p.at, p.id);
            format!("{}?affected={key}#affected", target.path())
        }),
        people: people
            .into_iter()
            .map(|p| AffectedOne {
                id: p.id.to_string(),
                initials: initials(&p.name),
                since: shell.when(p.at),
                name: p.name,
            })
            .collect(),
    })
}

fn facts(shell: &Shell, detail: &Detail) -> Vec<Fact> {
    let record = &detail.record;
    let t = shell.t;
    let name = |panel: Panel, label: &'static str, name: &Option<String>, none: &str| Fact {
        panel,
        label,
        value: name.clone().unwrap_or_else(|| t.s(none).into_owned()),
        data: name.is_some(),
        priority: None,
        when: None,
        editable: record.is_open || (panel != Panel::Assignment && record.closed_at.is_none()),
        aside: String::new(),
    };
    let levels = [
        ("impact-is", detail.impact.as_deref()),
        ("urgency-is", detail.urgency.as_deref()),
    ]
    .into_iter()
    .filter_map(|(key, level)| Some(t.with1(key, "level", level?)))
    .collect::<Vec<_>>()
    .join(", ");
    vec![
        Fact {
            value: levels,
            data: true,
            priority: Some((record.priority, priority_label(record.priority))),
            aside: match record.priority_source {
                PrioritySource::Matrix => String::new(),
                source => t
                    .s(&format!("priority-source-{}", source.word()))
                    .into_owned(),
            },
            ..name(Panel::Priority, "field-priority", &None, "none")
        },
        name(Panel::Service, "field-service", &detail.service, "none"),
        name(Panel::Category, "field-category", &detail.category, "none"),
        name(Panel::Item, "field-item", &detail.item, "none"),
        name(Panel::Location, "field-location", &detail.location, "none"),
        name(
            Panel::OwnerTeam,
            "field-owner-team",
            &detail.owner_team,
            "record-no-team",
        ),
        name(
            Panel::Assignment,
            "field-team",
            &detail.team,
            "record-no-team",
        ),
        name(
            Panel::Assignment,
            "field-assignee",
            &detail.assignee,
            "record-nobody",
        ),
        Fact {
            value: t
                .s(&format!(
                    "channel-{}",
                    record.channel.word().replace('_', "-")
                ))
                .into_owned(),
            ..name(Panel::Channel, "field-channel", &None, "none")
        },
        Fact {
            when: Some(shell.when(record.reported_at)),
            ..name(Panel::ReportedAt, "field-reported-at", &None, "none")
        },
    ]
}

fn restricted(conn: &mut Db, record: &Record) -> Result<Option<RestrictedView>> {
    if !record.is_restricted {
        return Ok(None);
    }
    let named = restrictions::named_of(conn, record)?;
    let team = named
        .team
        .map(|id| people::team_name(conn, id))
        .transpose()?;
    Ok(Some(RestrictedView {
        people: named.people.into_iter().map(|p| p.name).collect(),
        team,
    }))
}

fn hold(
    conn: &mut Db,
    shell: &Shell,
    visitor: &Visitor,
    record: &Record,
) -> Result<Option<HoldView>> {
    if record.state_group != Group::Waiting {
        return Ok(None);
    }
    let Some(hold) = store::hold_of(conn, record.id)? else {
        return Ok(None);
    };
    let reason = services::list_codes(conn, CodeList::Hold)?
        .into_iter()
        .find(|code| code.code == hold.reason)
        .map_or(hold.reason, |code| code.label);
    let waits_for = match hold.for_record_id {
        Some(id) => match store::find_visible_by_id(conn, visitor, id) {
            Ok(other) => {
                let number = other.number();
                Some((number.path(), number.to_string(), other.title))
            }
            Err(Error::NotFound) => None,
            Err(e) => return Err(e),
        },
        None => None,
    };
    Ok(Some(HoldView {
        reason,
        since: shell.when(hold.started_at),
        until: (hold.resume_at < Utc::FAR).then(|| shell.when(hold.resume_at)),
        supplier: hold.supplier,
        supplier_case: hold.supplier_case,
        waits_for,
    }))
}

fn ending(
    conn: &mut Db,
    shell: &Shell,
    record: &Record,
    marks: Marks,
) -> Result<Option<EndingView>> {
    if record.is_open {
        return Ok(None);
    }
    let Some(ending) = detail::ending_of(conn, record.id)? else {
        return Ok(None);
    };
    Ok(Some(EndingView {
        cancelled: ending.list == CodeList::Cancellation.word(),
        code: ending.code_label,
        text: markdown::render(&ending.text),
        by: ending.by,
        when: shell.when(ending.at),
        marks: marks(conn, record.id)?,
    }))
}

fn relative(t: Words, number: Number, title: String, state: &str) -> Relative {
    Relative {
        number: number.to_string(),
        href: number.path(),
        title,
        state: state_label(t, state).into_owned(),
        icon: state_icon(state),
    }
}

/// Nothing is asked for a record that stands alone.
fn family(
    conn: &mut Db,
    t: Words,
    visitor: &Visitor,
    target: Target,
    record: &Record,
    look: &Look,
) -> Result<FamilyView> {
    let mut view = FamilyView {
        all: format!("/queue?view=open&parent={}&show=all", target.number),
        ..FamilyView::default()
    };
    if let Some(parent) = record.parent_id {
        view.parent = match store::find_visible_by_id(conn, visitor, parent) {
            Ok(parent) => Some(relative(t, parent.number(), parent.title, &parent.state)),
            Err(Error::NotFound) => None,
            Err(e) => return Err(e),
        };
    }
    if record.children > 0 {
        let after = look.children;
        let limit = CHILDREN as i64 + 1;
        let mut children = store::children_of(conn, visitor, record.id, after, limit)?;
        let more = children.len() > CHILDREN;
        children.truncate(CHILDREN);
        let last = children.last().filter(|_| more);
        view.more = last.map(|c| format!("{}?children={}#family", target.path(), c.number()));
        view.children = children
            .into_iter()
            .map(|c| relative(t, c.number(), c.title.clone(), &c.state))
            .collect();
    }
    Ok(view)
}

fn link_view(t: Words, record: &Record, link: LinkSeen) -> LinkView {
    let from_is_open = if link.outward {
        record.is_open
    } else {
        link.is_open
    };
    LinkView {
        id: link.id,
        number: link.number.to_string(),
        href: link.number.path(),
        title: link.title,
        removable: !rules::link_stays(link.link_type, from_is_open),
        kind: match (link.link_type, link.outward) {
            (LinkType::DuplicateOf, true) => "link-duplicate-of",
            (LinkType::DuplicateOf, false) => "link-duplicate",
            (LinkType::Related, _) => "link-related",
            (LinkType::CausedBy, true) => "link-caused-by",
            (LinkType::CausedBy, false) => "link-cause-of",
            (LinkType::FixedBy, true) => "link-fixed-by",
            (LinkType::FixedBy, false) => "link-fix-of",
            (LinkType::RecurrenceOf, true) => "link-recurrence-of",
            (LinkType::RecurrenceOf, false) => "link-recurred-as",
        },
        state: state_label(t, &link.state).into_owned(),
        icon: state_icon(&link.state),
    }
}

fn watcher(person: PersonBrief) -> WatcherView {
    WatcherView {
        id: person.id.to_string(),
        initials: initials(&person.name),
        name: person.name,
    }
}
