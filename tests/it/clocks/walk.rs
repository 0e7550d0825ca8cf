//! One number, wherever somebody looks for it: queue, record, CSV, command line, report.

use std::collections::BTreeSet;
use std::process::Command;

use andon::follow;
use andon::platform::db::Utc;
use andon::records::{Channel, Kind, PriorityWish, Record, actions};
use serde_json::{Value, json};
use time::Duration;

use super::{agreement, always};
use crate::app::{App, Client, Desk, UrlText, each_database};

type Numbers = BTreeSet<String>;

fn log(app: &App, desk: &Desk, title: &str, reported_at: Option<Utc>) -> Record {
    let practice = follow::practice_of(Kind::Incident);
    let command = actions::Log {
        requester: Some(desk.requester.id),
        channel: Channel::Portal,
        title: title.to_owned(),
        description: String::new(),
        service: None,
        category: None,
        item: None,
        location: None,
        priority: PriorityWish {
            impact: Some(3),
            urgency: Some(2),
            ..PriorityWish::default()
        },
        team: Some(desk.desk),
        assignee: None,
        reported_at,
        files: Vec::new(),
    };
    app.act(&desk.agent, |w, visitor, ctx| {
        actions::log(w, visitor, ctx, practice, &command)
    })
    .expect("an incident")
}

fn command_line(app: &App, arguments: &[&str]) -> String {
    let ran = Command::new(env!("CARGO_BIN_EXE_andon"))
        .args(arguments)
        .current_dir(app.database.folder())
        .env_clear()
        .env("ANDON_LOG_LEVEL", "error")
        .env("ANDON_DATABASE", app.database.url.to_string_for_tests())
        .output()
        .expect("andon runs");
    assert!(
        ran.status.success(),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    String::from_utf8(ran.stdout).expect("text")
}

/// The numbers of the lines of an export whose column `clock` says that they are late.
fn late_in_csv(csv: &str) -> Numbers {
    let mut lines = csv.lines();
    let header: Vec<&str> = lines
        .next()
        .expect("a header")
        .trim_start_matches('\u{feff}')
        .split(',')
        .collect();
    let column = |name: &str| {
        header
            .iter()
            .position(|cell| *cell == name)
            .expect("a column")
    };
    let (number, clock, due) = (column("number"), column("clock"), column("due_at"));
    let cells = lines.map(|line| line.split(',').collect::<Vec<_>>());
    let late = cells.filter(|cells| cells[clock] == "breach");
    late.map(|cells| {
        assert!(!cells[due].is_empty());
        cells[number].to_owned()
    })
    .collect()
}

/// The numbers of the queue's rows whose lamp says that they are late.
fn late_in_queue(client: &Client) -> Numbers {
    let html = client.page("/queue?view=open").html();
    let rows = html
        .split("<tr ")
        .filter(|row| row.starts_with("data-lamp=\"breach\""));
    rows.map(|row| {
        let number = row.split_once("c-id id\">").expect("a number").1;
        number.split_once('<').expect("its end").0.to_owned()
    })
    .collect()
}

/// The numbers that a page of the report leads to.
fn records_in(client: &Client, path: &str) -> Numbers {
    let links = client.page(path).doc().links();
    let numbers = links
        .iter()
        .filter_map(|link| link.strip_prefix("/incidents/"));
    let number = |rest: &str| {
        rest.split(['/', '#', '?'])
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    let numbers = numbers.map(number);
    numbers
        .filter(|number| number.starts_with("INC-"))
        .collect()
}

#[test]
fn everybody_finds_the_same_late_records() {
    each_database(|app| {
        let desk = app.desk();
        let calendar = always(&app, &desk.administrator);
        let targets = json!({"resolution": "4 business hours"});
        agreement(
            &app,
            &desk.administrator,
            calendar,
            "Incidents",
            targets,
            json!({}),
        );
        // The command line has no clock to be moved: these were reported long enough ago, by that of the
        // desk, which is at most a week ahead.
        let long_ago = app.now().minus(Duration::days(8));
        let late: Vec<Record> = (0..3)
            .map(|n| log(&app, &desk, &format!("Late {n}"), Some(long_ago)))
            .collect();
        let fine: Vec<Record> = (0..2)
            .map(|n| log(&app, &desk, &format!("Fine {n}"), None))
            .collect();
        app.work();
        let expected: Numbers = late
            .iter()
            .map(|record| record.number().to_string())
            .collect();

        let agent = app.visit(&desk.agent);
        // The badge above every page.
        agent
            .page("/queue?view=open")
            .assert_says("Of all open records: 3 Breached 0 At risk 2 On track");
        assert_eq!(late_in_queue(&agent), expected);
        for (record, is_late) in late
            .iter()
            .map(|r| (r, true))
            .chain(fine.iter().map(|r| (r, false)))
        {
            let html = agent.page(&app.path(record)).html();
            // Without the line above the page, which shows all of them.
            let (_, html) = html.split_once("<main").expect("a page");
            assert_eq!(
                html.contains("data-lamp=\"breach\""),
                is_late,
                "{}",
                record.number()
            );
        }
        let own = agent.get("/queue.csv?view=open").expect(200).html();
        assert_eq!(late_in_csv(&own), expected);
        assert_eq!(
            late_in_csv(&command_line(&app, &["export", "records"])),
            expected
        );

        let from = &long_ago.rfc3339()[..10];
        let to = &app.now().rfc3339()[..10];
        let manager = app.visit(&desk.manager);
        let asked = format!("from={from}&to={to}&target=resolution");
        assert_eq!(
            records_in(&manager, &format!("/reports/breaches?{asked}")),
            expected
        );
        let csv = manager
            .get(&format!("/reports/breaches.csv?{asked}"))
            .expect(200)
            .html();
        assert_eq!(csv.trim_end().lines().count(), 1 + 3, "{csv}");
        let report = [
            "report", "sla", "--from", from, "--to", to, "--format", "json",
        ];
        let figures: Value = serde_json::from_str(&command_line(&app, &report)).expect("figures");
        assert_eq!(figures["total"]["breached"], 3);
        assert_eq!(
            app.count("SELECT count(*) FROM facts WHERE name = 'incident.breached'"),
            3
        );
    });
}
