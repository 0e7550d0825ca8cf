//! Whom the visitor lets decide in their place, and for whom they stand in.

use actix_web::web::Path;
use actix_web::{HttpResponse, Responder};
use askama::Template;

use crate::approvals::actions::{self, Delegate};
use crate::approvals::store::delegations;
use crate::people::{self, Answer, Done, Flash, Form, FormView, Right, Shell, Visit, Visitor};
use crate::platform::db::{Db, Utc};
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::platform::kernel::zone::Zone;
use crate::records::pages::read_local;

#[derive(Template)]
#[template(path = "approvals/delegations.html")]
struct Page {
    shell: Shell,
    form: FormView,
    people: Vec<(String, String)>,
    rows: Vec<RowView>,
    alert: Option<FormView>,
}

struct RowView {
    id: String,
    key: String,
    /// The other one.
    name: String,
    /// Whether the visitor is the one who is away.
    given: bool,
    /// First and last day, as they were chosen where whoever is away lives.
    days: [Day; 2],
    now: bool,
}

/// A day for machines and for people.
struct Day {
    iso: String,
    shown: String,
}

impl Day {
    fn of(shell: &Shell, zone: &Zone, at: Utc) -> Self {
        let local = zone.local(at);
        let month = shell.t.s(&format!("month-{}", local.month()));
        Self {
            iso: local.date().to_string(),
            shown: format!("{} {month} {}", local.day(), local.year()),
        }
    }
}

pub async fn show(visit: Visit) -> impl Responder {
    visit.page(|r, v| page(r, v, FormView::fresh(), None)).await
}

pub async fn give(visit: Visit, form: Form) -> HttpResponse {
    visit
        .submit(
            form,
            |w, v, ctx, form| {
                v.needs(Right::Approve)?;
                let mut invalid = Invalid::default();
                let at = |field| read_local(form.value(field), &v.zone);
                let wanted = Delegate {
                    to: form.parsed("to", &mut invalid),
                    starts_at: at("starts"),
                    ends_at: at("ends").and_then(|day| end_of(&v.zone, day)),
                };
                invalid.or(())?;
                actions::delegate(w, v, ctx, wanted)?;
                Ok(Done::at("/approvals/delegations").saying(Flash::ok("delegation-given")))
            },
            |r, v, form, error| {
                let view = FormView::again(&v.shell("", ""), form, error);
                page(r, v, view, None)
            },
        )
        .await
}

/// The last day counts whole, also one of 23 or 25 hours.
fn end_of(zone: &Zone, day: Utc) -> Option<Utc> {
    let next = zone.local(day).date().tomorrow().ok()?;
    zone.instant(next.at(0, 0, 0, 0))
}

pub async fn end(visit: Visit, id: Path<String>, form: Form) -> HttpResponse {
    visit
        .submit(
            form,
            move |w, v, ctx, _| {
                let id = id.parse().map_err(|_| Error::NotFound)?;
                actions::end_delegation(w, v, ctx, id)?;
                Ok(Done::at("/approvals/delegations").saying(Flash::ok("delegation-ended")))
            },
            |r, v, form, error| {
                let view = FormView::again(&v.shell("", ""), form, error);
                page(r, v, FormView::fresh(), Some(view))
            },
        )
        .await
}

fn page(
    conn: &mut Db,
    visitor: &Visitor,
    form: FormView,
    alert: Option<FormView>,
) -> Result<Answer> {
    visitor.needs(Right::Approve)?;
    let shell = visitor.shell("approvals", visitor.words.s("delegations-title"));
    let found = delegations::of_person(conn, visitor.id, visitor.now)?;
    let ids: Vec<_> = found.iter().flat_map(|d| [d.from_id, d.to_id]).collect();
    let names = people::people_by_ids(conn, &ids)?;
    let zones = delegations::zones_of(conn, &ids)?;
    let rows = found.iter().map(|delegation| {
        let given = delegation.from_id == visitor.id;
        let other = if given {
            delegation.to_id
        } else {
            delegation.from_id
        };
        let away = zones.iter().find(|(id, _)| *id == delegation.from_id);
        let zone = away.and_then(|(_, zone)| Zone::named(zone));
        let zone = zone.unwrap_or_else(Zone::utc);
        let last = Utc::from_micros(delegation.ends_at.micros() - 1);
        RowView {
            id: delegation.id.to_string(),
            key: people::new_form_key(),
            name: (names.iter().find(|p| p.id == other))
                .map_or_else(String::new, |p| p.name.clone()),
            given,
            days: [delegation.starts_at, last].map(|at| Day::of(&shell, &zone, at)),
            now: delegation.starts_at <= visitor.now,
        }
    });
    let rows = rows.collect();
    let people = people::list_agents(conn)?.into_iter();
    Ok(Answer::html(&Page {
        people: (people.filter(|p| p.id != visitor.id))
            .map(|p| (p.id.to_string(), p.name))
            .collect(),
        rows,
        form,
        alert,
        shell,
    }))
}
