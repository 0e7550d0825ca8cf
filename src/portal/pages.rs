//! The portal's pages: the list of one's own records, one of them, and what requesters do there.

use std::collections::HashMap;

use actix_web::web::{self, Data, Path, Query, ServiceConfig};
use actix_web::{HttpResponse, Responder};
use askama::Template;

use super::rules::Standing;
use super::store::{self, Own};
use super::view::{OwnView, StandingView};
use crate::people::{Answer, Done, Flash, Form, FormView, Shell, Visit, Visitor, When};
use crate::platform::db::page::read_key_at;
use crate::platform::db::{Db, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::records::actions::{self, Recur, Reopen, Say};
use crate::records::pages::{LONGEST_TEXT, seen};
use crate::records::{self, Number, Practice, Practices};

/// Records on a page of the list.
const ROWS: usize = 30;

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/portal", web::get().to(list))
        .route("/portal/{number}", web::get().to(show))
        .route("/portal/{number}/replies", web::post().to(reply))
        .route("/portal/{number}/confirmation", web::post().to(confirm))
        .route("/portal/{number}/reopening", web::post().to(reopen))
        .route("/portal/{number}/cancellation", web::post().to(cancel))
        .route("/portal/{number}/recurrence", web::post().to(recur));
}

#[derive(Template)]
#[template(path = "portal/list.html")]
struct ListPage {
    shell: Shell,
    open: Vec<RowView>,
    ended: Vec<RowView>,
    first: bool,
    next: Option<String>,
}

struct RowView {
    number: String,
    href: String,
    title: String,
    standing: StandingView,
    requester: Option<String>,
    when: When,
}

async fn list(visit: Visit, query: Query<HashMap<String, String>>) -> impl Responder {
    let after = query.get("after").cloned();
    visit
        .page(move |r, v| {
            let (rows, next) = store::list_own(r, v, after.as_deref(), ROWS)?;
            let shell = v.shell("portal", v.words.s("portal-title"));
            let (open, ended): (Vec<Own>, Vec<Own>) = rows.into_iter().partition(|r| r.is_open);
            let rows = |rows: Vec<Own>| rows.into_iter().map(|own| row(&shell, v, own)).collect();
            Ok(Answer::html(&ListPage {
                open: rows(open),
                ended: rows(ended),
                first: after.is_none(),
                next: next.map(|key| format!("/portal?after={key}")),
                shell,
            }))
        })
        .await
}

fn row(shell: &Shell, visitor: &Visitor, own: Own) -> RowView {
    let number = own.number();
    let mine = own.requester_id == Some(visitor.id);
    let standing = Standing::of(&own.state, own.group, own.behaviour.as_deref(), mine);
    RowView {
        number: number.to_string(),
        href: number.portal_path(),
        title: own.title,
        standing: StandingView::of(shell, standing, None),
        requester: own.requester.filter(|_| !mine),
        when: shell.when(own.reported_at),
    }
}

/// The record a path names.
#[derive(Clone, Copy)]
struct Target {
    number: Number,
    practice: &'static Practice,
}

impl Target {
    fn of(path: &str, practices: &Practices) -> Result<Self> {
        let number: Number = path.parse().map_err(|_| Error::NotFound)?;
        Ok(Self {
            number,
            practice: practices.of(number.kind),
        })
    }

    fn path(&self) -> String {
        self.number.portal_path()
    }
}

/// The forms of the page of one's own record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    Reply,
    Reopen,
    Cancel,
    Recur,
    /// A button without a form: only what went wrong is said.
    Button,
}

/// A form that came back, and which it was.
type Given<'a> = Option<(Which, &'a Form, Option<&'a Error>)>;

#[derive(Template)]
#[template(path = "portal/record.html")]
struct OwnPage {
    shell: Shell,
    path: String,
    own: OwnView,
    reply: FormView,
    /// How much of the record the writer had seen, and that they have read the news.
    seen: String,
    news: bool,
    reopen: Small,
    cancel: Small,
    recur: Small,
    confirm: FormView,
    alert: Option<FormView>,
}

/// A small form, open when it came back.
struct Small {
    form: FormView,
    open: bool,
}

async fn show(
    visit: Visit,
    path: Path<String>,
    query: Query<HashMap<String, String>>,
    practices: Data<Practices>,
) -> impl Responder {
    let target = match Target::of(&path, &practices) {
        Ok(target) => target,
        Err(e) => return visit.error(&e).await,
    };
    let before = query.get("before").cloned();
    visit
        .page(
            move |r, v| match page(r, v, target, before.as_deref(), None) {
                Err(Error::NotFound) => elsewhere(r, v, target),
                shown => shown,
            },
        )
        .await
}

/// The page under the number the record has now, if this is one it had before.
fn elsewhere(conn: &mut Db, visitor: &Visitor, target: Target) -> Result<Answer> {
    let now = records::find_meant(conn, visitor, target.number)?.number();
    if now == target.number {
        return Err(Error::NotFound);
    }
    Ok(Answer::see_other(&now.portal_path()))
}

fn page(
    conn: &mut Db,
    visitor: &Visitor,
    target: Target,
    before: Option<&str>,
    given: Given<'_>,
) -> Result<Answer> {
    let record = store::find_own(conn, visitor, target.number)?;
    let shell = visitor.shell("portal", format!("{} {}", target.number, record.title));
    let news: &[uuid::Uuid] = match given {
        Some((Which::Reply, _, Some(Error::News(news)))) => news,
        _ => &[],
    };
    let before = before.and_then(read_key_at);
    let own = OwnView::read(
        conn,
        &shell,
        visitor,
        target.practice,
        &record,
        before,
        news,
    )?;
    let back = |which: Which| {
        let (_, form, error) = given.filter(|(given, ..)| *given == which)?;
        Some(FormView::again(&shell, form, error))
    };
    let small = |which: Which| {
        let form = back(which);
        Small {
            open: form.is_some(),
            form: form.unwrap_or_else(FormView::fresh),
        }
    };
    let reply = back(Which::Reply).unwrap_or_else(FormView::fresh);
    let typed = reply.value("seen").to_owned();
    let page = OwnPage {
        path: target.path(),
        seen: match news.is_empty() && !typed.is_empty() {
            true => typed,
            false => own.seen.to_string(),
        },
        news: !news.is_empty(),
        reopen: small(Which::Reopen),
        cancel: small(Which::Cancel),
        recur: small(Which::Recur),
        confirm: FormView::fresh(),
        alert: back(Which::Button),
        own,
        reply,
        shell,
    };
    Ok(Answer::html(&page))
}

/// A form on one's own record: whatever it asks for, the record must be theirs first.
async fn submit<A>(
    visit: Visit,
    path: Path<String>,
    practices: Data<Practices>,
    form: Form,
    act: A,
    which: Which,
) -> HttpResponse
where
    A: Fn(&mut Write<'_>, &Visitor, &Ctx, &Form, Target) -> Result<Done> + Send + 'static,
{
    let target = match Target::of(&path, &practices) {
        Ok(target) => target,
        Err(e) => return visit.error(&e).await,
    };
    visit
        .submit(
            form,
            move |w, v, ctx, form| {
                store::find_own(w, v, target.number)?;
                act(w, v, ctx, form, target)
            },
            move |r, v, form, error| page(r, v, target, None, Some((which, form, error))),
        )
        .await
}

async fn reply(
    visit: Visit,
    path: Path<String>,
    practices: Data<Practices>,
    form: Form,
) -> impl Responder {
    let act = |w: &mut Write<'_>, v: &Visitor, ctx: &Ctx, form: &Form, target: Target| {
        let mut invalid = Invalid::default();
        let command = Say {
            seen: seen(form),
            anyway: form.value("anyway") == "1",
            body: form.text("body", LONGEST_TEXT, &mut invalid),
            files: form.files.clone(),
        };
        invalid.or(())?;
        actions::write_own(w, v, ctx, target.number, &command)?;
        Ok(Done::at(target.path()).saying(Flash::ok("portal-reply-sent")))
    };
    submit(visit, path, practices, form, act, Which::Reply).await
}

async fn confirm(
    visit: Visit,
    path: Path<String>,
    practices: Data<Practices>,
    form: Form,
) -> impl Responder {
    let act = |w: &mut Write<'_>, v: &Visitor, ctx: &Ctx, _: &Form, target: Target| {
        actions::close(w, v, ctx, target.practice, target.number)?;
        Ok(Done::at(target.path()).saying(Flash::ok("portal-confirmed")))
    };
    submit(visit, path, practices, form, act, Which::Button).await
}

async fn reopen(
    visit: Visit,
    path: Path<String>,
    practices: Data<Practices>,
    form: Form,
) -> impl Responder {
    let act = |w: &mut Write<'_>, v: &Visitor, ctx: &Ctx, form: &Form, target: Target| {
        let mut invalid = Invalid::default();
        let command = Reopen {
            who: v.name.clone(),
            why: form.text("reopen_why", LONGEST_TEXT, &mut invalid),
        };
        invalid.or(())?;
        actions::reopen(w, v, ctx, target.practice, target.number, &command)?;
        Ok(Done::at(target.path()).saying(Flash::ok("portal-reopened")))
    };
    submit(visit, path, practices, form, act, Which::Reopen).await
}

async fn cancel(
    visit: Visit,
    path: Path<String>,
    practices: Data<Practices>,
    form: Form,
) -> impl Responder {
    let act = |w: &mut Write<'_>, v: &Visitor, ctx: &Ctx, form: &Form, target: Target| {
        let mut invalid = Invalid::default();
        let why = form.text("cancellation_text", LONGEST_TEXT, &mut invalid);
        invalid.or(())?;
        actions::withdraw(w, v, ctx, target.practice, target.number, &why)?;
        Ok(Done::at(target.path()).saying(Flash::ok("portal-cancelled")))
    };
    submit(visit, path, practices, form, act, Which::Cancel).await
}

async fn recur(
    visit: Visit,
    path: Path<String>,
    practices: Data<Practices>,
    form: Form,
) -> impl Responder {
    let act = |w: &mut Write<'_>, v: &Visitor, ctx: &Ctx, form: &Form, target: Target| {
        let mut invalid = Invalid::default();
        let command = Recur {
            what: form.text("what", LONGEST_TEXT, &mut invalid),
            files: form.files.clone(),
        };
        invalid.or(())?;
        let record = actions::recur(w, v, ctx, target.practice, target.number, &command)?;
        let flash = Flash::ok("portal-recurred").arg("number", record.number());
        Ok(Done::at(record.number().portal_path()).saying(flash))
    };
    submit(visit, path, practices, form, act, Which::Recur).await
}
