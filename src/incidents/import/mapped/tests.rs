#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]
use std::path::PathBuf;

use time::macros::datetime;

use super::*;

const EXAMPLE: &str = include_str!("../../../../docs/import-map.example.toml");

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/import")
        .join(name)
}

fn read(map: &Map) -> (Vec<MappedRow>, Vec<String>) {
    let path = fixture("tickets.csv");
    let survey = survey(&path, map, Limits::default()).unwrap();
    assert_eq!((survey.rows, survey.malformed), (12, 1));
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for row in rows(&path, map, Limits::default(), TextLimits::default()).unwrap() {
        match row {
            Ok(row) => good.push(row),
            Err(rejected) => bad.push(rejected.to_string()),
        }
    }
    (good, bad)
}

fn problem(from: &str, to: &str) -> String {
    assert!(EXAMPLE.contains(from), "{from}");
    Map::parse(&EXAMPLE.replacen(from, to, 1))
        .unwrap_err()
        .to_string()
}

#[test]
fn the_example_map_reads_its_table() {
    let map = Map::parse(EXAMPLE).unwrap();
    let (good, _) = read(&map);
    let numbers: Vec<&str> = good.iter().map(|row| row.number.as_str()).collect();
    assert_eq!(numbers, ["T-1", "T-2", "T-3", "T-11"]);
    let first = &good[0];
    assert_eq!(
        (first.line, first.kind, first.source.as_str()),
        (2, Kind::Incident, "old-desk")
    );
    assert_eq!(
        first.description.as_deref(),
        Some("Paper jams at tray 2.\nTried \"turn it off and on\".")
    );
    assert_eq!(
        first.state,
        MappedState {
            state: "in_progress",
            hold: None
        }
    );
    assert_eq!(
        (first.channel, first.impact, first.urgency, first.priority),
        (Some("phone"), Some(1), Some(2), Some(2))
    );
    assert_eq!(first.opened_at, datetime!(2024-04-03 06:15 UTC));
    assert_eq!((first.resolved_at, &first.resolution_code), (None, &None));
    let second = &good[1];
    assert_eq!(
        (second.title.as_str(), second.requester.as_deref()),
        ("Zoë's password", Some("Zoë Ñandú"))
    );
    assert_eq!(second.team.as_deref(), Some("Service desk"));
    assert_eq!(second.resolution_code.as_deref(), Some("Password reset"));
    assert_eq!(second.closed_at, Some(datetime!(2024-04-18 07:05 UTC)));
    let third = &good[2];
    assert_eq!(
        third.state,
        MappedState {
            state: "waiting",
            hold: Some("supplier")
        }
    );
    assert_eq!(
        (
            &third.description,
            &third.requester_mail,
            &third.resolution_text
        ),
        (&None, &None, &None)
    );
    // 02:30 does not exist that night in Vienna.
    assert_eq!(good[3].opened_at, datetime!(2024-03-31 01:30 UTC));
    assert!(good.iter().all(|a| {
        good.iter()
            .filter(|b| a.fingerprint == b.fingerprint)
            .count()
            == 1
    }));
}

#[test]
fn each_wrong_row_says_its_line_and_reason() {
    let (_, bad) = read(&Map::parse(EXAMPLE).unwrap());
    let expected = [
        "line 6: channel: the map does not say what “Fax” is (add it under [values.channel])",
        "line 7: state: the map does not say what “Parked” is (add it under [values.state])",
        "line 8: opened: “31.04.2024 10:00” is not a possible date: month 4 of 2024 has no day 31",
        "line 9: resolved lies before opened",
        "line 10: title is empty",
        "line 11: number “T-1” is on line 2 already: one row per record",
        "line 12: requester_mail: “ann at example” is no mail address",
        "line 13: 18 cells where the header has 19: is a quote or a delimiter missing?",
    ];
    assert_eq!(bad, expected);
}

#[test]
fn a_star_takes_the_rest() {
    let with = EXAMPLE.replace(
        "\"Done\" = \"closed\"",
        "\"Done\" = \"closed\"\n\"*\" = \"cancelled\"",
    );
    let (good, _) =
        read(&Map::parse(&with.replace("\"Web\" = \"portal\"", "\"*\" = \"chat\"")).unwrap());
    let of = |number| good.iter().find(|row| row.number == number).unwrap();
    assert_eq!(
        (of("T-5").state.state, of("T-4").channel),
        ("cancelled", Some("chat"))
    );
    assert_eq!(of("T-4").title, "=HYPERLINK(\"http://example.org\")");
}

#[test]
fn without_a_state_column_the_dates_tell() {
    let start = EXAMPLE.find("[values.state]").unwrap();
    let end = EXAMPLE.find("[values.channel]").unwrap();
    let without = [&EXAMPLE[..start], &EXAMPLE[end..]]
        .concat()
        .replace("state = \"Status\"\n", "");
    let (good, _) = read(&Map::parse(&without).unwrap());
    assert_eq!(
        (good[0].state.state, good[1].state.state),
        ("new", "closed")
    );
}

#[test]
fn a_wrong_map_says_what_is_known() {
    let said = problem("team = \"Group\"", "taem = \"Group\"");
    assert!(
        said.contains("unknown field `taem`") && said.contains("`team`"),
        "{said}"
    );
    assert!(problem("nulls =", "nils =").contains("expected one of `kind`, `source`"));
    assert!(problem("[values.impact]", "[values.impcat]").contains("unknown field `impcat`"));
    assert!(problem("number = \"Ticket\"\n", "").contains("missing field `number`"));
    assert!(
        problem("kind = \"incident\"", "kind = \"ticket\"")
            .contains("kind: “ticket” is none of incident, request")
    );
    assert!(
        problem("\"in progress\"", "\"doing\"")
            .contains("values.state: “doing” is none of new, resolved")
    );
    assert!(
        problem("\"waiting: supplier\"", "\"waiting: godot\"")
            .contains("“godot” is none of requester")
    );
    assert!(
        problem("\"Open\" = \"new\"", "\"Open\" = \"new: x\"")
            .contains("only waiting has a reason")
    );
    assert!(problem("\"Low\" = 3", "\"Low\" = 30").contains("levels are 1 to 9"));
    assert!(
        problem("\"phone\"", "\"telegraph\"")
            .contains("values.channel: “telegraph” is none of phone")
    );
    assert!(
        problem("dates = \"dd.mm.yyyy\"", "dates = \"dd.mm\"")
            .contains("dates: “dd.mm” is no date format")
    );
    assert!(problem("\"Europe/Vienna\"", "\"Vienna\"").contains("zone: “Vienna” is no time zone"));
    assert!(
        problem("channel = \"Via\"\n", "")
            .contains("values.channel is there, but columns.channel is not")
    );
    assert!(
        problem("source = \"old-desk\"", "source = \" \"")
            .contains("source: give the other system's name")
    );
}

#[test]
fn a_file_that_does_not_fit_is_refused() {
    let map = Map::parse(&EXAMPLE.replace("\"Prio\"", "\"Priority\"")).unwrap();
    let said = survey(&fixture("tickets.csv"), &map, Limits::default())
        .unwrap_err()
        .to_string();
    assert!(
        said.starts_with(
            "the map names columns the file has not: Priority. The file has: Ticket, Summary"
        ),
        "{said}"
    );
    let map = Map::parse(EXAMPLE)
        .unwrap()
        .with_dates("mm.dd.yyyy".parse().unwrap());
    let said = survey(&fixture("tickets.csv"), &map, Limits::default())
        .unwrap_err()
        .to_string();
    assert!(
        said.contains("is this file day-first? Give --dates dd.mm.yyyy"),
        "{said}"
    );
    let said = survey(&fixture("latin-1.csv"), &map, Limits::default())
        .unwrap_err()
        .to_string();
    assert!(said.contains("iconv -f WINDOWS-1252"), "{said}");
}

#[test]
fn levels_are_read_from_numbers() {
    let map = Map::parse(EXAMPLE).unwrap();
    for (value, level) in [
        ("2", Some(2)),
        ("P3", Some(3)),
        ("1 - Critical", Some(1)),
        ("high", None),
        ("0", None),
        ("P", None),
    ] {
        assert_eq!(
            map.level(Column::Priority, Some(value)).ok().flatten(),
            level,
            "{value}"
        );
    }
    let long = map
        .level(Column::Priority, Some(&"x".repeat(500)))
        .unwrap_err();
    assert!(long.chars().count() < 150);
}
