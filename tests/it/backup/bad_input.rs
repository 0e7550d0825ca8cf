//! An archive cut short, damaged or from a later version, a place that is not empty, a full disk: a
//! clear message and nothing half-done.

use std::path::Path;
use std::process::{Command, Output};

use andon::platform::db::migrate;
use andon::platform::files::archive::Writer;
use andon::platform::kernel::clock::Clock;

use super::*;
use crate::app::UrlText;
use crate::structure::revert_last;

/// A small desk's archive, and the archive's bytes.
fn archive(app: &App) -> (PathBuf, Vec<u8>) {
    small(app);
    let file = app.database.folder().join("desk.tar.gz");
    back_up(app, &file).unwrap();
    let bytes = std::fs::read(&file).unwrap();
    (file, bytes)
}

/// Restores what is wrong, into each database; says what it was told.
fn refused(bytes: &[u8], what: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wrong.tar.gz");
    std::fs::write(&file, bytes).unwrap();
    let mut said = String::new();
    for backend in backends() {
        let empty = Empty::new(backend);
        said = match empty.restore(&file) {
            Ok(_) => panic!("{what} was restored"),
            Err(e) => e.to_string(),
        };
        empty.assert_empty(what);
    }
    assert!(said.contains("wrong.tar.gz"), "{said}");
    said
}

/// Kinds of records, which the schema itself writes down.
const KINDS: i64 = andon::records::Kind::ALL.len() as i64;

#[test]
fn an_archive_cut_short_is_refused_and_leaves_nothing() {
    on_sqlite(|app| {
        let (_, bytes) = archive(&app);
        for part in [0, 5, 100, bytes.len() / 3, bytes.len() / 2, bytes.len() - 1] {
            let said = refused(&bytes[..part], &format!("{part} bytes"));
            assert!(said.contains("cut short"), "{part}: {said}");
        }
    });
}

#[test]
fn a_flipped_byte_is_found_wherever_it_is() {
    on_sqlite(|app| {
        let (_, bytes) = archive(&app);
        // The first ten are gzip's own head, whose time and system mean nothing.
        for part in 0..12 {
            let at = 10 + (bytes.len() - 11) * part / 11;
            let mut flipped = bytes.clone();
            flipped[at] ^= 0x20;
            refused(&flipped, &format!("byte {at} flipped"));
        }
        let mut longer = bytes.clone();
        longer.extend_from_slice(b"more");
        let said = refused(&longer, "something behind its end");
        assert!(said.contains("damaged"), "{said}");
        let said = refused(b"number,title\n1,a table\n", "a table");
        assert!(said.contains("no backup"), "{said}");
    });
}

#[test]
fn an_archive_from_a_later_version_is_refused_by_its_name() {
    let head = |format: u32, schema: &str| {
        let head = format!(
            r#"{{"format":{format},"andon":"9.8.7","made_at":"","schema":["{schema}"],"tables":[]}}"#
        );
        let mut archive = Writer::new(Vec::new(), 0);
        archive.bytes("head", "json", head.as_bytes()).unwrap();
        archive.finish(b"{}").unwrap()
    };
    for later in [head(2, "20261121000001"), head(1, "99991231000001")] {
        let said = refused(&later, "a later version");
        assert!(
            said.contains("later version") && said.contains("9.8.7"),
            "{said}"
        );
    }
}

/// The schema it was made under is made first, filled, and brought up to date.
#[test]
fn an_archive_of_an_earlier_version_is_brought_up_to_date() {
    for backend in backends() {
        let old = Empty::new(backend);
        migrate::up(&old.database.url).unwrap();
        let mut conn = old.database.connect();
        revert_last(&mut conn, backend);
        let schema = migrate::applied(&mut conn).unwrap();
        assert_eq!(schema.len() + 1, migrate::known().unwrap().len());
        drop(conn);
        let blobs = Blobs::open(&old.attachments).unwrap();
        let file = old.database.folder().join("old.tar.gz");
        let now = Clock::system().now();
        backup::write(&old.store(), &blobs, &file, now, &mut Quiet).unwrap();
        for backend in backends() {
            let new = Empty::new(backend);
            new.restore(&file).unwrap();
            let mut conn = new.database.connect();
            assert_eq!(
                migrate::applied(&mut conn).unwrap(),
                migrate::known().unwrap()
            );
            assert_eq!(new.database.count("SELECT count(*) FROM kinds"), KINDS);
        }
    }
}

#[test]
fn a_place_that_is_not_empty_is_refused_and_stays_as_it_is() {
    on_sqlite(|app| {
        let (file, _) = archive(&app);
        for backend in backends() {
            // A database with something in it.
            let used = Database::fresh(backend);
            let attachments = used.folder().join("attachments");
            let place = Place {
                database: &used.url,
                attachments: &attachments,
            };
            let said = backup::restore(&file, &place, &mut Quiet)
                .unwrap_err()
                .to_string();
            assert!(said.contains("empty"), "{said}");
            assert!(!attachments.exists());
            assert_eq!(used.count("SELECT count(*) FROM kinds"), KINDS);
            assert_eq!(used.count("SELECT count(*) FROM records"), 0);
            // A folder with something in it.
            let empty = Empty::new(backend);
            let own = empty.attachments.join("own.txt");
            std::fs::create_dir(&empty.attachments).unwrap();
            std::fs::write(&own, "mine").unwrap();
            let said = empty.restore(&file).unwrap_err().to_string();
            assert!(said.contains("not empty"), "{said}");
            assert_eq!(walk(empty.database.folder()), std::slice::from_ref(&own));
            // An empty folder is fine, and what an interrupted restore left is known.
            std::fs::remove_file(&own).unwrap();
            std::fs::create_dir(empty.attachments.join("blobs")).unwrap();
            std::fs::write(empty.attachments.join("blobs/half"), "half").unwrap();
            std::fs::write(empty.attachments.join("restore-unfinished"), "").unwrap();
            empty.restore(&file).unwrap();
            assert!(!empty.attachments.join("blobs/half").exists());
            assert!(!empty.attachments.join("restore-unfinished").exists());
        }
    });
}

/// The product itself, with files of at most so many kilobytes: what a full disk looks like from
/// inside, with a signal that is ignored as the disk's own error would be.
fn with_little_room(kilobytes: u32, arguments: &[&str]) -> Output {
    let script = format!("trap '' XFSZ; ulimit -f {kilobytes}; exec \"$0\" \"$@\"");
    Command::new("bash")
        .args(["-c", &script, env!("CARGO_BIN_EXE_andon")])
        .args(arguments)
        .current_dir(std::env::temp_dir())
        .output()
        .unwrap()
}

#[test]
fn a_full_disk_ends_backup_and_restore_with_a_message_and_nothing_half_done() {
    each_database(|app| {
        let (file, _) = archive(&app);
        let folder = app.database.folder();
        let database = app.database.url.to_string_for_tests();
        let attachments = app.data().display().to_string();
        let before = walk(folder).len();
        let full = folder.join("full.tar.gz").display().to_string();
        let common = ["--database", &database, "--attachments-path", &attachments];
        let ended = with_little_room(2_000, &[&["backup", full.as_str()], &common[..]].concat());
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert_eq!(ended.status.code(), Some(1), "{said}");
        assert!(
            said.contains("full.tar.gz") && said.contains("large"),
            "{said}"
        );
        assert_eq!(walk(folder).len(), before, "{:?}", walk(folder));

        let empty = Empty::new(app.backend());
        let database = empty.database.url.to_string_for_tests();
        let attachments = empty.attachments.display().to_string();
        let file = file.display().to_string();
        let common = ["--database", &database, "--attachments-path", &attachments];
        for kilobytes in [100, 2_000] {
            let ended = with_little_room(
                kilobytes,
                &[&["restore", file.as_str()], &common[..]].concat(),
            );
            let said = String::from_utf8_lossy(&ended.stderr).into_owned();
            assert_eq!(ended.status.code(), Some(1), "{said}");
            empty.assert_empty("a full disk");
        }
    });
}

#[test]
fn a_backup_of_nothing_and_onto_an_interrupted_one_are_refused() {
    on_sqlite(|app| {
        let folder = app.database.folder();
        let part = folder.join("desk.tar.gz.part");
        std::fs::write(&part, "half").unwrap();
        let said = back_up(&app, &folder.join("desk.tar.gz"))
            .unwrap_err()
            .to_string();
        assert!(said.contains("interrupted"), "{said}");
        assert_eq!(std::fs::read(&part).unwrap(), b"half");
        let nowhere = back_up(&app, Path::new("/nowhere/desk.tar.gz")).unwrap_err();
        assert!(nowhere.to_string().contains("/nowhere"), "{nowhere}");
        let run = |arguments: &[&str]| {
            let andon = env!("CARGO_BIN_EXE_andon");
            Command::new(andon)
                .args(arguments)
                .current_dir(folder)
                .output()
                .unwrap()
        };
        let none = run(&["backup", "none.tar.gz", "--database", "sqlite:none.db"]);
        assert_eq!(none.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&none.stderr).contains("no database"));
        assert!(!folder.join("none.db").exists());
        assert_eq!(run(&["backup"]).status.code(), Some(2));
        let help = String::from_utf8(run(&["backup", "--help"]).stdout).unwrap();
        assert!(
            help.contains("--verify") && help.contains("Examples"),
            "{help}"
        );
    });
}
