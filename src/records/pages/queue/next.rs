//! What is next, and why: the page that says it, and the button that takes it.

use actix_web::{HttpResponse, web};
use askama::Template;
use time::Duration;

use super::page;
use crate::people::{self, Answer, Done, Flash, Form, FormView, Shell, Team, Visit, Visitor, When};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;
use crate::records::actions::{self, Next};
use crate::records::fair::{Class, EVERY};
use crate::records::model::Record;
use crate::records::{Practices, priority_label, state_icon, state_label, store};

/// Rows of the order that are shown.
const SHOWN: i64 = 30;

#[derive(Template)]
#[template(path = "records/next.html")]
struct Page {
    shell: Shell,
    next: Option<Row>,
    /// Why it is next, sentence by sentence.
    why: Vec<String>,
    /// The fair orders of the visitor's teams, where they take so.
    orders: Vec<Order>,
    form: FormView,
}

/// The beginning of a team's order.
struct Order {
    team: String,
    turns: String,
    rows: Vec<Row>,
}

struct Row {
    number: String,
    href: String,
    title: String,
    kind: String,
    priority: i32,
    priority_text: String,
    state: String,
    icon: crate::platform::web::icon::Icon,
    entered: When,
    place: Option<When>,
}

impl Row {
    fn of(shell: &Shell, record: &Record) -> Self {
        let kind = format!("kind-{}", record.kind);
        Self {
            number: record.number().to_string(),
            href: record.number().path(),
            title: record.title.clone(),
            kind: shell.t.s(&kind).into_owned(),
            priority: record.priority,
            priority_text: priority_label(record.priority),
            state: state_label(shell.t, &record.state).into_owned(),
            icon: state_icon(&record.state),
            entered: shell.when(record.entered_at),
            place: Class::of(record.kind).map(|_| shell.when(record.virtual_deadline)),
        }
    }
}

/// `GET /queue/next`
pub async fn show(visit: Visit) -> HttpResponse {
    visit.page(|r, v| answer(r, v)).await
}

fn answer(r: &mut Db, visitor: &Visitor) -> Result<Answer> {
    let shell = visitor.shell("queue", visitor.words.s("queue-next"));
    let next = actions::next(r, visitor)?;
    let mut orders = Vec::new();
    for team in actions::fair_teams_of(r, visitor)? {
        orders.push(order(r, &shell, visitor, team)?);
    }
    let why = next.as_ref().map(|next| reasons(&shell, next));
    Ok(Answer::html(&Page {
        why: why.unwrap_or_default(),
        next: next.map(|next| Row::of(&shell, next.record())),
        orders,
        form: FormView::fresh(),
        shell,
    }))
}

fn order(conn: &mut Db, shell: &Shell, visitor: &Visitor, team: Id<Team>) -> Result<Order> {
    let since = store::turn_of(conn, team)?;
    let rows = store::fair_order(conn, visitor, team, SHOWN)?;
    let left = i64::from(EVERY) - 1 - i64::from(since.0);
    Ok(Order {
        team: people::team_name(conn, team)?,
        turns: shell.t.n("fair-turns", left),
        rows: rows.iter().map(|row| Row::of(shell, row)).collect(),
    })
}

/// Why something is next, in sentences.
fn reasons(shell: &Shell, next: &Next) -> Vec<String> {
    let t = shell.t;
    let Next::Fair {
        record, instead_of, ..
    } = next
    else {
        return vec![t.s("next-most-urgent").into_owned()];
    };
    let mut said = Vec::new();
    match instead_of {
        Some(other) => {
            let number = other.number().to_string();
            let place = shell.when(other.virtual_deadline).full;
            said.push(t.with2(
                "next-reserved",
                "number",
                number.as_str(),
                "place",
                place.as_str(),
            ));
        }
        None => said.push(t.s("next-earliest").into_owned()),
    }
    let entered = shell.when(record.entered_at).full;
    let place = shell.when(record.virtual_deadline).full;
    said.push(t.with2(
        "next-place",
        "entered",
        entered.as_str(),
        "place",
        place.as_str(),
    ));
    // What lies between its entry and its place besides the allowance of today: pauses, or another
    // allowance then.
    let between = record.virtual_deadline.micros() - record.entered_at.micros();
    let hours = Duration::microseconds(between).whole_hours();
    said.push(t.n("next-allowance", hours));
    said
}

/// `POST /queue/next`
pub async fn take(visit: Visit, form: Form, practices: web::Data<Practices>) -> HttpResponse {
    let practices = *practices.get_ref();
    visit
        .submit(
            form,
            move |w, visitor, ctx, _| {
                let next = actions::take_next(w, visitor, ctx, practices.0)?;
                let number = next.record().number();
                let flash = match &next {
                    Next::MostUrgent(_) => Flash::ok("queue-taken").arg("number", number),
                    Next::Fair {
                        instead_of: None, ..
                    } => Flash::ok("queue-taken-earliest").arg("number", number),
                    Next::Fair {
                        instead_of: Some(other),
                        ..
                    } => Flash::ok("queue-taken-reserved")
                        .arg("number", number)
                        .arg("other", other.number()),
                };
                Ok(Done::at(number.path()).saying(flash))
            },
            move |r, visitor, form, error| page::again(r, visitor, practices, form, error),
        )
        .await
}
