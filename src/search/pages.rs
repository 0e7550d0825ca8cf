//! The search page.

use std::borrow::Cow;

use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::find::{self, Found, Outcome, Source};
use super::marks::Piece;
use crate::people::{Answer, Right, Shell, Visit, Visitor, When, percent_encode};
use crate::platform::db::Read;
use crate::platform::kernel::error::{Error, Message, Result};
use crate::platform::kernel::text::{Query, QueryLimits, QueryProblem};
use crate::platform::web::icon::Icon;
use crate::records::views::{self, ViewGroup};
use crate::records::{self, Number};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/search", web::get().to(search));
}

async fn search(visit: Visit, request: HttpRequest) -> HttpResponse {
    let asked = Asked::read(request.query_string());
    visit
        .page(move |r, visitor| answer(r, visitor, &asked))
        .await
}

/// What the address asks for.
#[derive(Debug, Default)]
struct Asked {
    typed: String,
    best: bool,
    from: Option<String>,
    unknown: Vec<String>,
    unknown_order: bool,
}

impl Asked {
    fn read(query: &str) -> Self {
        let pairs = web::Query::<Vec<(String, String)>>::from_query(query)
            .map(web::Query::into_inner)
            .unwrap_or_default();
        let mut asked = Self::default();
        for (name, value) in pairs.into_iter().filter(|(_, value)| !value.is_empty()) {
            match name.as_str() {
                "q" => asked.typed = value.trim().to_owned(),
                "order" if value == "best" || value == "newest" => asked.best = value == "best",
                "order" => asked.unknown_order = true,
                "from" => asked.from = Some(value),
                _ if asked.unknown.len() < 10 => {
                    asked.unknown.push(name.chars().take(60).collect());
                }
                _ => {}
            }
        }
        asked
    }

    fn address(&self, best: bool) -> String {
        let order = if best { "&order=best" } else { "" };
        format!("/search?q={}{order}", percent_encode(&self.typed))
    }
}

#[derive(Template)]
#[template(path = "search/search.html")]
struct SearchPage {
    shell: Shell,
    views: Vec<ViewGroup>,
    typed: String,
    heading: String,
    count: Option<String>,
    notices: Vec<String>,
    /// What is wrong with what was typed.
    problem: Option<String>,
    best: bool,
    /// The two orders' addresses, once something was searched for.
    orders: Option<[String; 2]>,
    results: Vec<ResultView>,
    hints: bool,
    next: Option<String>,
}

struct ResultView {
    number: String,
    href: String,
    /// Where a contact about it is noted, as long as there can be one.
    contact: Option<String>,
    title: Vec<Piece>,
    excerpt: Vec<Piece>,
    priority: i32,
    state: Cow<'static, str>,
    state_icon: Icon,
    requester: Option<String>,
    at: When,
    /// Where in the record the find is, if not in what the requester reads.
    inside: Option<&'static str>,
}

fn answer(r: &mut Read<'_>, visitor: &Visitor, asked: &Asked) -> Result<Answer> {
    let mut notices = Vec::new();
    if let Ok(number) = asked.typed.parse::<Number>() {
        match records::find_meant(r, visitor, number) {
            Ok(record) => return Ok(Answer::see_other(&record.number().path_for(visitor))),
            Err(Error::NotFound) => {
                notices.push(Message::new("queue-no-such-number").arg("number", number));
            }
            Err(e) => return Err(e),
        }
    }
    if !asked.unknown.is_empty() {
        let names = asked.unknown.join(", ");
        notices.push(Message::new("notice-unknown-filter").arg("name", names));
    }
    if asked.unknown_order {
        notices.push(Message::new("notice-unknown-sort"));
    }
    let (outcome, problem) = match Query::parse(&asked.typed, QueryLimits::default()) {
        Ok(query) if asked.best => (
            Some(find::best(r, visitor, &query, asked.from.as_deref())?),
            None,
        ),
        Ok(query) => (
            Some(find::newest(r, visitor, &query, asked.from.as_deref())?),
            None,
        ),
        Err(QueryProblem::Empty) if asked.typed.is_empty() => (None, None),
        Err(problem) => (None, Some(message(problem))),
    };
    if outcome.as_ref().is_some_and(|o| o.too_many) {
        notices.push(Message::new(if asked.best {
            "search-ranked-newest"
        } else {
            "search-too-many"
        }));
    }
    let views = if visitor.has(Right::Work) {
        let counts = records::counts(r, visitor)?;
        views::links(visitor.words, visitor, &counts, None)
    } else {
        Vec::new()
    };
    Ok(Answer::html(&page(
        visitor, asked, views, outcome, problem, &notices,
    )))
}

fn message(problem: QueryProblem) -> Message {
    match problem {
        QueryProblem::Empty => Message::new("search-no-word"),
        QueryProblem::TooLong { max, got } => Message::new("error-too-long")
            .arg("max", max)
            .arg("got", got),
        QueryProblem::TooManyTerms { max, got } => Message::new("search-too-many-words")
            .arg("max", max)
            .arg("got", got),
    }
}

fn page(
    visitor: &Visitor,
    asked: &Asked,
    views: Vec<ViewGroup>,
    outcome: Option<Outcome>,
    problem: Option<Message>,
    notices: &[Message],
) -> SearchPage {
    let t = visitor.words;
    let heading = if asked.typed.is_empty() {
        t.s("search").into_owned()
    } else {
        let typed: String = asked.typed.chars().take(100).collect();
        t.with1("search-for", "words", typed)
    };
    let mut shell = visitor.shell("search", heading.clone());
    shell.search = asked.typed.clone();
    let searched = outcome.is_some();
    let outcome = outcome.unwrap_or_default();
    let whole = searched && outcome.next.is_none() && asked.from.is_none();
    SearchPage {
        views,
        heading,
        count: whole.then(|| t.n("search-records", outcome.results.len())),
        notices: notices.iter().map(|m| shell.say(m)).collect(),
        problem: problem.map(|m| shell.say(&m)),
        best: asked.best,
        orders: searched.then(|| [asked.address(false), asked.address(true)]),
        hints: !searched,
        next: outcome.next.map(|key| {
            format!(
                "{}&from={}",
                asked.address(asked.best),
                percent_encode(&key)
            )
        }),
        results: outcome
            .results
            .into_iter()
            .map(|found| result_view(&shell, visitor, found))
            .collect(),
        typed: asked.typed.clone(),
        shell,
    }
}

fn result_view(shell: &Shell, visitor: &Visitor, found: Found) -> ResultView {
    ResultView {
        number: found.number.to_string(),
        href: found.number.path_for(visitor),
        contact: (shell.can_work
            && !matches!(found.state.as_str(), "closed" | "cancelled" | "rejected"))
        .then(|| format!("{}/contacts", found.number.path())),
        title: found.title,
        excerpt: found.excerpt,
        priority: found.priority,
        state: records::state_label(shell.t, &found.state),
        state_icon: records::state_icon(&found.state),
        requester: found.requester,
        at: shell.when(found.at),
        inside: match found.source {
            Source::Public => None,
            Source::Note => Some("search-in-note"),
            Source::Task => Some("search-in-task"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_understood_and_the_rest_named() {
        let asked = Asked::read("q=+caf%C3%A9+%26+x+&order=best&from=3.4&colour=red&order=worst");
        assert_eq!((asked.typed.as_str(), asked.best), ("café & x", true));
        assert_eq!(asked.from.as_deref(), Some("3.4"));
        assert_eq!(
            (asked.unknown, asked.unknown_order),
            (vec!["colour".to_owned()], true)
        );
        let asked = Asked::read("q=caf%C3%A9+%26");
        assert_eq!(asked.address(true), "/search?q=caf%C3%A9%20%26&order=best");
        assert_eq!(Asked::read("").address(false), "/search?q=");
    }
}
