//! The queue as a page: everything the template shows, prepared.

use std::borrow::Cow;
use std::collections::HashMap;

use askama::Template;

use super::ask::{Ask, Given, Param};
use super::filters::{self, Select};
use super::lamps::{Group, by_lamp, lamp_head, nothing};
use crate::items;
use crate::people::{self, Answer, Form, FormView, Right, Shell, TimeLeft, Visitor, When};
use crate::platform::db::{Db, Id, Read, Utc};
use crate::platform::kernel::error::{Error, Message, Result};
use crate::platform::web::icon::Icon;
use crate::platform::words::Words;
use crate::records::list::{
    Counts, HandedOver, Order, Row, Sort, counts, handed_over, list, open_tasks,
};
use crate::records::number::Number;
use crate::records::view::{
    ClockView, clock_view, handed_often, lamp_key, priority_label, state_icon, state_label,
};
use crate::records::views::{self, View, ViewGroup};
use crate::records::{Practices, find_meant};
use crate::service_levels::Lamp;
use crate::services;

pub const ROWS: usize = 50;

#[derive(Template)]
#[template(path = "records/queue.html")]
struct QueuePage {
    shell: Shell,
    views: Vec<ViewGroup>,
    /// Open records of the view, where that is what the list shows.
    count: Option<String>,
    csv: String,
    notices: Vec<String>,
    chips: Vec<Chip>,
    /// The small form for more filters, and the page with all of them.
    hidden: Vec<(&'static str, String)>,
    selects: Vec<Select>,
    days: [filters::Day; 2],
    all_filters: String,
    sorts: Vec<SortLink>,
    /// To the list lamp by lamp, and whether it is that.
    lamp_by_lamp: Option<(String, bool)>,
    number: Head,
    priority: Head,
    last: Head,
    last_label: Cow<'static, str>,
    order: Cow<'static, str>,
    groups: Vec<Group>,
    /// Whether it shows since when others have them, and the last word to the caller.
    handed_over: bool,
    /// The tasks of the view, above its records.
    tasks: Vec<TaskRow>,
    tasks_heading: String,
    /// How many more there are than stand here.
    tasks_more: Option<String>,
    empty: Option<Empty>,
    previous: Option<String>,
    next: Option<String>,
    can_take: bool,
    form: FormView,
    /// This list, for a form that comes back.
    at: String,
}

/// A filter as a word that can be taken away.
struct Chip {
    name: Cow<'static, str>,
    value: String,
    without: String,
}

struct SortLink {
    label: Cow<'static, str>,
    href: String,
    current: bool,
}

/// A heading one can sort by.
struct Head {
    href: String,
    /// The value of `aria-sort`, where the list is sorted by it, and its arrow.
    sorted: Option<(&'static str, Icon)>,
}

pub struct RowView {
    number: String,
    href: String,
    title: String,
    /// How many it affects and how often somebody asked what became of it, in words.
    heard: Vec<String>,
    requester: Option<String>,
    service: Option<String>,
    priority: i32,
    is_major: bool,
    is_flagged: bool,
    state: Cow<'static, str>,
    state_icon: Icon,
    assignee: Assignee,
    team: Option<String>,
    /// Said of what goes from hand to hand.
    flag: Option<String>,
    /// In the view of what was handed over.
    since: Option<When>,
    last_word: Option<When>,
    /// When it was opened or updated, where the list is sorted by that.
    at: Option<When>,
    clock: ClockView,
}

/// A task somebody holds, on a record.
struct TaskRow {
    number: String,
    href: String,
    title: String,
    record_title: String,
    team: Option<String>,
    blocking: bool,
    due: Option<When>,
    late: bool,
}

enum Assignee {
    You,
    Person(String),
    Nobody,
}

/// A list without rows says why, and what to do next.
struct Empty {
    heading: Cow<'static, str>,
    text: Cow<'static, str>,
    action: Cow<'static, str>,
    href: String,
}

/// The queue an address asks for, or the record it jumps to.
pub fn answer(
    r: &mut Read<'_>,
    visitor: &Visitor,
    practices: Practices,
    query: &str,
) -> Result<Answer> {
    visitor.needs(Right::Work)?;
    let ask = Ask::read(query, visitor, practices);
    let mut notices = Vec::new();
    if let Some(typed) = &ask.jump {
        match jump(r, visitor, typed)? {
            Some(path) => return Ok(Answer::see_other(&path)),
            None => {
                let typed: String = typed.chars().take(60).collect();
                notices.push(Message::new("queue-no-such-number").arg("number", typed));
            }
        }
    }
    page(r, visitor, practices, ask, notices, FormView::fresh())
}

/// The queue again, after taking the next record did not work.
pub fn again(
    r: &mut Read<'_>,
    visitor: &Visitor,
    practices: Practices,
    form: &Form,
    error: Option<&Error>,
) -> Result<Answer> {
    visitor.needs(Right::Work)?;
    let ask = Ask::read(form.value("at"), visitor, practices);
    let notices = match error {
        Some(Error::Refused(message)) => vec![message.clone()],
        Some(Error::Invalid(invalid)) => invalid.0.iter().map(|(_, m)| m.clone()).collect(),
        _ => Vec::new(),
    };
    page(r, visitor, practices, ask, notices, FormView::fresh())
}

/// The page of a number as somebody typed it, if they may see that record.
fn jump(r: &mut Read<'_>, visitor: &Visitor, typed: &str) -> Result<Option<String>> {
    let Ok(number) = typed.parse::<Number>() else {
        return Ok(None);
    };
    match find_meant(r, visitor, number) {
        Ok(record) => Ok(Some(record.number().path())),
        Err(Error::NotFound) => Ok(None),
        Err(e) => Err(e),
    }
}

fn page(
    r: &mut Read<'_>,
    visitor: &Visitor,
    practices: Practices,
    mut ask: Ask,
    mut notices: Vec<Message>,
    form: FormView,
) -> Result<Answer> {
    let shell = visitor.shell("queue", visitor.words.s(ask.view.key()));
    let t = shell.t;
    ask.find_parent(r, visitor)?;
    let chips = chips(r, t, visitor, &mut ask)?;
    notices.extend(ask.notices());
    let counts = counts(r, visitor)?;
    let filter = ask.filter(visitor, practices);
    let (lit, found) = match &filter {
        Some(filter) if ask.by_lamp => by_lamp(r, visitor, filter, ask.order)?,
        Some(filter) => {
            let from = ask.from.as_deref();
            let found = list(r, visitor, filter, ask.order, ask.way, from, ROWS)?;
            (Vec::new(), found)
        }
        None => (Vec::new(), nothing()),
    };
    let tasks = tasks(r, &shell, visitor, &ask)?;
    let task_count = ask.view.task_count(&counts);
    let more = task_count - tasks.len() as i64;
    let is_handed_over = ask.view == View::HandedOver;
    let handed = match is_handed_over {
        true => handed_over(r, &found.rows)?,
        false => HashMap::new(),
    };
    let usual = ask.usual_sort(practices);
    let last = match ask.order.sort {
        by @ (Sort::Opened | Sort::Updated) => by,
        _ if usual == Sort::Due => Sort::Due,
        _ => Sort::Updated,
    };
    let empty = found
        .rows
        .is_empty()
        .then(|| empty(t, visitor, &ask, &counts));
    let words = TimeLeft::of(t);
    let mut rows = found.rows.into_iter().map(|row| {
        let known = handed.get(&row.id).copied().unwrap_or_default();
        row_view(&shell, &words, visitor, last, row, known)
    });
    let mut groups: Vec<Group> = Vec::new();
    for (lamp, n, shown) in lit {
        groups.push(Group {
            lamp: Some(lamp_head(t, &ask, lamp, n, shown)),
            rows: rows.by_ref().take(shown).collect(),
        });
    }
    let rest: Vec<RowView> = rows.collect();
    if !rest.is_empty() {
        let lamp = None;
        groups.push(Group { lamp, rows: rest });
    }
    Ok(Answer::html(&QueuePage {
        views: views::links(t, visitor, &counts, Some(ask.view)),
        count: ask
            .given
            .is_empty()
            .then(|| t.n("queue-open-count", ask.view.count(&counts))),
        tasks_heading: t.n("queue-tasks", task_count),
        tasks_more: (!tasks.is_empty() && more > 0).then(|| t.n("queue-tasks-more", more)),
        tasks,
        csv: ask.at("/queue.csv"),
        notices: notices.iter().map(|m| shell.say(m)).collect(),
        hidden: filters::hidden(&ask, filters::SMALL),
        selects: filters::small(t, &ask, practices),
        days: filters::days(t, &ask),
        all_filters: ask.at("/queue/filters"),
        sorts: sorts(t, &ask, usual),
        lamp_by_lamp: (usual == Sort::Due).then(|| (ask.lamp_by_lamp(), ask.by_lamp)),
        number: head(&ask, Sort::Number),
        priority: head(&ask, Sort::Priority),
        last: head(&ask, last),
        last_label: t.s(sort_key(last)),
        order: t.s(order_key(ask.order)),
        groups,
        handed_over: is_handed_over,
        previous: found.previous.map(|key| ask.page("before", &key)),
        next: found.next.map(|key| ask.page("after", &key)),
        can_take: !visitor.teams.is_empty(),
        at: ask.at("").trim_start_matches('?').to_owned(),
        empty,
        chips,
        form,
        shell,
    }))
}

/// The tasks of a view, due first, beside the beginning of its list; filters are for records.
fn tasks(r: &mut Read<'_>, shell: &Shell, visitor: &Visitor, ask: &Ask) -> Result<Vec<TaskRow>> {
    let plain = ask.given.is_empty() && ask.from.is_none();
    let Some(whose) = ask.view.tasks().filter(|_| plain) else {
        return Ok(Vec::new());
    };
    let found = open_tasks(r, visitor, whose, ROWS as i64)?;
    Ok(found
        .into_iter()
        .map(|task| {
            let number = task.number();
            let due = (task.due_at < Utc::FAR).then_some(task.due_at);
            TaskRow {
                number: number.to_string(),
                href: format!("{}#task-{}", number.path(), task.id),
                title: task.title,
                record_title: task.record_title,
                team: task.team,
                blocking: task.blocking,
                due: due.map(|at| shell.when(at)),
                late: due.is_some_and(|at| at < shell.now),
            }
        })
        .collect())
}

/// The filters in words. One whose value names nothing any more is left out and said.
fn chips(r: &mut Read<'_>, t: Words, visitor: &Visitor, ask: &mut Ask) -> Result<Vec<Chip>> {
    let mut chips = Vec::with_capacity(ask.given.len());
    for Given { param, value } in ask.given.clone() {
        match label(r, t, visitor, param, &value) {
            Ok(value) => chips.push(Chip {
                name: t.s(param_key(param)),
                value,
                without: ask.without(param),
            }),
            Err(Error::NotFound) => ask.drop(param),
            Err(e) => return Err(e),
        }
    }
    Ok(chips)
}

fn label(
    r: &mut Read<'_>,
    t: Words,
    visitor: &Visitor,
    param: Param,
    value: &str,
) -> Result<String> {
    fn id<T>(value: &str) -> Result<Id<T>> {
        value.parse().map_err(|_| Error::NotFound)
    }
    let conn: &mut Db = r;
    Ok(match param {
        Param::Show => t.s(filters::show_key(value)).into_owned(),
        Param::Kind => t.s(filters::kind_key(value)).into_owned(),
        Param::State => state_label(t, value).into_owned(),
        Param::Priority => priority_label(value.parse().unwrap_or_default()),
        Param::Channel => t.s(&filters::channel_key(value)).into_owned(),
        Param::Major => t.s("major-only").into_owned(),
        Param::Lamp => {
            Lamp::from_word(value).map_or_else(String::new, |lamp| t.s(lamp_key(lamp)).into_owned())
        }
        Param::OpenedFrom | Param::OpenedTo | Param::Parent => value.to_owned(),
        Param::Team if value == "none" => t.s("filter-no-team").into_owned(),
        Param::Team => people::team_name(conn, id(value)?)?,
        Param::Service => services::find_service(conn, id(value)?)?.name,
        Param::Category => services::find_category(conn, id(value)?)?.name,
        Param::Item => items::item_name(conn, id(value)?)?,
        Param::Location => people::find_location(conn, id(value)?)?.name,
        Param::Assignee if value == "me" => t.s("assignee-me").into_owned(),
        Param::Assignee if value == "none" => t.s("assignee-nobody").into_owned(),
        Param::Assignee | Param::Requester => {
            let person = id(value)?;
            if person == visitor.id {
                visitor.name.clone()
            } else {
                people::find_person(conn, person)?.name
            }
        }
    })
}

pub(super) const fn param_key(param: Param) -> &'static str {
    match param {
        Param::Show => "filter-show",
        Param::Kind => "filter-kind",
        Param::State => "filter-state",
        Param::Priority => "filter-priority",
        Param::Team => "filter-team",
        Param::Assignee => "filter-assignee",
        Param::Requester => "filter-requester",
        Param::Service => "filter-service",
        Param::Category => "filter-category",
        Param::Item => "filter-item",
        Param::Location => "filter-location",
        Param::Parent => "filter-parent",
        Param::Channel => "filter-channel",
        Param::Major => "filter-major",
        Param::Lamp => "filter-lamp",
        Param::OpenedFrom => "filter-opened-from",
        Param::OpenedTo => "filter-opened-to",
    }
}

const fn sort_key(sort: Sort) -> &'static str {
    match sort {
        Sort::Due => "sort-due",
        Sort::Priority => "sort-priority",
        Sort::Opened => "sort-opened",
        Sort::Updated => "sort-updated",
        Sort::Number => "sort-number",
    }
}

/// The order in words, for the table's caption.
const fn order_key(order: Order) -> &'static str {
    match (order.sort, order.ascending) {
        (Sort::Due, true) => "order-due-first",
        (Sort::Due, false) => "order-due-last",
        (Sort::Priority, true) => "order-priority",
        (Sort::Priority, false) => "order-priority-turned",
        (Sort::Opened, true) => "order-opened-oldest",
        (Sort::Opened, false) => "order-opened-newest",
        (Sort::Updated, true) => "order-updated-oldest",
        (Sort::Updated, false) => "order-updated-newest",
        (Sort::Number, true) => "order-number-lowest",
        (Sort::Number, false) => "order-number-highest",
    }
}

fn sorts(t: Words, ask: &Ask, usual: Sort) -> Vec<SortLink> {
    Sort::ALL
        .iter()
        .filter(|sort| **sort != Sort::Due || usual == Sort::Due)
        .map(|sort| SortLink {
            label: t.s(order_key(Order::natural(*sort))),
            href: ask.ordered(Order::natural(*sort)),
            current: ask.order == Order::natural(*sort) && !ask.by_lamp,
        })
        .collect()
}

/// The link of a heading: its own order, or turned round when the list has that already.
fn head(ask: &Ask, sort: Sort) -> Head {
    let natural = Order::natural(sort);
    let current = ask.order.sort == sort;
    let order = Order {
        ascending: if current {
            !ask.order.ascending
        } else {
            natural.ascending
        },
        sort,
    };
    let (word, arrow) = if ask.order.ascending {
        ("ascending", "up")
    } else {
        ("descending", "down")
    };
    Head {
        href: ask.ordered(order),
        sorted: current.then_some((word, Icon::line(arrow))),
    }
}

fn row_view(
    shell: &Shell,
    words: &TimeLeft,
    visitor: &Visitor,
    last: Sort,
    row: Row,
    known: HandedOver,
) -> RowView {
    let number = row.number();
    let clock = clock_view(shell, words, row.standing(), row.reported_at);
    RowView {
        number: number.to_string(),
        href: number.path(),
        state: state_label(shell.t, &row.state),
        state_icon: state_icon(&row.state),
        assignee: match (row.assignee_id, row.assignee) {
            (Some(id), _) if id == visitor.id => Assignee::You,
            (_, Some(name)) => Assignee::Person(name),
            _ => Assignee::Nobody,
        },
        at: (last != Sort::Due).then(|| {
            shell.when(match last {
                Sort::Opened => row.reported_at,
                _ => row.updated_at,
            })
        }),
        clock,
        heard: [
            ("affected-count", row.affected),
            ("chased-times", row.chased),
        ]
        .into_iter()
        .filter_map(|(key, n)| Some(shell.t.n(key, n.filter(|n| *n > 0)?)))
        .collect(),
        flag: handed_often(shell.t, row.handoffs),
        since: known.since.map(|at| shell.when(at)),
        last_word: known.last_word.map(|at| shell.when(at)),
        title: row.title,
        requester: row.requester,
        service: row.service,
        priority: row.priority,
        is_major: row.is_major,
        is_flagged: row.is_flagged,
        team: row.team,
    }
}

/// Three ways to be empty: filters that match nothing, a desk with nothing open, a view that is done.
fn empty(t: Words, visitor: &Visitor, ask: &Ask, counts: &Counts) -> Empty {
    let (heading, text, action, href) = if !ask.given.is_empty() || ask.from.is_some() {
        (
            "queue-nothing-matches",
            "queue-nothing-matches-text",
            "queue-drop-filters",
            ask.bare(),
        )
    } else if counts.open == 0 {
        (
            "queue-line-is-clear",
            "queue-line-is-clear-text",
            "log-a-call",
            "/calls/new".to_owned(),
        )
    } else {
        let other = if ask.view == View::Unassigned || visitor.teams.is_empty() {
            View::Open
        } else {
            View::Unassigned
        };
        let action = if other == View::Open {
            "queue-see-open"
        } else {
            "queue-see-unassigned"
        };
        (
            "queue-all-done",
            "queue-all-done-text",
            action,
            other.href().to_owned(),
        )
    };
    Empty {
        heading: t.s(heading),
        text: t.s(text),
        action: t.s(action),
        href,
    }
}
