//! Opening the form of a call, and saving it.

use actix_web::{HttpResponse, web};

use super::{Query, command, view};
use crate::incidents::{actions, rules};
use crate::people::{Answer, Done, Flash, Form, Right, Visit, Visitor, see_other};
use crate::platform::db::Write;
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Result};
use crate::records::{Practices, Record};

/// `GET /calls/new`, for somebody (`requester`), as what came back (`recurrence_of`), after
/// another call (`logged`, or `joined` with a record that was open already).
pub async fn open(
    visit: Visit,
    practices: web::Data<Practices>,
    query: web::Query<Vec<(String, String)>>,
) -> HttpResponse {
    let query = Query::of(query);
    let practices = *practices.get_ref();
    visit
        .page(move |r, visitor| {
            visitor.needs(Right::Work)?;
            Ok(Answer::html(&view::fresh(r, visitor, practices, &query)?))
        })
        .await
}

/// `GET /calls`: the address of a form that came back, opened anew.
pub async fn begin() -> HttpResponse {
    see_other("/calls/new")
}

/// `POST /calls`. `do` says how: `find` and a first `resolve` only ask to see more of the form,
/// `next` goes on with an empty one, `resolve` solves it too.
pub async fn log(visit: Visit, practices: web::Data<Practices>, mut form: Form) -> HttpResponse {
    let practices = *practices.get_ref();
    if asks_for_more(&form, practices) {
        form.fields.push(("show_again".into(), "1".into()));
    }
    visit
        .submit(
            form,
            move |w, visitor, ctx, form| {
                if form.has("join") {
                    return join(w, visitor, ctx, practices, form);
                }
                let (kind, call) = command::read(form, visitor)?;
                let record = actions::log_call(w, visitor, ctx, practices.of(kind), &call)?;
                Ok(done(form, &record))
            },
            move |r, visitor, form, error| {
                visitor.needs(Right::Work)?;
                let page = view::again(r, visitor, practices, form, error)?;
                Ok(Answer::html(&page))
            },
        )
        .await
}

/// Adds the call to a record that is open already, and goes on with an empty form: whoever has one
/// caller about an outage has the next one waiting.
fn join(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    practices: Practices,
    form: &Form,
) -> Result<Done> {
    let join = command::join(form, visitor)?;
    let joined = actions::join_call(w, visitor, ctx, practices, &join).map_err(|e| match e {
        Error::NotFound => Error::invalid("", "record-unknown"),
        e => e,
    })?;
    Ok(Done::at(format!(
        "/calls/new?joined={}",
        joined.record.number()
    )))
}

/// The search for people without script, and the first press of *Save and resolve*, which has to
/// ask how it was resolved.
fn asks_for_more(form: &Form, practices: Practices) -> bool {
    match form.value("do") {
        "find" => true,
        "resolve" => {
            let solvable =
                command::kind(form).is_some_and(|kind| rules::solvable_at_once(practices.of(kind)));
            solvable && !form.has("resolution_code")
        }
        _ => false,
    }
}

fn done(form: &Form, record: &Record) -> Done {
    let number = record.number();
    match form.value("do") {
        "next" => Done::at(format!("/calls/new?logged={number}")),
        "resolve" => Done::at(number.path())
            .saying(Flash::ok("call-saved-and-resolved").arg("number", number)),
        _ => Done::at(number.path()).saying(Flash::ok("call-saved").arg("number", number)),
    }
}
