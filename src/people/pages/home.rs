//! `/`: the queue for those who work there, and a word for everybody else.

use actix_web::HttpResponse;
use askama::Template;

use crate::people::answer::{Answer, see_other};
use crate::people::layout::Shell;
use crate::people::policy::Right;
use crate::people::visit::Visit;

#[derive(Template)]
#[template(path = "people/home.html")]
struct Home {
    shell: Shell,
    name: String,
}

pub async fn show(visit: Visit) -> HttpResponse {
    let answer = visit
        .read(|_, v| {
            if v.has(Right::Work) {
                return Ok(None);
            }
            let page = Home {
                shell: v.shell("", v.words.s("home-title")),
                name: v.name.clone(),
            };
            Ok(Some(Answer::html(&page)))
        })
        .await;
    match answer {
        // A flash waits for the page that follows.
        Ok(None) => see_other("/queue"),
        Ok(Some(answer)) => visit.after_showing(answer.into()),
        Err(e) => visit.error(&e).await,
    }
}
