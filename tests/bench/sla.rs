//! The report over every record, at the first request after a start; and a closed period.
//!
//! Two clocks for each record are written in bulk, their results spread over 700 days, so that a
//! report of 24 months counts all of them.

use std::path::Path;
use std::time::{Duration, Instant};

use andon::people::{Visitor, default_zone, find_person};
use andon::platform::db::{Db, Id, Utc};
use andon::platform::kernel::clock::Clock;
use andon::platform::kernel::ctx::{Ctx, Door};
use andon::platform::kernel::zone::Zone;
use andon::reports::{Ask, By, GroupBy, Narrow, Period, answer, close_period};
use andon::service_levels::Target;
use diesel::connection::SimpleConnection;

use crate::client::Client;
use crate::report::Column;
use crate::server::Server;
use crate::world::World;

const DAYS: i64 = 700;

/// What both databases take: a calendar, an agreement, and somebody who manages.
const AGREED: &str = "\
    INSERT INTO calendars VALUES (:ID_C:, 'Bench hours', FALSE, :AT_0:); \
    INSERT INTO calendar_versions VALUES (:ID_D:, :ID_C:, 1, :AT_0:, :AT_0:, '{}'); \
    INSERT INTO agreements VALUES (:ID_A:, 'Bench', 'sla', FALSE, :AT_0:); \
    INSERT INTO agreement_versions VALUES (:ID_B:, :ID_A:, 1, :AT_0:, :AT_0:, FALSE, '{\"name\":\"Bench\",\"kind\":\"sla\",\
    \"covers\":{\"record\":\"incident\"},\"targets\":{\"resolution\":\"8 business hours\"},\
    \"calendar\":\"00000000-0000-0000-0000-00000000000c\",\"goal\":95}'); \
    UPDATE people SET roles = roles | 3 WHERE roles > 0;";

/// Rows of `clocks`: `N` is the record's number among all, `AT` its result. One in twenty is breached,
/// one in fifty ended, one in thirty-three runs.
const CLOCKS: &str = "\
    INSERT INTO clocks SELECT :NEW_ID:, id, :TARGET:, 1, 0, :ID_A:, :ID_B:, :ID_D:, \
    CASE WHEN n % 33 = 2 THEN 'running' ELSE 'stopped' END, :AT:, :AT:, :AT:, \
    CASE WHEN n % 33 <> 2 THEN :AT: END, CASE WHEN n % 20 = 0 AND n % 33 <> 2 THEN :AT: END, \
    28800000000, (n * 7919) % 100000 * 1000000, (n * 31) % 1000 * 1000000, NULL, NULL, \
    CASE WHEN n % 33 = 2 THEN 'running' WHEN n % 20 = 0 THEN 'breached' WHEN n % 50 = 1 THEN 'ended' ELSE 'met' END, \
    CASE WHEN n % 33 = 2 THEN :FAR: ELSE :AT: END, TRUE, FALSE, FALSE, is_restricted, kind, priority, \
    service_id, team_id, NULL, category_id, assignee_id, '', :AT: \
    FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM records) AS numbered;";

fn sql(database: &str, text: &str, target: &str) -> String {
    let now = Clock::system().now().micros();
    let seconds = DAYS * 86_400;
    let pairs: Vec<(&str, String)> = if database.starts_with("sqlite:") {
        let id = |letter: &str| format!("x'0000000000000000000000000000000{letter}'");
        vec![
            ("ID_A", id("a")),
            ("ID_B", id("b")),
            ("ID_C", id("c")),
            ("ID_D", id("d")),
            ("NEW_ID", "randomblob(16)".into()),
            ("AT_0", "0".into()),
            ("FAR", Utc::FAR.micros().to_string()),
            (
                "AT",
                format!("({now} - (n * 104729 % {seconds}) * 1000000)"),
            ),
        ]
    } else {
        let id = |letter: &str| format!("'00000000-0000-0000-0000-00000000000{letter}'::uuid");
        vec![
            ("ID_A", id("a")),
            ("ID_B", id("b")),
            ("ID_C", id("c")),
            ("ID_D", id("d")),
            ("NEW_ID", "gen_random_uuid()".into()),
            ("AT_0", "'1970-01-01 00:00:00+00'".into()),
            ("FAR", "'9999-12-31 00:00:00+00'::timestamptz".into()),
            (
                "AT",
                format!("(now() - (n * 104729 % {seconds}) * interval '1 second')"),
            ),
        ]
    };
    let text = text.replace(":TARGET:", &format!("'{target}'"));
    pairs.iter().fold(text, |text, (name, value)| {
        text.replace(&format!(":{name}:"), value)
    })
}

/// Writes two clocks for each record.
fn fill(database: &str, world: &World) {
    let agreed = sql(database, AGREED, "");
    let clocks = ["resolution", "first_response"].map(|t| sql(database, CLOCKS, t));
    world
        .store
        .write_here(|w| {
            let conn: &mut Db = w;
            conn.batch_execute(&agreed)?;
            for statement in &clocks {
                conn.batch_execute(statement)?;
            }
            Ok(())
        })
        .expect("clocks");
    if !database.starts_with("sqlite:") {
        world
            .store
            .write_here(|w| Ok(w.batch_execute("ANALYZE clocks")?))
            .expect("statistics");
    }
}

/// The whole of the clocks, as an address asks for them.
fn all_of_it() -> String {
    let zone = Zone::utc();
    let now = Clock::system().now();
    let day = |at: Utc| zone.local(at).date();
    let from = day(now.minus(time::Duration::days(DAYS)));
    format!("from={from}&to={}", day(now))
}

fn first_request(folder: &Path, database: &str, world: &World, path: &str) -> (Duration, Duration) {
    let server = Server::start(folder, database, &[]);
    let mut client = Client::new(server.address);
    let mut ask = || {
        let began = Instant::now();
        let reply = client.get(path, &world.cookies[0]);
        let took = began.elapsed();
        assert!(
            reply.head.starts_with("HTTP/1.1 200"),
            "{path}: {}",
            reply.head
        );
        took
    };
    (ask(), ask())
}

/// Closes the month before this one and gives its page's path.
fn closed(world: &World) -> String {
    let now = Clock::system().now();
    let agent = world.agents[0];
    let id: Id<_> = world
        .store
        .write_here(|w| {
            let person = find_person(w, agent)?;
            let visitor = Visitor::offline(&person, Vec::new(), now);
            let ctx = Ctx {
                now,
                actor: visitor.actor(),
                on_behalf_of: None,
                door: Door::Command,
                request_id: String::new(),
            };
            let zone = Zone::named(&default_zone(w)?).expect("a zone");
            let first = zone.local(now).date().first_of_month();
            close_period(w, &visitor, &ctx, first.yesterday().expect("a day"))
        })
        .expect("a closed period");
    format!("/reports/periods/{id}")
}

/// Measures the pages of reports and the function behind them.
pub fn measure(folder: &Path, database: &str, world: &World, column: &mut Column) {
    fill(database, world);
    let ms = |took: Duration| took.as_secs_f64() * 1000.0;
    for (name, path) in [
        (
            "report, all clocks",
            format!("/reports/sla?{}", all_of_it()),
        ),
        ("report, six months", "/reports/sla".to_owned()),
        (
            "report by team, all clocks",
            format!("/reports/sla?group_by=team&{}", all_of_it()),
        ),
        (
            "times, all clocks",
            format!("/reports/times?{}", all_of_it()),
        ),
        (
            "flow of work, 24 months",
            format!("/reports/work?{}", all_of_it()),
        ),
        (
            "list of breaches",
            format!("/reports/breaches?{}", all_of_it()),
        ),
        ("closed period", closed(world)),
    ] {
        let (first, again) = first_request(folder, database, world, &path);
        column.put(
            &format!("{name}: first after start and again, ms"),
            format!("{:.0}, {:.0}", ms(first), ms(again)),
        );
    }
    let began = Instant::now();
    let n = world
        .store
        .read_here(|r| {
            let zone = Zone::utc();
            let now = Clock::system().now();
            let day = |at: Utc| zone.local(at).date();
            let from = day(now.minus(time::Duration::days(DAYS)));
            let ask = Ask {
                period: Period::of(&zone, from, day(now)).expect("a period"),
                target: Target::Resolution,
                group_by: GroupBy::Priority,
                by: By::Outcome,
                narrow: Narrow::default(),
            };
            Ok(answer(r, &ask, now)?.figures.total.n())
        })
        .expect("figures");
    column.put(
        "figures alone, clocks and ms",
        format!("{n}, {:.0}", ms(began.elapsed())),
    );
}
