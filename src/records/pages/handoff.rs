//! Handing a record to another team, and sending back what was handed here.

use actix_web::Responder;
use actix_web::web::{self, ServiceConfig};
use askama::Template;

use super::conflict;
use super::entries::seen;
use super::target::{SCOPE, Target};
use crate::people::{self, Answer, Done, Flash, Form, FormView, Shell, Team, Visit, Visitor};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::platform::kernel::markdown::{self, SafeHtml};
use crate::records::actions::{self, HandOff, SendBack, Sentence};
use crate::records::{detail, rules, store};

/// Characters of what was tried, what is wanted, and why it is sent back.
pub const LONGEST_SENTENCE: usize = 2_000;

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(
        web::resource(format!("{SCOPE}/handoff"))
            .route(web::get().to(ask))
            .route(web::post().to(hand_off)),
    )
    .service(
        web::resource(format!("{SCOPE}/handoff/return"))
            .route(web::get().to(ask_back))
            .route(web::post().to(send_back)),
    );
}

#[derive(Template)]
#[template(path = "records/handoff.html")]
struct HandOffPage {
    shell: Shell,
    path: String,
    number: String,
    title: String,
    /// Who has it, and who answers to the caller: that stays.
    from: Option<String>,
    owner: Option<String>,
    teams: Vec<(Id<Team>, String)>,
    form: FormView,
}

/// The form, empty or given back; it also takes what was typed where it can no longer be done.
pub fn page(
    conn: &mut Db,
    visitor: &Visitor,
    target: Target,
    form: impl FnOnce(&Shell) -> FormView,
) -> Result<Answer> {
    let found = detail::find_detail(conn, visitor, target.number)?;
    let shell = visitor.shell("queue", visitor.words.s("verb-hand-off"));
    let teams = people::list_teams(conn)?
        .into_iter()
        .filter(|team| team.disabled_at.is_none() && Some(team.id) != found.record.team_id)
        .map(|team| (team.id, team.name))
        .collect();
    Ok(Answer::html(&HandOffPage {
        path: target.path(),
        number: target.number.to_string(),
        title: found.record.title,
        from: found.team,
        owner: found.owner_team,
        teams,
        form: form(&shell).preset("seen", found.record.facts),
        shell,
    }))
}

async fn ask(visit: Visit, target: Target) -> impl Responder {
    target
        .page(visit, move |r, v| {
            actions::before_handoff(r, v, target.number)?;
            page(r, v, target, |_| FormView::fresh())
        })
        .await
}

async fn hand_off(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let command = command(form)?;
                actions::hand_off(w, v, ctx, target.practice, target.number, &command)?;
                Ok(Done::at(target.path()).saying(Flash::ok("record-handed-off")))
            },
            move |r, v, form, error| match error {
                Some(Error::Stale(conflicts)) => {
                    conflict::answer(r, v, target, "handoff", form, conflicts)
                }
                error => page(r, v, target, |shell| FormView::again(shell, form, error)),
            },
        )
        .await
}

fn command(form: &Form) -> Result<HandOff> {
    let mut invalid = Invalid::default();
    let kept = form.value(&conflict::keep("team")) == "theirs";
    let command = HandOff {
        seen: seen(form),
        overwrite: form.value("overwrite") == "1",
        team: form.parsed("team", &mut invalid).filter(|_| !kept),
        keep_person: keeps_person(form),
        sentence: sentence(form, &mut invalid),
    };
    invalid.or(command)
}

/// Whether the author left a record to whoever took it meanwhile.
pub fn keeps_person(form: &Form) -> bool {
    form.value(&conflict::keep("assignee")) == "theirs"
}

pub fn sentence(form: &Form, invalid: &mut Invalid) -> Sentence {
    Sentence {
        tried: form.text("tried", LONGEST_SENTENCE, invalid),
        wanted: form.text("wanted", LONGEST_SENTENCE, invalid),
    }
}

#[derive(Template)]
#[template(path = "records/handoff_return.html")]
struct ReturnPage {
    shell: Shell,
    path: String,
    number: String,
    title: String,
    /// Whose it was and will be again, and what they want; nothing where there is nothing to send
    /// back any more.
    asked: Option<Asked>,
    form: FormView,
}

struct Asked {
    from: String,
    wanted: SafeHtml,
}

fn page_back(
    conn: &mut Db,
    visitor: &Visitor,
    target: Target,
    form: impl FnOnce(&Shell) -> FormView,
) -> Result<Answer> {
    let record = store::find_visible(conn, visitor, target.number)?;
    let shell = visitor.shell("queue", visitor.words.s("verb-send-back"));
    let last = store::handoffs_of(conn, record.id)?
        .into_iter()
        .rfind(|seen| seen.handoff.returned_entry_id.is_none());
    let asked = match last {
        Some(seen) if Some(seen.handoff.to_team_id) == record.team_id => {
            let note = crate::entries::entries_by_ids(conn, &[seen.handoff.entry_id])?;
            let wanted = note.first().and_then(|note| {
                rules::handoff_parts(&note.said().body, seen.handoff.tried_chars)
                    .map(|(_, wanted)| markdown::render(wanted))
            });
            wanted.map(|wanted| Asked {
                from: seen.from,
                wanted,
            })
        }
        _ => None,
    };
    Ok(Answer::html(&ReturnPage {
        path: target.path(),
        number: target.number.to_string(),
        title: record.title,
        asked,
        form: form(&shell).preset("seen", record.facts),
        shell,
    }))
}

async fn ask_back(visit: Visit, target: Target) -> impl Responder {
    target
        .page(visit, move |r, v| {
            actions::before_return(r, v, target.number)?;
            page_back(r, v, target, |_| FormView::fresh())
        })
        .await
}

async fn send_back(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let mut invalid = Invalid::default();
                let command = SendBack {
                    seen: seen(form),
                    overwrite: form.value("overwrite") == "1",
                    keep_person: keeps_person(form),
                    reason: form.text("reason", LONGEST_SENTENCE, &mut invalid),
                };
                invalid.or(())?;
                actions::send_back(w, v, ctx, target.practice, target.number, &command)?;
                Ok(Done::at(target.path()).saying(Flash::ok("record-sent-back")))
            },
            move |r, v, form, error| match error {
                Some(Error::Stale(conflicts)) => {
                    conflict::answer(r, v, target, "handoff/return", form, conflicts)
                }
                error => page_back(r, v, target, |shell| FormView::again(shell, form, error)),
            },
        )
        .await
}
