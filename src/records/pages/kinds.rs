//! For managers: how often what came by each channel was logged as the wrong kind. The time is bounded, and
//! so is what is read.

use std::collections::HashMap;

use actix_web::Responder;
use actix_web::web::{self, Query, ServiceConfig};
use askama::Template;
use time::Duration;

use crate::people::{Answer, Right, Shell, Visit};
use crate::records::views::{self, ViewGroup};
use crate::records::{WrongKindRate, counts, wrong_kind_rates};

/// The times offered, in days.
const DAYS: [i64; 3] = [30, 90, 365];

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route(views::KINDS, web::get().to(show));
}

#[derive(Template)]
#[template(path = "records/kinds.html")]
struct KindsPage {
    shell: Shell,
    views: Vec<ViewGroup>,
    days: i64,
    offered: Vec<(i64, String)>,
    rates: Vec<RateView>,
}

struct RateView {
    channel: String,
    logged: String,
    changed: String,
    percent: String,
}

impl RateView {
    fn of(shell: &Shell, rate: &WrongKindRate) -> Self {
        let channel = rate.channel.word().replace('_', "-");
        let tenths = rate.per_mille();
        Self {
            channel: shell.t.s(&format!("channel-{channel}")).into_owned(),
            logged: shell.t.number(rate.logged),
            changed: shell.t.number(rate.changed),
            percent: format!("{}.{} %", tenths / 10, tenths % 10),
        }
    }
}

async fn show(visit: Visit, query: Query<HashMap<String, String>>) -> impl Responder {
    let asked = query.get("days").and_then(|days| days.parse().ok());
    let days = DAYS.into_iter().find(|days| Some(*days) == asked);
    let days = days.unwrap_or(30);
    visit
        .page(move |r, v| {
            v.needs(Right::Manage)?;
            let from = v.now.minus(Duration::days(days));
            let rates = wrong_kind_rates(r, v, from, v.now)?;
            let shell = v.shell("queue", v.words.s("kinds-title"));
            let counts = counts(r, v)?;
            Ok(Answer::html(&KindsPage {
                views: views::links(v.words, v, &counts, None),
                days,
                offered: DAYS.map(|n| (n, shell.t.n("kinds-days", n))).to_vec(),
                rates: rates
                    .iter()
                    .map(|rate| RateView::of(&shell, rate))
                    .collect(),
                shell,
            }))
        })
        .await
}
