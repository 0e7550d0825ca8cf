//! Histories: the published numbers of a real log, asserted on the database; again, in halves, in
//! pieces, and after somebody worked here.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::*;
use andon::people::{self, PersonForm, Roles, Visitor};
use andon::platform::kernel::ctx::{Ctx, Door};
use andon::records::actions::{Edit, edit};

#[allow(clippy::disallowed_methods, clippy::print_stderr)]
pub fn real_slice() -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/data/uci498-servicenow-incidents/sample2000_events.csv.gz");
    if path.exists() {
        return Some(path);
    }
    assert!(
        std::env::var_os("ANDON_REQUIRE_ALL").is_none(),
        "the real slice is missing, and nothing may be skipped"
    );
    eprintln!("skipped: the real slice is not beside this checkout");
    None
}

fn pairs(expected: &[(&str, i64)]) -> BTreeMap<String, i64> {
    expected
        .iter()
        .map(|(k, n)| ((*k).to_owned(), *n))
        .collect()
}

#[test]
fn the_real_slice_has_its_published_numbers_in_the_database() {
    let Some(path) = real_slice() else { return };
    for backend in backends() {
        published_numbers(&Bench::on(backend), &path);
    }
}

fn published_numbers(bench: &Bench, path: &Path) {
    let (report, notes) = bench.log(path);
    assert!(notes.rejected.is_empty());
    assert_eq!(
        (report.counts.new, report.counts.rows_taken),
        (2_000, 11_578)
    );
    bench.is_sound();

    let by_priority = "SELECT priority || '|' || count(*) AS line FROM records WHERE kind = 'incident' GROUP BY priority";
    assert_eq!(
        bench.counts(by_priority),
        pairs(&[("1", 28), ("2", 34), ("3", 1880), ("4", 58)])
    );
    let ever = "SELECT label || '|' || count(*) AS line FROM (SELECT DISTINCT subject_id, json_extract(data, '$.set.source_state[1]') AS label
         FROM facts WHERE json_extract(data, '$.set.source_state') IS NOT NULL) AS ever GROUP BY label";
    assert_eq!(
        bench.counts(ever),
        pairs(&[
            ("Closed", 2000),
            ("Resolved", 1998),
            ("New", 1312),
            ("Active", 1208),
            ("Awaiting User Info", 469),
            ("Awaiting Problem", 20),
            ("Awaiting Vendor", 20),
            ("Awaiting Evidence", 4),
            ("-100", 1),
        ])
    );
    for (what, sql, n) in [
        (
            "without resolved_at",
            "SELECT count(*) AS n FROM records WHERE resolved_at IS NULL",
            120,
        ),
        (
            "re-opened",
            "SELECT count(*) AS n FROM records WHERE reopens > 0",
            19,
        ),
        ("re-openings", "SELECT sum(reopens) AS n FROM records", 20),
        (
            "reassignments",
            "SELECT sum(reassignments) AS n FROM records",
            1994,
        ),
        (
            "priority changed",
            "SELECT count(DISTINCT subject_id) AS n FROM facts WHERE position > 1 AND json_extract(data, '$.set.priority') IS NOT NULL",
            38,
        ),
        (
            "closed",
            "SELECT count(*) AS n FROM records WHERE state = 'closed' AND closed_at IS NOT NULL AND NOT is_open",
            2000,
        ),
        (
            "the source's priorities",
            "SELECT count(*) AS n FROM records WHERE priority_source = 'imported'",
            2000,
        ),
        (
            "numbers",
            "SELECT count(DISTINCT number) AS n FROM records",
            2000,
        ),
        (
            "external ids",
            "SELECT count(*) AS n FROM external_ids WHERE source = 'servicenow'",
            2000,
        ),
        ("rows", "SELECT count(*) AS n FROM imported_rows", 11_578),
        (
            "through one door",
            "SELECT count(*) AS n FROM facts WHERE door <> 'imported' OR actor_id IS NOT NULL",
            0,
        ),
        (
            "open holds",
            "SELECT count(*) AS n FROM holds WHERE ended_at IS NULL",
            0,
        ),
        (
            "searchable",
            "SELECT count(DISTINCT record_id) AS n FROM search_texts",
            2000,
        ),
        (
            "who can sign in",
            "SELECT count(*) AS n FROM people WHERE password_hash IS NOT NULL OR roles <> 0",
            0,
        ),
    ] {
        assert_eq!(bench.count(sql), n, "{what}");
    }

    let before = bench.everything();
    let (report, _) = bench.log(path);
    assert_eq!(
        (
            report.counts.known,
            report.counts.rows_known,
            report.counts.facts
        ),
        (2_000, 11_578, 0)
    );
    assert!(before == bench.everything(), "a second run changes nothing");
}

/// What the two databases hold of the fixture, and of a later export of it, row by row.
#[test]
fn the_fixture_comes_to_the_same_on_both_databases() {
    let all = backends().into_iter().map(|backend| {
        let bench = Bench::on(backend);
        let mut told = Vec::new();
        for name in [
            "servicenow.csv",
            "servicenow-broken-rows.csv",
            "servicenow-later.csv",
        ] {
            let (report, notes) = bench.log(&fixture(name));
            bench.is_sound();
            told.push(format!("{:?} {:?}", report.counts, notes.rejected));
            told.extend(portable(&bench));
        }
        let (again, _) = bench.log(&fixture("servicenow-later.csv"));
        assert_eq!((again.counts.facts, again.counts.rows_taken), (0, 0));
        told
    });
    let all: Vec<Vec<String>> = all.collect();
    assert!(all[0].len() > 50);
    assert!(all.windows(2).all(|two| two[0] == two[1]), "{all:#?}");
}

/// Records, holds, resolutions, facts and tallies in words that both databases have, in order.
fn portable(bench: &Bench) -> Vec<String> {
    let number = "(SELECT external_id FROM external_ids x WHERE x.record_id =";
    let named = |table: &str, id: &str| {
        format!("coalesce((SELECT name FROM {table} WHERE id = {id}), '-')")
    };
    let mut told = Vec::new();
    for sql in [
        format!(
            "SELECT {number} r.id) || '|' || number || title || '|' || state || state_group
             || impact || urgency || priority || priority_source || channel || reassignments || reopens
             || facts || version || {} || {} || {} AS line FROM records r",
            named("people", "r.requester_id"),
            named("people", "r.assignee_id"),
            named("teams", "r.team_id"),
        ),
        format!(
            "SELECT {number} h.record_id) || reason || supplier || state_before || (ended_at IS NULL) AS line FROM holds h"
        ),
        format!(
            "SELECT {number} o.record_id) || code || (superseded_at IS NULL) || {} AS line FROM resolutions o",
            named("people", "o.by_id"),
        ),
        format!(
            "SELECT {number} f.subject_id) || '|' || position || name || coalesce(json_extract(data, '$.set.state[1]'), '-') AS line
             FROM facts f WHERE subject_kind = 'record'"
        ),
        format!(
            "SELECT kind || state_group || n || {} AS line FROM record_tallies",
            named("teams", "team_id"),
        ),
        "SELECT external_id || revision AS line FROM imported_rows".to_owned(),
    ] {
        let mut lines = bench.lines(&sql);
        // One writes a truth as 1, the other as true.
        lines.iter_mut().for_each(|l| *l = l.replace("true", "1").replace("false", "0"));
        lines.sort();
        told.extend(lines);
    }
    told
}

/// Cut wherever: between incidents and within them.
#[test]
fn half_a_file_and_then_the_whole_is_the_whole() {
    let sample = std::fs::read_to_string(fixture("servicenow.csv")).unwrap();
    let told = at_once(&sample);
    for cut in 2..sample.lines().count() {
        cut_and_whole(&sample, cut, &told);
    }
}

#[test]
fn half_the_real_slice_and_then_the_whole_is_the_whole() {
    let Some(path) = real_slice() else { return };
    let whole = unpacked(&path);
    let numbers: Vec<&str> = whole
        .lines()
        .map(|l| l.split(',').next().unwrap())
        .collect();
    let half = numbers.len() / 2;
    let within = (half..).find(|line| numbers[*line] == numbers[line - 1]);
    cut_and_whole(&whole, within.unwrap(), &at_once(&whole));
}

type Story = BTreeMap<&'static str, Vec<String>>;

fn at_once(whole: &str) -> Story {
    let bench = Bench::new();
    bench.log(&bench.file("whole.csv", whole));
    bench.story()
}

fn cut_and_whole(whole: &str, cut: usize, told: &Story) {
    let bench = Bench::new();
    let half: Vec<&str> = whole.lines().take(cut).collect();
    bench.log(&bench.file("half.csv", &(half.join("\n") + "\n")));
    bench.is_sound();
    bench.log(&bench.file("whole.csv", whole));
    bench.is_sound();
    for (what, lines) in bench.story() {
        assert_eq!(lines, told[what], "{what}, cut at line {cut}");
    }
}

#[test]
fn a_dry_run_writes_nothing_and_tells_the_same() {
    let bench = Bench::new();
    let before = bench.everything();
    let mut notes = Notes::default();
    let path = fixture("servicenow-broken-rows.csv");
    let dry = import_servicenow(&bench.desk(true), &path, &Options::default(), &mut notes).unwrap();
    assert!(before == bench.everything());
    let (wet, told) = bench.log(&path);
    assert_eq!(notes.rejected, told.rejected);
    assert_eq!(
        (dry.counts.new, dry.counts.rows_taken, dry.counts.created),
        (wet.counts.new, wet.counts.rows_taken, wet.counts.created)
    );
}

#[test]
fn a_later_export_goes_on_where_the_first_ended() {
    let bench = Bench::new();
    bench.log(&fixture("servicenow.csv"));
    let state = "SELECT r.state AS line FROM records r JOIN external_ids x ON x.record_id = r.id WHERE x.external_id = 'INC9000005'";
    assert_eq!(bench.lines(state), ["in_progress"]);
    assert_eq!(bench.count("SELECT sum(n) AS n FROM record_tallies"), 1);
    let (report, _) = bench.log(&fixture("servicenow-later.csv"));
    assert_eq!((report.counts.new, report.counts.continued), (1, 1));
    assert_eq!(bench.lines(state), ["closed"]);
    bench.is_sound();
    let path = bench.lines("SELECT f.name AS line FROM facts f JOIN external_ids x ON x.record_id = f.subject_id WHERE x.external_id = 'INC9000005' ORDER BY position");
    assert_eq!(path.last().map(String::as_str), Some("incident.closed"));
    assert_eq!(path.first().map(String::as_str), Some("incident.created"));
}

#[test]
fn what_somebody_did_here_is_not_overwritten() {
    let bench = Bench::new();
    bench.log(&fixture("servicenow.csv"));
    let number = bench.count("SELECT r.number AS n FROM records r JOIN external_ids x ON x.record_id = r.id WHERE x.external_id = 'INC9000005'");
    let number = andon::records::Number {
        kind: andon::records::Kind::Incident,
        n: number,
    };
    let form = PersonForm {
        name: "Noor Haddad".into(),
        mail: "noor@example.org".into(),
        language: "en".into(),
        zone: "UTC".into(),
        roles: Roles::AGENT,
        ..PersonForm::default()
    };
    let now = bench.clock.now();
    bench
        .store
        .write_here(|w| {
            let system = Ctx::system(now, Door::Command);
            let id =
                people::actions::add_person(w, people::actions::By::Command, &system, &form)?.id;
            let noor = Visitor::offline(&people::find_person(w, id)?, Vec::new(), now);
            let ctx = Ctx {
                actor: noor.actor(),
                ..Ctx::system(now, Door::Web)
            };
            let command = Edit {
                overwrite: true,
                title: Some("Mended here".into()),
                ..Edit::default()
            };
            edit(w, &noor, &ctx, number, &command).map(drop)
        })
        .unwrap();
    let before = bench.story();
    let (report, notes) = bench.log(&fixture("servicenow-later.csv"));
    assert_eq!(
        (
            report.counts.new,
            report.counts.continued,
            report.counts.held_back
        ),
        (1, 0, 1)
    );
    assert!(
        notes.rejected[0].contains("somebody has changed that here since"),
        "{:?}",
        notes.rejected
    );
    let after = bench.story();
    let of_it = |story: &BTreeMap<&'static str, Vec<String>>| -> Vec<String> {
        story
            .values()
            .flatten()
            .filter(|line| line.contains("INC9000005"))
            .cloned()
            .collect()
    };
    assert_eq!(of_it(&before), of_it(&after));
    let title = bench.lines("SELECT title AS line FROM records WHERE title LIKE '%here'");
    assert_eq!(title, ["Mended here"]);
}

/// 1,200 rows of one incident: three commits, one history.
#[test]
fn a_long_history_is_taken_in_pieces() {
    let sample = std::fs::read_to_string(fixture("servicenow.csv")).unwrap();
    let header = sample.lines().next().unwrap();
    let names: Vec<&str> = header.split(',').collect();
    let row = |n: usize| {
        let cell = |name: &&str| match *name {
            "number" => "INC1".to_owned(),
            "incident_state" => if n.is_multiple_of(2) {
                "Active"
            } else {
                "Awaiting User Info"
            }
            .to_owned(),
            "sys_mod_count" => n.to_string(),
            "reassignment_count" => (n / 10).to_string(),
            "reopen_count" => "0".to_owned(),
            "opened_at" => "3/4/2023 09:05".to_owned(),
            "sys_updated_at" => format!("{}/4/2023 {:02}:{:02}", 4 + n / 1000, n / 60 % 24, n % 60),
            "impact" | "urgency" => "2 - Medium".to_owned(),
            "priority" => "3 - Moderate".to_owned(),
            _ => "?".to_owned(),
        };
        names.iter().map(cell).collect::<Vec<_>>().join(",")
    };
    let text: Vec<String> = std::iter::once(header.to_owned())
        .chain((0..1_200).map(row))
        .collect();
    let bench = Bench::new();
    let (report, _) = bench.log(&bench.file("long.csv", &(text.join("\n") + "\n")));
    assert_eq!(
        (
            report.counts.new,
            report.counts.rows_taken,
            report.counts.facts
        ),
        (1, 1_200, 1_200)
    );
    bench.is_sound();
    assert_eq!(
        bench.lines("SELECT state AS line FROM records"),
        ["waiting"]
    );
    assert_eq!(bench.count("SELECT count(*) AS n FROM holds"), 600);
    assert_eq!(
        bench.count("SELECT count(*) AS n FROM holds WHERE ended_at IS NULL"),
        1
    );
    assert_eq!(bench.count("SELECT reassignments AS n FROM records"), 119);
    let again = bench.everything();
    bench.log(&bench.database.folder().join("long.csv"));
    assert!(again == bench.everything());
}

/// Somebody else's writes wait for a commit at most, and none fails.
#[test]
fn a_server_beside_it_goes_on() {
    let Some(path) = real_slice() else { return };
    let bench = Bench::new();
    let beside = Store::new(bench.store.url().clone(), 1, follow::up);
    let done = AtomicBool::new(false);
    let writes = std::thread::scope(|scope| {
        let server = scope.spawn(|| {
            let mut writes = 0;
            while !done.load(Ordering::Relaxed) {
                beside
                    .write_here(|w| andon::services::set_setting(w, "beside", &writes.to_string()))
                    .unwrap();
                writes += 1;
                std::thread::sleep(Duration::from_millis(2));
            }
            writes
        });
        bench.log(&path);
        done.store(true, Ordering::Relaxed);
        server.join().unwrap()
    });
    assert!(writes > 20, "{writes} writes while 24 parts were imported");
    bench.is_sound();
}
