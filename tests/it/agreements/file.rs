//! From a file, by the command: whole or not at all.

use std::path::Path;

use andon::items::Supplier;
use andon::people::Visitor;
use andon::service_levels::Saving;
use andon::service_levels::actions::apply;
use andon::service_levels::file::read;
use andon::settings::SupplierForm;
use andon::settings::actions::add_supplier;

use super::verified;
use crate::app::{App, each_database, root};

/// What applying a file says: what became of each, or its lines that are wrong.
fn applied(app: &App, source: &str) -> Result<Vec<Saving>, Vec<(usize, String, &'static str)>> {
    let now = app.now();
    app.write(|w| {
        let told = |wrong: Vec<andon::service_levels::file::Wrong>| {
            let line = |w: andon::service_levels::file::Wrong| (w.line, w.of, w.why.key);
            Err(wrong.into_iter().map(line).collect())
        };
        let file = match read(w, source, now)? {
            Ok(file) => file,
            Err(wrong) => return Ok(told(wrong)),
        };
        let visitor = Visitor::command(now);
        let ctx = andon::platform::kernel::ctx::Ctx::system(
            now,
            andon::platform::kernel::ctx::Door::Command,
        );
        Ok(match apply(w, &visitor, &ctx, file.wanted.clone())? {
            Ok(looked) => Ok(looked
                .calendars
                .into_iter()
                .chain(looked.agreements)
                .collect()),
            Err(problems) => told(file.wrong(&problems)),
        })
    })
}

fn example() -> String {
    let path: &Path = &root().join("docs/agreements.toml");
    std::fs::read_to_string(path).expect("the example")
}

fn telco(app: &App, who: &crate::app::Human) -> Supplier {
    let form = SupplierForm {
        name: "Telco".into(),
        ..SupplierForm::default()
    };
    app.act(who, |w, v, ctx| add_supplier(w, v, ctx, &form))
        .unwrap()
}

#[test]
fn the_example_of_the_documentation_applies_once() {
    each_database(|app| {
        let desk = app.desk();
        telco(&app, &desk.administrator);
        let example = example().replace("ada.admin@example.org", &desk.administrator.mail);
        let first = applied(&app, &example).unwrap();
        assert!(
            first.len() > 8 && first.iter().all(|s| *s == Saving::Added),
            "{first:?}"
        );
        let versions = || app.count("SELECT count(*) AS n FROM agreement_versions");
        let before = versions();
        app.travel(time::Duration::hours(1));
        let second = applied(&app, &example).unwrap();
        assert!(second.iter().all(|s| *s == Saving::Unchanged), "{second:?}");
        assert_eq!(versions(), before, "a second run changes nothing");
        let third = applied(&app, &example.replace("4 clock hours", "3 clock hours")).unwrap();
        let changed = third.iter().filter(|s| **s == Saving::Changed).count();
        assert_eq!((changed, versions()), (1, before + 1));
        assert_eq!(verified(&app), Vec::<String>::new());
    });
}

#[test]
fn every_mistake_is_a_line_and_nothing_is_half_applied() {
    let source = r#"[[calendar]]
name = "Desk"
zone = "Europe/Atlantis"
monday = "8-12"
colour = "red"

[[agreement]]
name = "One"
calendar = "Desks"
kind = "promise"
steps = [
    "resolution at 75%: assignee",
    "resolution some day: team",
]
[agreement.covers]
record = "incident"
service = "Fax"
[agreement.targets]
resolution = "1 day"
reply = "1 clock hour"

[[agreement]]
name = "one"
calendar = "Desk"
goal = "high"
[agreement.covers]
record = "incident"
[agreement.targets]
resolution = "1 clock hour"
"#;
    each_database(|app| {
        app.desk();
        let wrong = applied(&app, source).unwrap_err();
        let lines: Vec<(usize, &str)> = wrong.iter().map(|(line, _, why)| (*line, *why)).collect();
        for expected in [
            (4, "calendar-window-not-understood"),
            (5, "levels-file-unknown-field"),
            (9, "levels-file-unknown-name"),
            (10, "levels-file-choice"),
            (13, "agreement-step-not-understood"),
            (17, "levels-file-unknown-name"),
            (19, "span-not-understood"),
            (20, "levels-file-unknown-field"),
            (23, "levels-file-twice"),
            (25, "levels-file-type"),
        ] {
            assert!(
                lines.contains(&expected),
                "{expected:?} is not in {lines:#?}"
            );
        }
        // What only the whole shows comes once the file can be read.
        let zone = "[[calendar]]\nname = \"Good\"\nzone = \"UTC\"\nmonday = \"08:00-12:00\"\n\n\
            [[calendar]]\nname = \"Desk\"\nzone = \"Europe/Atlantis\"\nmonday = \"08:00-12:00\"\n";
        let wrong = applied(&app, zone).unwrap_err();
        assert_eq!(wrong, [(8, "Desk".to_owned(), "calendar-zone-unknown")]);
        assert_eq!(
            app.count("SELECT count(*) AS n FROM calendars"),
            0,
            "nothing of it was kept"
        );
        let wrong = applied(&app, "[[calendar]\nname = 1").unwrap_err();
        assert_eq!((wrong[0].0, wrong[0].2), (1, "levels-file-not-toml"));
    });
}

#[test]
fn two_that_nobody_could_tell_apart_are_refused_together() {
    let two = |second: &str| {
        format!(
            "[[calendar]]\nname = \"Desk\"\nzone = \"UTC\"\nmonday = \"08:00-12:00\"\n\
             [[agreement]]\nname = \"A\"\ncalendar = \"Desk\"\ncovers = {{ record = \"incident\", priority = 1 }}\n\
             targets = {{ resolution = \"1 business hour\" }}\n\
             [[agreement]]\nname = \"B\"\ncalendar = \"Desk\"\ncovers = {{ record = \"incident\", {second} }}\n\
             targets = {{ resolution = \"2 business hours\" }}\n"
        )
    };
    each_database(|app| {
        app.desk();
        let clashing = two("service = \"Electronic mail\"");
        let wrong = applied(&app, &clashing).unwrap_err();
        assert!(
            wrong
                .iter()
                .any(|(_, of, why)| of == "B" && *why == "agreement-clash"),
            "{wrong:?}"
        );
        assert_eq!(app.count("SELECT count(*) AS n FROM agreements"), 0);
        applied(&app, &two("priority = 2")).unwrap();
        // Two change places in one file, which one after the other could not.
        let swapped = two("priority = 1").replacen("priority = 1", "priority = 2", 1);
        let done = applied(&app, &swapped).unwrap();
        assert_eq!(done, [Saving::Unchanged, Saving::Changed, Saving::Changed]);
        assert_eq!(verified(&app), Vec::<String>::new());
    });
}
