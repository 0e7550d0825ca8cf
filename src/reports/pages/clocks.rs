//! The clocks behind a number, the breaches with their reasons, and the breaches nobody explained.

use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use futures_util::stream;

use super::ask::Asked;
use super::frame::{self, Choice, Select, SideGroup};
use super::sla::notices;
use crate::people::{Answer, Done, Flash, Form, FormView, Right, Shell, Visit, Visitor, When};
use crate::platform::db::{Db, Id, Read, Utc};
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::platform::words::Words;
use crate::records::{Number, Record};
use crate::reports::actions::{self, led_by};
use crate::reports::csv;
use crate::reports::model::{By, Outcome};
use crate::reports::store::{self, ClockRow, Clocks};
use crate::service_levels::results::{BreachCode, Explain, Which};

/// Rows of a page, and of a piece of a file.
const SIZE: i64 = 50;
const CHUNK: i64 = 500;
/// How far back breaches ask for a reason.
const ASKS_FOR: time::Duration = time::Duration::days(90);

/// A clock as a list shows it.
pub struct Line {
    pub number: String,
    pub href: String,
    pub title: String,
    pub service: Option<String>,
    pub team: Option<String>,
    pub priority: i32,
    pub target: String,
    pub outcome: String,
    pub lamp: &'static str,
    pub glyph: &'static str,
    pub at: Option<When>,
    pub took: String,
    pub over: String,
    pub agreement: String,
    pub reason: Option<String>,
    pub text: Option<String>,
    /// "breached as P1, lowered by … at …".
    pub note: Option<String>,
    pub exemption: Option<(String, bool)>,
    pub which: String,
    /// Whether somebody may still ask that it shall not count.
    pub may_ask: bool,
}

fn which(row: &ClockRow) -> String {
    format!("{}.{}.{}", row.target, row.cycle, row.part)
}

fn number(row: &ClockRow) -> Number {
    Number {
        kind: row.kind,
        n: row.n,
    }
}

/// What became of a clock, as its lamp shows it.
fn lamp(row: &ClockRow) -> (&'static str, &'static str) {
    match row.outcome {
        Outcome::Met => ("met", "met"),
        Outcome::Breached => ("breach", "breach"),
        Outcome::Running if row.phase == "paused" => ("paused", "paused"),
        Outcome::Running => ("ok", "lantern"),
        Outcome::Ended | Outcome::Exempt => ("none", "off"),
    }
}

fn line(shell: &Shell, row: &ClockRow, note: Option<String>) -> Line {
    let t = shell.t;
    let (lamp, glyph) = lamp(row);
    let over = row.elapsed_micros - row.target_micros;
    let still_runs = row.breached_at.is_some() && row.stopped_at.is_none() && !row.is_superseded;
    let over = match (row.breached_at, still_runs) {
        (None, _) => String::new(),
        // What its row counts ends with its last fact; it runs on since.
        (Some(_), true) => t.s("report-still-running").into_owned(),
        (Some(_), false) => frame::span(t, over),
    };
    Line {
        number: number(row).to_string(),
        href: number(row).path(),
        title: row.title.clone(),
        service: row.service.clone(),
        team: row.team.clone(),
        priority: row.priority,
        target: frame::target_word(t, &row.target),
        outcome: t.s(&format!("outcome-{}", row.outcome)).into_owned(),
        lamp,
        glyph,
        at: (row.at < Utc::FAR).then(|| shell.when(row.at)),
        took: frame::span(t, row.elapsed_micros),
        over,
        agreement: row.agreement.clone(),
        reason: row.code.as_deref().map(|code| reason(t, code)),
        text: row.text.clone(),
        note,
        exemption: (row.exemption.clone()).map(|reason| (reason, row.approved_at.is_some())),
        which: which(row),
        may_ask: row.breached_at.is_some() && !row.is_superseded && row.exemption.is_none(),
    }
}

/// A reason's word.
pub fn reason(t: Words, code: &str) -> String {
    t.s(&format!("breach-{}", code.replace('_', "-")))
        .into_owned()
}

/// Lines with what became of terms that were changed after a breach.
fn lines(r: &mut Db, shell: &Shell, rows: &[ClockRow]) -> Result<Vec<Line>> {
    let superseded = rows.iter().filter(|row| row.is_superseded);
    let mut records: Vec<Id<Record>> = superseded.map(|row| row.record).collect();
    records.dedup();
    let changed = store::changed_priority(r, &records)?;
    let note = |row: &ClockRow| {
        let breached = row.breached_at.filter(|_| row.is_superseded)?;
        let was = crate::records::priority_label(row.priority);
        let next = changed.get(&row.record).into_iter().flatten();
        // The change that took those terms away.
        let next = next
            .into_iter()
            .find(|change| change.at >= breached && change.before == row.priority);
        Some(match next {
            Some(change) => {
                let key = if change.after > row.priority {
                    "report-lowered"
                } else {
                    "report-changed"
                };
                let args = [
                    ("priority", was),
                    ("person", change.by.clone()),
                    ("at", shell.when(change.at).full),
                ];
                shell.t.with(key, args)
            }
            None => shell.t.with1("report-terms-changed", "priority", was),
        })
    };
    Ok(rows.iter().map(|row| line(shell, row, note(row))).collect())
}

fn asked_clocks(asked: &Asked) -> Clocks {
    Clocks {
        target: Some(asked.target),
        by: asked.by,
        from: asked.period.start,
        before: asked.period.end,
        narrow: asked.narrow.clone(),
        outcome: asked.outcome,
        decided: asked.decided,
        stopped: asked.stopped,
        reported_before: None,
    }
}

/// The clocks without an outcome yet, where a list has them.
fn running(asked: &Asked) -> Option<Clocks> {
    let wanted = match asked.outcome {
        Some(outcome) => outcome == Outcome::Running,
        None => !asked.decided && !asked.stopped,
    };
    (asked.by == By::Outcome && wanted).then(|| Clocks {
        from: Utc::FAR,
        before: Utc::from_micros(Utc::FAR.micros() + 1),
        reported_before: Some(asked.period.end),
        ..asked_clocks(asked)
    })
}

/// A piece of a list: what runs comes first, then what has an outcome, the latest first.
fn piece(
    r: &mut Db,
    v: &Visitor,
    asked: &Asked,
    after: Option<(Utc, Id<()>)>,
    size: i64,
) -> Result<Vec<ClockRow>> {
    let in_running = after.is_none_or(|(at, _)| at >= Utc::FAR);
    let mut rows = Vec::new();
    if in_running && let Some(running) = running(asked) {
        rows = store::clocks(r, v, &running, after, size)?;
    }
    let left = size - rows.len() as i64;
    if left > 0 {
        let after = after.filter(|(at, _)| *at < Utc::FAR);
        rows.extend(store::clocks(r, v, &asked_clocks(asked), after, left)?);
    }
    Ok(rows)
}

/// Cuts a page off its rows and says where the next one begins.
fn cut(asked: &Asked, path: &str, rows: &mut Vec<ClockRow>) -> Option<String> {
    let more = rows.len() as i64 > SIZE;
    rows.truncate(SIZE as usize);
    let last = rows.last().filter(|_| more)?;
    Some(asked.next(path, last.at, last.id.uuid()))
}

fn after(asked: &Asked) -> Option<(Utc, Id<()>)> {
    asked.after.map(|(at, id)| (at, Id::from_uuid(id)))
}

#[derive(Template)]
#[template(path = "reports/clocks.html")]
struct Page {
    shell: Shell,
    side: Vec<SideGroup>,
    period: String,
    notices: Vec<String>,
    chips: Vec<(String, String, bool)>,
    rows: Vec<Line>,
    first: Option<String>,
    next: Option<String>,
    csv: String,
    /// Whether it is the list of breaches, with reasons.
    breaches: bool,
    selects: Vec<Select>,
    from: String,
    to: String,
    path: &'static str,
}

/// What a list is narrowed to, in words: name, value, whether the value is data.
fn chips(r: &mut Db, t: Words, asked: &Asked) -> Result<Vec<(String, String, bool)>> {
    use crate::reports::model::GroupBy;
    let mut chips = vec![(
        t.s("report-target").into_owned(),
        frame::target_label(t, asked.target),
        false,
    )];
    let mut put = |name: &str, value: String, data: bool| {
        chips.push((t.s(name).into_owned(), value, data));
    };
    if let Some(outcome) = asked.outcome {
        put(
            "report-outcome",
            t.s(&format!("outcome-{outcome}")).into_owned(),
            false,
        );
    }
    if asked.decided {
        put("report-outcome", t.s("outcome-decided").into_owned(), false);
    }
    if asked.stopped {
        put("report-outcome", t.s("outcome-stopped").into_owned(), false);
    }
    if asked.by != By::Outcome {
        put(
            "report-by",
            t.s(&format!("report-by-{}", asked.by)).into_owned(),
            false,
        );
    }
    let narrow = &asked.narrow;
    if let Some(priority) = narrow.priority {
        put(
            "col-priority",
            crate::records::priority_label(priority),
            true,
        );
    }
    for (group, id) in [
        (GroupBy::Service, narrow.service),
        (GroupBy::Team, narrow.team),
        (GroupBy::Organisation, narrow.organisation),
        (GroupBy::Agreement, narrow.agreement),
    ] {
        let Some(id) = id else { continue };
        let (value, data) = match id {
            None => (t.s("report-none").into_owned(), false),
            Some(id) => match store::names(r, group)?.remove(&id) {
                Some(name) => (name, true),
                None => (t.s("unknown").into_owned(), false),
            },
        };
        put(&format!("report-group-{group}"), value, data);
    }
    Ok(chips)
}

/// The records behind a number.
pub async fn list(visit: Visit, request: HttpRequest) -> HttpResponse {
    let query = request.query_string().to_owned();
    visit
        .page(move |r, v| {
            let shell = frame::shell(v, "report-clocks")?;
            let asked = Asked::read(r, v, &query)?;
            let mut rows = piece(r, v, &asked, after(&asked), SIZE + 1)?;
            let next = cut(&asked, "/reports/clocks", &mut rows);
            answer(r, shell, &asked, &rows, next, "/reports/clocks")
        })
        .await
}

/// Every breach there was, with why.
pub async fn breaches(visit: Visit, request: HttpRequest) -> HttpResponse {
    let query = request.query_string().to_owned();
    visit
        .page(move |r, v| {
            let shell = frame::shell(v, "report-breaches")?;
            let asked = Asked::read(r, v, &query)?;
            let clocks = asked_clocks(&asked);
            let mut rows = store::breaches(r, v, &clocks, after(&asked), SIZE + 1)?;
            let next = cut(&asked, "/reports/breaches", &mut rows);
            answer(r, shell, &asked, &rows, next, "/reports/breaches")
        })
        .await
}

fn answer(
    r: &mut Db,
    shell: Shell,
    asked: &Asked,
    rows: &[ClockRow],
    next: Option<String>,
    path: &'static str,
) -> Result<Answer> {
    let breaches = path == "/reports/breaches";
    Ok(Answer::html(&Page {
        side: frame::side(&shell, if breaches { path } else { "" }, Some(asked)),
        period: frame::period(shell.t, asked),
        notices: notices(&shell, asked),
        chips: chips(r, shell.t, asked)?,
        rows: lines(r, &shell, rows)?,
        first: asked.after.map(|_| asked.first(path)),
        next,
        csv: asked.at(if breaches {
            "/reports/breaches.csv"
        } else {
            "/reports/clocks.csv"
        }),
        breaches,
        selects: frame::selects(shell.t, asked, false),
        from: asked.period.from.to_string(),
        to: asked.period.to.to_string(),
        path,
        shell,
    }))
}

/// Where a download stands.
struct Download {
    visit: Visit,
    query: String,
    breaches: bool,
    after: Option<(Utc, Id<()>)>,
    done: bool,
}

impl Download {
    /// The next piece, read in a short transaction of its own in which rights are checked again.
    async fn chunk(&mut self) -> Result<Vec<u8>> {
        self.visit.now = self.visit.site.clock.now();
        let (query, after, breaches) = (self.query.clone(), self.after, self.breaches);
        let rows = self.visit.read(move |r, v| {
            v.needs(Right::Manage)?;
            let asked = Asked::read(r, v, &query)?;
            asked.refuse_problems()?;
            if breaches {
                store::breaches(r, v, &asked_clocks(&asked), after, CHUNK)
            } else {
                piece(r, v, &asked, after, CHUNK)
            }
        });
        let rows = rows.await?;
        self.after = rows.last().map(|row| (row.at, row.id));
        self.done = (rows.len() as i64) < CHUNK;
        csv::clocks(&rows)
    }
}

/// The clocks of a list as a file, however many.
pub async fn download(visit: Visit, request: HttpRequest) -> HttpResponse {
    stream_of(visit, &request, false).await
}

/// The breaches as a file.
pub async fn download_breaches(visit: Visit, request: HttpRequest) -> HttpResponse {
    stream_of(visit, &request, true).await
}

async fn stream_of(visit: Visit, request: &HttpRequest, breaches: bool) -> HttpResponse {
    let mut download = Download {
        visit,
        query: request.query_string().to_owned(),
        breaches,
        after: None,
        done: false,
    };
    // The first piece is read before anything is sent, so that a refusal is a page.
    let first = match download.chunk().await {
        Ok(chunk) => chunk,
        Err(e) => return download.visit.error(&e).await,
    };
    let mut begin = match csv::clocks_header() {
        Ok(header) => header,
        Err(e) => return download.visit.error(&e).await,
    };
    begin.extend(first);
    let rest = stream::try_unfold(Some((download, Some(begin))), step);
    HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8; header=present")
        .insert_header((
            "Content-Disposition",
            "attachment; filename=\"andon-clocks.csv\"",
        ))
        .insert_header(("Cache-Control", "no-store"))
        .streaming(rest)
}

type State = Option<(Download, Option<Vec<u8>>)>;

async fn step(state: State) -> Result<Option<(Bytes, State)>> {
    let Some((mut download, ready)) = state else {
        return Ok(None);
    };
    let bytes = match ready {
        Some(bytes) => bytes,
        None => download.chunk().await?,
    };
    let state = (!download.done).then_some((download, None));
    Ok(Some((Bytes::from(bytes), state)))
}

#[derive(Template)]
#[template(path = "reports/unexplained.html")]
struct Unexplained {
    shell: Shell,
    side: Vec<SideGroup>,
    teams: String,
    rows: Vec<(Line, String)>,
    codes: Vec<Choice>,
    form: FormView,
    next: Option<String>,
}

/// The breaches of a lead's teams that nobody has explained; for who manages, of all teams.
pub async fn unexplained(visit: Visit, request: HttpRequest) -> HttpResponse {
    let query = request.query_string().to_owned();
    visit
        .page(move |r, v| unexplained_page(r, v, &query, FormView::fresh()))
        .await
}

fn unexplained_page(r: &mut Db, v: &Visitor, query: &str, form: FormView) -> Result<Answer> {
    v.needs(Right::Work)?;
    let led = led_by(r, v)?;
    let teams = match (v.has(Right::Manage), led.is_empty()) {
        (true, true) => crate::people::list_teams(r)?
            .into_iter()
            .map(|t| (t.id, t.name))
            .collect(),
        (false, true) => return Err(Error::forbidden()),
        (_, false) => led,
    };
    let shell = v.shell("reports", v.words.s("report-unexplained"));
    let asked = Asked::read(r, v, query)?;
    let ids: Vec<_> = teams.iter().map(|(id, _)| *id).collect();
    let clocks = Clocks {
        from: v.now.minus(ASKS_FOR),
        before: Utc::FAR,
        ..asked_clocks(&asked)
    };
    let mut rows = store::unexplained(r, v, &ids, &clocks, after(&asked), SIZE + 1)?;
    let next = cut(&asked, "/reports/unexplained", &mut rows);
    let names: Vec<String> = teams.into_iter().map(|(_, name)| name).collect();
    let lines = lines(r, &shell, &rows)?;
    Ok(Answer::html(&Unexplained {
        side: match v.has(Right::Manage) {
            true => frame::side(&shell, "/reports/unexplained", Some(&asked)),
            false => Vec::new(),
        },
        teams: names.join(", "),
        rows: lines
            .into_iter()
            .map(|line| (line, crate::people::new_form_key()))
            .collect(),
        codes: codes(shell.t, &form),
        form,
        next,
        shell,
    }))
}

fn codes(t: Words, form: &FormView) -> Vec<Choice> {
    let choice = |code: &BreachCode| Choice {
        value: code.word().to_owned(),
        label: reason(t, code.word()),
        chosen: form.is("breach_code", code.word()),
        is_data: false,
    };
    BreachCode::ALL.iter().map(choice).collect()
}

/// Says why a clock was missed.
pub async fn explain(visit: Visit, form: Form) -> HttpResponse {
    visit
        .submit(
            form,
            |w, v, ctx, form| {
                may_explain(w, v)?;
                let (number, explain) = given(form)?;
                actions::explain_breach(w, v, ctx, number, &explain)?;
                let said = Flash::ok("breach-explained").arg("number", number);
                Ok(Done::at("/reports/unexplained").saying(said))
            },
            |r: &mut Read<'_>, v, form, error| {
                let view = FormView::again(&v.shell("", ""), form, error);
                unexplained_page(r, v, "", view)
            },
        )
        .await
}

/// Nobody else learns what a form would answer.
fn may_explain(r: &mut Db, v: &Visitor) -> Result<()> {
    v.needs(Right::Work)?;
    if v.has(Right::Manage) || !led_by(r, v)?.is_empty() {
        Ok(())
    } else {
        Err(Error::forbidden())
    }
}

fn given(form: &Form) -> Result<(Number, Explain)> {
    let number = form.value("number").parse().map_err(|()| Error::NotFound)?;
    let which: Which = form.value("clock").parse().map_err(|()| Error::NotFound)?;
    let mut invalid = Invalid::default();
    let code = BreachCode::from_word(form.value("breach_code"));
    if code.is_none() {
        invalid.add("breach_code", "error-required");
    }
    if form.value("breach_text").trim().is_empty() {
        invalid.add("breach_text", "error-required");
    }
    let explain = Explain {
        which,
        code: code.unwrap_or(BreachCode::Other),
        text: form.value("breach_text").to_owned(),
    };
    invalid.or((number, explain))
}
