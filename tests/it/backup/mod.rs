//! Backup and restore: under load, into either database, and with everything that can go wrong.

mod bad_input;
mod circles;
mod place;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use andon::app::backup::{self, Done, Place, Watch};
use andon::app::{demo, verify};
use andon::follow;
use andon::people::find_person_by_mail;
use andon::platform::db::{Backend, DatabaseUrl, Id, Store};
use andon::platform::files::blobs::Blobs;
use andon::platform::kernel::error::Result;

use crate::app::{App, Database, Human, LogCall, backends, each_database, on_sqlite, walk};

struct Quiet;

impl Watch for Quiet {
    fn begin(&mut self, _: &str, _: Option<u64>) {}
    fn step(&mut self, _: u64) {}
}

fn back_up(app: &App, file: &Path) -> Result<Done> {
    backup::write(
        &app.site.store,
        &app.site.blobs,
        file,
        app.now(),
        &mut Quiet,
    )
}

/// An empty place for a desk.
struct Empty {
    database: Database,
    attachments: PathBuf,
}

impl Empty {
    fn new(backend: Backend) -> Self {
        let database = Database::bare(backend);
        let attachments = database.folder().join("attachments");
        Self {
            database,
            attachments,
        }
    }

    fn restore(&self, file: &Path) -> Result<Done> {
        let place = Place {
            database: &self.database.url,
            attachments: &self.attachments,
        };
        backup::restore(file, &place, &mut Quiet)
    }

    fn store(&self) -> Store {
        Store::new(self.database.url.clone(), 1, follow::up)
    }

    /// What a restore that was refused must leave: nothing.
    fn assert_empty(&self, after: &str) {
        let left = walk(self.database.folder());
        assert!(left.is_empty(), "{after} left {left:?}");
        assert!(!self.attachments.exists(), "{after} left a folder");
        if let DatabaseUrl::Postgres(_) = self.database.url {
            let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
            assert_eq!(self.database.count(tables), 0, "{after}");
        }
    }
}

/// What `andon verify` says.
fn verified(store: &Store) -> Vec<String> {
    let mut lines = Vec::new();
    verify::run(store, &[], &mut |line| lines.push(line.to_owned())).unwrap();
    lines
}

/// A desk with a record and a file.
fn small(app: &App) -> Vec<u8> {
    let desk = app.desk();
    let record = app.log(
        &desk.agent,
        &LogCall::incident("The docking station is dead"),
    );
    // Nothing shrinks it.
    let mut noise = 1u64;
    let file: Vec<u8> = std::iter::repeat_with(|| {
        noise = noise
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (noise >> 56) as u8
    })
    .take(3_000_000)
    .collect();
    let client = app.visit(&desk.agent);
    let form = client.page(&app.path(&record)).form("/entries");
    let form = form.set("body", "Measured").set("audience", "public");
    client
        .send(&form.file("files", "measured.bin", &file))
        .expect(303);
    file
}

/// Somebody of the sample data.
fn somebody(app: &App, role: &str) -> Human {
    let logins = demo::logins();
    let login = logins.iter().find(|l| l.roles.contains(role)).unwrap();
    let person = app.read(|r| find_person_by_mail(r, &login.mail)).unwrap();
    Human {
        id: person.id,
        name: person.name,
        mail: login.mail.clone(),
    }
}

/// Tells the others to stop, also when a test fails in the middle.
struct Stops<'a>(&'a AtomicBool);

impl Drop for Stops<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Logs calls with files until it is told to stop.
fn work(app: &App, agent: &Human, stop: &AtomicBool, done: &AtomicUsize) {
    let _stops = Stops(stop);
    let client = app.visit(agent);
    let person = agent.id.to_string();
    while !stop.load(Ordering::Relaxed) {
        let n = done.fetch_add(1, Ordering::Relaxed);
        let key = Id::<()>::new().to_string();
        let title = format!("A call while the backup runs, number {n}");
        let fields = [
            ("form_key", key.as_str()),
            ("kind", "incident"),
            ("channel", "phone"),
            ("person", person.as_str()),
            ("title", title.as_str()),
            ("matrix", "2-2"),
        ];
        let made = client.post("/calls", &fields).expect(303);
        let record = client.follow(&made);
        let form = record
            .form("/entries")
            .set("body", "loadword")
            .set("audience", "public");
        let file = format!("the content of file {n}");
        client
            .send(&form.file("files", "a.txt", file.as_bytes()))
            .expect(303);
    }
}

/// Texts in the index with a word.
fn found(database: &Database, word: &str) -> i64 {
    database.count(&match database.url {
        DatabaseUrl::Sqlite(_) => {
            format!("SELECT count(*) FROM search_public WHERE search_public MATCH '{word}'")
        }
        DatabaseUrl::Postgres(_) => format!(
            "SELECT count(*) FROM search_texts WHERE audience = 'public' AND terms @@ to_tsquery('simple', '{word}')"
        ),
    })
}

/// The whole of point 11: eight people work while the archive is written; it restores into both
/// databases; every row, file and text is there, and the journal is whole.
#[test]
fn a_backup_under_load_restores_into_both_databases_and_passes_verify() {
    each_database(|app| {
        demo::fill(&app.site.store, &app.site.blobs, app.now()).unwrap();
        let agent = somebody(&app, "agent");
        let file = app.database.folder().join("desk.tar.gz");
        let (stop, calls) = (AtomicBool::new(false), AtomicUsize::new(0));
        let done = std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| work(&app, &agent, &stop, &calls));
            }
            let stops = Stops(&stop);
            while calls.load(Ordering::Relaxed) < 16 {
                assert!(!stop.load(Ordering::Relaxed), "the others work");
                std::thread::yield_now();
            }
            let before = calls.load(Ordering::Relaxed);
            let done = back_up(&app, &file);
            let after = calls.load(Ordering::Relaxed);
            drop(stops);
            assert!(after > before, "others went on while the backup ran");
            done.unwrap()
        });
        assert_eq!(done.missing, Vec::<String>::new());
        assert!(done.attachments > 0);
        assert_eq!(verified(&app.site.store), Vec::<String>::new());

        for backend in backends() {
            let empty = Empty::new(backend);
            let restored = empty.restore(&file).unwrap();
            assert_eq!(restored, done, "{backend:?}");
            let store = empty.store();
            assert_eq!(verified(&store), Vec::<String>::new(), "{backend:?}");
            let records = empty.database.count("SELECT count(*) FROM records");
            assert_eq!(records as u64, done.records);
            // One moment: whoever is there has everything that belongs to them.
            let entries = empty
                .database
                .count("SELECT count(*) FROM entries WHERE body = 'loadword'");
            assert_eq!(found(&empty.database, "loadword"), entries);
            // Whatever else is indexed one day, its text must be found again.
            if backend == Backend::Postgres {
                let lost = "SELECT count(*) FROM search_texts WHERE terms = ''::tsvector";
                assert_eq!(empty.database.count(lost), 0, "texts nobody gave the index");
            }
            let blobs = Blobs::open(&empty.attachments).unwrap();
            for content in empty
                .database
                .lines("SELECT content AS line FROM attachments")
            {
                assert!(blobs.exists(&content.parse().unwrap()), "{content}");
            }
            // And it goes on: numbers, facts and texts are counted after the last one.
            let again = empty.database.folder().join("again.tar.gz");
            store.write_here(|w| verify_goes_on(w, &agent)).unwrap();
            assert_eq!(verified(&store), Vec::<String>::new(), "{backend:?}, later");
            let second = backup::write(&store, &blobs, &again, app.now(), &mut Quiet).unwrap();
            assert_eq!(second.records, done.records + 1);
        }
        let checked = backup::check(&file, &mut |line| panic!("{line}"), &mut Quiet);
        let (checked, summary) = checked.unwrap();
        assert!(summary.whole());
        assert_eq!(checked, done);
        let beside = walk(app.database.folder());
        assert!(
            !beside
                .iter()
                .any(|f| f.to_string_lossy().contains(".verify"))
        );
    });
}

/// Logs one more record in a restored desk.
fn verify_goes_on(w: &mut andon::platform::db::Write<'_>, agent: &Human) -> Result<()> {
    use andon::people::{Visitor, find_person};
    use andon::platform::kernel::clock::Clock;
    use andon::platform::kernel::ctx::{Ctx, Door};
    use andon::records::{Channel, Kind, PriorityWish, actions};
    let now = Clock::system().now();
    let person = find_person(w, agent.id)?;
    let visitor = Visitor::offline(&person, Vec::new(), now);
    let ctx = Ctx {
        now,
        actor: visitor.actor(),
        on_behalf_of: None,
        door: Door::Web,
        request_id: String::new(),
    };
    let command = actions::Log {
        item: None,
        location: None,
        requester: None,
        channel: Channel::Phone,
        title: "The first call after the restore".to_owned(),
        description: String::new(),
        service: None,
        category: None,
        priority: PriorityWish {
            impact: Some(2),
            urgency: Some(2),
            ..PriorityWish::default()
        },
        team: None,
        assignee: None,
        reported_at: None,
        files: Vec::new(),
    };
    actions::log(
        w,
        &visitor,
        &ctx,
        follow::practice_of(Kind::Incident),
        &command,
    )
    .map(drop)
}

/// The sweep runs once a day and takes what nobody names any more; not while it is being copied.
#[test]
fn the_daily_sweep_waits_for_a_backup_and_a_backup_for_the_sweep() {
    use andon::platform::jobs::Lease;
    on_sqlite(|app| {
        let now = app.now();
        let claim = |at| app.write(|w| Lease::claim(w, "sweep_files", at));
        let hold = |at| app.write(|w| Lease::hold(w, "sweep_files", at));
        let held = hold(now).expect("nobody sweeps");
        assert!(claim(now).is_none(), "no sweep while a backup runs");
        assert!(hold(now).is_none(), "nor another backup");
        app.write(|w| held.give_up(w));
        let sweep = claim(now).expect("it is due as before");
        assert!(hold(now).is_none(), "a backup waits for the sweep");
        let tomorrow = now.plus(time::Duration::days(1));
        app.write(|w| sweep.finish(w, now, tomorrow));
        assert!(hold(now).is_some(), "due or not, a backup may hold it");
    });
}

/// A file that was lost or damaged spoils no backup; it is named.
#[test]
fn a_missing_and_a_damaged_attachment_are_named_and_the_rest_is_kept() {
    each_database(|app| {
        let content = small(&app);
        let id = app
            .database
            .lines("SELECT content AS line FROM attachments");
        let path = app.site.blobs.path(&id[0].parse().unwrap());
        let folder = app.database.folder();
        for (n, damage) in [None, Some(&content[1..])].into_iter().enumerate() {
            match damage {
                None => std::fs::remove_file(&path).unwrap(),
                Some(bytes) => std::fs::write(&path, bytes).unwrap(),
            }
            let file = folder.join(format!("{n}.tar.gz"));
            let done = back_up(&app, &file).unwrap();
            assert_eq!((done.missing, done.attachments), (id.clone(), 0));
            let empty = Empty::new(app.backend());
            assert_eq!(empty.restore(&file).unwrap().missing, id);
        }
    });
}

/// Only rows are copied, so what was erased is in no page of the archive; and it is the owner's.
#[test]
fn the_archive_is_one_file_for_its_owner_alone_that_tar_can_read() {
    on_sqlite(|app| {
        small(&app);
        let file = app.database.folder().join("desk.tar.gz");
        back_up(&app, &file).unwrap();
        let listed = std::process::Command::new("tar")
            .arg("tzf")
            .arg(&file)
            .output();
        if let Ok(listed) = listed {
            let names = String::from_utf8(listed.stdout).unwrap();
            assert!(
                names.starts_with("head/") && names.contains("\ntables/records/"),
                "{names}"
            );
            assert!(
                names
                    .trim_end()
                    .lines()
                    .last()
                    .unwrap()
                    .starts_with("manifest/")
            );
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&file).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        let again = back_up(&app, &file).unwrap_err().to_string();
        assert!(again.contains("overwrites nothing"), "{again}");
    });
}
