//! What the script asks while a call is typed, answered as JSON. Nobody signed in is told so (401),
//! not sent to a page the script cannot show.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde_json::json;

use super::Query;
use super::lookups::{self, Asked};
use crate::people::{Answer, Right, Visit, Visitor};
use crate::platform::db::Read;
use crate::platform::kernel::error::{Error, Result};
use crate::problems;
use crate::records::Channel;

type Pairs = web::Query<Vec<(String, String)>>;

/// `GET /calls/new/people?q=`
pub async fn people(visit: Visit, query: Pairs) -> HttpResponse {
    let query = Query::of(query);
    answer(&visit, move |r, v| {
        Ok(Answer::json(&lookups::people(r, v, query.value("q"))?))
    })
    .await
}

/// `GET /calls/new/seen?person=&title=&description=&service=&category=`
pub async fn seen(visit: Visit, query: Pairs) -> HttpResponse {
    let query = Query::of(query);
    answer(&visit, move |r, v| {
        let person = query.parsed("person");
        let asked = problems::Asked {
            title: query.value("title").to_owned(),
            description: query.value("description").to_owned(),
            service: query.parsed("service"),
            category: query.parsed("category"),
            item: None,
        };
        Ok(Answer::json(&lookups::seen(r, v, person, &asked)?))
    })
    .await
}

/// `GET /calls/new/preview?person=&service=&category=&team=&impact=&urgency=&priority=`
pub async fn preview(visit: Visit, query: Pairs) -> HttpResponse {
    let query = Query::of(query);
    answer(&visit, move |r, v| {
        let asked = Asked {
            person: query.parsed("person"),
            service: query.parsed("service"),
            category: query.parsed("category"),
            team: query.parsed("team"),
            impact: query.parsed("impact").unwrap_or_default(),
            urgency: query.parsed("urgency").unwrap_or_default(),
            priority: query.parsed("priority"),
            channel: Channel::from_word(query.value("channel")),
        };
        Ok(Answer::json(&lookups::preview(r, v, &asked)?))
    })
    .await
}

async fn answer<F>(visit: &Visit, f: F) -> HttpResponse
where
    F: FnOnce(&mut Read<'_>, &Visitor) -> Result<Answer> + Send + 'static,
{
    let answered = visit
        .read(move |r, visitor| {
            visitor.needs(Right::Work)?;
            f(r, visitor)
        })
        .await;
    match answered {
        Ok(answer) => answer.into(),
        Err(Error::SignIn) => {
            HttpResponse::Unauthorized().json(json!({ "error": visit.words().s("sign-in") }))
        }
        Err(e) => {
            let status: StatusCode = visit.error(&e).await.status();
            HttpResponse::build(status).json(json!({ "error": status.as_str() }))
        }
    }
}
