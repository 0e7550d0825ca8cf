//! Adding filters: a small form beside the list with the choices that are known without asking, and
//! a page with all of them.

use std::borrow::Cow;

use askama::Template;

use super::ask::{Ask, Param};
use super::page::param_key;
use crate::people::{self, Answer, Right, Shell, Visitor};
use crate::platform::db::Read;
use crate::platform::kernel::error::Result;
use crate::platform::words::Words;
use crate::records::list::counts;
use crate::records::model::{Channel, Kind};
use crate::records::view::{lamp_key, priority_label, state_label};
use crate::records::views::{self, View, ViewGroup};
use crate::records::{Practices, levels};
use crate::service_levels::Lamp;
use crate::services::{self, Scale};

/// What the small form asks for; every other filter goes along hidden.
pub const SMALL: &[Param] = &[
    Param::Show,
    Param::Kind,
    Param::State,
    Param::Priority,
    Param::Assignee,
    Param::Channel,
    Param::Lamp,
    Param::Major,
    Param::OpenedFrom,
    Param::OpenedTo,
];

/// What the page asks for: all but requester and item, which are chosen where they stand.
const ALL: &[Param] = &[
    Param::Show,
    Param::Kind,
    Param::State,
    Param::Priority,
    Param::Assignee,
    Param::Channel,
    Param::Lamp,
    Param::Major,
    Param::OpenedFrom,
    Param::OpenedTo,
    Param::Team,
    Param::Service,
    Param::Category,
    Param::Location,
];

/// Priorities of the small form. An administrator's further levels are on the page.
const PRIORITIES: i32 = 4;

/// A choice among few.
pub struct Select {
    pub name: &'static str,
    pub label: Cow<'static, str>,
    /// What it means to choose none.
    pub unset: Cow<'static, str>,
    pub choices: Vec<Choice>,
}

pub struct Choice {
    pub value: Cow<'static, str>,
    pub label: Cow<'static, str>,
    pub chosen: bool,
    /// Whether the label is data, which is never translated.
    pub is_data: bool,
}

/// A day one can type.
pub struct Day {
    pub name: &'static str,
    pub label: Cow<'static, str>,
    pub value: String,
}

#[derive(Template)]
#[template(path = "records/queue_filters.html")]
struct FiltersPage {
    shell: Shell,
    views: Vec<ViewGroup>,
    view: Cow<'static, str>,
    hidden: Vec<(&'static str, String)>,
    selects: Vec<Select>,
    days: [Day; 2],
    back: String,
}

/// The page with every filter.
pub fn answer(
    r: &mut Read<'_>,
    visitor: &Visitor,
    practices: Practices,
    query: &str,
) -> Result<Answer> {
    visitor.needs(Right::Work)?;
    let ask = Ask::read(query, visitor, practices);
    let shell = visitor.shell("queue", visitor.words.s("filters-title"));
    let t = shell.t;
    let data = |value: String, label: String| (Cow::Owned(value), Cow::Owned(label), true);
    let mut selects = small(t, &ask, practices);
    let names: Vec<Named> = levels(r, Scale::Priority)?
        .into_iter()
        .map(|l| {
            let label = format!("{} {}", priority_label(l.level), l.name);
            data(l.level.to_string(), label)
        })
        .collect();
    selects.retain(|s| s.name != Param::Priority.word() && s.name != Param::Assignee.word());
    selects.insert(0, select(t, &ask, Param::Priority, names));
    if may_choose_assignee(ask.view) {
        let mut names: Vec<Named> = me_and_nobody(t).into();
        names.extend(
            people::list_agents(r)?
                .into_iter()
                .map(|p| data(p.id.to_string(), p.name)),
        );
        selects.push(select(t, &ask, Param::Assignee, names));
    }
    let mut names: Vec<Named> = vec![("none".into(), t.s("filter-no-team"), false)];
    names.extend(
        people::list_teams(r)?
            .into_iter()
            .map(|team| data(team.id.to_string(), team.name)),
    );
    selects.push(select(t, &ask, Param::Team, names));
    let names = services::list_services(r)?
        .into_iter()
        .map(|s| data(s.id.to_string(), s.name))
        .collect();
    selects.push(select(t, &ask, Param::Service, names));
    let names = services::list_categories(r)?
        .into_iter()
        .map(|c| data(c.id.to_string(), c.name))
        .collect();
    selects.push(select(t, &ask, Param::Category, names));
    let names = people::list_locations(r)?
        .into_iter()
        .map(|l| data(l.id.to_string(), l.name))
        .collect();
    selects.push(select(t, &ask, Param::Location, names));
    let counts = counts(r, visitor)?;
    Ok(Answer::html(&FiltersPage {
        views: views::links(t, visitor, &counts, Some(ask.view)),
        view: t.s(ask.view.key()),
        hidden: hidden(&ask, ALL),
        selects,
        days: days(t, &ask),
        back: ask.at("/queue"),
        shell,
    }))
}

type Named = (Cow<'static, str>, Cow<'static, str>, bool);

/// What a form that asks for `asked` keeps of an address.
pub fn hidden(ask: &Ask, asked: &[Param]) -> Vec<(&'static str, String)> {
    let mut fields = ask.hidden();
    for given in &ask.given {
        if !asked.contains(&given.param) {
            fields.push((given.param.word(), given.value.clone()));
        }
    }
    fields
}

/// The choices that are known without asking the database.
pub fn small(t: Words, ask: &Ask, practices: Practices) -> Vec<Select> {
    let word = |value: &'static str, key: &str| (Cow::Borrowed(value), t.s(key), false);
    let mut selects = vec![select(
        t,
        ask,
        Param::Priority,
        (1..=PRIORITIES)
            .map(|p| (Cow::Owned(p.to_string()), priority_label(p).into(), true))
            .collect(),
    )];
    let kind = ask.view.kind();
    if kind.is_none() {
        let kinds = Kind::ALL.iter().map(|k| word(k.word(), kind_key(k.word())));
        selects.push(select(t, ask, Param::Kind, kinds.collect()));
    }
    let mut states: Vec<Named> = Vec::new();
    for practice in Kind::ALL
        .iter()
        .filter(|k| kind.is_none_or(|kind| kind == **k))
    {
        for state in practices.of(*practice).states {
            if !states.iter().any(|(word, ..)| word == state.word) {
                states.push((state.word.into(), state_label(t, state.word), false));
            }
        }
    }
    selects.push(select(t, ask, Param::State, states));
    if may_choose_assignee(ask.view) {
        selects.push(assignee(t, ask));
    }
    let channels = Channel::ALL
        .iter()
        .map(|c| (c.word().into(), t.s(&channel_key(c.word())), false));
    selects.push(select(t, ask, Param::Channel, channels.collect()));
    let lamps = Lamp::ALL.map(|lamp| (lamp.word().into(), t.s(lamp_key(lamp)), false));
    selects.push(select(t, ask, Param::Lamp, lamps.into()));
    if kind.is_none_or(|kind| kind == Kind::Incident) {
        selects.push(select(t, ask, Param::Major, vec![word("1", "major-only")]));
    }
    let shown = ["done", "all"].map(|word| (word.into(), t.s(show_key(word)), false));
    selects.push(select(t, ask, Param::Show, shown.into()));
    selects
}

/// Views that are about who has a record leave no choice.
fn may_choose_assignee(view: View) -> bool {
    !matches!(view, View::Mine | View::Unassigned)
}

fn me_and_nobody(t: Words) -> [Named; 2] {
    [
        ("me".into(), t.s("assignee-me"), false),
        ("none".into(), t.s("assignee-nobody"), false),
    ]
}

/// Me, nobody, and whoever is chosen already.
fn assignee(t: Words, ask: &Ask) -> Select {
    let mut names: Vec<Named> = me_and_nobody(t).into();
    if let Some(id) = ask
        .given(Param::Assignee)
        .filter(|value| !matches!(*value, "me" | "none"))
    {
        names.push((Cow::Owned(id.to_owned()), t.s("assignee-as-chosen"), false));
    }
    select(t, ask, Param::Assignee, names)
}

fn select(t: Words, ask: &Ask, param: Param, names: Vec<Named>) -> Select {
    let given = ask.given(param);
    Select {
        name: param.word(),
        label: t.s(param_key(param)),
        unset: t.s(if param == Param::Show {
            show_key("open")
        } else {
            "filter-any"
        }),
        choices: names
            .into_iter()
            .map(|(value, label, is_data)| Choice {
                chosen: given == Some(&*value),
                value,
                label,
                is_data,
            })
            .collect(),
    }
}

pub fn days(t: Words, ask: &Ask) -> [Day; 2] {
    [Param::OpenedFrom, Param::OpenedTo].map(|param| Day {
        name: param.word(),
        label: t.s(param_key(param)),
        value: ask.given(param).unwrap_or_default().to_owned(),
    })
}

pub fn show_key(word: &str) -> &'static str {
    match word {
        "done" => "show-done",
        "all" => "show-all-records",
        _ => "show-open",
    }
}

pub fn kind_key(word: &str) -> &'static str {
    match Kind::from_word(word) {
        Some(Kind::Request) => "kind-request",
        Some(Kind::Problem) => "kind-problem",
        Some(Kind::Change) => "kind-change",
        Some(Kind::Postmortem) => "kind-postmortem",
        Some(Kind::Action) => "kind-action",
        _ => "kind-incident",
    }
}

pub fn channel_key(word: &str) -> String {
    format!("channel-{}", word.replace('_', "-"))
}
