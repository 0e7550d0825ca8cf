//! One-time links: making one, opening it, answering by it. Opening decides nothing: whoever follows
//! links to look at them changes nothing.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, Responder};
use askama::Template;

use super::round::page::{self, ByLink, Which};
use super::round::{Place, command, confirmed};
use crate::approvals::actions::{self, open_link};
use crate::people::{Answer, Done, Flash, Form, Shell, Visit};
use crate::platform::kernel::error::{Error, Result};
use crate::records::Practices;
use crate::records::pages::Target;

#[derive(Template)]
#[template(path = "approvals/link.html")]
struct LinkPage {
    shell: Shell,
    back: String,
    link: String,
}

/// Makes a link for somebody who is asked, and shows it this once.
pub async fn make(visit: Visit, target: Target, place: Place, form: Form) -> HttpResponse {
    let public_url = visit.site.public_url.clone();
    let round = place.2.parse().unwrap_or(0);
    let person = form.value("person").parse();
    let made = visit
        .write(move |w, v, ctx| {
            let person = *person.as_ref().map_err(|_| Error::NotFound)?;
            let token = actions::make_link(w, v, ctx, target.number, round, person)?;
            Ok(Answer::html(&LinkPage {
                shell: v.shell("approvals", v.words.s("approval-link-title")),
                back: target.number.approval_path(),
                link: format!("{public_url}/approvals/links/{}", token.to_text()),
            }))
        })
        .await;
    match made {
        Ok(answer) => visit.after_showing(answer.into()),
        // Why there is none is said where the person is.
        Err(e @ Error::Refused(_)) => {
            visit
                .page(move |r, v| {
                    let given = Some((Which::Button, &form, Some(&e)));
                    let page = page::draw(r, v, target, given, None)?;
                    Ok(page.with_status(StatusCode::CONFLICT))
                })
                .await
        }
        Err(e) => visit.error(&e).await,
    }
}

pub async fn open(visit: Visit, token: Path<String>, practices: Data<Practices>) -> impl Responder {
    let practices = *practices.get_ref();
    visit
        .page(move |r, v| {
            let opened = open_link(r, v, &token, v.now)?;
            let link = ByLink {
                token: token.into_inner(),
                works: opened.works,
            };
            page::draw(r, v, target(practices, opened.number), None, Some(link))
        })
        .await
}

pub async fn answer(
    req: HttpRequest,
    visit: Visit,
    token: Path<String>,
    practices: Data<Practices>,
    form: Form,
) -> HttpResponse {
    let practices = *practices.get_ref();
    let confirmed = match confirmed(&req, &visit, &form).await {
        Ok(confirmed) => confirmed,
        Err(Error::SignIn) => Ok(None),
        Err(e) => return visit.error(&e).await,
    };
    let (token, of) = (token.clone(), token.into_inner());
    visit
        .submit(
            form,
            move |w, v, ctx, form| {
                // A question uses nothing up: they may still answer by the link.
                if form.value("choice") == "ask" {
                    let opened = open_link(w, v, &token, ctx.now)?;
                    let mut invalid = crate::platform::kernel::error::Invalid::default();
                    let longest = crate::records::pages::LONGEST_TEXT;
                    let text = form.text("comment", longest, &mut invalid);
                    invalid.or(())?;
                    actions::ask(w, v, ctx, opened.number, opened.round, &text)?;
                    return Ok(Done::at(format!("/approvals/links/{token}"))
                        .saying(Flash::ok("approval-asked")));
                }
                let vote = command(form, &confirmed)?;
                let number = actions::use_link(w, v, ctx, &token, &vote)?;
                Ok(Done::at(number.approval_path()).saying(Flash::ok("approval-voted")))
            },
            move |r, v, form, error| -> Result<Answer> {
                let opened = open_link(r, v, &of, v.now)?;
                let link = ByLink {
                    token: of,
                    works: opened.works,
                };
                let target = target(practices, opened.number);
                page::draw(r, v, target, Some((Which::Vote, form, error)), Some(link))
            },
        )
        .await
}

fn target(practices: Practices, number: crate::records::Number) -> Target {
    Target {
        number,
        practice: practices.of(number.kind),
        practices,
    }
}
