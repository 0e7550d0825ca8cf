//! Every route × role × object. The expected statuses stand in `tests/it/access.txt`; a route without
//! a line there fails, and so does a line without a route.
//!
//! Each post is one that would succeed, so that a status says who may, not what was wrong with it:
//! settings' forms are taken from the administrator's own pages. Objects: `own` (the requester's, which
//! the watcher watches), `named` (the requester's, restricted to the requester and the agent), `foreign`
//! (of another requester), `none` (there is no such thing).

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use andon::people::Person;
use andon::platform::db::Id;
use andon::records::{Kind, LinkType, Number, Record, actions};

use super::routes::{Route, routes, sample};
use crate::agreements::defined;
use crate::app::{
    App, Client, Desk, FilledForm, Human, LogCall, Page, crawl_within, each_database, root,
};
use crate::estate::{estate, of_estate};
use crate::library::{attach, task_on};
use crate::life_cycle::record_in;
use crate::majors::major;
use crate::reports::closing::closed_once;
use crate::{actions as actions_of, changes, postmortems, problems};

const FILE: &str = "tests/it/access.txt";

const ROLES: [&str; 9] = [
    "anonymous",
    "requester",
    "other",
    "watcher",
    "approver",
    "agent",
    "manager",
    "administrator",
    "disabled",
];

fn client(app: &App, desk: &Desk, role: &str) -> Client {
    let person = match role {
        "requester" => &desk.requester,
        "other" => &desk.other,
        "watcher" => &desk.watcher,
        "approver" => &desk.approver,
        "agent" => &desk.agent,
        "manager" => &desk.manager,
        "administrator" => &desk.administrator,
        "disabled" => &desk.disabled,
        _ => return app.anonymous(),
    };
    app.visit(person)
}

/// Which objects a pattern is asked for.
fn objects(pattern: &str) -> Vec<&'static str> {
    if pattern.contains("{number}") || pattern.starts_with("/attachments/") {
        vec!["own", "named", "foreign", "none"]
    } else if pattern.contains("{id}")
        || pattern.contains("{code}")
        || pattern.contains("{scale}")
        || pattern.contains("{which}")
    {
        vec!["there", "none"]
    } else {
        vec!["-"]
    }
}

/// What one role is asked to do with one object.
struct Asked {
    path: String,
    fields: Vec<(String, String)>,
    file: Option<(String, Vec<u8>)>,
}

/// The state in which a verb is possible.
fn state_for(pattern: &str) -> &'static str {
    match pattern.rsplit('/').next().unwrap_or_default() {
        "closure" | "reopening" | "confirmation" => "resolved",
        "recurrence" => "closed",
        "resumption" => "waiting",
        "progress" => "new",
        _ => "in_progress",
    }
}

fn fields(verb: &str, desk: &Desk, problem: &str) -> Vec<(String, String)> {
    let agent = desk.agent.id.to_string();
    let other = desk.other.id.to_string();
    let network = desk.network.to_string();
    // Each month is closed once.
    static YEAR: AtomicUsize = AtomicUsize::new(1971);
    let month = match verb {
        "periods" => format!("{}-01-01", YEAR.fetch_add(1, Ordering::Relaxed)),
        _ => String::new(),
    };
    let given: Vec<(&str, &str)> = match verb {
        "actions" => vec![("title", "Alert on memory"), ("kind", "detect")],
        "plan" => vec![("kind", "detect"), ("seen", "9999")],
        "carrier" => vec![("carrier", problem)],
        "verification" => vec![("verification_seen", "It fired")],
        "assignment" => vec![("assignee", &agent), ("seen", "9999")],
        "attachments" => vec![("audience", "public")],
        "affected" => vec![("affected", &other)],
        "contacts" => vec![
            ("person", &other),
            ("channel", "phone"),
            ("contact_text", "Me too"),
        ],
        "cancellation" => vec![("cancellation_code", "withdrawn")],
        "erasure" => vec![("confirm", "Dora Gone")],
        "entries" => vec![("audience", "public"), ("body", "x"), ("seen", "9999")],
        "duplicate" => vec![("original", problem)],
        "family" => vec![("family_role", "child"), ("family_number", problem)],
        "factors" => vec![("factor_code", "process"), ("factor_text", "Nobody looked")],
        "fix" => vec![("do", "watch"), ("watched_days", "7")],
        "known-error" => vec![
            ("symptoms", "The drawer stays shut"),
            ("workaround", "Use port B"),
            ("audience", "desk"),
            ("version", "0"),
            ("known_error_reason", "Not needed"),
        ],
        "sections" => vec![("text", "We saw it"), ("base", "0"), ("reason", "Meant")],
        "timeline" => vec![("text", "Somebody called"), ("at", "2020-01-02T03:04")],
        "facts" => vec![("agrees", "yes")],
        "review" | "revision" | "no-actions" => vec![("reason", "Not needed")],
        "fields" => vec![("title", "Another"), ("seen", "9999")],
        "handoff" => vec![
            ("team", &network),
            ("tried", "A cable"),
            ("wanted", "A look"),
            ("reason", "Not ours"),
            ("seen", "9999"),
        ],
        "hold" => vec![("hold_reason", "other")],
        "instants" => vec![
            ("mitigated_at", "2020-01-02T03:04"),
            ("mitigated_source", "log"),
            ("which", "mitigated"),
            ("at", "2020-01-02T03:04"),
            ("source", "log"),
            ("seen", "9999"),
        ],
        "major" => vec![
            ("major_reason", "Everybody"),
            ("major_lead", &agent),
            ("major_next_update_at", "2099-01-02T03:04"),
            ("major_withdrawn_because", "Nobody"),
            ("seen", "9999"),
        ],
        "links" => vec![("link_to", problem), ("link_type", "related")],
        "progress" => vec![("to", "in_progress")],
        "recurrence" => vec![("what", "It is back")],
        "replies" => vec![("body", "x"), ("seen", "9999")],
        "restriction" => vec![("person", &agent), ("reason", "Personnel")],
        "reopening" => vec![("reopen_who", "Rita"), ("reopen_why", "Again")],
        "resolution" => vec![("resolution_code", "fixed"), ("resolution_text", "Done")],
        "tasks" => vec![
            ("task_title", "Another"),
            ("task_reason", "Not needed"),
            ("task_place", "1"),
            ("seen", "9999"),
        ],
        "watchers" => vec![("watcher", &other)],
        "workaround" => vec![("problem", problem), ("worked", "yes")],
        "calls" => vec![
            ("title", "Noise"),
            ("matrix", "2-2"),
            ("do", "save"),
            ("person", &other),
        ],
        "members" => vec![("person", &other)],
        "position" => vec![("step", "down")],
        "periods" => vec![("month", &month)],
        "preferences" => vec![("language", "en"), ("zone", "UTC"), ("theme", "dark")],
        _ => Vec::new(),
    };
    given
        .into_iter()
        .map(|(n, v)| (n.to_owned(), v.to_owned()))
        .collect()
}

/// A record for one try, fresh, so that an earlier success is in nobody's way.
fn record(app: &App, desk: &Desk, object: &str, kind: Kind, state: &str) -> Record {
    let record = record_in(app, desk, kind, state);
    if object == "own" {
        return record;
    }
    if object == "named" {
        let people = [desk.requester.id, desk.agent.id];
        return restrict(app, &desk.agent, &record, &people);
    }
    // The same with other people: nobody of the cast is on it.
    use andon::schema::{records, watchers};
    use diesel::prelude::*;
    app.write(|w| {
        diesel::update(records::table.find(record.id))
            .set(records::requester_id.eq(desk.colleague.id))
            .execute(&mut **w)?;
        diesel::delete(watchers::table.filter(watchers::record_id.eq(record.id)))
            .execute(&mut **w)?;
        Ok(())
    });
    app.record(record.id)
}

/// The record, existing for these people only.
fn restrict(app: &App, who: &Human, record: &Record, people: &[Id<Person>]) -> Record {
    let command = actions::Restrict {
        people: people.to_vec(),
        reason: "Personnel".into(),
        ..actions::Restrict::default()
    };
    app.act(who, |w, v, ctx| {
        actions::restrict(w, v, ctx, record.number(), &command)
    })
    .unwrap()
}

fn hand_off(app: &App, desk: &Desk, number: Number) {
    let practice = andon::follow::practice_of(number.kind);
    let command = actions::HandOff {
        seen: i64::MAX,
        team: Some(desk.network),
        sentence: actions::Sentence {
            tried: "A cable".into(),
            wanted: "A look".into(),
        },
        ..actions::HandOff::default()
    };
    app.act(&desk.agent, |w, v, ctx| {
        actions::hand_off(w, v, ctx, practice, number, &command)
    })
    .unwrap();
}

/// The kind that alone has this, with a state for it and a number that nobody has.
fn own_kind(pattern: &str) -> Option<(Kind, &'static str, &'static str)> {
    [
        (
            "/{kind:changes}",
            (Kind::Change, "draft", "/changes/CHG-4711"),
        ),
        (
            "/{kind:problems}",
            (Kind::Problem, "new", "/problems/PRB-4711"),
        ),
        (
            "/{kind:problems|postmortems}",
            (Kind::Problem, "new", "/problems/PRB-4711"),
        ),
        (
            "/{kind:postmortems}",
            (Kind::Postmortem, "draft", "/postmortems/PM-4711"),
        ),
        (
            "/{kind:actions}/{number}/verification",
            (Kind::Action, "done", "/actions/ACT-4711"),
        ),
        (
            "/{kind:actions}",
            (Kind::Action, "open", "/actions/ACT-4711"),
        ),
    ]
    .into_iter()
    .find_map(|(start, own)| pattern.starts_with(start).then_some(own))
}

fn ask(app: &App, desk: &Desk, route: &Route, object: &str, forms: &[FilledForm]) -> Asked {
    let pattern = route.pattern.as_str();
    let below = pattern.split("{number}/").nth(1).unwrap_or_default();
    let verb = below.split('/').next().unwrap_or_default();
    let verb = if verb.is_empty() {
        pattern.rsplit('/').next().unwrap_or_default()
    } else {
        verb
    };
    let nowhere = uuid::Uuid::now_v7().to_string();
    let mut asked = Asked {
        path: String::new(),
        fields: vec![("form_key".into(), uuid::Uuid::new_v4().to_string())],
        file: None,
    };
    if pattern.contains("{number}") {
        let (number, path, problem) = match object {
            "none" => {
                let folder = if pattern.starts_with("/portal") {
                    "portal"
                } else {
                    "incidents"
                };
                let path = match own_kind(pattern) {
                    Some((_, _, path)) => path.to_owned(),
                    None => format!("/{folder}/INC-4711"),
                };
                ("INC-4711".to_owned(), path, "PRB-1".to_owned())
            }
            object => {
                let (kind, state) = match own_kind(pattern) {
                    Some((kind, state, _)) => (kind, state),
                    None => (Kind::Incident, state_for(pattern)),
                };
                let mut record = record(app, desk, object, kind, state);
                if kind == Kind::Action {
                    actions_of::made_an_item(app, desk, &record);
                }
                if pattern.ends_with("restriction/removal") && object != "named" {
                    let people = [desk.agent.id, desk.manager.id, desk.administrator.id];
                    record = restrict(app, &desk.agent, &record, &people);
                }
                // Only the team it was handed to sends it back; the agent is not in that one.
                if pattern.ends_with("/handoff/return") && object != "named" {
                    hand_off(app, desk, record.number());
                }
                let problem = app.log(&desk.agent, &LogCall::of(Kind::Problem, "Behind it"));
                let number = record.number().to_string();
                let path = match pattern.starts_with("/portal") {
                    true => format!("/portal/{number}"),
                    false => app.path(&record),
                };
                (number, path, problem.number().to_string())
            }
        };
        let is_major = pattern.contains("/major/");
        // Who may declare one major is not named.
        if is_major && !matches!(object, "none" | "named") {
            major(app, desk, number.parse().unwrap());
        }
        let link = match (verb, object) {
            ("links", "own" | "named" | "foreign") if pattern.contains("{link}") => {
                let (own, to) = (number.parse().unwrap(), problem.parse().unwrap());
                app.act(&desk.agent, |w, v, ctx| {
                    let record = actions::link(w, v, ctx, own, to, LinkType::Related)?;
                    Ok(andon::records::links_of(w, v, record.id)?[0].id.to_string())
                })
                .unwrap()
            }
            _ => nowhere.clone(),
        };
        let factor = match object {
            "own" | "named" | "foreign" if pattern.contains("/factors/{id}") => {
                problems::factor_on(app, &desk.agent, number.parse().unwrap())
            }
            "own" | "named" | "foreign" if pattern.contains("/timeline/{id}") => {
                postmortems::entry_on(app, &desk.agent, number.parse().unwrap())
            }
            _ => nowhere.clone(),
        };
        let task = match object {
            "own" | "named" | "foreign" if pattern.contains("{task}") => {
                task_on(app, &desk.agent, number.parse().unwrap(), "To do")
            }
            _ => nowhere.clone(),
        };
        asked.path = format!(
            "{path}{}",
            sample(
                pattern.split("{number}").nth(1).unwrap_or_default(),
                |part, _| match part {
                    "link" => link.clone(),
                    "person" => desk.watcher.id.to_string(),
                    "task" => task.clone(),
                    "id" => factor.clone(),
                    "section" => "summary".to_owned(),
                    "edition" => "1".to_owned(),
                    // Nobody was asked: of rounds there are stories.
                    "round" => "1".to_owned(),
                    other => panic!("{pattern}: {other}"),
                }
            )
        );
        if !pattern.contains("removal") {
            asked.fields.extend(fields(verb, desk, &problem));
        }
        if pattern.ends_with("restriction/removal") {
            asked
                .fields
                .push(("lift_reason".into(), "It is over".into()));
        }
        if verb == "attachments" {
            asked.file = Some(("a.txt".into(), b"a".to_vec()));
        }
        if verb == "progress" && route.method == "GET" {
            asked.path.push_str("?to=in_progress");
        }
        return asked;
    }
    if pattern.starts_with("/attachments/") {
        let id = match object {
            "none" => nowhere,
            object => {
                let record = record(app, desk, object, Kind::Incident, "new");
                attach(app, desk, &app.path(&record), "public", "a.txt", b"a");
                use andon::schema::attachments;
                use diesel::prelude::*;
                let id: andon::platform::db::Id<andon::people::Upload> = app.read(|r| {
                    Ok(attachments::table
                        .filter(attachments::record_id.eq(record.id))
                        .select(attachments::id)
                        .first(r)?)
                });
                id.to_string()
            }
        };
        asked.path = format!("/attachments/{id}");
        return asked;
    }
    if pattern.starts_with("/reports/") && route.method == "POST" && !pattern.contains("periods") {
        let (path, fields) = crate::reports::results::asked_for(app, desk, pattern);
        asked.path = path;
        asked.fields.extend(fields);
        return asked;
    }
    if pattern == "/queue/next" {
        app.log(&desk.agent, &LogCall::incident("Something to take"));
    }
    asked.path = sample(pattern, |part, _| match (part, object) {
        ("token", _) => "0".repeat(64),
        ("hash" | "name", _) => "nothing".into(),
        ("list", _) => "resolution".into(),
        ("scale", "none") | ("code", "none") => "nothing".into(),
        ("scale", _) => "priority".into(),
        ("code", _) => "fixed".into(),
        ("of", _) => "setting".into(),
        ("which", "none") => "nothing".into(),
        ("which", _) => "general".into(),
        ("person", _) => desk.agent.id.to_string(),
        ("id", "none") => nowhere.clone(),
        ("id", _) if pattern.starts_with("/reports/periods") => closed_once(app, desk),
        ("what", "none") => "nothing".into(),
        ("what", _) => "people".into(),
        ("item", "none") => nowhere.clone(),
        ("item", _) => estate(app, desk).needed.to_string(),
        ("id", _) if pattern.starts_with("/changes/") => changes::there(app, desk, pattern),
        ("id", _) if pattern.starts_with("/settings/postmortem-rules") => {
            postmortems::rule_there(app, desk)
        }
        ("id", _) if of_estate(pattern) => estate(app, desk).id(pattern).unwrap(),
        ("id", _) if pattern.starts_with("/settings/calendars") => {
            definition(app, desk, "calendars", "Spare hours")
        }
        ("id", _) if pattern.starts_with("/settings/agreements") => {
            definition(app, desk, "agreements", "Critical incidents")
        }
        ("id", _) if pattern.starts_with("/settings/approvals") => {
            crate::approvals::kept(app, desk).to_string()
        }
        ("id", _) if pattern.starts_with("/settings/boards") => {
            crate::approvals::any_board(app, desk).to_string()
        }
        ("id", _) if pattern.starts_with("/approvals/delegations") => {
            crate::approvals::given(app, desk).to_string()
        }
        ("id", _) if pattern.starts_with("/settings/teams") => desk.desk.to_string(),
        // Only somebody who has left is erased.
        ("id", _) if pattern.ends_with("/erasure") => desk.disabled.id.to_string(),
        ("id", _) if pattern.starts_with("/settings/people") => desk.colleague.id.to_string(),
        ("id", _) if pattern.starts_with("/settings/services") => desk.mail.to_string(),
        ("id", _) if pattern.starts_with("/settings/categories") => desk.printing.to_string(),
        _ => nowhere.clone(),
    });
    if let Some(form) = forms
        .iter()
        .find(|f| f.action == asked.path && f.method == "post")
    {
        let own = form.fields.iter().filter(|(n, _)| n != "form_key").cloned();
        asked.fields.extend(own.map(|(name, value)| {
            let value = match (name.as_str(), value.as_str()) {
                ("name" | "label", "") => "Something new".into(),
                ("mail", "") => "new@example.org".into(),
                ("needs", "") => "SRV-DB-01".into(),
                ("code", "") => "something_new".into(),
                ("resolution", "") => "8 business hours".into(),
                ("calendar", "") => definition(app, desk, "calendars", "Spare hours"),
                _ => value,
            };
            (name, value)
        }));
    }
    if let Some(fields) = crate::approvals::posted(pattern, desk) {
        asked.fields.retain(|(name, _)| name == "form_key");
        asked.fields.extend(fields);
    }
    for (name, value) in fields(verb, desk, "") {
        if !asked.fields.iter().any(|(own, _)| *own == name) {
            asked.fields.push((name, value));
        }
    }
    asked
}

/// The id of a calendar or an agreement.
fn definition(app: &App, desk: &Desk, table: &str, name: &str) -> String {
    let mut all = app.read(andon::service_levels::all);
    if !all.calendars.iter().any(|c| c.name == "Spare hours") {
        defined(app, desk);
        all = app.read(andon::service_levels::all);
    }
    let found = match table {
        "calendars" => all
            .calendars
            .iter()
            .find(|c| c.name == name)
            .map(|c| c.id.to_string()),
        _ => all
            .agreements
            .iter()
            .find(|a| a.name == name)
            .map(|a| a.id.to_string()),
    };
    found.unwrap()
}

fn send(client: &Client, route: &Route, asked: &Asked) -> Page {
    if route.method == "GET" {
        return client.get(&asked.path);
    }
    client.send(&FilledForm {
        action: asked.path.clone(),
        method: "post".into(),
        multipart: asked.file.is_some(),
        fields: asked.fields.clone(),
        files: asked
            .file
            .iter()
            .map(|(name, content)| ("files".into(), name.clone(), content.clone()))
            .collect(),
        buttons: Vec::new(),
    })
}

/// What each role is answered on one route, a line for each object.
/// What stands there before some routes are asked.
fn prepare(app: &App, desk: &Desk, routes: &[Route]) {
    let any = |of: &dyn Fn(&str) -> bool| routes.iter().any(|route| of(&route.pattern));
    if any(&of_estate) {
        estate(app, desk);
    }
    let promised = ["/settings/calendars", "/settings/agreements"];
    if any(&|pattern| promised.iter().any(|of| pattern.starts_with(of))) {
        defined(app, desk);
    }
}

fn lines(app: &App, desk: &Desk, clients: &[Client], route: &Route) -> Vec<String> {
    let forms: Vec<FilledForm> = if route.method == "POST" && route.pattern.starts_with("/settings")
    {
        let administrator = client(app, desk, "administrator");
        crawl_within(&administrator, &["/settings"], 400, "/settings")
            .iter()
            .flat_map(Page::forms)
            .collect()
    } else {
        Vec::new()
    };
    objects(&route.pattern)
        .into_iter()
        .map(|object| {
            let mut asked = ask(app, desk, route, object, &forms);
            let answers: Vec<String> = clients
                .iter()
                .map(|client| {
                    let answer = send(client, route, &asked);
                    if route.method != "GET" {
                        asked = ask(app, desk, route, object, &forms);
                    }
                    let to_login = answer
                        .header("location")
                        .is_some_and(|to| to.starts_with("/login"));
                    match (answer.status, to_login) {
                        (303, true) => "login".to_owned(),
                        (status, _) => status.to_string(),
                    }
                })
                .collect();
            line(route, object, &answers)
        })
        .collect()
}

/// The kinds make a pattern long and say nothing here.
fn shown(pattern: &str) -> String {
    pattern
        .replace(
            "{kind:incidents|requests|problems|changes|postmortems|actions}",
            "{kind}",
        )
        .replace("{kind:incidents}", "{kind}")
        .replace("{kind:changes}", "{kind}")
        .replace("{kind:problems}", "{kind}")
        .replace("{kind:problems|postmortems}", "{kind}")
        .replace("{kind:postmortems}", "{kind}")
        .replace("{kind:actions}", "{kind}")
}

fn line(route: &Route, object: &str, answers: &[String]) -> String {
    let cells: Vec<String> = answers.iter().map(|a| format!("{a:<6}")).collect();
    format!(
        "{} {}",
        line_start(route, object),
        cells.join("").trim_end()
    )
}

fn line_start(route: &Route, object: &str) -> String {
    let what = format!("{:<5}{}", route.method, shown(&route.pattern));
    format!("{what:<48} {object:<8}")
}

/// The lines of the file, and those of some routes as they are now.
fn written_and_found(which: impl Fn(&Route) -> bool) -> (Vec<String>, Vec<String>) {
    let written = std::fs::read_to_string(root().join(FILE)).unwrap_or_default();
    let expected = written
        .lines()
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
        .map(str::to_owned)
        .collect();
    let found: RefCell<BTreeMap<Route, Vec<String>>> = RefCell::default();
    let (reads, writes): (Vec<Route>, Vec<Route>) = routes()
        .into_iter()
        .filter(which)
        .partition(|r| r.method == "GET");
    // Who looks is in nobody's way; who writes is.
    let together = std::iter::once(reads).chain(writes.into_iter().map(|route| vec![route]));
    for routes in together {
        each_database(|app| {
            let desk = app.desk();
            prepare(&app, &desk, &routes);
            let clients: Vec<Client> = ROLES.iter().map(|role| client(&app, &desk, role)).collect();
            for route in &routes {
                let lines = lines(&app, &desk, &clients, route);
                let mut found = found.borrow_mut();
                match found.get(route) {
                    Some(before) => assert_eq!(&lines, before, "the databases differ"),
                    None => drop(found.insert(route.clone(), lines)),
                }
            }
        });
    }
    (
        expected,
        found.into_inner().into_values().flatten().collect(),
    )
}

#[track_caller]
fn compare(name: &str, which: impl Fn(&Route) -> bool) {
    let (expected, found) = written_and_found(which);
    let missing: Vec<&String> = found.iter().filter(|l| !expected.contains(l)).collect();
    if !missing.is_empty() {
        let there = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::write(&there, found.join("\n") + "\n").unwrap();
        panic!(
            "answers that are not written down in {FILE}: {missing:#?}\n\
             if they are right, put them there; all of them stand in {}",
            there.display()
        );
    }
}

fn is_a_records(route: &Route) -> bool {
    route.pattern.contains("{number}")
}

#[test]
fn every_route_of_a_record_answers_every_role_as_written_down() {
    compare("access-records.txt", is_a_records);
}

#[test]
fn every_other_route_answers_every_role_as_written_down() {
    compare("access-others.txt", |route| !is_a_records(route));
}

#[test]
fn nothing_is_written_down_that_is_no_route() {
    let written = std::fs::read_to_string(root().join(FILE)).unwrap();
    let routes = routes();
    for line in written
        .lines()
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
    {
        let known = routes.iter().any(|route| {
            objects(&route.pattern).into_iter().any(|object| {
                let start = line_start(route, object);
                line.starts_with(&format!("{start} "))
            })
        });
        assert!(known, "{FILE} has a line for no route: {line}");
    }
}

/// Nobody learns anything by posting nonsense where they may not post: a form that would come back is
/// refused like one that would succeed.
#[test]
fn a_form_that_is_not_ones_own_does_not_come_back() {
    each_database(|app| {
        let desk = app.desk();
        for route in routes().iter().filter(|r| r.method == "POST") {
            for object in objects(&route.pattern) {
                for role in ["requester", "watcher", "approver", "agent", "manager"] {
                    let works = role == "agent" || role == "manager";
                    let own = [
                        "/preferences",
                        "/parked",
                        "/login",
                        "/logout",
                        "/password",
                        "/setup",
                    ];
                    let approves = role == "approver"
                        && ["/approvals/delegations", "/notices"]
                            .iter()
                            .any(|o| route.pattern.starts_with(o));
                    let theirs = own.iter().any(|o| route.pattern.starts_with(o))
                        || approves
                        || (works && !route.pattern.starts_with("/settings"));
                    let involved = ["requester", "watcher"].contains(&role)
                        && (object == "own" || (object == "named" && role == "requester"));
                    if theirs || (involved && route.pattern.starts_with("/portal")) {
                        continue;
                    }
                    let asked = ask(&app, &desk, route, object, &[]);
                    for fields in [
                        vec![],
                        vec![("form_key".to_owned(), uuid::Uuid::new_v4().to_string())],
                        vec![("show_again".to_owned(), "1".to_owned())],
                    ] {
                        let bare = Asked {
                            path: asked.path.clone(),
                            fields,
                            file: None,
                        };
                        let answer = send(&client(&app, &desk, role), route, &bare);
                        assert!(
                            matches!(answer.status, 403 | 404),
                            "{} {} {object} by {role}: {} {}",
                            route.method,
                            route.pattern,
                            answer.status,
                            answer.text()
                        );
                    }
                }
            }
        }
    });
}

/// What a person may not see answers byte for byte like what there is not.
#[test]
fn the_invisible_is_as_the_nonexistent() {
    each_database(|app| {
        let desk = app.desk();
        for route in routes() {
            let pattern = route.pattern.as_str();
            if !pattern.contains("{number}") && !pattern.starts_with("/attachments/") {
                continue;
            }
            for (role, object) in [
                ("other", "own"),
                ("approver", "own"),
                ("watcher", "named"),
                ("manager", "named"),
                ("administrator", "named"),
            ] {
                let answer = |object: &str| {
                    let asked = ask(&app, &desk, &route, object, &[]);
                    let page = send(&client(&app, &desk, role), &route, &asked);
                    let id = page.header("x-request-id").unwrap_or_default().to_owned();
                    let name = asked.path.split('/').nth(2).unwrap_or_default().to_owned();
                    let html = page.html().replace(&id, "ID").replace(&name, "NAME");
                    let headers: Vec<(String, String)> = page
                        .headers
                        .into_iter()
                        .filter(|(n, _)| n != "x-request-id" && n != "date")
                        .collect();
                    (page.status, headers, html)
                };
                let (hidden, nothing) = (answer(object), answer("none"));
                assert_eq!(hidden, nothing, "{} {pattern} for {role}", route.method);
                assert_eq!(hidden.0, 404, "{} {pattern} for {role}", route.method);
            }
        }
    });
}
