//! How a record ends: resolved with code and text, or cancelled with a code.

use std::borrow::Cow;

use actix_web::Responder;
use actix_web::web::{self, ServiceConfig};
use askama::Template;

use super::entries::LONGEST_TEXT;
use super::family::{PlanView, children};
use super::hold::offered;
use super::target::{SCOPE, Target};
use crate::people::{Answer, Done, Flash, Form, FormView, Shell, Visit, Visitor};
use crate::platform::db::{Db, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Invalid, Message, Result};
use crate::records::actions::{self, Resolve};
use crate::records::{Flow, Need, Number, Verb, store, target_key};
use crate::service_levels::results::BreachCode;
use crate::services::{Code, CodeList};

/// Characters of a sentence on why something was late.
const LONGEST_SENTENCE: usize = 1_000;

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(
        web::resource(format!("{SCOPE}/resolution"))
            .route(web::get().to(ask_resolution))
            .route(web::post().to(resolve)),
    )
    .service(
        web::resource(format!("{SCOPE}/cancellation"))
            .route(web::get().to(ask_cancellation))
            .route(web::post().to(cancel)),
    );
}

/// The two ways a record ends by hand, and the words of each.
#[derive(Clone, Copy)]
struct Way {
    verb: Verb,
    list: CodeList,
    resource: &'static str,
    code: &'static str,
    text: &'static str,
}

const RESOLUTION: Way = Way {
    verb: Verb::Resolve,
    list: CodeList::Resolution,
    resource: "resolution",
    code: "resolution_code",
    text: "resolution_text",
};

const CANCELLATION: Way = Way {
    verb: Verb::Cancel,
    list: CodeList::Cancellation,
    resource: "cancellation",
    code: "cancellation_code",
    text: "cancellation_text",
};

#[derive(Template)]
#[template(path = "records/resolution.html")]
struct EndingPage {
    shell: Shell,
    path: String,
    number: String,
    title: String,
    resource: &'static str,
    code: &'static str,
    text: &'static str,
    /// It ends without being done.
    cancels: bool,
    /// The text may be left out.
    optional: bool,
    codes: Vec<Code>,
    /// What is in the way now.
    blocked: Option<String>,
    /// What becomes of those below.
    plan: Option<PlanView>,
    /// The clocks that were late, by their names, and the reasons there may be.
    late: Vec<Cow<'static, str>>,
    reasons: Vec<(&'static str, Cow<'static, str>)>,
    form: FormView,
}

fn page(
    conn: &mut Db,
    visitor: &Visitor,
    target: Target,
    way: Way,
    blocked: Option<Message>,
    form: impl FnOnce(&Shell) -> FormView,
) -> Result<Answer> {
    let record = store::find_visible(conn, visitor, target.number)?;
    let fulfils = target.practice.resolved_state() == Some("fulfilled");
    let heading = match way.verb {
        Verb::Cancel => "verb-cancel",
        _ if fulfils => "verb-fulfil",
        _ => "verb-resolve",
    };
    let shell = visitor.shell("queue", visitor.words.s(heading));
    let form = form(&shell);
    let plan = match way.verb {
        Verb::Resolve if record.open_children > 0 => {
            PlanView::read(conn, &shell, visitor, target, &record, Flow::End, &form)?
        }
        _ => None,
    };
    let late = match way.verb {
        Verb::Resolve => actions::unexplained(conn, &record, visitor.now)?,
        _ => Vec::new(),
    };
    let mut late: Vec<_> = late.iter().map(|which| which.target).collect();
    late.dedup();
    let step = target.practice.find(way.verb, &record.state, None);
    let optional =
        way.verb == Verb::Cancel && step.is_none_or(|step| !step.needs.contains(&Need::Reason));
    let t = shell.t;
    Ok(Answer::html(&EndingPage {
        late: late
            .into_iter()
            .map(|target| t.s(target_key(target)))
            .collect(),
        reasons: BreachCode::ALL
            .iter()
            .map(|code| {
                let key = format!("breach-{}", code.word().replace('_', "-"));
                (code.word(), t.s(&key))
            })
            .collect(),
        path: target.path(),
        number: target.number.to_string(),
        title: record.title,
        resource: way.resource,
        code: way.code,
        text: way.text,
        cancels: way.verb == Verb::Cancel,
        optional,
        codes: offered(conn, way.list)?,
        blocked: blocked.map(|message| shell.say(&message)),
        plan,
        form,
        shell,
    }))
}

async fn ask(visit: Visit, target: Target, way: Way) -> impl Responder {
    target
        .page(visit, move |r, v| {
            let practice = target.practice;
            let record = actions::before_move(r, v, practice, target.number, way.verb, None)?;
            // What would be refused is said before anything is typed.
            let step = practice.find(way.verb, &record.state, None);
            let blocked = step.and_then(|step| actions::unblocked(r, &record, step).err());
            let blocked = match blocked {
                Some(Error::Refused(message)) => Some(message),
                Some(other) => return Err(other),
                None => None,
            };
            page(r, v, target, way, blocked, |_| FormView::fresh())
        })
        .await
}

async fn ask_resolution(visit: Visit, target: Target) -> impl Responder {
    ask(visit, target, RESOLUTION).await
}

async fn ask_cancellation(visit: Visit, target: Target) -> impl Responder {
    ask(visit, target, CANCELLATION).await
}

async fn resolve(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let command = command(form, RESOLUTION)?;
                let (practice, number) = (target.practice, target.number);
                let below = children(form, target);
                explain(w, v, ctx, number, form)?;
                let (_, with) =
                    actions::resolve_family(w, v, ctx, practice, number, &command, &below)?;
                let flash = match with {
                    0 => Flash::ok("record-resolved"),
                    n => Flash::ok("family-resolved").arg("children", n),
                };
                Ok(Done::at(target.path()).saying(flash))
            },
            move |r, v, form, error| again(r, v, target, RESOLUTION, form, error),
        )
        .await
}

async fn cancel(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let command = command(form, CANCELLATION)?;
                actions::cancel(w, v, ctx, target.practice, target.number, &command)?;
                Ok(Done::at(target.path()).saying(Flash::ok("record-cancelled")))
            },
            move |r, v, form, error| again(r, v, target, CANCELLATION, form, error),
        )
        .await
}

/// Why it was late, where that was said: both the reason and the sentence, or neither.
fn explain(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    form: &Form,
) -> Result<()> {
    let mut invalid = Invalid::default();
    let text = form.text("breach_text", LONGEST_SENTENCE, &mut invalid);
    let code = BreachCode::from_word(form.value("breach_code"));
    invalid.or(())?;
    match code {
        Some(code) => actions::explain_breaches(w, visitor, ctx, number, code, &text),
        None if text.is_empty() => Ok(()),
        None => Err(Error::invalid("breach_code", "error-required")),
    }
}

/// The code and text of a resolution, as typed.
pub fn typed(form: &Form) -> Result<Resolve> {
    command(form, RESOLUTION)
}

fn command(form: &Form, way: Way) -> Result<Resolve> {
    let mut invalid = Invalid::default();
    let command = Resolve {
        code: form.value(way.code).to_owned(),
        text: form.text(way.text, LONGEST_TEXT, &mut invalid),
    };
    invalid.or(command)
}

fn again(
    conn: &mut Db,
    visitor: &Visitor,
    target: Target,
    way: Way,
    form: &Form,
    error: Option<&Error>,
) -> Result<Answer> {
    page(conn, visitor, target, way, None, |shell| {
        FormView::again(shell, form, error)
    })
}
