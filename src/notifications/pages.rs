//! The list of notices, and the button that says they were read.

use std::borrow::Cow;
use std::collections::HashMap;

use actix_web::web::{self, Query, ServiceConfig};
use actix_web::{HttpResponse, Responder};
use askama::Template;

use super::model::{APPROVALS, Approval, CHANGES, News, POSTMORTEMS, PROBLEMS, Told};
use super::store;
use crate::people::{
    self, Answer, Done, Form, FormView, Notice, Person, Right, Shell, Visit, Visitor, When,
};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::records::{Number, Record, lamp_key, target_key};
use crate::service_levels::Lamp;
use crate::services::{self, Service};

/// Notices on a page.
const ROWS: i64 = 30;
/// Records of one notice that are written out; its number says how many there are.
const WRITTEN_OUT: usize = 20;

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/notices", web::get().to(list))
        .route("/notices/read", web::post().to(read));
}

#[derive(Template)]
#[template(path = "notifications/list.html")]
struct ListPage {
    shell: Shell,
    notices: Vec<NoticeView>,
    /// The newest, up to which the button reads.
    newest: Option<String>,
    unread: bool,
    first: bool,
    next: Option<String>,
    form: FormView,
}

struct NoticeView {
    heading: String,
    when: When,
    unread: bool,
    items: Vec<ItemView>,
    more: Option<String>,
}

struct ItemView {
    number: String,
    href: String,
    title: String,
    lamp: &'static str,
    /// What happened: which target, breached or how far.
    what: String,
    when: When,
}

async fn list(visit: Visit, query: Query<HashMap<String, String>>) -> impl Responder {
    let before = query.get("before").and_then(|text| text.parse().ok());
    visit
        .page(move |r, v| page(r, v, before, FormView::fresh()))
        .await
}

async fn read(visit: Visit, form: Form) -> HttpResponse {
    visit
        .submit(
            form,
            |w, v, ctx, form| {
                v.needs(Right::Approve)?;
                if let Ok(newest) = form.value("newest").parse() {
                    people::read_notices(w, v.id, newest, ctx.now)?;
                }
                Ok(Done::at("/notices"))
            },
            |r, v, form, error| {
                let shell = v.shell("notices", "");
                page(r, v, None, FormView::again(&shell, form, error))
            },
        )
        .await
}

fn page(
    conn: &mut Db,
    visitor: &Visitor,
    before: Option<Id<Notice>>,
    form: FormView,
) -> Result<Answer> {
    visitor.needs(Right::Approve)?;
    let mut found = people::list_notices(conn, visitor.id, before, ROWS + 1)?;
    let more = found.len() as i64 > ROWS;
    found.truncate(ROWS as usize);
    let told: Vec<(Notice, Items)> = found
        .into_iter()
        .map(|notice| {
            let told = Items::of(&notice);
            (notice, told)
        })
        .collect();
    let mut ids: Vec<Id<Record>> = told.iter().flat_map(|(_, told)| told.records()).collect();
    ids.sort_unstable();
    ids.dedup();
    let names = store::named(conn, visitor, &ids)?;
    let people: Vec<Id<Person>> = told.iter().flat_map(|(_, told)| told.people()).collect();
    let people: HashMap<Id<Person>, String> = match people.is_empty() {
        true => HashMap::new(),
        false => (people::people_by_ids(conn, &people)?.into_iter())
            .map(|p| (p.id, p.name))
            .collect(),
    };
    let of_changes = |(_, told): &(Notice, Items)| matches!(told, Items::Changes(_));
    let services: HashMap<Id<Service>, String> = match told.iter().any(of_changes) {
        false => HashMap::new(),
        true => (services::list_services(conn)?.into_iter())
            .map(|service| (service.id, service.name))
            .collect(),
    };
    let shell = visitor.shell("notices", visitor.words.s("notices"));
    let next = told.last().filter(|_| more);
    Ok(Answer::html(&ListPage {
        newest: told.first().map(|(notice, _)| notice.id.to_string()),
        unread: told.iter().any(|(notice, _)| notice.read_at.is_none()),
        first: before.is_none(),
        next: next.map(|(notice, _)| format!("/notices?before={}", notice.id)),
        notices: told
            .into_iter()
            .filter_map(|(notice, told)| match told {
                Items::Clocks(told) => view(&shell, &notice, &told, &names),
                Items::Approvals(told) => approvals(&shell, &notice, &told, &names, &people),
                Items::Changes(told) => changes(&shell, &notice, &told, &names, &services),
            })
            .collect(),
        form,
        shell,
    }))
}

/// A notice as its reader may see it; nothing is left of one whose records are all hidden from them.
fn view(
    shell: &Shell,
    notice: &Notice,
    told: &[Told],
    names: &HashMap<Id<Record>, (Number, String)>,
) -> Option<NoticeView> {
    let seen: Vec<(&Told, &(Number, String))> = told
        .iter()
        .filter_map(|one| Some((one, names.get(&one.record)?)))
        .collect();
    if seen.is_empty() {
        return None;
    }
    let items = seen.iter().take(WRITTEN_OUT).map(|(one, (number, title))| {
        let lamp = match one.step.as_str() {
            "breach" => Lamp::Breach,
            _ => Lamp::Risk,
        };
        ItemView {
            number: number.to_string(),
            href: number.path(),
            title: title.clone(),
            lamp: lamp.word(),
            what: what(shell, one, lamp),
            when: shell.when(one.at()),
        }
    });
    let items: Vec<ItemView> = items.collect();
    let more = seen.len() - items.len();
    Some(NoticeView {
        heading: shell.t.n("notice-clocks", seen.len()),
        when: shell.when(notice.at),
        unread: notice.read_at.is_none(),
        items,
        more: (more > 0).then(|| shell.t.n("notice-more", more)),
    })
}

/// What a notice holds.
enum Items {
    Clocks(Vec<Told>),
    Approvals(Vec<Approval>),
    Changes(Vec<News>),
}

impl Items {
    fn of(notice: &Notice) -> Self {
        match notice.what.as_str() {
            APPROVALS => Items::Approvals(Approval::read(&notice.data)),
            CHANGES | PROBLEMS | POSTMORTEMS => Items::Changes(News::read(&notice.data)),
            _ => Items::Clocks(Told::read(&notice.data)),
        }
    }

    fn people(&self) -> Vec<Id<Person>> {
        match self {
            Items::Clocks(_) | Items::Changes(_) => Vec::new(),
            Items::Approvals(told) => told.iter().filter_map(|one| one.person).collect(),
        }
    }

    fn records(&self) -> Vec<Id<Record>> {
        match self {
            Items::Clocks(told) => told.iter().map(|one| one.record).collect(),
            Items::Approvals(told) => told.iter().filter_map(|one| one.record).collect(),
            Items::Changes(told) => told.iter().map(|one| one.record).collect(),
        }
    }
}

/// A notice of approvals, as its reader may see it.
fn approvals(
    shell: &Shell,
    notice: &Notice,
    told: &[Approval],
    names: &HashMap<Id<Record>, (Number, String)>,
    people: &HashMap<Id<Person>, String>,
) -> Option<NoticeView> {
    let name = |one: &Approval| {
        let known = one.person.and_then(|id| people.get(&id));
        known.cloned().unwrap_or_default()
    };
    let items = told.iter().filter_map(|one| {
        let (number, href, title) = match one.record {
            Some(record) => {
                let (number, title) = names.get(&record)?;
                let href = number.approval_path();
                (number.to_string(), href, title.clone())
            }
            None => (
                String::new(),
                "/approvals/delegations".to_owned(),
                name(one),
            ),
        };
        Some(ItemView {
            number,
            href,
            title,
            lamp: "ok",
            what: shell.t.with1(&one.said, "name", name(one).as_str()),
            when: shell.when(Utc::from_micros(one.at)),
        })
    });
    let mut items: Vec<ItemView> = items.collect();
    if items.is_empty() {
        return None;
    }
    let more = items.len().saturating_sub(WRITTEN_OUT);
    items.truncate(WRITTEN_OUT);
    Some(NoticeView {
        heading: shell.t.n("notice-approvals", items.len() + more),
        when: shell.when(notice.at),
        unread: notice.read_at.is_none(),
        items,
        more: (more > 0).then(|| shell.t.n("notice-more", more)),
    })
}

/// A notice of changes, as its reader may see it.
fn changes(
    shell: &Shell,
    notice: &Notice,
    told: &[News],
    names: &HashMap<Id<Record>, (Number, String)>,
    services: &HashMap<Id<Service>, String>,
) -> Option<NoticeView> {
    let items = told.iter().filter_map(|one| {
        let (number, title) = names.get(&one.record)?;
        let said = shell.t.s(&one.said).into_owned();
        let outage = outage(shell, one, services);
        Some(ItemView {
            number: number.to_string(),
            href: number.path(),
            title: title.clone(),
            lamp: "ok",
            what: match outage {
                Some(outage) => format!("{said} {outage}"),
                None => said,
            },
            when: shell.when(Utc::from_micros(one.at)),
        })
    });
    let mut items: Vec<ItemView> = items.collect();
    if items.is_empty() {
        return None;
    }
    let more = items.len().saturating_sub(WRITTEN_OUT);
    items.truncate(WRITTEN_OUT);
    Some(NoticeView {
        heading: match notice.what.as_str() {
            PROBLEMS => shell.t.n("notice-problems", items.len() + more),
            POSTMORTEMS => shell.t.n("notice-postmortems", items.len() + more),
            _ => shell.t.n("notice-changes", items.len() + more),
        },
        when: shell.when(notice.at),
        unread: notice.read_at.is_none(),
        items,
        more: (more > 0).then(|| shell.t.n("notice-more", more)),
    })
}

/// What is out for how long, where a change takes something out.
fn outage(shell: &Shell, news: &News, services: &HashMap<Id<Service>, String>) -> Option<String> {
    let (from, to) = news.from.zip(news.to)?;
    let names: Vec<&str> = (news.services.iter())
        .filter_map(|id| services.get(id).map(String::as_str))
        .collect();
    if news.outage <= 0 || names.is_empty() {
        return None;
    }
    let (names, minutes) = (names.join(", "), news.outage.to_string());
    let [from, to] = [from, to].map(|at| shell.when(Utc::from_micros(at)).short);
    let args = [
        ("services", names.as_str()),
        ("minutes", minutes.as_str()),
        ("from", from.as_str()),
        ("to", to.as_str()),
    ];
    Some(shell.t.with("notice-change-outage", args))
}

fn what(shell: &Shell, told: &Told, lamp: Lamp) -> String {
    let t = shell.t;
    let said: Cow<'static, str> = match told.step.split_at_checked(1) {
        Some(("p", percent)) => t.with1("notice-percent", "n", percent).into(),
        Some(("b", minutes)) => t.with1("notice-before", "n", minutes).into(),
        Some(("a", minutes)) => t.with1("notice-after", "n", minutes).into(),
        _ => t.s(lamp_key(lamp)),
    };
    let said = match told.step.as_str() {
        "breach" => t.s(lamp_key(lamp)),
        _ => said,
    };
    format!("{}: {said}", t.s(target_key(told.target)))
}
