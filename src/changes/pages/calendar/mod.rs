//! The calendar: a month, a week by service, or a list, of changes, freezes and maintenance windows.

mod events;
mod month;
mod week;

use std::collections::HashMap;

use actix_web::Responder;
use actix_web::web::Query;
use askama::Template;
use jiff::civil::Date;

use self::events::{Event, Events, Trouble, events};
use self::month::{Day, weeks};
use self::week::{Drawn, Week, week};
use super::freezes::scope_in_words;
use super::maintenance::hours_in_words;
use super::{WEEKDAYS, service_choices, service_names, team_names};
use crate::changes::actions;
use crate::changes::rules::calendar::{between, monday, month_days};
use crate::changes::rules::maintenance::{Weekly, meant};
use crate::changes::rules::window::Span;
use crate::changes::{model::Maintenance, store};
use crate::people::{Answer, Right, Shell, Visit, Visitor, When};
use crate::platform::db::{Id, Read};
use crate::platform::kernel::error::Result;
use crate::services::Service;

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
    hours: Vec<HoursView>,
    events: Vec<Event>,
    weekdays: Vec<String>,
    weeks: Vec<Vec<Day>>,
    week: Option<Week>,
    /// So many changes collide or lie in a freeze; the first of them are named.
    conflicts: usize,
    troubles: Vec<Trouble>,
    may_manage: bool,
}

/// So many collisions are named above the calendar.
const NAMED: usize = 5;

struct FreezeView {
    name: String,
    href: String,
    from: When,
    to: When,
    scope: String,
}

/// A maintenance window, in words.
struct HoursView {
    name: String,
    href: String,
    hours: String,
    scope: String,
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
    let frozen = store::freezes_between(conn, span)?;
    let names = service_names(conn)?;
    let Events {
        all: mut events,
        troubles,
    } = events(conn, &shell, &live, &frozen, &names)?;
    // Whoever asks for the month has every change in it already.
    if !(ask.chosen && ask.view == View::Month) {
        for event in &mut events {
            event.listed = Some((shell.when(event.span.starts), shell.when(event.span.ends)));
        }
    }
    let all_hours = actions::maintenance_hours(conn)?;
    let hours = hours_of(&all_hours, ask.service);
    let mut rules: Vec<_> = frozen.iter().map(actions::freeze).collect();
    // Asked for one service, what freezes others is none of its business.
    if let Some(service) = ask.service {
        rules.retain(|freeze| freeze.scope.concerns(service));
    }
    let week = (ask.view == View::Week).then(|| {
        week(&Drawn {
            shell: &shell,
            span,
            days: &days,
            events: &events,
            names: &names,
            freezes: &rules,
            hours: &all_hours,
        })
    });
    let weeks = match ask.view {
        View::Month => weeks(&shell, &days, ask.day.month(), &events, &rules, &hours),
        _ => Vec::new(),
    };
    let teams = team_names(conn)?;
    let freezes = rules.iter().map(|freeze| FreezeView {
        name: freeze.key.name.clone(),
        href: format!("/changes/freezes/{}", freeze.key.id),
        from: shell.when(freeze.span.starts),
        to: shell.when(freeze.span.ends),
        scope: scope_in_words(&shell, freeze, &names, &teams),
    });
    // The list has room for the hours of each service, too.
    let listed = match ask.service {
        Some(_) => &hours,
        None => &all_hours,
    };
    let hours = listed.iter().map(|(row, _)| HoursView {
        name: row.name.clone(),
        href: format!("/changes/maintenance/{}", row.id),
        hours: hours_in_words(&shell, row),
        scope: super::maintenance::scope_in_words(&shell, row, &names),
    });
    Ok(Answer::html(&CalendarPage {
        heading: heading(&shell, &ask, &days),
        // A narrow screen gets the list where nobody asked for a view.
        view: match ask.chosen {
            true => ask.view.word(),
            false => "either",
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
        freezes: freezes.collect(),
        hours: hours.collect(),
        conflicts: events.iter().filter(|e| e.clash || e.frozen).count(),
        troubles: troubles.into_iter().take(NAMED).collect(),
        may_manage: visitor.has(Right::ManageChanges),
        weekdays: weekdays(&shell),
        weeks,
        week,
        events,
        shell,
    }))
}

/// The maintenance windows of a service; without one, those that are not of one service only.
fn hours_of(
    all: &[(Maintenance, Weekly)],
    service: Option<Id<Service>>,
) -> Vec<(Maintenance, Weekly)> {
    let rules: Vec<&Weekly> = all.iter().map(|(_, weekly)| weekly).collect();
    let meant = meant(&rules, service, None);
    let is_meant = |weekly: &Weekly| meant.iter().any(|m| std::ptr::eq(*m, weekly));
    let all = all.iter().filter(|(_, weekly)| is_meant(weekly));
    all.cloned().collect()
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
