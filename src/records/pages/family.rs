//! Parents, children and duplicates: a record put under another, what a move will do to those below,
//! and ending a record as a duplicate.

use actix_web::Responder;
use actix_web::web::{self, ServiceConfig};
use askama::Template;

use super::entries::LONGEST_TEXT;
use super::show::{Given, again, press};
use super::target::{SCOPE, Target};
use crate::people::{Answer, Done, Flash, Form, FormView, Shell, Visit, Visitor};
use crate::platform::db::Db;
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::platform::web::icon::Icon;
use crate::platform::words::Words;
use crate::records::actions;
use crate::records::family::{Children, FINISHED, Flow, Left, Member, Plan};
use crate::records::{Number, Record, Verb, state_icon, state_label, store};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route(&format!("{SCOPE}/family"), web::post().to(join))
        .route(&format!("{SCOPE}/family/removal"), web::post().to(leave))
        .service(
            web::resource(format!("{SCOPE}/duplicate"))
                .route(web::get().to(ask_duplicate))
                .route(web::post().to(duplicate)),
        );
}

/// The number of another record, as somebody typed it.
fn number(form: &Form, field: &'static str, invalid: &mut Invalid) -> Option<Number> {
    let typed = form.value(field).trim();
    let number = typed.parse().ok();
    if number.is_none() {
        let message = match typed {
            "" => "error-required",
            _ => "record-unknown",
        };
        invalid.add(field, message);
    }
    number
}

/// The form says what this record is to the other: its child or its parent.
async fn join(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let mut invalid = Invalid::default();
                let other = number(form, "family_number", &mut invalid);
                let is_parent = match form.value("family_role") {
                    "child" => false,
                    "parent" => true,
                    _ => {
                        invalid.add("family_role", "error-unknown-choice");
                        false
                    }
                };
                let Some(other) = other.filter(|_| invalid.is_empty()) else {
                    return Err(Error::Invalid(invalid));
                };
                if is_parent {
                    actions::add_child(w, v, ctx, target.number, other)?;
                } else {
                    actions::set_parent(w, v, ctx, target.number, Some(other))?;
                }
                let key = if is_parent {
                    "family-child-added"
                } else {
                    "family-parent-set"
                };
                let other = store::find_meant(w, v, other)?.number();
                Ok(Done::at(format!("{}#family", target.path()))
                    .saying(Flash::ok(key).arg("number", other)))
            },
            move |r, v, form, error| again(r, v, target, Given::Family(form, error)),
        )
        .await
}

async fn leave(visit: Visit, target: Target, form: Form) -> impl Responder {
    press(visit, target, form, move |w, v, ctx, _| {
        actions::set_parent(w, v, ctx, target.number, None)?;
        Ok(Done::at(target.path()).saying(Flash::ok("family-left-it")))
    })
    .await
}

/// What a move will do to the records below, on the page that makes it.
pub struct PlanView {
    /// Names what is shown here; the press says which it was shown.
    pub token: String,
    pub carried: Vec<MemberView>,
    pub left: Vec<MemberView>,
    /// How many have ended already.
    pub finished: Option<String>,
    /// They stay as they are.
    pub alone: bool,
    /// Of a hold: only for some reasons.
    pub is_hold: bool,
}

/// A record below, and why nothing happens to it.
pub struct MemberView {
    pub number: String,
    pub href: String,
    pub title: String,
    pub requester: Option<String>,
    pub state: String,
    pub icon: Icon,
    pub why: String,
}

impl PlanView {
    /// Nothing is read for a record that has no open children; nothing is shown where the reader sees
    /// none.
    pub fn read(
        conn: &mut Db,
        shell: &Shell,
        visitor: &Visitor,
        target: Target,
        record: &Record,
        flow: Flow,
        form: &FormView,
    ) -> Result<Option<Self>> {
        let plan = actions::family_plan(conn, visitor, target.practices, record, flow)?;
        if plan.is_empty() {
            return Ok(None);
        }
        Ok(Some(PlanView {
            alone: form.is("family", "alone"),
            is_hold: flow == Flow::Hold,
            ..PlanView::of(shell, plan)
        }))
    }

    /// A plan that ends what it names.
    pub fn of(shell: &Shell, plan: Plan) -> Self {
        let token = plan.token();
        let (carried, left): (Vec<Member>, Vec<Member>) =
            plan.members.into_iter().partition(|m| m.left.is_none());
        let views = |members: Vec<Member>| members.into_iter().map(|m| member(shell, m)).collect();
        PlanView {
            token,
            carried: views(carried),
            left: views(left),
            finished: finished(shell.t, plan.finished),
            alone: false,
            is_hold: false,
        }
    }
}

fn finished(t: Words, n: usize) -> Option<String> {
    match n {
        0 => None,
        n if n > FINISHED => Some(t.with1("family-finished-more", "count", FINISHED)),
        n => Some(t.n("family-finished", n as i64)),
    }
}

fn member(shell: &Shell, member: Member) -> MemberView {
    let t = shell.t;
    let number = member.record.number();
    MemberView {
        number: number.to_string(),
        href: number.path(),
        state: state_label(t, &member.record.state).into_owned(),
        icon: state_icon(&member.record.state),
        title: member.record.title,
        requester: member.requester,
        why: match member.left {
            None => String::new(),
            Some(Left::NotFromHere) => t.s("family-left-state").into_owned(),
            Some(Left::NotTheirs) => t.s("family-left-not-yours").into_owned(),
            Some(Left::SeenByAll) => t.s("family-left-seen-by-all").into_owned(),
            Some(Left::LeadsOthers) => t.s("family-left-leads").into_owned(),
            Some(Left::Blocked(titles)) => {
                let titles: Vec<String> = titles.iter().map(|t| format!("“{t}”")).collect();
                let titles = titles.join(", ");
                t.with1("family-left-blocked", "tasks", titles.as_str())
            }
        },
    }
}

/// What a form says of the records below.
pub fn children(form: &Form, target: Target) -> Children {
    match form.value("family") {
        "with" => Children::With(target.practices, form.value("plan").to_owned()),
        "alone" => Children::Alone,
        _ => Children::Unasked,
    }
}

#[derive(Template)]
#[template(path = "records/duplicate.html")]
struct DuplicatePage {
    shell: Shell,
    path: String,
    number: String,
    title: String,
    form: FormView,
}

fn page(
    conn: &mut Db,
    visitor: &Visitor,
    target: Target,
    form: impl FnOnce(&Shell) -> FormView,
) -> Result<Answer> {
    let record = store::find_visible(conn, visitor, target.number)?;
    let shell = visitor.shell("queue", visitor.words.s("duplicate-end"));
    Ok(Answer::html(&DuplicatePage {
        path: target.path(),
        number: target.number.to_string(),
        title: record.title,
        form: form(&shell),
        shell,
    }))
}

async fn ask_duplicate(visit: Visit, target: Target) -> impl Responder {
    target
        .page(visit, move |r, v| {
            actions::before_move(r, v, target.practice, target.number, Verb::Cancel, None)?;
            page(r, v, target, |_| FormView::fresh())
        })
        .await
}

async fn duplicate(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let mut invalid = Invalid::default();
                let original = number(form, "original", &mut invalid);
                let text = form.text("cancellation_text", LONGEST_TEXT, &mut invalid);
                let Some(original) = original.filter(|_| invalid.is_empty()) else {
                    return Err(Error::Invalid(invalid));
                };
                let practice = target.practice;
                actions::duplicate(w, v, ctx, practice, target.number, original, &text)?;
                // Whatever number was typed: the page of a former one says nothing of this.
                let original = store::find_meant(w, v, original)?.number();
                let flash = Flash::ok("duplicate-ended").arg("number", target.number);
                Ok(Done::at(original.path()).saying(flash))
            },
            move |r, v, form, error| {
                page(r, v, target, |shell| FormView::again(shell, form, error))
            },
        )
        .await
}
