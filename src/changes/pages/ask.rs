//! The acts that ask for something: how it went, who authorised it, what somebody says of it. One page
//! for all of them; what it asks for is a list.

use actix_web::Responder;
use askama::Template;

use crate::changes::actions::{self, Authority, Ending, Found};
use crate::changes::model::{FreezeRow, Pass};
use crate::changes::rules::freezes::Deed;
use crate::changes::rules::outcome::{Outcome, Verdict};
use crate::changes::rules::steps::ChangeType;
use crate::changes::store;
use crate::people::{
    self, Answer, Done, Flash, Form, FormView, Right, Shell, Visit, Visitor, When,
};
use crate::platform::db::{Db, Utc, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::records::pages::{LONGEST_LINE, LONGEST_TEXT, Target, read_local, written_local};

crate::text_enum! {
    /// What is asked; the word is the resource under the change.
    pub enum What {
        Outcome = "outcome",
        End = "end",
        Review = "review",
        Deviation = "deviations",
        Authority = "authority",
        Retrospective = "retrospective",
        Verdict = "verdict",
        Template = "template",
        Passes = "passes",
    }
}

/// A field of the page.
enum Field {
    Text(&'static str),
    Line(&'static str),
    Time(&'static str),
    /// A name, the key of the empty choice, and the choices: value, words of ours or of people.
    Choice(&'static str, &'static str, Vec<(String, String)>),
}

struct PassView {
    freeze: String,
    freeze_id: String,
    reason: String,
    asked_by: String,
    agreed_by: Option<String>,
    when: When,
    may_agree: bool,
}

#[derive(Template)]
#[template(path = "changes/ask.html")]
struct AskPage {
    shell: Shell,
    path: String,
    number: String,
    title: String,
    what: &'static str,
    hint: &'static str,
    button: &'static str,
    fields: Vec<Field>,
    passes: Vec<PassView>,
    form: FormView,
}

impl AskPage {
    /// Key of a field's label.
    fn label(&self, name: &str) -> &'static str {
        match name {
            "outcome" => "field-outcome",
            "outcome_text" => "field-outcome-text",
            "actual_starts_at" => "field-actual-starts-at",
            "actual_ends_at" => "field-actual-ends-at",
            "expected_ends_at" => "field-expected-ends-at",
            "review_text" => "field-review-text",
            "deviation" => "field-deviations",
            "authority" => "field-authority",
            "authority_at" => "field-authority-at",
            "authority_how" => "field-authority-how",
            "verdict" => "field-verdict",
            "verdict_text" => "field-verdict-text",
            "template_name" => "field-name",
            "freeze" => "freeze",
            _ => "field-pass-reason",
        }
    }

    fn key(&self) -> String {
        people::new_form_key()
    }
}

impl What {
    /// Keys of heading, hint and button.
    const fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            What::Outcome => ("change-finish", "change-finish-hint", "change-finish"),
            What::End => ("change-expect-end", "change-expect-end-hint", "save"),
            What::Review => ("change-review", "change-review-hint", "save"),
            What::Deviation => ("change-deviate", "change-deviate-hint", "save"),
            What::Authority => (
                "change-start-verbally",
                "change-start-verbally-hint",
                "change-start-verbally-button",
            ),
            What::Retrospective => (
                "change-write-up",
                "change-write-up-hint",
                "change-write-up-button",
            ),
            What::Verdict => ("change-verdict", "change-verdict-hint", "save"),
            What::Template => (
                "change-propose-template",
                "change-propose-template-hint",
                "change-propose-button",
            ),
            What::Passes => ("change-passes", "change-passes-hint", "change-pass-ask"),
        }
    }
}

fn outcomes(shell: &Shell) -> Vec<(String, String)> {
    let label = |o: &Outcome| format!("outcome-{}", o.word().replace('_', "-"));
    let all = Outcome::ALL.iter();
    all.map(|o| (o.word().to_owned(), shell.t.s(&label(o)).into_owned()))
        .collect()
}

/// Whoever may have authorised an emergency.
fn authorities(conn: &mut Db, visitor: &Visitor) -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for person in people::list_agents(conn)? {
        let roles = people::find_person(conn, person.id)?.roles();
        if person.id != visitor.id && Right::ManageChanges.is_held_by(roles) {
            found.push((person.id.to_string(), person.name));
        }
    }
    Ok(found)
}

fn fields(
    conn: &mut Db,
    shell: &Shell,
    visitor: &Visitor,
    found: &Found,
    what: What,
) -> Result<Vec<Field>> {
    let authority = |people| {
        vec![
            Field::Choice("authority", "change-authority-none", people),
            Field::Time("authority_at"),
            Field::Line("authority_how"),
        ]
    };
    Ok(match what {
        What::Outcome => vec![
            Field::Choice("outcome", "", outcomes(shell)),
            Field::Text("outcome_text"),
            Field::Time("actual_ends_at"),
        ],
        What::End => vec![Field::Time("expected_ends_at")],
        What::Review => vec![Field::Text("review_text")],
        What::Deviation => vec![Field::Text("deviation")],
        What::Authority => authority(authorities(conn, visitor)?),
        What::Retrospective => {
            let mut fields = vec![
                Field::Time("actual_starts_at"),
                Field::Time("actual_ends_at"),
                Field::Choice("outcome", "", outcomes(shell)),
                Field::Text("outcome_text"),
            ];
            fields.extend(authority(authorities(conn, visitor)?));
            fields
        }
        What::Verdict => {
            let label = |v: &Verdict| format!("verdict-{}", v.word().replace('_', "-"));
            let all = Verdict::ALL.iter();
            let all = all.map(|v| (v.word().to_owned(), shell.t.s(&label(v)).into_owned()));
            vec![
                Field::Choice("verdict", "", all.collect()),
                Field::Text("verdict_text"),
            ]
        }
        What::Template => vec![Field::Line("template_name")],
        What::Passes => {
            let stop = actions::stopping(conn, visitor, found, Deed::Schedule, shell.now)?;
            let stop = stop
                .into_iter()
                .map(|f: FreezeRow| (f.id.to_string(), f.name));
            vec![
                Field::Choice("freeze", "", stop.collect()),
                Field::Line("pass_reason"),
            ]
        }
    })
}

fn passes(conn: &mut Db, shell: &Shell, visitor: &Visitor, found: &Found) -> Result<Vec<PassView>> {
    let mut out = Vec::new();
    let all: Vec<(Pass, FreezeRow)> = store::passes_of(conn, found.record.id)?;
    for (pass, freeze) in all {
        out.push(PassView {
            freeze: freeze.name,
            freeze_id: freeze.id.to_string(),
            reason: pass.reason,
            asked_by: people::find_person(conn, pass.asked_by_id)?.name,
            agreed_by: match pass.agreed_by_id {
                Some(id) => Some(people::find_person(conn, id)?.name),
                None => None,
            },
            when: shell.when(pass.asked_at),
            may_agree: pass.agreed_at.is_none() && pass.asked_by_id != visitor.id,
        });
    }
    Ok(out)
}

fn page(
    conn: &mut Db,
    visitor: &Visitor,
    target: Target,
    what: What,
    form: impl FnOnce(&Shell) -> FormView,
) -> Result<Answer> {
    let found = actions::found(conn, visitor, target.number)?;
    let (heading, hint, button) = what.words();
    let shell = visitor.shell("changes", visitor.words.s(heading));
    let now = written_local(visitor.now, &visitor.zone);
    let form = match what {
        What::Outcome => form(&shell).preset("actual_ends_at", now),
        What::Template => form(&shell).preset("template_name", &found.record.title),
        _ => form(&shell),
    };
    Ok(Answer::html(&AskPage {
        path: target.path(),
        number: target.number.to_string(),
        title: found.record.title.clone(),
        what: what.word(),
        hint,
        button,
        fields: fields(conn, &shell, visitor, &found, what)?,
        passes: match what {
            What::Passes => passes(conn, &shell, visitor, &found)?,
            _ => Vec::new(),
        },
        form,
        shell,
    }))
}

/// Whether this person may be asked this.
fn may(visitor: &Visitor, found: &Found, what: What) -> Result<()> {
    match what {
        What::Review | What::Verdict | What::Passes => visitor.needs(Right::ManageChanges)?,
        _ => visitor.needs(Right::Work)?,
    }
    let emergency = found.change.change_type == ChangeType::Emergency;
    match what {
        What::Authority | What::Retrospective if !emergency => {
            Err(Error::refused("change-only-emergency"))
        }
        _ => Ok(()),
    }
}

pub async fn show(what: What, visit: Visit, target: Target) -> impl Responder {
    target
        .page(visit, move |r, v| {
            let found = actions::found(r, v, target.number)?;
            may(v, &found, what)?;
            page(r, v, target, what, |_| FormView::fresh())
        })
        .await
}

pub async fn post(what: What, visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let said = act(w, v, ctx, target, what, form)?;
                let to = match what {
                    What::Template => "/changes/templates".to_owned(),
                    What::Passes => format!("{}/passes", target.path()),
                    _ => target.path(),
                };
                Ok(Done::at(to).saying(Flash::ok(said)))
            },
            move |r, v, form, error| {
                page(r, v, target, what, |shell| {
                    FormView::again(shell, form, error)
                })
            },
        )
        .await
}

fn act(
    w: &mut Write<'_>,
    v: &Visitor,
    ctx: &Ctx,
    target: Target,
    what: What,
    form: &Form,
) -> Result<&'static str> {
    let number = target.number;
    let mut bad = Invalid::default();
    match what {
        What::Outcome => {
            let ending = ending(form, v, &mut bad);
            bad.or(())?;
            actions::finish(w, v, ctx, number, &ending).map(|_| "change-finished")
        }
        What::End => {
            let at = time(form, "expected_ends_at", v, &mut bad);
            bad.or(())?;
            actions::expect_end(w, v, ctx, number, at).map(|_| "saved")
        }
        What::Review => {
            let text = form.text("review_text", LONGEST_TEXT, &mut bad);
            bad.or(())?;
            actions::review(w, v, ctx, number, &text).map(|_| "saved")
        }
        What::Deviation => {
            let text = form.text("deviation", LONGEST_TEXT, &mut bad);
            bad.or(())?;
            actions::deviate(w, v, ctx, number, &text).map(|_| "saved")
        }
        What::Authority => {
            let authority = authority(form, v, &mut bad);
            bad.or(())?;
            actions::start_verbally(w, v, ctx, number, &authority).map(|_| "change-started")
        }
        What::Retrospective => {
            let (authority, ending) = (authority(form, v, &mut bad), ending(form, v, &mut bad));
            let began = time(form, "actual_starts_at", v, &mut bad);
            bad.or(())?;
            actions::write_up(w, v, ctx, number, &authority, began, &ending)
                .map(|_| "change-written-up")
        }
        What::Verdict => {
            let text = form.text("verdict_text", LONGEST_TEXT, &mut bad);
            bad.or(())?;
            let verdict = Verdict::from_word(form.value("verdict"));
            actions::verdict(w, v, ctx, number, verdict, &text).map(|_| "saved")
        }
        What::Template => {
            let name = form.line("template_name", LONGEST_LINE, &mut bad);
            bad.or(())?;
            actions::propose_template(w, v, ctx, number, &name).map(|_| "change-template-proposed")
        }
        What::Passes => {
            let reason = form.line("pass_reason", LONGEST_LINE, &mut bad);
            let freeze = form.parsed("freeze", &mut bad);
            bad.or(())?;
            let Some(freeze) = freeze else {
                return Err(Error::invalid("freeze", "error-choose"));
            };
            actions::ask_pass(w, v, ctx, number, freeze, &reason).map(|_| "change-pass-was-asked")
        }
    }
}

/// `POST /changes/CHG-1/passes/agreement`: the second of two people.
pub async fn agree(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let freeze = super::id(form.value("freeze"))?;
                actions::agree_pass(w, v, ctx, target.number, freeze)?;
                Ok(Done::at(target.path()).saying(Flash::ok("change-pass-was-agreed")))
            },
            move |r, v, form, error| {
                page(r, v, target, What::Passes, |shell| {
                    FormView::again(shell, form, error)
                })
            },
        )
        .await
}

fn time(form: &Form, field: &'static str, visitor: &Visitor, bad: &mut Invalid) -> Option<Utc> {
    let typed = form.value(field).trim();
    if typed.is_empty() {
        return None;
    }
    let at = read_local(typed, &visitor.zone);
    if at.is_none() {
        bad.add(field, "error-not-a-date");
    }
    at
}

fn ending(form: &Form, visitor: &Visitor, bad: &mut Invalid) -> Ending {
    Ending {
        outcome: Outcome::from_word(form.value("outcome")),
        text: form.text("outcome_text", LONGEST_TEXT, bad),
        ended_at: time(form, "actual_ends_at", visitor, bad),
    }
}

fn authority(form: &Form, visitor: &Visitor, bad: &mut Invalid) -> Authority {
    Authority {
        person: form.parsed("authority", bad),
        at: time(form, "authority_at", visitor, bad),
        how: form.line("authority_how", LONGEST_LINE, bad),
    }
}
