//! It happened again within 90 days of what was to prevent it.

use std::collections::BTreeSet;
use std::io::Read as _;

use andon::incidents::import::servicenow::Options;
use andon::incidents::import::{self as imports, Watch, import_servicenow};
use andon::platform::db::Utc;
use andon::platform::kernel::error::Result;
use andon::platform::kernel::table_file::Rejected;
use andon::records::{Kind, Practices, Record, find_by_id};
use time::Duration;

use super::{about, numbered, over, raised, recurrences, scene, to, verify};
use crate::app::{App, Desk, each_database};
use crate::instants::verified;
use crate::leave::andon;
use crate::restricted::restrict;

fn done(app: &App, desk: &Desk, action: &Record) {
    to(app, &desk.agent, action.number(), "done");
}

#[test]
fn recurrence_opens_one_action_and_the_incident_says_so() {
    each_database(|app| {
        let desk = app.desk();
        let (_, postmortem, action) = scene(&app, &desk);
        about(&app, &desk, "Before it was done", true);
        assert_eq!(recurrences(&app), 0);
        done(&app, &desk, &action);
        app.travel(Duration::days(40));
        // Another category, or without a service, is another matter.
        app.log(
            &desk.agent,
            &crate::app::LogCall::incident("Of no category"),
        );
        about(&app, &desk, "Of no service", false);
        assert_eq!(recurrences(&app), 0);
        let again = about(&app, &desk, "Card payments lost again", true);
        assert_eq!(recurrences(&app), 1);
        let new = app.read(|r| {
            use andon::schema::action_items as a;
            use diesel::prelude::*;
            let id = a::table
                .filter(a::recurrence_of_id.eq(action.id))
                .select(a::record_id)
                .first(r)?;
            find_by_id(r, id)
        });
        assert_eq!(
            (new.assignee_id, new.team_id),
            (Some(desk.agent.id), action.team_id)
        );
        let agent = app.visit(&desk.agent);
        let page = agent.page(&app.path(&again));
        page.assert_says("It happened again");
        page.assert_says("ACT-2");
        let page = agent.page("/actions/ACT-2");
        page.assert_says("Recurrence of");
        page.assert_says("ACT-1");
        page.assert_says("PM-1");
        agent
            .page("/notices")
            .assert_says("It happened again after the action was done");
        agent.page("/postmortems/PM-1").assert_says("1 of 2 done");
        // One is open for it: the next incident is linked to that.
        let third = about(&app, &desk, "And again", true);
        assert_eq!(recurrences(&app), 1);
        agent.page(&app.path(&third)).assert_says("ACT-2");
        // Once that is done, the next opens one of its own, and none for the first.
        verify(&app, &desk.agent, action.number()).unwrap();
        to(&app, &desk.agent, new.number(), "done");
        let fourth = about(&app, &desk, "Once more", true);
        assert_eq!(recurrences(&app), 2);
        agent.page(&app.path(&fourth)).assert_says("ACT-3");
        agent.page("/actions/ACT-3").assert_says("ACT-2");
        assert_eq!(
            app.record(postmortem.id).number(),
            numbered(Kind::Postmortem, 1)
        );
        verified(&app);
    });
}

#[test]
fn after_ninety_days_it_is_another_matter_and_what_is_said_later_counts() {
    each_database(|app| {
        let desk = app.desk();
        let (_, _, action) = scene(&app, &desk);
        done(&app, &desk, &action);
        app.travel(Duration::days(80));
        let bare = about(&app, &desk, "Of no service yet", false);
        app.travel(Duration::days(11));
        about(&app, &desk, "Too late", true);
        assert_eq!(recurrences(&app), 0);
        // Reported in time; that it is about the service was found out later.
        let edit = andon::records::actions::Edit {
            seen: i64::MAX,
            service: Some(Some(desk.mail)),
            ..Default::default()
        };
        app.act(&desk.agent, |w, v, ctx| {
            andon::records::actions::edit(w, v, ctx, bare.number(), &edit)
        })
        .unwrap();
        assert_eq!(recurrences(&app), 1);
        verified(&app);
    });
}

/// Categories stand in no tree: one whose name says what it belongs to is as fine as a subcategory.
#[test]
fn without_a_service_the_subcategory_decides() {
    each_database(|app| {
        let desk = app.desk();
        let incident = about(&app, &desk, "No toner", false);
        let postmortem = over(&app, &desk.agent, &[&incident]);
        let action = raised(&app, &desk, &postmortem);
        done(&app, &desk, &action);
        about(&app, &desk, "No paper", false);
        assert_eq!(recurrences(&app), 0);
        app.write(|w| {
            use diesel::RunQueryDsl;
            diesel::sql_query("UPDATE categories SET name = 'Printing / Toner'")
                .execute(&mut **w)?;
            Ok(())
        });
        about(&app, &desk, "No toner again", false);
        assert_eq!(recurrences(&app), 1);
    });
}

#[test]
fn owner_left_and_the_recurrence_goes_to_the_team() {
    each_database(|app| {
        let desk = app.desk();
        let (_, _, action) = scene(&app, &desk);
        done(&app, &desk, &action);
        verify(&app, &desk.agent, action.number()).unwrap();
        let admin = app.visit(&desk.administrator);
        let path = format!("/settings/people/{}/leaving", desk.agent.id);
        admin
            .send(&admin.page(&path).form(&path).set("to", "teams"))
            .expect(303);
        // It is over, so it stays with whoever did it; what comes back is nobody's.
        assert_eq!(app.record(action.id).assignee_id, Some(desk.agent.id));
        let again = crate::actions::about(
            &app,
            &Desk {
                agent: desk.colleague.clone(),
                ..desk.clone()
            },
            "Card payments lost again",
            true,
        );
        let colleague = app.visit(&desk.colleague);
        colleague.page(&app.path(&again)).assert_says("ACT-2");
        let new = app.count(
            "SELECT count(*) FROM records WHERE kind = 'action' AND number = 2 AND assignee_id IS NULL AND team_id IS NOT NULL",
        );
        assert_eq!(new, 1);
        colleague.page("/actions?whose=teams").assert_says("ACT-2");
        verified(&app);
    });
}

#[test]
fn what_recurs_of_something_hidden_stays_hidden() {
    each_database(|app| {
        let desk = app.desk();
        let (_, postmortem, action) = scene(&app, &desk);
        restrict(&app, &desk.agent, postmortem.number(), &[desk.agent.id]).unwrap();
        done(&app, &desk, &action);
        let again = about(&app, &desk, "Card payments lost again", true);
        assert_eq!(recurrences(&app), 1);
        let colleague = app.visit(&desk.colleague);
        for path in [
            app.path(&again),
            format!("{}?tab=history", app.path(&again)),
        ] {
            assert!(!colleague.page(&path).text().contains("ACT-"), "{path}");
        }
        colleague.get("/actions/ACT-2").expect(404);
        app.visit(&desk.agent)
            .page(&app.path(&again))
            .assert_says("ACT-2");
        verified(&app);
    });
}

struct Quiet;

impl Watch for Quiet {
    fn expect(&mut self, _: u64) {}
    fn rows(&mut self, _: u64) {}
    fn rejected(&mut self, _: &Rejected) -> Result<()> {
        Ok(())
    }
}

fn imported(app: &App, path: &std::path::Path) {
    let desk = imports::Desk {
        store: &app.site.store,
        clock: &app.site.clock,
        practices: Practices(andon::follow::practice_of),
        dry_run: false,
    };
    import_servicenow(&desk, path, &Options::default(), &mut Quiet).unwrap();
}

/// An incident of the log: number, when it was opened, category and subcategory.
type Logged = (String, Utc, String, String);

/// Read apart from the importer: the last row of each.
fn logged(path: &std::path::Path) -> Vec<Logged> {
    let file = std::fs::File::open(path).unwrap();
    let mut text = String::new();
    flate2::read::GzDecoder::new(file)
        .read_to_string(&mut text)
        .unwrap();
    text.lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            let (day, time) = cells[9].split_once(' ').unwrap();
            let day: Vec<u32> = day.split('/').map(|n| n.parse().unwrap()).collect();
            let at = format!("{:04}-{:02}-{:02}T{time}:00Z", day[2], day[1], day[0]);
            (
                cells[0].into(),
                Utc::parse(&at).unwrap(),
                cells[16].into(),
                cells[17].into(),
            )
        })
        .collect()
}

/// The rule over a real log: the pairs that an independent reading of the file finds, and nothing written.
#[test]
fn the_dry_report_over_real_incidents_lists_the_expected_pairs_and_writes_nothing() {
    let Some(path) = crate::import::real_slice() else {
        return;
    };
    let log = logged(&path.with_file_name("sample2000_last_row.csv.gz"));
    each_database(|app| {
        let desk = app.desk();
        imported(&app, &path);
        // Imported history triggers none, not even with an action that was done before it.
        let at = Utc::parse("2016-03-10T12:00:00Z").unwrap();
        let until = at.plus(Duration::days(90));
        let again = |of: &Logged| -> Vec<&Logged> {
            log.iter()
                .filter(|one| (&one.2, &one.3) == (&of.2, &of.3))
                .filter(|one| one.1 >= at && one.1 <= until)
                .collect()
        };
        let known = |of: &&Logged| of.2 != "?" && of.3 != "?";
        let first = log.iter().filter(known).find(|of| again(of).len() > 3);
        let first = first.expect("something that happened again");
        let named = |app: &App, external: &str| {
            let sql = format!(
                "SELECT records.number AS n FROM records JOIN external_ids ON record_id = id WHERE external_id = '{external}'"
            );
            number(app, &sql)
        };
        let incident = app.read(|r| {
            let visitor = andon::people::Visitor::command(Utc::from_micros(0));
            let number = numbered(Kind::Incident, named(&app, &first.0));
            andon::records::find_visible(r, &visitor, number)
        });
        let postmortem = over(&app, &desk.agent, &[&incident]);
        let action = raised(&app, &desk, &postmortem);
        done(&app, &desk, &action);
        app.write(|w| {
            use andon::schema::action_items;
            use diesel::prelude::*;
            diesel::update(action_items::table)
                .set(action_items::done_at.eq(Some(at)))
                .execute(&mut **w)?;
            Ok(())
        });
        let expected: BTreeSet<String> = again(first)
            .into_iter()
            .map(|one| format!("INC-{}", named(&app, &one.0)))
            .collect();
        assert!(expected.len() > 3, "{expected:?}");
        let everything = "SELECT (SELECT count(*) FROM facts) + (SELECT count(*) FROM records) + (SELECT count(*) FROM links)";
        let before = app.count(everything);
        let (code, said) = andon(&app, &["recurrences", "--dry-run"]);
        assert_eq!(code, 0, "{said}");
        let found: BTreeSet<String> = said
            .lines()
            .filter(|line| line.starts_with("ACT-1\t2016-03-10T12:00:00Z\tINC-"))
            .map(|line| line.split('\t').nth(2).unwrap().to_owned())
            .collect();
        assert_eq!(found, expected);
        assert!(said.contains(&format!("{} pairs; nothing was written", expected.len())));
        assert!(said.contains("category and subcategory"));
        assert_eq!(app.count(everything), before);
        assert_eq!(recurrences(&app), 0);
        // Without saying so it does nothing.
        assert_eq!(andon(&app, &["recurrences"]).0, 2);
    });
}

fn number(app: &App, sql: &str) -> i64 {
    app.count(sql)
}

/// History that comes in after an action was done triggers none either.
#[test]
fn imported_triggers_none() {
    let Some(path) = crate::import::real_slice() else {
        return;
    };
    each_database(|app| {
        let desk = app.desk();
        let (_, _, action) = scene(&app, &desk);
        done(&app, &desk, &action);
        app.write(|w| {
            use diesel::RunQueryDsl;
            let micros = Utc::parse("2016-03-01T00:00:00Z").unwrap();
            use andon::schema::action_items;
            use diesel::prelude::*;
            diesel::update(action_items::table)
                .set(action_items::done_at.eq(Some(micros)))
                .execute(&mut **w)?;
            // As the log calls it.
            diesel::sql_query("UPDATE categories SET name = 'Category 9', name_key = 'category 9'")
                .execute(&mut **w)?;
            Ok(())
        });
        imported(&app, &path);
        assert_eq!(recurrences(&app), 0);
        assert_eq!(
            app.count("SELECT count(*) FROM records WHERE kind = 'action'"),
            1
        );
    });
}
