//! The rail beside the conversation: requester, details, hold, ending, links, watchers, files.

use super::conversation::FileView;
use super::panels::Panel;
use crate::attachments::Attachment;
use crate::people::{PersonBrief, Shell, Visitor, When, initials};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::{Error, Result};
use crate::platform::kernel::markdown::{self, SafeHtml};
use crate::platform::web::icon::Icon;
use crate::platform::words::Words;
use crate::records::store::{self, LinkSeen};
use crate::records::{
    Detail, Group, LinkType, Marks, PrioritySource, Record, detail, priority_label, state_icon,
    state_label,
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
    pub facts: Vec<Fact>,
    pub updated: When,
    pub hold: Option<HoldView>,
    pub ending: Option<EndingView>,
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
        detail: &Detail,
        files: &[Attachment],
        marks: Marks,
    ) -> Result<Self> {
        let record = &detail.record;
        let watchers = store::watchers_of(conn, record.id)?;
        Ok(Rail {
            requester: requester(conn, detail)?,
            facts: facts(shell, detail),
            updated: shell.when(record.updated_at),
            hold: hold(conn, shell, visitor, record)?,
            ending: ending(conn, shell, record, marks)?,
            links: store::links_of(conn, visitor, record.id)?
                .into_iter()
                .map(|link| link_view(shell.t, link))
                .collect(),
            watching: watchers.iter().any(|p| p.id == visitor.id),
            watchers: watchers.into_iter().map(watcher).collect(),
            files: files.iter().map(|f| FileView::of(shell.t, f)).collect(),
        })
    }
}

fn requester(conn: &mut Db, found: &Detail) -> Result<Option<Requester>> {
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
        others: detail::other_open_of_requester(conn, &found.record)?,
        others_path: format!("/queue?requester={id}"),
    }))
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

fn link_view(t: Words, link: LinkSeen) -> LinkView {
    LinkView {
        id: link.id,
        number: link.number.to_string(),
        href: link.number.path(),
        title: link.title,
        kind: match (link.link_type, link.outward) {
            (LinkType::Related, _) => "link-related",
            (LinkType::CausedBy, true) => "link-caused-by",
            (LinkType::CausedBy, false) => "link-cause-of",
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
