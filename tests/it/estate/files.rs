//! People and items by file: shown first, then done, and the second time nothing.

use std::process::Command;

use andon::people::{find_person_by_mail, find_person_named};

use super::{PEOPLE_CSV, assert_whole, estate};
use crate::app::{App, Client, Page, UrlText, each_database, on_sqlite};

fn counts(page: &Page) -> [usize; 4] {
    let doc = page.doc();
    ["n-added", "n-changed", "n-unchanged", "n-rejected"].map(|id| {
        let at = doc
            .by_id(id)
            .unwrap_or_else(|| panic!("{id}: {}", page.text()));
        doc.text_of(at).trim().parse().unwrap()
    })
}

fn look(client: &Client, what: &str, file: &[u8]) -> Page {
    let path = format!("/settings/import/{what}");
    let form = client.page(&path).form(&path);
    client.send(&form.file("files", "list.csv", file))
}

/// Looks a file through, imports it where it changes something, and says what it did.
pub fn import(client: &Client, what: &str, file: &str) -> [usize; 4] {
    let preview = look(client, what, file.as_bytes()).expect(200);
    let found = counts(&preview);
    if found[0] + found[1] > 0 {
        let form = preview.form(&format!("/settings/import/{what}"));
        let done = client.press(&form, "do", "apply").expect(303);
        assert_eq!(done.location(), format!("/settings/{what}"));
        client.follow(&done).assert_says("Imported:");
    }
    found
}

fn person(app: &App, mail: &str) -> andon::people::Person {
    app.read(|r| find_person_by_mail(r, mail)).unwrap()
}

#[test]
fn people_come_by_file_and_the_second_time_nothing_changes() {
    each_database(|app| {
        let desk = app.desk();
        let estate = estate(&app, &desk);
        let client = app.visit(&desk.administrator);
        let facts = app.count("SELECT count(*) AS n FROM facts");
        let preview = look(&client, "people", PEOPLE_CSV.as_bytes()).expect(200);
        assert_eq!(counts(&preview), [1, 0, 2, 1]);
        for said in [
            "shoe_size",
            "Store 9",
            "Northgate Digital",
            "neither a staff number",
        ] {
            preview.assert_says(said);
        }
        assert_eq!(
            app.count("SELECT count(*) AS n FROM facts"),
            facts,
            "only shown"
        );
        assert_eq!(import(&client, "people", PEOPLE_CSV), [1, 0, 2, 1]);
        assert_eq!(import(&client, "people", PEOPLE_CSV), [0, 0, 3, 1]);
        let nia = person(&app, "nia@example.org");
        assert_eq!(nia.staff_number.as_deref(), Some("N1"));
        assert!(nia.organisation_id.is_some() && nia.location_id.is_some());
        assert_eq!(nia.roles, 0);
        // Found by the staff number, though the address is new; what is not in the file stays.
        let moved =
            "Staff number;name;mail;location\nN1;Nia Newman;nia.newman@example.org;store 114\n";
        assert_eq!(import(&client, "people", moved), [0, 1, 0, 0]);
        let moved = person(&app, "nia.newman@example.org");
        assert_eq!(moved.id, nia.id);
        assert_eq!(moved.location_id, Some(estate.location));
        assert_eq!(moved.organisation_id, nia.organisation_id);
        // An empty cell empties; the one who has a role keeps what they need.
        let emptied = "name,mail,staff_number,location,organisation\nNia Newman,,N1,,\n\
            Ana Lima,,,,\n";
        assert_eq!(import(&client, "people", emptied), [0, 1, 0, 1]);
        assert_eq!(
            app.read(|r| find_person_named(r, "N1"))
                .unwrap()
                .location_id,
            None
        );
        assert_whole(&app);
    });
}

#[test]
fn line_managers_come_in_any_order_and_never_in_a_circle() {
    each_database(|app| {
        let desk = app.desk();
        let client = app.visit(&desk.administrator);
        // The boss stands last, and one is known by mail alone.
        let file = "name,staff_number,mail,manager\nAda,1,,2\nBob,2,,cleo@example.org\n\
            Cleo,3,cleo@example.org,\nDan,4,,4\nEve,5,,6\nFay,6,,7\nGus,7,,5\nHal,8,,5\nIda,9,,77\n";
        let preview = look(&client, "people", file.as_bytes()).expect(200);
        assert_eq!(counts(&preview), [3, 0, 0, 6]);
        for said in [
            "Nobody is their own line manager.",
            "This would make somebody manage themself",
            "manager: there is no 77",
        ] {
            preview.assert_says(said);
        }
        assert_eq!(import(&client, "people", file), [3, 0, 0, 6]);
        assert_eq!(import(&client, "people", file), [0, 0, 3, 6]);
        let of = |number: &str| app.read(|r| find_person_named(r, number)).unwrap();
        assert_eq!(of("1").manager_id, Some(of("2").id));
        assert_eq!(of("2").manager_id, Some(of("3").id));
        // Turned upside down in one file: 3 under 2 under 1.
        let turned = "name,staff_number,manager\nCleo,3,2\nBob,2,1\nAda,1,\n";
        assert_eq!(import(&client, "people", turned), [0, 3, 0, 0]);
        assert_eq!(of("3").manager_id, Some(of("2").id));
        assert_eq!(of("1").manager_id, None);
        // A circle that closes over somebody who is not in the file.
        let closes = "name,staff_number,manager\nAda,1,3\n";
        assert_eq!(import(&client, "people", closes), [0, 0, 0, 1]);
        assert_whole(&app);
    });
}

#[test]
fn every_bad_row_is_named_with_its_line() {
    each_database(|app| {
        let desk = app.desk();
        estate(&app, &desk);
        let client = app.visit(&desk.administrator);
        let people = "name,mail,staff_number,vip,phone\n\
            Ada,ada.b@example.org,7,,\nBob,bob.c@example.org,7,,\nCy,ADA.B@example.org,8,,\n\
            Dee,not a mail,9,,\nEd,,10,perhaps,\n,,11,,\nFi,,12\nGo,,13,,call me\n\
            Hanna,rita.reyes@example.org,14,,\n";
        let page = look(&client, "people", people.as_bytes()).expect(200);
        // The requester has no staff number yet, so the last one is her, renamed.
        assert_eq!(counts(&page), [1, 1, 0, 7]);
        for (line, why) in [
            ("3", "the row of line 2 has the same staff_number"),
            ("4", "the row of line 2 has the same mail"),
            ("5", "mail address"),
            ("6", "vip: perhaps is neither yes nor no"),
            ("7", "it has no name"),
            ("8", "it has 3 cells where the header has 5"),
        ] {
            page.assert_says(why);
            assert!(
                page.html().contains(&format!(">{line}</th>")),
                "line {line}"
            );
        }
        let items = "name,environment,team,depends_on\nA,test,Service desk,\na,test,,\nB,moon,,\n\
            C,,Nobody,\nD,,,X\nE,,,E\nF,,,D\nG,,,A | SRV-DB-01\n";
        let page = look(&client, "items", items.as_bytes()).expect(200);
        assert_eq!(counts(&page), [2, 0, 0, 6]);
        for why in [
            "the row of line 2 has the same name",
            "environment: there is no moon",
            "team: there is no Nobody",
            "depends_on: there is no x",
            "An item does not depend on itself.",
            "it depends on an item that is rejected itself",
        ] {
            page.assert_says(why);
        }
        assert_eq!(import(&client, "items", items), [2, 0, 0, 6]);
        assert_whole(&app);
    });
}

#[test]
fn a_file_that_is_none_is_refused_as_a_whole() {
    on_sqlite(|app| {
        let desk = app.desk();
        let client = app.visit(&desk.administrator);
        let latin = b"name,mail\nJos\xe9,jose@example.org\n";
        for (file, said) in [
            (latin.as_slice(), "not UTF-8"),
            (b"PK\x03\x04 a spreadsheet", "not a CSV file"),
            (b"mail,phone\na@example.org,1\n", "no column “name”"),
            (b"name,name\na,b\n", "not a usable header"),
        ] {
            let page = look(&client, "people", file);
            assert!(page.text().contains(said), "{said}: {}", page.text());
            assert!(page.doc().by_id("n-added").is_none());
        }
        // Ten megabytes are read; more rows than a page takes are left to the command.
        let wide = "x".repeat(400);
        let mut long = "name,staff_number,note\n".to_owned();
        for n in 0..25_000 {
            long.push_str(&format!("Person {n},{n},{wide}\n"));
        }
        assert!(long.len() > 10_000_000);
        let page = look(&client, "people", long.as_bytes());
        page.assert_says("more than 20000 rows");
        let path = "/settings/import/people";
        let page = client.send(&client.page(path).form(path)).expect(422);
        page.assert_says("Choose a file first.");
        assert_eq!(client.get("/settings/import/shoes").status, 404);
    });
}

#[test]
fn the_commands_do_the_same() {
    each_database(|app| {
        let desk = app.desk();
        estate(&app, &desk);
        let file = app.database.folder().join("people.csv");
        std::fs::write(&file, PEOPLE_CSV).unwrap();
        let run = |dry: bool| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_andon"));
            command.args(["import", "people"]).arg(&file);
            command.args(["--database", &app.database.url.to_string_for_tests()]);
            if dry {
                command.arg("--dry-run");
            }
            let output = command.output().unwrap();
            assert!(output.status.success(), "{output:?}");
            let told = String::from_utf8(output.stdout).unwrap();
            let rejected = String::from_utf8(output.stderr).unwrap();
            assert!(
                rejected.contains("line 5: Nobody: it has neither"),
                "{rejected}"
            );
            told
        };
        assert!(run(true).contains("would be added: 1, would be changed: 0, unchanged: 2"));
        assert!(run(false).contains("added: 1, changed: 0, unchanged: 2, rejected: 1"));
        assert!(run(false).contains("added: 0, changed: 0, unchanged: 3, rejected: 1"));
        assert_whole(&app);
    });
}
