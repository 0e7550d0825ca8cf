//! A record's page: what it is, what was said, what may be done.
//!
//! One page for every kind; what differs comes from the practice's table. It is also what every
//! form under the record gives back when it cannot be carried out, with what was typed in its place.

mod acts;
mod conversation;
mod history;
mod page;
mod panels;
mod rail;
mod tasks;
mod values;

use std::collections::HashMap;

use actix_web::HttpResponse;
use actix_web::web::{self, Query, ServiceConfig};

pub use history::{Changed, Happened, History, tell};
pub use panels::Panel;
pub use tasks::{TaskForm, TaskView};
pub use values::{Shown, Vocabulary, field_label};

use super::target::{SCOPE, Target};
use crate::people::{Answer, Form, Right, Visit, Visitor};
use crate::platform::db::Db;
use crate::platform::kernel::error::{Error, Result};
use crate::records::Number;
use crate::records::store;

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route(SCOPE, web::get().to(show));
}

/// `GET` of a record: also for a practice that has a page of its own before this one.
pub async fn show(
    visit: Visit,
    target: Target,
    query: Query<HashMap<String, String>>,
) -> HttpResponse {
    let look = Look::of(&query);
    let path = visit.path.clone();
    visit
        .page(move |r, v| {
            let shown = if v.has(Right::Work) {
                page::answer(r, v, target, &look, &Given::Nothing)
            } else {
                // The desk's address of a record is in letters and on notes; requesters have their own, and so has whoever
                // is only asked about it.
                store::find_asked(r, v, target.number).and_then(|record| {
                    let own = store::is_own(r, v, record.id)?;
                    let number = target.number;
                    Ok(Answer::see_other(&match own {
                        true => number.portal_path(),
                        false => number.approval_path(),
                    }))
                })
            };
            match shown {
                Err(Error::NotFound) => target.elsewhere(r, v, &path),
                shown => shown,
            }
        })
        .await
}

/// The parts of a record's page that have an address of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tab {
    #[default]
    Conversation,
    Replies,
    Notes,
    History,
}

impl Tab {
    const ALL: [Tab; 4] = [Tab::Conversation, Tab::Replies, Tab::Notes, Tab::History];

    const fn word(self) -> &'static str {
        match self {
            Tab::Conversation => "",
            Tab::Replies => "replies",
            Tab::Notes => "notes",
            Tab::History => "history",
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Tab::Conversation => "tab-conversation",
            Tab::Replies => "tab-replies",
            Tab::Notes => "tab-notes",
            Tab::History => "tab-history",
        }
    }
}

/// Which part of the page is asked for. What is not understood is ignored.
#[derive(Debug, Clone, Default)]
pub struct Look {
    tab: Tab,
    before: Option<String>,
    /// The place in the list of affected people.
    affected: Option<String>,
    /// The last child of the page before.
    children: Option<Number>,
    panel: Option<Panel>,
    /// Whom a panel looks for.
    asked: String,
    /// What helps, to be put into what is written.
    reply: Option<Number>,
}

impl Look {
    fn of(query: &HashMap<String, String>) -> Self {
        let value = |name: &str| query.get(name).map_or("", String::as_str);
        Self {
            tab: Tab::ALL
                .into_iter()
                .find(|tab| tab.word() == value("tab"))
                .unwrap_or_default(),
            before: query.get("before").cloned(),
            affected: query.get("affected").cloned(),
            children: value("children").parse().ok(),
            panel: Panel::from_word(value("edit")),
            asked: value("q").chars().take(200).collect(),
            reply: value("reply").parse().ok(),
        }
    }
}

/// A form that came back, and where on the page it belongs.
pub enum Given<'a> {
    Nothing,
    Composer(&'a Form, Option<&'a Error>),
    Panel(Panel, &'a Form, Option<&'a Error>),
    Family(&'a Form, Option<&'a Error>),
    Link(&'a Form, Option<&'a Error>),
    Upload(&'a Form, Option<&'a Error>),
    /// A button without a form: only what went wrong is said.
    Button(&'a Form, Option<&'a Error>),
}

/// The record's page with a form given back.
pub fn again(conn: &mut Db, visitor: &Visitor, target: Target, given: Given<'_>) -> Result<Answer> {
    page::answer(conn, visitor, target, &Look::default(), &given)
}

/// A button that needs no form: done, or the page with what went wrong.
pub async fn press<A>(visit: Visit, target: Target, form: Form, act: A) -> HttpResponse
where
    A: Fn(
            &mut crate::platform::db::Write<'_>,
            &Visitor,
            &crate::platform::kernel::ctx::Ctx,
            &Form,
        ) -> Result<crate::people::Done>
        + Send
        + 'static,
{
    target
        .submit(visit, form, act, move |r, v, form, error| {
            again(r, v, target, Given::Button(form, error))
        })
        .await
}
