//! What the pages say, and that every number leads to its records.

use time::Duration;

use super::clocks::{Clock, agreement, incident, put, put_all};
use super::figures::{asked, figures};
use crate::app::{App, Client, Desk, LogCall, UrlText, each_database, on_sqlite};

const OCTOBER: &str = "from=2026-10-01&to=2026-10-31";

/// A desk with clocks of every outcome in October 2026.
pub fn stocked(app: &App, desk: &Desk) {
    let agreed = agreement(app, "Standard", 95, &["supplier"]);
    let mut all: Vec<Clock> = (1..=18)
        .map(|n| {
            Clock::met(&format!("2026-10-{n:02}T10:00:00Z"))
                .p(1 + n % 4)
                .with(desk.network)
                .took(Duration::minutes(i64::from(n) * 20))
        })
        .collect();
    all.push(
        Clock::breached("2026-10-19T10:00:00Z")
            .p(2)
            .with(desk.network),
    );
    all.push(Clock {
        stopped_at: None,
        ..Clock::breached("2026-10-20T10:00:00Z").p(1)
    });
    all.push(Clock::running("2026-10-21T10:00:00Z", "2026-12-01T10:00:00Z").p(3));
    all.push(Clock::met("2026-10-22T10:00:00Z").as_("ended"));
    all.push(Clock::met("2026-10-23T10:00:00Z").of("first_response"));
    put_all(app, desk, agreed, &all);
}

/// How many rows a list has over all its pages.
fn counted(client: &Client, path: &str) -> usize {
    let mut page = client.page(path);
    let mut n = 0;
    loop {
        n += page
            .html()
            .matches("class=\"id\" href=\"/incidents/")
            .count();
        let next = page
            .doc()
            .links()
            .into_iter()
            .find(|l| l.contains("after="));
        match next {
            Some(next) => page = client.page(&next),
            None => return n,
        }
    }
}

#[test]
fn every_number_opens_its_records() {
    each_database(|app| {
        let desk = app.desk();
        stocked(&app, &desk);
        let manager = app.visit(&desk.manager);
        let list = |more: &str| counted(&manager, &format!("/reports/clocks?{OCTOBER}{more}"));
        assert_eq!(list(""), 22);
        assert_eq!(list("&outcome=met"), 18);
        assert_eq!(list("&outcome=breached"), 2);
        assert_eq!(list("&outcome=running"), 1);
        assert_eq!(list("&outcome=ended"), 1);
        assert_eq!(list("&outcome=decided"), 20);
        assert_eq!(list("&target=first_response"), 1);
        assert_eq!(list("&stopped=1"), 20);
        assert_eq!(list("&priority=1&outcome=decided"), 5);
        let network = format!("&team={}", desk.network);
        assert_eq!(list(&network), 19);
        assert_eq!(list("&team=none"), 3);
        // Months of a longer period, with n at each point.
        manager
            .page("/reports/sla?from=2026-06-01&to=2026-11-30")
            .assert_says("n 20");
        // The page's own links say the same as its numbers.
        let page = manager.page(&format!("/reports/sla?{OCTOBER}"));
        page.assert_says("Resolved in time");
        page.assert_says("90 %");
        page.assert_says("Under Standard also: Supplier.");
        page.assert_says("Restricted records are in no figure.");
        let links: Vec<String> = (page.doc().links().into_iter())
            .filter(|l| l.starts_with("/reports/clocks?"))
            .collect();
        assert!(links.len() > 10, "{links:?}");
        for link in links {
            assert!(counted(&manager, &link) > 0, "{link}");
        }
    });
}

#[test]
fn a_list_goes_on_page_by_page_and_misses_nothing() {
    each_database(|app| {
        let desk = app.desk();
        let agreed = agreement(&app, "Standard", 95, &[]);
        // Many at the same instant, and some running.
        let mut all = vec![Clock::met("2026-10-05T10:00:00Z"); 120];
        all.extend(vec![
            Clock::running(
                "2026-10-05T10:00:00Z",
                "2026-12-01T10:00:00Z"
            );
            60
        ]);
        put_all(&app, &desk, agreed, &all);
        let manager = app.visit(&desk.manager);
        assert_eq!(
            counted(&manager, &format!("/reports/clocks?{OCTOBER}")),
            180
        );
        let csv = manager
            .page(&format!("/reports/clocks.csv?{OCTOBER}"))
            .html();
        assert_eq!(csv.lines().count(), 181);
    });
}

#[test]
fn page_file_and_function_say_the_same() {
    each_database(|app| {
        let desk = app.desk();
        stocked(&app, &desk);
        let found = figures(&app, &asked(&app, "2026-10-01", "2026-10-31"));
        let manager = app.visit(&desk.manager);
        let csv = manager.page(&format!("/reports/sla.csv?{OCTOBER}")).html();
        let last = csv.lines().last().unwrap();
        assert_eq!(last, "resolution,outcome,priority,,,,18,2,1,1,0,22,90,95");
        for line in &found.lines {
            let t = &line.total;
            let expected = format!(
                "resolution,outcome,priority,{},{},,{},{},{},{},{},{},",
                line.key,
                line.label,
                t.met,
                t.breached,
                t.running,
                t.ended,
                t.exempt,
                t.n()
            );
            assert!(csv.contains(&expected), "{expected} in {csv}");
        }
        let page = manager.page(&format!("/reports/sla?{OCTOBER}"));
        page.assert_says(&format!("{} %", found.total.attainment().unwrap().text()));
    });
}

#[test]
fn managers_read_reports_and_nobody_else_does() {
    each_database(|app| {
        let desk = app.desk();
        let pages = [
            "/reports/sla",
            "/reports/clocks",
            "/reports/breaches",
            "/reports/times",
            "/reports/work",
            "/reports/waiting",
            "/reports/records",
            "/reports/due",
            "/reports/exemptions",
            "/reports/periods",
            "/reports/sla.csv",
            "/reports/clocks.csv",
            "/reports/breaches.csv",
            "/reports/unexplained",
        ];
        for path in pages {
            for person in [&desk.manager, &desk.administrator] {
                app.visit(person).page(path);
            }
            for person in [&desk.agent, &desk.requester, &desk.approver] {
                assert_eq!(app.visit(person).get(path).status, 403, "{path}");
            }
        }
        assert!(
            app.visit(&desk.manager)
                .page("/queue")
                .html()
                .contains("href=\"/reports\"")
        );
        assert!(
            !app.visit(&desk.agent)
                .page("/queue")
                .html()
                .contains("href=\"/reports\"")
        );
    });
}

#[test]
fn what_is_restricted_is_in_no_figure_and_no_list() {
    each_database(|app| {
        let desk = app.desk();
        let agreed = agreement(&app, "Standard", 95, &[]);
        let record = incident(&app, &desk, "Somebody was harassed");
        let clock = Clock {
            is_restricted: true,
            ..Clock::breached("2026-10-05T10:00:00Z")
        };
        put(&app, record.id, agreed, &clock);
        let command = andon::records::actions::Restrict {
            people: vec![desk.manager.id],
            reason: "Personnel".into(),
            ..Default::default()
        };
        app.act(&desk.agent, |w, v, ctx| {
            andon::records::actions::restrict(w, v, ctx, record.number(), &command)
        })
        .unwrap();
        // Even for who may read it.
        let manager = app.visit(&desk.manager);
        for path in [
            "sla",
            "clocks",
            "breaches",
            "work",
            "records",
            "times",
            "clocks.csv",
        ] {
            let text = manager.page(&format!("/reports/{path}?{OCTOBER}")).text();
            assert!(!text.contains("harassed"), "{path}");
            assert!(!text.contains(&record.number().to_string()), "{path}");
        }
        assert_eq!(
            figures(&app, &asked(&app, "2026-10-01", "2026-10-31"))
                .total
                .n(),
            0
        );
    });
}

#[test]
fn an_address_that_is_not_understood_says_so() {
    on_sqlite(|app| {
        let desk = app.desk();
        let manager = app.visit(&desk.manager);
        for wrong in [
            "colour=red",
            "from=yesterday",
            "from=1990-01-01&to=2026-01-01",
            "target=lunch",
            "team=blue",
            "after=nonsense",
            "priority=99999999999",
            "from=2026-11-02&to=2026-11-01",
        ] {
            for page in [
                "sla", "clocks", "breaches", "times", "work", "records", "due",
            ] {
                let page = manager.page(&format!("/reports/{page}?{wrong}"));
                assert!(
                    page.html().contains("data-lamp=\"risk\" role=\"status\""),
                    "{wrong}"
                );
            }
            for file in ["sla.csv", "clocks.csv", "breaches.csv"] {
                let status = manager.get(&format!("/reports/{file}?{wrong}")).status;
                assert_eq!(status, 422, "{file} {wrong}");
            }
        }
    });
}

#[test]
fn what_came_in_and_what_was_finished_is_counted_by_week() {
    each_database(|app| {
        let desk = app.desk();
        for n in 0..4 {
            app.log(
                &desk.agent,
                &LogCall::incident(&format!("Printer {n}")).from(&desk.requester),
            );
        }
        crate::life_cycle::record_in(&app, &desk, andon::records::Kind::Incident, "resolved");
        let manager = app.visit(&desk.manager);
        let page = manager.page("/reports/work");
        page.assert_says("Phone");
        page.assert_says("Open now: 4");
        let links: Vec<String> = (page.doc().links().into_iter())
            .filter(|l| l.starts_with("/reports/records?"))
            .collect();
        for link in &links {
            assert!(counted(&manager, link) > 0, "{link}");
        }
        for (facet, n) in [
            ("facet=opened", 5),
            ("facet=resolved", 1),
            ("facet=open&", 4),
            ("facet=left", 4),
            ("facet=aged", 4),
        ] {
            let link = links.iter().find(|l| format!("{l}&").contains(facet));
            let link = link.unwrap_or_else(|| panic!("{facet} in {links:?}"));
            assert_eq!(counted(&manager, link), n, "{link}");
        }
    });
}

#[test]
fn what_will_breach_is_reassigned_in_place() {
    each_database(|app| {
        let desk = app.desk();
        let agreed = agreement(&app, "Standard", 95, &[]);
        let record = incident(&app, &desk, "Due soon");
        let soon = app.now().plus(Duration::minutes(5)).rfc3339();
        let since = app.now().minus(Duration::HOUR).rfc3339();
        put(&app, record.id, agreed, &Clock::running(&since, &soon));
        let later = app.now().plus(Duration::hours(30)).rfc3339();
        let other = incident(&app, &desk, "Due the day after tomorrow");
        put(&app, other.id, agreed, &Clock::running(&since, &later));
        let until = app.now().plus(Duration::minutes(10)).time();
        let until = format!("{:02}:{:02}", until.hour(), until.minute());
        let manager = app.visit(&desk.manager);
        let page = manager.page(&format!("/reports/due?until={until}"));
        page.assert_says("Due soon");
        assert!(!page.text().contains("Due the day after"));
        let form = page.form_with("/reports/due", "assignee");
        let done = manager.send(&form.set("assignee", &desk.colleague.id.to_string()));
        assert_eq!(done.status, 303, "{}", done.text());
        assert!(done.location().starts_with("/reports/due"));
        assert_eq!(app.record(record.id).assignee_id, Some(desk.colleague.id));
    });
}

#[test]
fn times_are_known_by_their_names_and_definitions() {
    each_database(|app| {
        let desk = app.desk();
        stocked(&app, &desk);
        let manager = app.visit(&desk.manager);
        crate::library::library(&app, &desk);
        let page = manager.page("/reports/times");
        for words in [
            "MTTD",
            "MTTA",
            "MTTR",
            "from the report until the first person was assigned",
        ] {
            page.assert_says(words);
        }
        let october = manager.page(&format!("/reports/times?{OCTOBER}"));
        october.assert_says("Network");
    });
}

#[test]
fn the_command_line_prints_what_the_page_shows() {
    each_database(|app| {
        let desk = app.desk();
        stocked(&app, &desk);
        let run = |format: &str| {
            let ran = std::process::Command::new(env!("CARGO_BIN_EXE_andon"))
                .args([
                    "report",
                    "sla",
                    "--from",
                    "2026-10-01",
                    "--to",
                    "2026-10-31",
                ])
                .args([
                    "--target",
                    "resolution",
                    "--group-by",
                    "priority",
                    "--format",
                    format,
                ])
                .args(["--database", &app.database.url.to_string_for_tests()])
                .env("ANDON_LOG_LEVEL", "error")
                .output()
                .unwrap();
            assert!(
                ran.status.success(),
                "{}",
                String::from_utf8_lossy(&ran.stderr)
            );
            String::from_utf8(ran.stdout).unwrap()
        };
        let manager = app.visit(&desk.manager);
        let page = manager.page(&format!("/reports/sla.csv?{OCTOBER}")).html();
        assert_eq!(run("csv"), page);
        let json: serde_json::Value = serde_json::from_str(&run("json")).unwrap();
        assert_eq!(json["total"]["n"], 22);
        assert_eq!(json["total"]["attainment"], 90.0);
        let found = figures(&app, &asked(&app, "2026-10-01", "2026-10-31"));
        assert_eq!(json, serde_json::to_value(&found).unwrap());
        for wrong in [
            ["--from", "2026-11-01", "--to", "2026-10-01"],
            ["--from", "1990-01-01", "--to", "2026-10-01"],
        ] {
            let ran = std::process::Command::new(env!("CARGO_BIN_EXE_andon"))
                .args(["report", "sla"])
                .args(wrong)
                .args(["--database", &app.database.url.to_string_for_tests()])
                .output()
                .unwrap();
            assert_eq!(ran.status.code(), Some(1));
        }
    });
}
