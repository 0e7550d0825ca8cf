//! What will breach by a time of day, with who has it, to be given to somebody else in place.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use jiff::civil::Time;
use time::Duration;

use super::ask::Asked;
use super::frame::{self, Choice, SideGroup};
use super::sla::notices;
use crate::people::{
    Answer, Done, Flash, Form, FormView, Right, Shell, Visit, Visitor, When, list_agents,
    list_teams, new_form_key,
};
use crate::platform::db::{Db, Id, Read, Utc};
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::records::actions::{self as verbs, Assign};
use crate::records::{Number, Practices, pages};
use crate::reports::store::{self, DueRow};

const SIZE: i64 = 50;

/// The time of day that is asked for unless another one is.
const EVENING: Time = Time::constant(18, 0, 0, 0);

struct Line {
    number: String,
    href: String,
    title: String,
    target: String,
    priority: i32,
    due: When,
    team: String,
    assignee: String,
    team_id: String,
    assignee_id: String,
    seen: i64,
    key: String,
    n: usize,
}

#[derive(Template)]
#[template(path = "reports/due.html")]
struct Page {
    shell: Shell,
    side: Vec<SideGroup>,
    notices: Vec<String>,
    until: String,
    heading: String,
    rows: Vec<Line>,
    teams: Vec<Choice>,
    agents: Vec<Choice>,
    form: FormView,
    next: Option<String>,
}

pub async fn show(visit: Visit, request: HttpRequest) -> HttpResponse {
    let query = request.query_string().to_owned();
    visit
        .page(move |r, v| page(r, v, &query, FormView::fresh()))
        .await
}

/// The next time it is that late, in the reader's zone.
fn until(v: &Visitor, time: Time) -> Utc {
    let today = v.zone.local(v.now).date();
    let at = v.zone.instant(today.to_datetime(time)).unwrap_or(v.now);
    if at > v.now {
        return at;
    }
    let tomorrow = today.tomorrow().unwrap_or(today);
    v.zone
        .instant(tomorrow.to_datetime(time))
        .unwrap_or(v.now.plus(Duration::DAY))
}

fn page(r: &mut Db, v: &Visitor, query: &str, form: FormView) -> Result<Answer> {
    let shell = frame::shell(v, "report-due")?;
    let asked = Asked::read(r, v, query)?;
    let time = asked.until.parse().unwrap_or(EVENING);
    let until = until(v, time);
    let after = asked.after.map(|(at, id)| (at, Id::from_uuid(id)));
    let mut rows = store::due_until(r, v, v.now, until, after, SIZE + 1)?;
    let more = rows.len() as i64 > SIZE;
    rows.truncate(SIZE as usize);
    let last = rows.last().filter(|_| more);
    let next = last.map(|(id, row)| asked.next("/reports/due", row.due_at, id.uuid()));
    let teams = list_teams(r)?
        .into_iter()
        .filter(|t| t.disabled_at.is_none());
    let teams = teams.map(|t| choice(t.id.to_string(), t.name)).collect();
    let agents = list_agents(r)?.into_iter();
    let agents = agents.map(|p| choice(p.id.to_string(), p.name)).collect();
    Ok(Answer::html(&Page {
        side: frame::side(&shell, "/reports/due", Some(&asked)),
        notices: notices(&shell, &asked),
        until: format!("{:02}:{:02}", time.hour(), time.minute()),
        heading: shell.t.with1("report-due-by", "at", shell.when(until).full),
        rows: (rows.into_iter().enumerate())
            .map(|(n, (_, row))| line(&shell, n, row))
            .collect(),
        teams,
        agents,
        form,
        next,
        shell,
    }))
}

fn choice(value: String, label: String) -> Choice {
    Choice {
        value,
        label,
        chosen: false,
        is_data: true,
    }
}

fn line(shell: &Shell, n: usize, row: DueRow) -> Line {
    let number = Number {
        kind: row.kind,
        n: row.n,
    };
    Line {
        number: number.to_string(),
        href: number.path(),
        title: row.title,
        target: frame::target_word(shell.t, &row.target),
        priority: row.priority,
        due: shell.when(row.due_at),
        team: row.team.unwrap_or_default(),
        assignee: row.assignee.unwrap_or_default(),
        team_id: row.team_id.map(|id| id.to_string()).unwrap_or_default(),
        assignee_id: row.assignee_id.map(|id| id.to_string()).unwrap_or_default(),
        seen: row.facts,
        key: new_form_key(),
        n,
    }
}

/// Gives one of them to another team or person, and leads back to the list.
pub async fn assign(visit: Visit, practices: web::Data<Practices>, form: Form) -> HttpResponse {
    let practices = *practices.get_ref();
    visit
        .submit(
            form,
            move |w, v, ctx, form| {
                v.needs(Right::Manage)?;
                let number: Number =
                    (form.value("number").parse()).map_err(|()| Error::NotFound)?;
                let mut invalid = Invalid::default();
                let command = Assign {
                    seen: pages::seen(form),
                    team: pages::chosen(form, "team", &mut invalid),
                    assignee: pages::chosen(form, "assignee", &mut invalid),
                    ..Assign::default()
                };
                let command = invalid.or(command)?;
                verbs::assign(w, v, ctx, practices.of(number.kind), number, &command)?;
                let until = form.value("until");
                let time = until.parse::<Time>().map(|_| until).unwrap_or_default();
                let to = match time {
                    "" => "/reports/due".to_owned(),
                    time => format!("/reports/due?until={}", crate::people::percent_encode(time)),
                };
                Ok(Done::at(to).saying(Flash::ok("assignment-saved")))
            },
            |r: &mut Read<'_>, v, form, error| {
                let view = FormView::again(&v.shell("", ""), form, error);
                let until = crate::people::percent_encode(form.value("until"));
                page(r, v, &format!("until={until}"), view)
            },
        )
        .await
}
