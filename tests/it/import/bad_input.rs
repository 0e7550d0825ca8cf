//! Files that are none, and rows that are none: a clear message, nothing lost, nothing half-imported.

use super::*;

#[test]
fn what_is_no_table_is_refused_with_one_message() {
    let bench = Bench::new();
    let before = bench.everything();
    for (name, message) in [
        ("latin-1.csv", "Latin-1"),
        ("utf-16.csv", "UTF-16"),
        ("empty.csv", "the file is empty"),
        ("not-a-table.csv", "PDF"),
        ("not-a-table.html", "HTML"),
        ("cut-off.csv.gz", "damaged or cut off"),
        ("servicenow-missing-columns.csv", "the header lacks"),
        ("servicenow-month-first.csv", "month-first"),
        ("no-such-file.csv", "cannot be read"),
    ] {
        let refused = bench
            .try_log(&fixture(name), &Options::default())
            .err()
            .unwrap();
        let said = refused.to_string();
        assert!(said.contains(message) && said.contains(name), "{said}");
    }
    assert!(before == bench.everything());
    let options = Options {
        dates: "m/d/yyyy HH:MM".parse().unwrap(),
        ..Options::default()
    };
    let (report, _) = bench
        .try_log(&fixture("servicenow-month-first.csv"), &options)
        .unwrap();
    assert!(report.counts.new > 0 && report.counts.rows_rejected == 0);
}

#[test]
fn a_bad_row_holds_its_incident_back_and_no_other() {
    let bench = Bench::new();
    let (report, notes) = bench.log(&fixture("servicenow-broken-rows.csv"));
    assert!(report.counts.new > 0 && report.counts.held_back > 0);
    assert_eq!(notes.rejected.len() as u64, report.counts.rows_rejected);
    let all = notes.rejected.join("\n");
    for reason in [
        "held back",
        "is not a possible date",
        "NUL",
        "cells",
        "not a count",
    ] {
        assert!(all.contains(reason), "{reason} in\n{all}");
    }
    bench.is_sound();
}

#[test]
fn a_cell_of_ten_megabytes_is_one_rejected_row() {
    let bench = Bench::new();
    let sample = std::fs::read_to_string(fixture("servicenow.csv")).unwrap();
    let mut lines: Vec<String> = sample.lines().map(str::to_owned).collect();
    let (whole, _) = bench.log(&bench.file("whole.csv", &sample));
    let last = lines.last().unwrap().clone();
    let (_, rest) = last.split_once(',').unwrap();
    lines.push(format!("INC9999999,{}{rest}", "x".repeat(10_000_000)));
    let huge = Bench::new();
    let (report, notes) = huge.log(&huge.file("huge.csv", &(lines.join("\n") + "\n")));
    assert_eq!(report.counts.new, whole.counts.new);
    assert_eq!(notes.rejected.len(), 1);
    assert!(notes.rejected[0].len() < 1_000, "shown by its beginning");
}

#[test]
fn what_lies_in_the_future_is_held_back_with_the_hint() {
    let bench = Bench::new();
    let sample = std::fs::read_to_string(fixture("servicenow.csv")).unwrap();
    let later = bench.file("later.csv", &sample.replace("/202", "/219"));
    let (report, notes) = bench.log(&later);
    assert_eq!(report.counts.new, 0);
    let hint = |row: &String| row.contains("lies in the future") && row.contains("--zone");
    assert!(notes.rejected.iter().any(hint), "{:?}", notes.rejected);
    assert_eq!(bench.count("SELECT count(*) AS n FROM people"), 0);
}
