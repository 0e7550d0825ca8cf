//! Telling the open incidents of a problem: whom each way reaches is on the page that sends it.

use actix_web::Responder;
use askama::Template;

use super::{Line, Top};
use crate::people::{Answer, Done, Flash, Form, FormView, Shell, Visit, Visitor};
use crate::platform::db::Db;
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::problems::actions::{self, Found, Reached, Tell};
use crate::problems::rules::known_errors::{Audience, Reaches};
use crate::records::pages::{LONGEST_TEXT, Target};

#[derive(Template)]
#[template(path = "problems/telling.html")]
struct Page {
    shell: Shell,
    path: String,
    number: String,
    title: String,
    ways: Vec<Way>,
    form: FormView,
}

/// One audience, and whom it reaches.
struct Way {
    word: &'static str,
    /// Names what is shown here; the press says which it was shown.
    token: String,
    label: String,
    reached: Vec<Line>,
    left: Vec<Line>,
}

/// Key of what an audience means here, with a count.
const fn means(audience: Audience) -> &'static str {
    match audience {
        Audience::Requesters => "telling-replies",
        Audience::Desk => "telling-notes",
    }
}

fn way(
    conn: &mut Db,
    shell: &Shell,
    visitor: &Visitor,
    found: &Found,
    audience: Audience,
) -> Result<Way> {
    let all = actions::reached(conn, visitor, found, audience)?;
    let line = |one: &Reached| {
        let who = one.requester.clone().unwrap_or_default();
        let note = match (audience, one.followers) {
            (Audience::Requesters, 1..) => {
                let others = shell.t.n("telling-followers", one.followers as i64);
                format!("{who} {others}")
            }
            (Audience::Requesters, _) => who,
            (Audience::Desk, _) => String::new(),
        };
        Line::of(
            shell,
            one.record.number(),
            &one.record.title,
            &one.record.state,
            note,
        )
    };
    let told = |one: &&Reached| one.how != Reaches::No;
    let reached: Vec<Line> = all.iter().filter(told).map(line).collect();
    Ok(Way {
        word: audience.word(),
        token: actions::token(&all),
        label: shell.t.n(means(audience), reached.len() as i64),
        left: all.iter().filter(|one| !told(one)).map(line).collect(),
        reached,
    })
}

fn page(
    conn: &mut Db,
    visitor: &Visitor,
    target: Target,
    form: impl FnOnce(&Shell) -> FormView,
) -> Result<Answer> {
    let top = Top::read(conn, visitor, target, "telling")?;
    let shell = top.shell;
    let mut ways = Vec::new();
    for audience in [Audience::Requesters, Audience::Desk] {
        ways.push(way(conn, &shell, visitor, &top.found, audience)?);
    }
    let form = form(&shell).preset("text", &top.found.problem.workaround);
    let form = form.preset("audience", Audience::Desk.word());
    Ok(Answer::html(&Page {
        path: top.path,
        number: top.number,
        title: top.title,
        ways,
        form,
        shell,
    }))
}

/// `GET /problems/PRB-1/telling`
pub async fn show(visit: Visit, target: Target) -> impl Responder {
    target
        .page(visit, move |r, v| page(r, v, target, |_| FormView::fresh()))
        .await
}

/// `POST /problems/PRB-1/telling`
pub async fn tell(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let mut invalid = Invalid::default();
                let text = form.text("text", LONGEST_TEXT, &mut invalid);
                let audience = Audience::from_word(form.value("audience"));
                if audience.is_none() {
                    invalid.add("audience", "error-choose");
                }
                let (Some(audience), true) = (audience, invalid.is_empty()) else {
                    return Err(Error::Invalid(invalid));
                };
                let command = Tell {
                    audience,
                    text,
                    shown: form.value(&format!("shown_{audience}")).to_owned(),
                };
                let told = actions::tell_incidents(w, v, ctx, target.number, &command)?;
                let flash = Flash::ok("telling-told").arg("count", told);
                Ok(Done::at(target.path()).saying(flash))
            },
            move |r, v, form, error| {
                page(r, v, target, |shell| FormView::again(shell, form, error))
            },
        )
        .await
}
