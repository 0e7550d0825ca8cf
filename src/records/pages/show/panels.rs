//! The small forms that hang from a value of the record. Only the one that was asked for is made,
//! with the lists it needs: a record is read far more often than it is edited.

use crate::items;
use crate::people::{self, FormView, Person, Visitor, initials};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;
use crate::records::pages::local;
use crate::records::{Channel, PrioritySource, Record, priority_label, rules};
use crate::services::{self, Scale};

/// People shown when somebody looks for one.
const FOUND: i64 = 8;

crate::text_enum! {
    /// What can be edited in place; the words are the field names of the journal, where there is one.
    pub enum Panel {
        Title = "title",
        Description = "description",
        Requester = "requester",
        Service = "service",
        Category = "category",
        Item = "item",
        Location = "location",
        Channel = "channel",
        Priority = "priority",
        ReportedAt = "reported_at",
        OwnerTeam = "owner_team",
        Assignment = "assignment",
        Watcher = "watcher",
        Caller = "caller",
        Affected = "affected",
        Task = "task",
    }
}

impl Panel {
    /// The resource its form posts to, under the record.
    pub const fn action(self) -> &'static str {
        match self {
            Panel::Assignment => "assignment",
            Panel::Watcher => "watchers",
            Panel::Affected => "affected",
            Panel::Task => "tasks",
            _ => "fields",
        }
    }
}

/// One choice of a list.
#[derive(Debug, Clone)]
pub struct Choice {
    pub value: String,
    pub label: String,
    /// A word of ours, not a name people gave.
    pub ours: bool,
}

/// A list to choose from.
#[derive(Debug, Clone)]
pub struct Select {
    pub name: &'static str,
    /// Key of its label.
    pub label: &'static str,
    pub choices: Vec<Choice>,
    /// What was there when the form was made, so that a list left alone changes nothing.
    pub was: String,
}

/// A person to choose.
#[derive(Debug, Clone)]
pub struct Pick {
    pub id: Id<Person>,
    pub name: String,
    pub detail: String,
    pub initials: String,
}

/// An open form with what it offers.
#[derive(Debug, Clone)]
pub struct PanelView {
    pub panel: Panel,
    pub form: FormView,
    pub selects: Vec<Select>,
    /// Whether giving it to another team asks what was tried and what is wanted.
    pub asks_sentence: bool,
    /// The words people were looked for by.
    pub asked: String,
    pub people: Vec<Pick>,
}

impl PanelView {
    pub fn is(&self, word: &str) -> bool {
        self.panel.word() == word
    }

    /// Looks people up instead of offering a list.
    pub fn finds_people(&self) -> bool {
        matches!(
            self.panel,
            Panel::Requester | Panel::Watcher | Panel::Caller | Panel::Affected
        )
    }

    /// `form` is fresh or given back; what was not typed is the record's own.
    pub fn read(
        conn: &mut Db,
        visitor: &Visitor,
        record: &Record,
        panel: Panel,
        form: FormView,
        first_state: &str,
        asked: &str,
    ) -> Result<Self> {
        let form = form.preset("seen", record.facts);
        let mut view = PanelView {
            panel,
            selects: selects(conn, visitor, record, panel)?,
            asks_sentence: panel == Panel::Assignment
                && (rules::hands_off(first_state, record, None) || form.has("tried")),
            asked: asked.to_owned(),
            people: Vec::new(),
            form,
        };
        for select in &view.selects {
            view.form = view.form.preset(select.name, &select.was);
        }
        view.form = match panel {
            Panel::Title => view.form.preset("title", &record.title),
            Panel::Item => {
                let name = record.item_id.map(|id| items::item_name(conn, id));
                view.form
                    .preset("item", name.transpose()?.unwrap_or_default())
            }
            Panel::Description => view.form.preset("description", &record.description),
            Panel::ReportedAt => {
                let at = local::written(record.reported_at, &visitor.zone);
                view.form.preset("reported_at", at)
            }
            Panel::Priority => view.form.preset("priority_reason", &record.priority_reason),
            _ => view.form,
        };
        if view.finds_people() {
            view.people = picks(conn, asked)?;
        }
        Ok(view)
    }
}

fn picks(conn: &mut Db, asked: &str) -> Result<Vec<Pick>> {
    let found = people::search_people(conn, asked, FOUND)?;
    Ok(found
        .into_iter()
        .map(|p| Pick {
            id: p.id,
            initials: initials(&p.name),
            detail: [p.mail, p.phone]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(" · "),
            name: p.name,
        })
        .collect())
}

fn selects(conn: &mut Db, visitor: &Visitor, r: &Record, panel: Panel) -> Result<Vec<Select>> {
    Ok(match panel {
        Panel::Service => vec![service(conn, r)?],
        Panel::Category => vec![category(conn, r)?],
        Panel::Location => vec![location(conn, r)?],
        Panel::Channel => vec![channel(visitor, r)],
        Panel::Priority => priority(conn, visitor, r)?,
        Panel::OwnerTeam => vec![owner_team(conn, visitor, r)?],
        Panel::Assignment => vec![team(conn, visitor, r)?, assignee(conn, visitor, r)?],
        _ => Vec::new(),
    })
}

pub(super) fn data(value: impl ToString, label: impl Into<String>) -> Choice {
    Choice {
        value: value.to_string(),
        label: label.into(),
        ours: false,
    }
}

pub(super) fn ours(value: impl ToString, label: impl Into<String>) -> Choice {
    Choice {
        ours: true,
        ..data(value, label)
    }
}

/// What is disabled is offered only where it is already chosen.
fn service(conn: &mut Db, r: &Record) -> Result<Select> {
    let mut choices = vec![ours("", "–")];
    choices.extend(
        services::list_services(conn)?
            .into_iter()
            .filter(|s| s.disabled_at.is_none() || Some(s.id) == r.service_id)
            .map(|s| data(s.id, s.name)),
    );
    Ok(Select {
        name: "service",
        label: "field-service",
        choices,
        was: was(r.service_id),
    })
}

fn category(conn: &mut Db, r: &Record) -> Result<Select> {
    let mut choices = vec![ours("", "–")];
    choices.extend(
        services::list_categories(conn)?
            .into_iter()
            .filter(|c| c.disabled_at.is_none() || Some(c.id) == r.category_id)
            .map(|c| data(c.id, c.name)),
    );
    Ok(Select {
        name: "category",
        label: "field-category",
        choices,
        was: was(r.category_id),
    })
}

fn location(conn: &mut Db, r: &Record) -> Result<Select> {
    let mut choices = vec![ours("", "–")];
    choices.extend(
        people::list_locations(conn)?
            .into_iter()
            .filter(|l| l.disabled_at.is_none() || Some(l.id) == r.location_id)
            .map(|l| data(l.id, l.name)),
    );
    Ok(Select {
        name: "location",
        label: "field-location",
        choices,
        was: was(r.location_id),
    })
}

fn channel(visitor: &Visitor, r: &Record) -> Select {
    let choices = Channel::ALL
        .iter()
        .map(|c| {
            let key = format!("channel-{}", c.word().replace('_', "-"));
            ours(c.word(), visitor.words.s(&key))
        })
        .collect();
    Select {
        name: "channel",
        label: "field-channel",
        choices,
        was: r.channel.word().to_owned(),
    }
}

/// Impact, urgency, and the priority where it is to differ from the matrix.
fn priority(conn: &mut Db, visitor: &Visitor, r: &Record) -> Result<Vec<Select>> {
    let mut out = Vec::with_capacity(3);
    for (name, label, scale, now) in [
        ("impact", "field-impact", Scale::Impact, r.impact),
        ("urgency", "field-urgency", Scale::Urgency, r.urgency),
    ] {
        let levels = services::list_levels(conn, scale)?;
        out.push(Select {
            name,
            label,
            was: now.to_string(),
            choices: levels
                .into_iter()
                .map(|l| {
                    let label = if l.hint.is_empty() {
                        l.name
                    } else {
                        format!("{}: {}", l.name, l.hint)
                    };
                    data(l.level, label)
                })
                .collect(),
        });
    }
    let mut choices = vec![ours("", visitor.words.s("priority-by-matrix"))];
    choices.extend(
        services::list_levels(conn, Scale::Priority)?
            .into_iter()
            .map(|l| data(l.level, format!("{} {}", priority_label(l.level), l.name))),
    );
    out.push(Select {
        name: "priority",
        label: "field-priority",
        choices,
        was: match r.priority_source {
            PrioritySource::Matrix => String::new(),
            _ => r.priority.to_string(),
        },
    });
    Ok(out)
}

fn team(conn: &mut Db, visitor: &Visitor, r: &Record) -> Result<Select> {
    let mut choices = vec![ours("", visitor.words.s("record-no-team"))];
    choices.extend(
        people::list_teams(conn)?
            .into_iter()
            .filter(|t| {
                t.disabled_at.is_none() || [r.team_id, r.owner_team_id].contains(&Some(t.id))
            })
            .map(|t| data(t.id, t.name)),
    );
    Ok(Select {
        name: "team",
        label: "field-team",
        choices,
        was: was(r.team_id),
    })
}

/// Once a team answers to the caller, some team does.
fn owner_team(conn: &mut Db, visitor: &Visitor, r: &Record) -> Result<Select> {
    let mut select = Select {
        name: "owner_team",
        label: "field-owner-team",
        was: was(r.owner_team_id),
        ..team(conn, visitor, r)?
    };
    if r.owner_team_id.is_some() {
        select.choices.retain(|choice| !choice.value.is_empty());
    }
    Ok(select)
}

/// The members of the record's team first, everybody else who works after them.
fn assignee(conn: &mut Db, visitor: &Visitor, r: &Record) -> Result<Select> {
    let members: Vec<Id<Person>> = match r.team_id {
        Some(team) => people::members_of(conn, team)?
            .iter()
            .map(|p| p.id)
            .collect(),
        None => Vec::new(),
    };
    let mut agents = people::list_agents(conn)?;
    agents.sort_by_key(|p| !members.contains(&p.id));
    let mut choices = vec![ours("", visitor.words.s("record-nobody"))];
    let known = r
        .assignee_id
        .is_none_or(|id| agents.iter().any(|p| p.id == id));
    if let Some(id) = r.assignee_id.filter(|_| !known) {
        choices.push(data(id, people::find_person(conn, id)?.name));
    }
    choices.extend(agents.into_iter().map(|p| data(p.id, p.name)));
    Ok(Select {
        name: "assignee",
        label: "field-assignee",
        choices,
        was: was(r.assignee_id),
    })
}

fn was<T>(id: Option<Id<T>>) -> String {
    id.map_or_else(String::new, |id| id.to_string())
}
