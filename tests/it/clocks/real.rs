//! The 2,000 real incidents under agreements that are dated back: the figures somebody else computed
//! from the same rows, to the integer.

use std::collections::BTreeMap;
use std::path::Path;

use andon::follow;
use andon::incidents::import::servicenow::Options;
use andon::incidents::import::{Desk as Importing, Watch, import_servicenow};
use andon::people::Visitor;
use andon::platform::db::{Db, Id, Utc, Write};
use andon::platform::kernel::ctx::Ctx;
use andon::platform::kernel::error::Result;
use andon::platform::kernel::table_file::Rejected;
use andon::records::{Practices, Record, actions, to_recount};
use andon::schema::{clocks, records};
use andon::service_levels::actions::{save_agreement, save_calendar};
use andon::service_levels::{Agreement, Calendar, Outcome, Wanted};
use diesel::prelude::*;
use serde_json::{Value, json};

use super::proof::proved;
use crate::app::{App, each_database};
use crate::import::real_slice;
use crate::instants::verified;

/// Minutes by priority.
const TARGETS: [u32; 4] = [240, 480, 1_440, 2_400];

/// Days on which nobody works there.
const HOLIDAYS: [&str; 9] = [
    "2016-03-25",
    "2016-04-21",
    "2016-05-26",
    "2016-09-07",
    "2016-10-12",
    "2016-11-02",
    "2016-11-15",
    "2017-02-27",
    "2017-02-28",
];

/// A calendar, and of each priority how many were met, breached, and met where Awaiting pauses.
struct Known {
    calendar: &'static str,
    figures: [(i64, i64, i64); 4],
}

const KNOWN: [Known; 4] = [
    Known {
        calendar: "24x7",
        figures: [(4, 24, 10), (6, 28, 8), (897, 871, 1_052), (37, 13, 42)],
    },
    Known {
        calendar: "Mon-Fri 00-24",
        figures: [(4, 24, 10), (6, 28, 8), (924, 844, 1_087), (37, 13, 42)],
    },
    Known {
        calendar: "Mon-Fri 08-18",
        figures: [(4, 24, 10), (14, 20, 17), (1_139, 629, 1_329), (38, 12, 44)],
    },
    Known {
        calendar: "Mon-Fri 08-18 + BR holidays",
        figures: [(4, 24, 10), (14, 20, 17), (1_147, 621, 1_338), (38, 12, 44)],
    },
];

fn hours(name: &str) -> Value {
    let (day, weekend) = match name {
        "24x7" => (json!(["00:00-24:00"]), json!(["00:00-24:00"])),
        "Mon-Fri 00-24" => (json!(["00:00-24:00"]), json!([])),
        _ => (json!(["08:00-18:00"]), json!([])),
    };
    let closed = HOLIDAYS.map(|date| json!({"date": date, "name": "Feriado"}));
    let holidays = match name.contains("holidays") {
        true => json!(closed),
        false => json!([]),
    };
    json!({"name": name, "zone": "UTC", "holidays": holidays, "week": {
        "monday": day, "tuesday": day, "wednesday": day, "thursday": day, "friday": day,
        "saturday": weekend, "sunday": weekend,
    }})
}

/// One agreement a priority, all dated back to before the first of them was opened.
fn agree(w: &mut Write<'_>, v: &Visitor, ctx: &Ctx, calendar: &str, pauses: bool) -> Result<()> {
    let since = Utc::parse("2010-01-01T00:00:00Z");
    let hours: Calendar = serde_json::from_value(hours(calendar)).expect("a calendar");
    let id = Id::new();
    save_calendar(
        w,
        v,
        ctx,
        Wanted {
            id,
            definition: hours,
            from: None,
            is_retired: false,
        },
    )?;
    for (n, minutes) in TARGETS.iter().enumerate() {
        let pauses = match pauses {
            true => json!(["requester", "supplier", "problem", "other"]),
            false => json!([]),
        };
        let definition: Agreement = serde_json::from_value(json!({
            "name": format!("Priority {}", n + 1), "kind": "sla",
            "covers": {"record": "incident", "priority": n + 1},
            "targets": {"resolution": format!("{minutes} business minutes")},
            "calendar": id.to_string(), "pauses": pauses, "goal": 95,
            "reopening": "continue_time_counts", "priority_change": "from_start",
        }))
        .expect("an agreement");
        save_agreement(
            w,
            v,
            ctx,
            Wanted {
                id: Id::new(),
                definition,
                from: since,
                is_retired: false,
            },
        )?;
    }
    Ok(())
}

/// Of each record's last priority: met, breached, ended without a stop, anything else.
fn figures(conn: &mut Db) -> Result<BTreeMap<i32, [i64; 4]>> {
    let rows: Vec<(i32, Outcome)> = clocks::table
        .inner_join(records::table)
        .filter(clocks::is_counted.eq(true))
        .select((records::priority, clocks::outcome))
        .load(conn)?;
    let mut out: BTreeMap<i32, [i64; 4]> = BTreeMap::new();
    for (priority, outcome) in rows {
        let at = match outcome {
            Outcome::Met => 0,
            Outcome::Breached => 1,
            Outcome::Ended => 2,
            _ => 3,
        };
        out.entry(priority).or_default()[at] += 1;
    }
    Ok(out)
}

/// Every clock but for its own id, and whatever names a version.
fn kept(conn: &mut Db) -> Result<Vec<String>> {
    type Which = (i64, String, i32, i32, String, String);
    type Times = (Utc, Utc, Option<Utc>, Option<Utc>, i64, i64, bool, i32);
    let which = (
        records::number,
        clocks::target,
        clocks::cycle,
        clocks::part,
        clocks::phase,
        clocks::outcome,
    );
    let times = (
        clocks::due_at,
        clocks::outcome_at,
        clocks::stopped_at,
        clocks::breached_at,
        clocks::elapsed_micros,
        clocks::paused_micros,
        clocks::is_counted,
        clocks::priority,
    );
    let rows: Vec<(Which, Times)> = clocks::table
        .inner_join(records::table)
        .order((records::number, clocks::target, clocks::cycle, clocks::part))
        .select((which, times))
        .load(conn)?;
    Ok(rows.into_iter().map(|row| format!("{row:?}")).collect())
}

#[derive(Default)]
struct Silent(Vec<String>);

impl Watch for Silent {
    fn expect(&mut self, _: u64) {}
    fn rows(&mut self, _: u64) {}
    fn rejected(&mut self, row: &Rejected) -> Result<()> {
        self.0.push(row.to_string());
        Ok(())
    }
}

fn import(app: &App, path: &Path) {
    let desk = Importing {
        store: &app.site.store,
        clock: &app.site.clock,
        practices: Practices(follow::practice_of),
        dry_run: false,
    };
    let mut silent = Silent::default();
    import_servicenow(&desk, path, &Options::default(), &mut silent).expect("an import");
    assert_eq!(silent.0, Vec::<String>::new());
}

/// All at once, as the recount does it piece by piece.
fn count_all(w: &mut Write<'_>, ctx: &Ctx) -> Result<()> {
    let mut after: Option<Id<Record>> = None;
    loop {
        let ids = to_recount(w, after, 500)?;
        after = ids.last().copied();
        if after.is_none() {
            return Ok(());
        }
        let facts = actions::settle_clocks(w, ctx, &ids)?;
        assert_eq!(facts, 0, "nothing is told of what was imported");
    }
}

#[test]
fn the_real_incidents_come_to_the_published_figures() {
    let Some(path) = real_slice() else { return };
    each_database(|app| {
        let desk = app.desk();
        import(&app, &path);
        for known in &KNOWN {
            for pauses in [false, true] {
                let found = app.would(&desk.administrator, |w, v, ctx| {
                    agree(w, v, ctx, known.calendar, pauses)?;
                    count_all(w, ctx)?;
                    figures(w)
                });
                let found = found.expect("figures");
                let mut ended = 0;
                for (n, (met, breached, met_paused)) in known.figures.iter().enumerate() {
                    let told = found[&(n as i32 + 1)];
                    let expected = match pauses {
                        true => [*met_paused, met + breached - met_paused],
                        false => [*met, *breached],
                    };
                    let name = format!("{}, P{}, pauses {pauses}", known.calendar, n + 1);
                    assert_eq!(told[..2], expected, "{name}");
                    assert_eq!(told[3], 0, "{name}: neither met nor breached nor ended");
                    ended += told[2];
                }
                assert_eq!(ended, 120, "ended without a stop");
            }
        }
    });
}

/// The recount and the import count the same, and nobody is told anything.
#[test]
fn agreements_before_an_import_and_after_it_come_to_the_same() {
    let Some(path) = real_slice() else { return };
    each_database(|app| {
        let desk = app.desk();
        import(&app, &path);
        let calendar = KNOWN[3].calendar;
        app.act(&desk.administrator, |w, v, ctx| {
            agree(w, v, ctx, calendar, true)
        })
        .expect("agreements");
        assert_eq!(app.count("SELECT count(*) FROM clocks"), 0);
        app.work();
        let after = app.read(kept);
        assert_eq!(proved(&app) as usize, after.len());
        assert_eq!(app.count("SELECT count(*) FROM clock_steps"), 0);
        assert_eq!(app.count("SELECT count(*) FROM notices"), 0);
        assert_eq!(
            app.count(
                "SELECT count(*) FROM facts WHERE name LIKE '%.breached' OR name LIKE '%.escalated'"
            ),
            0
        );
        verified(&app);
        let before = again(&app, &path, calendar);
        assert!(
            before == after,
            "what was agreed before the import comes to other clocks"
        );
    });
}

/// The same on a fresh database of the same kind, agreed before the import.
fn again(app: &App, path: &Path, calendar: &str) -> Vec<String> {
    let second = App::fresh(app.backend());
    let desk = second.desk();
    second
        .act(&desk.administrator, |w, v, ctx| {
            agree(w, v, ctx, calendar, true)
        })
        .expect("agreements");
    second.work();
    import(&second, path);
    proved(&second);
    second.read(kept)
}
