//! The calendar: a month, a week by service, or a list, of changes and freezes.

use std::collections::HashMap;

use actix_web::Responder;
use actix_web::web::Query;
use askama::Template;
use jiff::civil::Date;

use super::{WEEKDAYS, service_choices};
use crate::changes::actions;
use crate::changes::besides::type_key;
use crate::changes::model::FreezeRow;
use crate::changes::rules::calendar::{between, days_of, monday, month_days, share};
use crate::changes::rules::conflicts::{Graph, Planned, conflicts};
use crate::changes::rules::freezes::{Deed, stopping};
use crate::changes::rules::steps::{ChangeType, is_planning};
use crate::changes::rules::window::Span;
use crate::changes::store::{self, Live};
use crate::people::{Answer, Right, Shell, Visit, Visitor, When};
use crate::platform::db::{Db, Id, Read};
use crate::platform::kernel::error::Result;
use crate::records::{Number, Record, state_label};
use crate::services::{self, Service};

/// How the changes are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum View {
    Month,
    Week,
    List,
}

impl View {
    const ALL: [View; 3] = [View::Month, View::Week, View::List];

    const fn word(self) -> &'static str {
        match self {
            View::Month => "month",
            View::Week => "week",
            View::List => "list",
        }
    }

    const fn label(self) -> &'static str {
        match self {
            View::Month => "calendar-month",
            View::Week => "calendar-by-week",
            View::List => "calendar-list",
        }
    }
}

#[derive(Template)]
#[template(path = "changes/calendar.html")]
struct CalendarPage {
    shell: Shell,
    heading: String,
    view: &'static str,
    views: Vec<(&'static str, String, bool)>,
    previous: String,
    today: String,
    next: String,
    /// What else the filter's form carries.
    at: String,
    service: String,
    services: Vec<(String, String)>,
    freezes: Vec<FreezeView>,
    events: Vec<Event>,
    weekdays: Vec<String>,
    weeks: Vec<Vec<Day>>,
    lanes: Vec<Lane>,
    /// Where each day of the week begins, in thousandths, with its name.
    columns: Vec<(i64, String)>,
    conflicts: usize,
    may_manage: bool,
    /// The week's picture is so high.
    height: usize,
}

struct FreezeView {
    name: String,
    href: String,
    from: When,
    to: When,
}

/// A change as the calendar shows it.
#[derive(Clone)]
struct Event {
    number: String,
    href: String,
    title: String,
    class: &'static str,
    kind: String,
    state: String,
    clash: bool,
    frozen: bool,
    time: String,
    from: When,
    to: When,
    services: String,
}

struct Day {
    n: i8,
    other: bool,
    today: bool,
    freezes: Vec<String>,
    events: Vec<Event>,
}

/// The changes of a service, and where they stand in the week.
struct Lane {
    name: String,
    y: usize,
    boxes: Vec<(i64, i64, Event)>,
}

/// What is asked for.
struct Ask {
    view: View,
    /// The list that a narrow screen gets in the place of a table nobody can read there.
    chosen: bool,
    day: Date,
    service: Option<Id<Service>>,
}

impl Ask {
    fn of(query: &HashMap<String, String>, today: Date) -> Self {
        let value = |name: &str| query.get(name).map_or("", String::as_str);
        let chosen = View::ALL.into_iter().find(|v| v.word() == value("view"));
        Self {
            view: chosen.unwrap_or(View::Month),
            chosen: chosen.is_some(),
            // A year far away is nobody's plan, and an empty page helps nobody.
            day: (value("at").parse().ok())
                .filter(|day: &Date| (2000..2200).contains(&day.year()))
                .unwrap_or(today),
            service: value("service").parse().ok(),
        }
    }

    fn href(&self, view: View) -> String {
        format!("{}&view={}", self.on(self.day), view.word())
    }

    /// Another day, seen as this one is; where nobody chose a view, none is chosen.
    fn moved_to(&self, day: Date) -> String {
        let view = self.view.word();
        let view = self.chosen.then(|| format!("&view={view}"));
        self.on(day) + &view.unwrap_or_default()
    }

    fn on(&self, day: Date) -> String {
        let service = self
            .service
            .map_or_else(String::new, |id| format!("&service={id}"));
        format!("/changes/calendar?at={day}{service}")
    }

    /// The day this view begins at when it moves on by one.
    fn moved(&self, by: i64) -> Date {
        let span = match self.view {
            View::Month | View::List => jiff::Span::new().months(by),
            View::Week => jiff::Span::new().weeks(by),
        };
        let first = match self.view {
            View::Month | View::List => self.day.first_of_month(),
            View::Week => self.day,
        };
        first.checked_add(span).unwrap_or(self.day)
    }

    fn days(&self) -> Vec<Date> {
        match self.view {
            View::Month => month_days(self.day.year(), self.day.month()),
            View::Week => monday(self.day)
                .series(jiff::Span::new().days(1))
                .take(7)
                .collect(),
            View::List => {
                let first = self.day.first_of_month();
                let days = usize::try_from(first.days_in_month()).unwrap_or(31);
                first.series(jiff::Span::new().days(1)).take(days).collect()
            }
        }
    }
}

/// `GET /changes/calendar?view=week&at=2026-11-21&service=…`.
pub async fn show(visit: Visit, query: Query<HashMap<String, String>>) -> impl Responder {
    let query = query.into_inner();
    visit.page(move |r, v| page(r, v, &query)).await
}

fn page(conn: &mut Read<'_>, visitor: &Visitor, query: &HashMap<String, String>) -> Result<Answer> {
    visitor.needs(Right::Work)?;
    let shell = visitor.shell("changes", visitor.words.s("change-calendar"));
    let today = visitor.zone.local(visitor.now).date();
    let ask = Ask::of(query, today);
    let days = ask.days();
    let after = days.last().and_then(|day| day.tomorrow().ok());
    let span = (days.first().zip(after))
        .and_then(|(first, after)| between(&visitor.zone, *first, after))
        .unwrap_or(Span::new(visitor.now, visitor.now));
    let live = store::live_between(conn, visitor, span, ask.service)?;
    let freezes = store::freezes_between(conn, span)?;
    let (events, of_services) = events(conn, &shell, &live, &freezes)?;
    let names: HashMap<Id<Service>, String> = services::list_services(conn)?
        .into_iter()
        .map(|s| (s.id, s.name))
        .collect();
    let lanes = match ask.view {
        View::Week => lanes(span, &live, &events, &of_services, &names, &shell),
        _ => Vec::new(),
    };
    let weeks = match ask.view {
        View::Month => weeks(&shell, &ask, &days, today, &live, &events, &freezes),
        _ => Vec::new(),
    };
    let mut events = events;
    for (event, live) in events.iter_mut().zip(&live) {
        let of = of_services.get(&live.id).into_iter().flatten();
        let of: Vec<&str> = of
            .filter_map(|id| names.get(id))
            .map(String::as_str)
            .collect();
        event.services = of.join(", ");
    }
    let columns = match ask.view {
        View::Week => columns(&shell, span, &days),
        _ => Vec::new(),
    };
    Ok(Answer::html(&CalendarPage {
        heading: heading(&shell, &ask, &days),
        // A narrow screen gets the list where nobody asked for a view.
        view: if ask.chosen {
            ask.view.word()
        } else {
            "either"
        },
        views: View::ALL
            .into_iter()
            .map(|v| (v.label(), ask.href(v), ask.chosen && v == ask.view))
            .collect(),
        previous: ask.moved_to(ask.moved(-1)),
        today: ask.moved_to(today),
        next: ask.moved_to(ask.moved(1)),
        at: ask.day.to_string(),
        services: service_choices(conn, "")?,
        service: ask.service.map_or_else(String::new, |id| id.to_string()),
        freezes: freezes
            .iter()
            .map(|freeze| FreezeView {
                name: freeze.name.clone(),
                href: format!("/changes/freezes/{}", freeze.id),
                from: shell.when(freeze.starts_at),
                to: shell.when(freeze.ends_at),
            })
            .collect(),
        conflicts: events.iter().filter(|e| e.clash || e.frozen).count(),
        height: 24 + lanes.len() * LANE,
        may_manage: visitor.has(Right::ManageChanges),
        weekdays: weekdays(&shell),
        weeks,
        lanes,
        columns,
        events,
        shell,
    }))
}

fn month_name(shell: &Shell, month: i8) -> String {
    shell.t.s(&format!("month-{month}")).into_owned()
}

fn heading(shell: &Shell, ask: &Ask, days: &[Date]) -> String {
    let named = |day: &Date| format!("{} {}", day.day(), month_name(shell, day.month()));
    match (ask.view, days.first(), days.last()) {
        (View::Week, Some(first), Some(last)) => {
            format!("{} – {} {}", named(first), named(last), last.year())
        }
        _ => format!("{} {}", month_name(shell, ask.day.month()), ask.day.year()),
    }
}

fn weekdays(shell: &Shell) -> Vec<String> {
    let day = |n: usize| {
        shell
            .t
            .s(WEEKDAYS.get(n).copied().unwrap_or("day-monday"))
            .into_owned()
    };
    (0..7).map(day).collect()
}

type OfServices = HashMap<Id<Record>, Vec<Id<Service>>>;

/// The changes of the page, each with whether it collides or lies in a freeze.
fn events(
    conn: &mut Db,
    shell: &Shell,
    live: &[Live],
    freezes: &[FreezeRow],
) -> Result<(Vec<Event>, OfServices)> {
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
    let mut out = Vec::with_capacity(live.len());
    for one in live {
        let (Some(starts), Some(ends)) = (one.starts_at, one.ends_at) else {
            continue;
        };
        let waits = is_planning(&one.state);
        let mine = planned.iter().find(|p| p.change == one.id);
        let clash = waits && mine.is_some_and(|m| !conflicts(m, &planned, &graph, 0).is_empty());
        let touches = actions::touches_of(one, services.get(&one.id));
        let span = Span::new(starts, ends);
        let frozen =
            waits && !stopping(&known, &touches, Deed::Schedule, span, shell.now).is_empty();
        out.push(event(shell, one, clash, frozen, (starts, ends)));
    }
    Ok((out, services))
}

fn event(
    shell: &Shell,
    one: &Live,
    clash: bool,
    frozen: bool,
    (starts, ends): (crate::platform::db::Utc, crate::platform::db::Utc),
) -> Event {
    let number = Number {
        kind: crate::records::Kind::Change,
        n: one.number,
    };
    let decided = !["draft", "assessment", "awaiting_approval"].contains(&one.state.as_str());
    let local = shell.zone.local(starts);
    Event {
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
        from: shell.when(starts),
        to: shell.when(ends),
        services: String::new(),
    }
}

fn weeks(
    shell: &Shell,
    ask: &Ask,
    days: &[Date],
    today: Date,
    live: &[Live],
    events: &[Event],
    freezes: &[FreezeRow],
) -> Vec<Vec<Day>> {
    let mut all: Vec<Day> = days
        .iter()
        .map(|day| Day {
            n: day.day(),
            other: day.month() != ask.day.month(),
            today: *day == today,
            freezes: Vec::new(),
            events: Vec::new(),
        })
        .collect();
    for freeze in freezes {
        let span = Span::new(freeze.starts_at, freeze.ends_at);
        for n in days_of(&shell.zone, span, days) {
            if let Some(day) = all.get_mut(n) {
                day.freezes.push(freeze.name.clone());
            }
        }
    }
    for (one, event) in live.iter().zip(events) {
        let Some((starts, ends)) = one.starts_at.zip(one.ends_at) else {
            continue;
        };
        for n in days_of(&shell.zone, Span::new(starts, ends), days) {
            if let Some(day) = all.get_mut(n) {
                day.events.push(event.clone());
            }
        }
    }
    let mut weeks = Vec::new();
    while !all.is_empty() {
        let rest = all.split_off(all.len().min(7));
        weeks.push(all);
        all = rest;
    }
    weeks
}

/// How high a lane is.
const LANE: usize = 42;

fn lanes(
    span: Span,
    live: &[Live],
    events: &[Event],
    of_services: &OfServices,
    names: &HashMap<Id<Service>, String>,
    shell: &Shell,
) -> Vec<Lane> {
    let mut lanes: Vec<(String, Vec<(i64, i64, Event)>)> = Vec::new();
    for (one, event) in live.iter().zip(events) {
        let Some((starts, ends)) = one.starts_at.zip(one.ends_at) else {
            continue;
        };
        let Some((from, wide)) = share(span, Span::new(starts, ends)) else {
            continue;
        };
        let of = of_services.get(&one.id).into_iter().flatten();
        let mut of: Vec<String> = of.filter_map(|id| names.get(id)).cloned().collect();
        if of.is_empty() {
            of.push(shell.t.s("calendar-no-service").into_owned());
        }
        for name in of {
            let place = (from, wide, event.clone());
            match lanes.iter_mut().find(|(lane, _)| *lane == name) {
                Some((_, boxes)) => boxes.push(place),
                None => lanes.push((name, vec![place])),
            }
        }
    }
    lanes.sort_by(|a, b| a.0.cmp(&b.0));
    let lane = |(n, (name, boxes))| Lane {
        name,
        y: 24 + n * LANE,
        boxes,
    };
    lanes.into_iter().enumerate().map(lane).collect()
}

fn columns(shell: &Shell, span: Span, days: &[Date]) -> Vec<(i64, String)> {
    days.iter()
        .enumerate()
        .filter_map(|(n, day)| {
            let of = between(&shell.zone, *day, day.tomorrow().ok()?)?;
            let (from, _) = share(span, of)?;
            let name = shell
                .t
                .s(WEEKDAYS.get(n).copied().unwrap_or("day-monday"))
                .into_owned();
            Some((from, format!("{name} {}", day.day())))
        })
        .collect()
}

impl Lane {
    fn middle(&self) -> usize {
        self.y + 25
    }

    /// Where a thousandth of the week stands in the picture.
    fn x(&self, at: &i64) -> i64 {
        124 + at * 1008 / 1000
    }

    fn width(&self, wide: &i64) -> i64 {
        (wide * 1008 / 1000).max(8)
    }
}

impl CalendarPage {
    fn x(&self, at: &i64) -> i64 {
        124 + at * 1008 / 1000
    }
}
