//! Tables with one row per record, by a map.

use andon::incidents::import::import_mapped;
use andon::incidents::import::mapped::Map;

use super::*;

const EXAMPLE: &str = include_str!("../../../docs/import-map.example.toml");

const TABLE: &str = "Ticket;Summary;Created;Details;Customer;Customer e-mail;Group;Owner;Product;Type;Via;Status;Impact;Urgency;Prio;Solved;Closed;Solution code;Solution\n\
    T-1;Mail is slow;03.04.2024 08:15;Since Monday;Zoë Ñandú;zoe@example.org;Desk;Sam Okoro;Mail;Software;E-Mail;In treatment;Medium;Low;-;-;-;-;-\n\
    T-2;VPN drops;03.04.2024 09:00;-;Ivo Lind;-;Desk;-;VPN;Network;Telephone;With supplier;High;High;1;-;-;-;-\n\
    T-3;Password;04.04.2024 10:00;-;Ivo Lind;-;Desk;Sam Okoro;-;-;Web;Done;Low;Low;4;04.04.2024 10:10;09.04.2024;PW;New password set\n";

impl Bench {
    fn table(&self, text: &str, map: &str) -> (Report, Notes) {
        let path = self.file("tickets.csv", text);
        let mut notes = Notes::default();
        let map = Map::parse(map).unwrap();
        let report = import_mapped(&self.desk(false), &path, &map, &mut notes).unwrap();
        assert_eq!(notes.rows, notes.expected);
        self.is_sound();
        (report, notes)
    }
}

#[test]
fn rows_become_records_with_what_the_row_tells_of_their_history() {
    let bench = Bench::new();
    let (report, notes) = bench.table(TABLE, EXAMPLE);
    assert!(notes.rejected.is_empty(), "{:?}", notes.rejected);
    assert_eq!(report.counts.new, 3);
    let records = "SELECT x.external_id || ' ' || r.state || ' ' || r.priority || ' ' || r.priority_source || ' ' || r.channel AS line
         FROM records r JOIN external_ids x ON x.record_id = r.id ORDER BY 1";
    assert_eq!(
        bench.lines(records),
        [
            "T-1 in_progress 4 matrix mail",
            "T-2 waiting 1 imported phone",
            "T-3 closed 4 imported portal"
        ]
    );
    let facts = "SELECT x.external_id || ' ' || f.name AS line FROM facts f JOIN external_ids x ON x.record_id = f.subject_id ORDER BY x.external_id, f.position";
    assert_eq!(
        bench.lines(facts),
        [
            "T-1 incident.created",
            "T-2 incident.created",
            "T-3 incident.created",
            "T-3 incident.resolved",
            "T-3 incident.closed"
        ]
    );
    assert_eq!(
        bench.lines("SELECT reason || ' ' || behaviour AS line FROM holds"),
        ["supplier supplier"]
    );
    assert_eq!(
        bench.lines("SELECT code_label || ': ' || text AS line FROM resolutions"),
        ["Password reset: New password set"]
    );
    assert_eq!(
        bench.lines("SELECT name || ' ' || mail AS line FROM people ORDER BY 1"),
        ["Ivo Lind ", "Sam Okoro ", "Zoë Ñandú zoe@example.org"]
    );
    assert_eq!(
        bench.lines("SELECT name AS line FROM services ORDER BY 1"),
        ["Mail", "VPN"]
    );
    let before = bench.everything();
    bench.table(TABLE, EXAMPLE);
    assert!(before == bench.everything());
}

#[test]
fn a_row_that_changed_changes_its_record() {
    let bench = Bench::new();
    bench.table(TABLE, EXAMPLE);
    let later = TABLE
        .replace(
            "With supplier;High;High;1;-;-;-;-",
            "Done;High;High;1;05.04.2024 11:00;-;PW;Cable",
        )
        .replace("Mail is slow", "Mail is very slow");
    let (report, _) = bench.table(&later, EXAMPLE);
    assert_eq!((report.counts.continued, report.counts.known), (2, 1));
    let titles = "SELECT title || ' ' || state || ' ' || (resolved_at IS NOT NULL) AS line FROM records ORDER BY number";
    assert_eq!(
        bench.lines(titles),
        [
            "Mail is very slow in_progress 0",
            "VPN drops closed 1",
            "Password closed 1"
        ]
    );
    assert_eq!(
        bench.count("SELECT count(*) AS n FROM holds WHERE ended_at IS NULL"),
        0
    );
    // The older file has nothing new to say.
    let (report, _) = bench.table(TABLE, EXAMPLE);
    assert_eq!(report.counts.known, 3);
}

#[test]
fn other_kinds_and_their_states() {
    let map = EXAMPLE
        .replace("kind = \"incident\"", "kind = \"change\"")
        .replace("\"Open\" = \"new\"", "\"Open\" = \"draft\"")
        .replace(
            "\"In treatment\" = \"in progress\"",
            "\"In treatment\" = \"scheduled\"",
        )
        .replace(
            "\"With customer\" = \"waiting: requester\"",
            "\"With customer\" = \"assessment\"",
        )
        .replace(
            "\"With supplier\" = \"waiting: supplier\"",
            "\"With supplier\" = \"implementing\"",
        );
    let bench = Bench::new();
    let (report, _) = bench.table(TABLE, &map);
    assert_eq!(report.counts.new, 3);
    let numbers = "SELECT kind || number || ' ' || state AS line FROM records ORDER BY 1";
    assert_eq!(
        bench.lines(numbers),
        [
            "change1 scheduled",
            "change2 implementing",
            "change3 closed"
        ]
    );
    // The same numbers as incidents are somebody else's.
    let (report, notes) = bench.table(&TABLE.replace("Mail is slow", "Mail"), EXAMPLE);
    assert_eq!(report.counts.held_back, 1);
    assert!(
        notes.rejected[0].contains("CHG-1, which is of another kind"),
        "{:?}",
        notes.rejected
    );
}

#[test]
fn the_fixture_is_taken_but_for_its_bad_rows() {
    let bench = Bench::new();
    let text = std::fs::read_to_string(fixture("tickets.csv")).unwrap();
    let (report, notes) = bench.table(&text, EXAMPLE);
    assert_eq!(report.counts.new, 4);
    assert_eq!(notes.rejected.len(), 8);
}
