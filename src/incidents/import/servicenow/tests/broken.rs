//! Files and rows with something wrong in them.

use super::*;

#[test]
fn an_incident_with_a_broken_row_is_held_back_whole() {
    let (survey, whole, withheld) = read("servicenow-broken-rows.csv");
    assert_eq!((survey.rows, survey.malformed), (27, 3));
    let numbers: Vec<&str> = whole.iter().map(|h| h.number.as_str()).collect();
    assert_eq!(numbers, ["INC9000001", "INC9000005"]);
    let said: Vec<(Option<&str>, Vec<u64>)> = withheld
        .iter()
        .map(|w| {
            (
                w.number.as_deref(),
                w.rejected.iter().map(|r| r.line).collect(),
            )
        })
        .collect();
    assert_eq!(
        said,
        [
            (Some("INC9000002"), (8..=15).collect()),
            (Some("INC9000003"), (16..=19).collect()),
            (Some("INC9000004"), (20..=24).collect()),
            (Some("Total: 26 rows"), vec![25]),
        ]
    );
    let line = |number: usize, line: u64| {
        withheld[number]
            .rejected
            .iter()
            .find(|r| r.line == line)
            .unwrap()
            .to_string()
    };
    assert_eq!(
        line(0, 8),
        "line 8: held back: line 9 of the same incident was rejected"
    );
    assert!(line(0, 9).contains("35 cells where the header has 36"));
    assert!(line(1, 18).contains(
        "sys_updated_at: “31/2/2024 07:20” is not a possible date: month 2 of 2024 has no day 31"
    ));
    assert!(line(2, 21).contains("NUL"));
    assert!(line(2, 23).contains("sys_mod_count: “five” is not a count"));
    let mut summary = Summary::default();
    withheld.iter().for_each(|rows| summary.add_withheld(rows));
    assert_eq!((summary.withheld_incidents, summary.withheld_rows), (4, 18));
}

#[test]
fn a_stray_quote_holds_back_the_incidents_around_it() {
    let text = std::fs::read_to_string(fixture("servicenow.csv")).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    // Opens in INC9000002's row on line 10 and is closed in INC9000004's on line 22.
    lines[9] = lines[9].replacen("Location 5", "\"Location 5", 1);
    lines[21] = lines[21].replacen(",Location 5", ",\"", 1);
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), lines.join("\n")).unwrap();
    let (_, whole, withheld) = try_read(file.path(), &Options::default()).unwrap();
    let numbers: Vec<&str> = whole.iter().map(|h| h.number.as_str()).collect();
    assert_eq!(numbers, ["INC9000001", "INC9000005"]);
    let held: Vec<_> = withheld.iter().map(|w| w.number.as_deref()).collect();
    assert_eq!(held, [Some("INC9000002"), Some("INC9000004")]);
    assert!(
        withheld[0]
            .rejected
            .iter()
            .any(|r| (r.line, r.last_line) == (10, 22))
    );
}

#[test]
fn what_cannot_be_imported_whole_is_refused() {
    let month_first = refusal("servicenow-month-first.csv");
    assert!(
        month_first.contains(
            "line 8: 13 cannot be a month: is this file month-first? Give --dates m/d/yyyy"
        ),
        "{month_first}"
    );
    let options = Options {
        dates: "m/d/yyyy".parse().unwrap(),
        ..Options::default()
    };
    let (_, whole, _) = try_read(&fixture("servicenow-month-first.csv"), &options).unwrap();
    assert_eq!(whole[0].reported_at, datetime!(2023-04-03 08:05 UTC));
    assert!(
        refusal("servicenow-missing-columns.csv")
            .contains("the header lacks sys_updated_at, priority: is this")
    );
    assert!(refusal("tickets.csv").contains("the header lacks number, incident_state"));
    assert!(
        refusal("latin-1.csv")
            .contains("Windows-1252 or another 8-bit encoding (byte 0xFC on line 2), not UTF-8")
    );
    assert!(refusal("utf-16.csv").contains("this is UTF-16 text"));
    assert!(refusal("not-a-table.csv").contains("this is a PDF document, not a CSV file"));
    assert!(refusal("not-a-table.html").contains("this is an HTML page"));
    assert!(refusal("empty.csv").contains("the file is empty"));
    assert!(refusal("cut-off.csv.gz").contains("the gzip file is damaged or cut off"));
}

#[test]
fn one_slip_is_not_a_month_first_file() {
    let text = std::fs::read_to_string(fixture("servicenow.csv")).unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(
        file.path(),
        text.replacen("3/4/2023 08:40", "4/13/2023 08:40", 1),
    )
    .unwrap();
    let (_, whole, withheld) = try_read(file.path(), &Options::default()).unwrap();
    assert_eq!((whole.len(), withheld.len()), (4, 1));
    assert!(
        withheld[0].rejected[1]
            .to_string()
            .contains("is this file month-first?")
    );
}

#[test]
fn a_file_cut_off_while_it_is_read_gives_no_half_incident() {
    let text = std::fs::read(fixture("servicenow.csv")).unwrap();
    struct Breaks(std::io::Cursor<Vec<u8>>);
    impl std::io::Read for Breaks {
        fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
            match self.0.read(to)? {
                0 => Err(std::io::Error::other("disk gone")),
                n => Ok(n),
            }
        }
    }
    // After line 10, within INC9000002.
    let end = text
        .iter()
        .enumerate()
        .filter(|(_, b)| **b == b'\n')
        .nth(9)
        .unwrap()
        .0
        + 1;
    let broken = Breaks(std::io::Cursor::new(text[..end].to_vec()));
    let table = TableFile::from_reader(broken, Limits::default()).unwrap();
    let all: Vec<_> = Histories::new(table, Options::default(), HashMap::new())
        .unwrap()
        .collect();
    assert_eq!(all.len(), 3);
    assert_eq!(all[0].as_ref().unwrap().number, "INC9000001");
    let held = all[1].as_ref().unwrap_err();
    assert_eq!(
        (held.number.as_deref(), held.rejected.len()),
        (Some("INC9000002"), 3)
    );
    assert!(all[2].as_ref().unwrap_err().is_end);
}
