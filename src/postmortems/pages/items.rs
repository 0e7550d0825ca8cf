//! Action items of a post-mortem: raising one, planning it anew, who carries it, verifying it.

use actix_web::Responder;
use askama::Template;

use super::{Top, agents};
use crate::people::{self, Answer, Done, Flash, Form, FormView, Right, Shell, Visit, Visitor};
use crate::platform::db::{Db, Utc};
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::postmortems::actions::{self, FoundItem, PlanItem, RaiseItem};
use crate::postmortems::items_beside::said_tally;
use crate::postmortems::rules::actions::{ActionKind, Standing, proposed_due};
use crate::postmortems::store;
use crate::records::pages::{LONGEST_LINE, LONGEST_TEXT, Target, read_local, seen, written_local};
use crate::records::{self, Number};

#[derive(Template)]
#[template(path = "postmortems/actions.html")]
struct RaisePage {
    shell: Shell,
    path: String,
    number: String,
    title: String,
    tally: String,
    items: Vec<(String, String, String)>,
    form: FormView,
    kinds: Vec<(String, String)>,
    people: Vec<(String, String)>,
    teams: Vec<(String, String)>,
    may_raise: bool,
}

/// What an action may do, as choices.
fn kinds(shell: &Shell) -> Vec<(String, String)> {
    let kinds = ActionKind::ALL.iter();
    let choice = |kind: &ActionKind| {
        let word = shell.t.s(&format!("action-kind-{}", kind.word()));
        (kind.word().to_owned(), word.into_owned())
    };
    kinds.map(choice).collect()
}

fn raise_page(
    conn: &mut Db,
    visitor: &Visitor,
    target: Target,
    given: Option<(&Form, Option<&Error>)>,
) -> Result<Answer> {
    let top = Top::read(conn, visitor, target, "view-action")?;
    let (shell, record) = (top.shell, &top.found.record);
    let items = store::items_of(conn, Some(visitor), record.id)?;
    let standing = items.iter().map(|item| Standing {
        state: &item.state,
        due: item.due_at,
        since: item.created_at,
    });
    let (tally, _) = said_tally(&shell, standing);
    let form = match given {
        Some((form, error)) => FormView::again(&shell, form, error),
        None => {
            let due = proposed_due(shell.now, record.priority);
            let team = record.team_id.map_or(String::new(), |id| id.to_string());
            FormView::fresh()
                .preset("due_at", written_local(due, &shell.zone))
                .preset("team", team)
        }
    };
    let teams = people::list_teams(conn)?.into_iter();
    Ok(Answer::html(&RaisePage {
        tally,
        kinds: kinds(&shell),
        people: agents(conn, record, &[])?,
        teams: teams
            .filter(|team| team.disabled_at.is_none())
            .map(|team| (team.id.to_string(), team.name))
            .collect(),
        may_raise: record.state != "cancelled" && visitor.has(Right::Work),
        items: items
            .into_iter()
            .map(|item| {
                let (number, state) = (item.number(), item.state);
                let state = records::state_label(shell.t, &state).into_owned();
                (number.to_string(), item.title, state)
            })
            .collect(),
        form,
        path: top.path,
        number: top.number,
        title: top.title,
        shell,
    }))
}

/// `GET /postmortems/PM-1/actions`
pub async fn list(visit: Visit, target: Target) -> impl Responder {
    target
        .page(visit, move |r, v| raise_page(r, v, target, None))
        .await
}

/// An instant of a field: none where nothing was written.
fn instant(visitor: &Visitor, form: &Form, invalid: &mut Invalid) -> Option<Utc> {
    match form.value("due_at").trim() {
        "" => None,
        written => {
            let at = read_local(written, &visitor.zone);
            if at.is_none() {
                invalid.add("due_at", "error-not-a-date");
            }
            at
        }
    }
}

fn kind(form: &Form, invalid: &mut Invalid) -> ActionKind {
    let kind = ActionKind::from_word(form.value("kind"));
    if kind.is_none() {
        invalid.add("kind", "error-choose");
    }
    kind.unwrap_or(ActionKind::Prevent)
}

/// `POST /postmortems/PM-1/actions`
pub async fn raise(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let mut invalid = Invalid::default();
                let command = RaiseItem {
                    title: form.required("title", LONGEST_LINE, &mut invalid),
                    description: form.text("description", LONGEST_TEXT, &mut invalid),
                    kind: kind(form, &mut invalid),
                    owner: form.parsed("owner", &mut invalid),
                    team: form.parsed("team", &mut invalid),
                    due_at: instant(v, form, &mut invalid),
                    verification: form.text("verification", LONGEST_TEXT, &mut invalid),
                };
                invalid.or(())?;
                let record = actions::raise_item(w, v, ctx, target.number, &command)?;
                let flash = Flash::ok("action-is-raised").arg("number", record.number());
                Ok(Done::at(format!("{}#actions", target.path())).saying(flash))
            },
            move |r, v, form, error| raise_page(r, v, target, Some((form, error))),
        )
        .await
}

/// What stands over every page under an action item.
struct Head {
    shell: Shell,
    path: String,
    number: String,
    title: String,
    found: FoundItem,
}

impl Head {
    fn read(conn: &mut Db, visitor: &Visitor, target: Target, heading: &str) -> Result<Self> {
        let found = actions::found_item(conn, visitor, target.number)?;
        Ok(Self {
            shell: visitor.shell("queue", visitor.words.s(heading)),
            path: target.path(),
            number: target.number.to_string(),
            title: found.record.title.clone(),
            found,
        })
    }
}

#[derive(Template)]
#[template(path = "postmortems/action_plan.html")]
struct PlanPage {
    shell: Shell,
    path: String,
    number: String,
    title: String,
    seen: i64,
    form: FormView,
    kinds: Vec<(String, String)>,
}

fn plan_page(
    conn: &mut Db,
    visitor: &Visitor,
    target: Target,
    given: Option<(&Form, Option<&Error>)>,
) -> Result<Answer> {
    let head = Head::read(conn, visitor, target, "action-plan-edit")?;
    let (shell, of) = (head.shell, &head.found.of);
    let due = of.due_at.map(|at| written_local(at, &shell.zone));
    let due = due.unwrap_or_default();
    let all = [
        ("kind", "was_kind", of.action_kind.word()),
        ("due_at", "was_due_at", due.as_str()),
        ("verification", "was_verification", of.verification.as_str()),
    ];
    Ok(Answer::html(&PlanPage {
        form: match given {
            Some((form, error)) => FormView::again(&shell, form, error),
            None => all
                .into_iter()
                .fold(FormView::fresh(), |form, (field, was, value)| {
                    form.preset(field, value).preset(was, value)
                }),
        },
        kinds: kinds(&shell),
        // What stands there now was shown beside what came back.
        seen: head.found.record.facts,
        path: head.path,
        number: head.number,
        title: head.title,
        shell,
    }))
}

/// `GET /actions/ACT-1/plan`
pub async fn plan(visit: Visit, target: Target) -> impl Responder {
    target
        .page(visit, move |r, v| plan_page(r, v, target, None))
        .await
}

/// `POST /actions/ACT-1/plan`
pub async fn save_plan(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let mut invalid = Invalid::default();
                // What was left alone may have been changed by somebody else.
                let mine = |name: &str| form.value(&format!("was_{name}")) != form.value(name);
                let command = PlanItem {
                    seen: seen(form),
                    kind: mine("kind").then(|| kind(form, &mut invalid)),
                    due_at: mine("due_at").then(|| instant(v, form, &mut invalid)),
                    verification: mine("verification")
                        .then(|| form.text("verification", LONGEST_TEXT, &mut invalid)),
                };
                invalid.or(())?;
                actions::plan_item(w, v, ctx, target.number, &command)?;
                Ok(Done::at(target.path()).saying(Flash::ok("saved")))
            },
            move |r, v, form, error| plan_page(r, v, target, Some((form, error))),
        )
        .await
}

#[derive(Template)]
#[template(path = "postmortems/action_carrier.html")]
struct CarrierPage {
    shell: Shell,
    path: String,
    number: String,
    title: String,
    form: FormView,
}

fn carrier_page(
    conn: &mut Db,
    visitor: &Visitor,
    target: Target,
    given: Option<(&Form, Option<&Error>)>,
) -> Result<Answer> {
    let head = Head::read(conn, visitor, target, "action-carrier-edit")?;
    let shell = head.shell;
    let carrier = match head.found.of.carrier_id {
        None => None,
        Some(id) => match records::find_visible_by_id(conn, visitor, id) {
            Err(Error::NotFound) => None,
            found => Some(found?.number().to_string()),
        },
    };
    Ok(Answer::html(&CarrierPage {
        form: match given {
            Some((form, error)) => FormView::again(&shell, form, error),
            None => FormView::fresh().preset("carrier", carrier.unwrap_or_default()),
        },
        path: head.path,
        number: head.number,
        title: head.title,
        shell,
    }))
}

/// `GET /actions/ACT-1/carrier`
pub async fn carrier(visit: Visit, target: Target) -> impl Responder {
    target
        .page(visit, move |r, v| carrier_page(r, v, target, None))
        .await
}

/// `POST /actions/ACT-1/carrier`: nothing written takes it back.
pub async fn save_carrier(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let carrier: Option<Number> = match form.value("carrier").trim() {
                    "" => None,
                    typed => match typed.parse() {
                        Ok(number) => Some(number),
                        Err(()) => return Err(Error::invalid("carrier", "action-carrier-kind")),
                    },
                };
                actions::carry_item(w, v, ctx, target.number, carrier)?;
                Ok(Done::at(target.path()).saying(Flash::ok("saved")))
            },
            move |r, v, form, error| carrier_page(r, v, target, Some((form, error))),
        )
        .await
}

#[derive(Template)]
#[template(path = "postmortems/action_verification.html")]
struct VerificationPage {
    shell: Shell,
    path: String,
    number: String,
    title: String,
    verification: String,
    is_done: bool,
    form: FormView,
}

fn verification_page(
    conn: &mut Db,
    visitor: &Visitor,
    target: Target,
    given: Option<(&Form, Option<&Error>)>,
) -> Result<Answer> {
    let head = Head::read(conn, visitor, target, "action-verify")?;
    let shell = head.shell;
    Ok(Answer::html(&VerificationPage {
        form: match given {
            Some((form, error)) => FormView::again(&shell, form, error),
            None => FormView::fresh(),
        },
        verification: head.found.of.verification,
        is_done: head.found.record.state == "done",
        path: head.path,
        number: head.number,
        title: head.title,
        shell,
    }))
}

/// `GET /actions/ACT-1/verification`
pub async fn verification(visit: Visit, target: Target) -> impl Responder {
    target
        .page(visit, move |r, v| verification_page(r, v, target, None))
        .await
}

/// `POST /actions/ACT-1/verification`: what was seen.
pub async fn verify(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let mut invalid = Invalid::default();
                let seen = form.text("verification_seen", LONGEST_TEXT, &mut invalid);
                invalid.or(())?;
                actions::verify_item(w, v, ctx, target.number, &seen)?;
                Ok(Done::at(target.path()).saying(Flash::ok("action-is-verified")))
            },
            move |r, v, form, error| verification_page(r, v, target, Some((form, error))),
        )
        .await
}
