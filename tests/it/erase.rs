//! Erasing a person: no trace of name or text in database, file, index, pages, export or a backup
//! taken afterwards; records and numbers stay, and every chain can still be verified.

use std::io::Read as _;

use andon::app::backup::{self, Watch};
use andon::app::verify;
use andon::follow::practice_of;
use andon::people::actions::{By, add_member, add_person, edit_person};
use andon::people::meanwhile::Edit;
use andon::people::{Person, PersonForm, Roles, find_person};
use andon::platform::db::{Backend, DatabaseUrl, Id};
use andon::platform::files::blobs::BlobId;
use andon::platform::kernel::error::Error;
use andon::problems::rules::known_errors::{Audience, Publication};
use andon::problems::{self, EditFactor, Publish};
use andon::records::actions::{self, AddTask, GiveTo, Reopen, Resolve, Say};
use andon::records::{Kind, Practices, PriorityWish, Record};
use andon::settings::Choices;
use andon::settings::actions::{Erase, Leave, Traces, erase, leave};
use diesel::prelude::*;

use crate::app::{App, Client, Desk, Human, LogCall, Page, crawl, each_database, walk};
use crate::leave::andon;

/// Words that stand nowhere else, one for each place a person's name or text can be in.
const WORDS: [&str; 27] = [
    "quillonia",
    "zarbaxter",
    "oldnamewhizz",
    "mailvexlo",
    "5550173377",
    "staffkrumb",
    "titlemorbo",
    "formertitlepaxu",
    "descgrivel",
    "replyfonsk",
    "notedrabble",
    "contacthulme",
    "solvedjintar",
    "whylumbry",
    "tasknorvish",
    "skipbexley",
    "filewombert",
    "insidefileyarrow",
    "againpliver",
    "parkeddorsk",
    "uploadtrimbo",
    "devicegrolsh",
    "factorwimble",
    "proofgandel",
    "symptomquorl",
    "helpbrindle",
    "retiredvosk",
];

struct Scene {
    desk: Desk,
    person: Human,
    /// What they asked for.
    own: Record,
    /// What others asked for, and they had to do with.
    others: Record,
    content: BlobId,
}

fn given(name: &str) -> PersonForm {
    PersonForm {
        name: name.into(),
        mail: "mailvexlo@example.org".into(),
        phone: "5550173377".into(),
        staff_number: "staffkrumb".into(),
        language: "en".into(),
        zone: "Europe/Lisbon".into(),
        roles: Roles::AGENT,
        vip: true,
        ..PersonForm::default()
    }
}

/// Somebody of the network's team, with facts of their own and a former name.
pub fn somebody(app: &App, desk: &Desk) -> Human {
    let person = app
        .act(&desk.administrator, |w, v, ctx| {
            let by = By::Visitor(v);
            let person = add_person(w, by, ctx, &given("Oldnamewhizz"))?;
            let edit = Edit {
                seen: PersonForm::of(&person),
                asked: given("Quillonia Zarbaxter"),
            };
            let person = edit_person(w, by, ctx, person.id, &edit)?.value;
            add_member(w, by, ctx, desk.network, person.id)?;
            Ok(person)
        })
        .unwrap();
    Human {
        id: person.id,
        name: person.name,
        mail: person.mail,
    }
}

/// Somebody with a history: they asked, were affected, called, answered, wrote, ended and attached.
fn scene(app: &App) -> Scene {
    let desk = app.desk();
    let person = somebody(app, &desk);
    let own = asked_for(app, &desk, &person);
    let others = worked_on(app, &desk, &person);
    said_by_phone(app, &desk, &person, &others);
    looked_into(app, &desk, &person);
    let mut content = Vec::new();
    content.extend(format!("insidefileyarrow {}", "x".repeat(100)).into_bytes());
    let client = app.visit(&person);
    let form = client.page(&app.path(&own)).form("/entries");
    let form = form.set("body", "replyfonsk").set("audience", "public");
    client
        .send(&form.file("files", "filewombert.txt", &content))
        .expect(303);
    left_behind(app, &person);
    let content = andon::platform::kernel::secrets::sha256(&content);
    Scene {
        desk,
        person,
        own,
        others,
        content: BlobId::from_bytes(content),
    }
}

fn asked_for(app: &App, desk: &Desk, person: &Human) -> Record {
    let call = LogCall {
        description: "descgrivel happened",
        ..LogCall::incident("formertitlepaxu").from(person)
    };
    let own = app.log(&desk.agent, &call);
    let practice = practice_of(Kind::Incident);
    let number = own.number();
    app.act(&desk.agent, |w, v, ctx| {
        let edit = actions::Edit {
            title: Some("titlemorbo is broken".into()),
            seen: i64::MAX,
            ..actions::Edit::default()
        };
        actions::edit(w, v, ctx, number, &edit)?;
        let resolve = Resolve {
            code: "fixed".into(),
            text: "By the desk".into(),
        };
        actions::resolve(w, v, ctx, practice, number, &resolve)?;
        let reopen = Reopen {
            who: person.name.clone(),
            why: "againpliver".into(),
        };
        actions::reopen(w, v, ctx, practice, number, &reopen)
    })
    .unwrap();
    own
}

fn worked_on(app: &App, desk: &Desk, person: &Human) -> Record {
    let call = LogCall::incident("Somebody else's").from(&desk.requester);
    let others = app.log(&desk.agent, &call);
    let practice = practice_of(Kind::Incident);
    let number = others.number();
    app.act(person, |w, v, ctx| {
        let say = |body: &str| Say {
            anyway: true,
            body: body.into(),
            ..Say::default()
        };
        actions::note(w, v, ctx, number, &say("notedrabble"))?;
        actions::reply(w, v, ctx, number, &say("replyfonsk to them"))?;
        let edit = actions::Edit {
            priority: PriorityWish {
                priority: Some(1),
                reason: "whylumbry".into(),
                ..PriorityWish::default()
            },
            seen: i64::MAX,
            ..actions::Edit::default()
        };
        actions::edit(w, v, ctx, number, &edit)?;
        let task = AddTask {
            title: "tasknorvish".into(),
            ..AddTask::default()
        };
        let task = actions::add_task(w, v, ctx, number, &task)?;
        actions::skip_task(w, v, ctx, number, task.id, "skipbexley")?;
        actions::watch(w, v, ctx, number, v.id)?;
        let resolve = Resolve {
            code: "fixed".into(),
            text: "solvedjintar".into(),
        };
        actions::resolve(w, v, ctx, practice, number, &resolve)
    })
    .unwrap();
    others
}

fn said_by_phone(app: &App, desk: &Desk, person: &Human, record: &Record) {
    let practice = practice_of(Kind::Incident);
    app.act(&desk.agent, |w, v, ctx| {
        let contact = actions::Contact {
            from: person.id,
            channel: andon::records::Channel::Phone,
            text: "contacthulme".into(),
            chaser: None,
            affected: true,
            reopen: false,
            files: Vec::new(),
        };
        actions::contact(w, v, ctx, practice, record.number(), &contact)
    })
    .unwrap();
    let found = app.visit(&desk.agent).page("/search?q=quillonia");
    found.assert_says(&record.number().to_string());
}

/// A session, a form that waits, a file kept for one.
fn left_behind(app: &App, person: &Human) {
    use andon::schema::{parked_forms, sessions, uploads};
    let (now, id) = (app.now(), person.id);
    app.write(|w| {
        diesel::update(sessions::table.filter(sessions::person_id.eq(id)))
            .set(sessions::device.eq("devicegrolsh"))
            .execute(&mut **w)?;
        diesel::insert_into(parked_forms::table)
            .values((
                parked_forms::id.eq(Id::<Person>::new()),
                parked_forms::person_id.eq(id),
                parked_forms::path.eq("/calls"),
                parked_forms::body.eq("parkeddorsk"),
                parked_forms::at.eq(now),
            ))
            .execute(&mut **w)?;
        diesel::insert_into(uploads::table)
            .values((
                uploads::id.eq(Id::<Person>::new()),
                uploads::person_id.eq(id),
                uploads::name.eq("uploadtrimbo"),
                uploads::media_type.eq("text/plain"),
                uploads::size.eq(1_i64),
                uploads::content.eq("0".repeat(64)),
                uploads::at.eq(now),
            ))
            .execute(&mut **w)?;
        Ok(())
    });
}

/// A problem of somebody else's, of which they wrote what contributed and what helps.
fn looked_into(app: &App, desk: &Desk, person: &Human) {
    let problem = crate::problems::problem(app, desk, "Somebody else's problem");
    let number = problem.number();
    app.act(person, |w, v, ctx| {
        let factor = EditFactor {
            code: "process".into(),
            text: "factorwimble".into(),
            evidence: "proofgandel".into(),
        };
        problems::add_factor(w, v, ctx, number, &factor)?;
        let command = Publish {
            publication: Publication {
                symptoms: "It says symptomquorl".into(),
                workaround: "helpbrindle".into(),
                audience: Audience::Desk,
            },
            seen: 0,
        };
        problems::publish(w, v, ctx, number, &command)?;
        problems::retire(w, v, ctx, number, "retiredvosk")
    })
    .unwrap();
}

pub fn leave_first(app: &App, desk: &Desk, person: &Human) {
    app.act(&desk.administrator, |w, v, ctx| {
        let command = Leave {
            seen: None,
            to: Some(GiveTo::Teams),
        };
        leave(w, v, ctx, Practices(practice_of), person.id, &command)
    })
    .unwrap();
}

fn path(person: &Human) -> String {
    format!("/settings/people/{}/erasure", person.id)
}

/// Erases by the page, with everything chosen.
pub fn erase_all(app: &App, admin: &Client, person: &Human) -> Page {
    let form = admin
        .page(&path(person))
        .form("/erasure")
        .set("erase_records", "on")
        .set("erase_replies", "on")
        .set("erase_notes", "on")
        .set("erase_files", "on")
        .set("confirm", &person.mail);
    let done = admin.send(&form).expect(303);
    let page = admin.follow(&done);
    app.work();
    page
}

/// What verifying says of anything but what a test is set up with.
pub fn verified(app: &App) -> Vec<String> {
    let mut lines = Vec::new();
    verify::run(&app.site.store, &[], &mut |line| {
        let set_up = ["person ", "team ", "service ", "category ", "setting "];
        if !set_up.iter().any(|what| line.starts_with(what)) || line.contains("rased") {
            lines.push(line.to_owned());
        }
    })
    .unwrap();
    lines
}

fn holds(bytes: &[u8], word: &str) -> bool {
    let word = word.as_bytes();
    bytes
        .windows(word.len())
        .any(|part| part.eq_ignore_ascii_case(word))
}

/// In which tables a word stands.
pub fn tables_with(app: &App, word: &str) -> Vec<String> {
    let mut found = Vec::new();
    match app.backend() {
        Backend::Postgres => {
            let tables = "SELECT tablename AS line FROM pg_tables WHERE schemaname = 'public'";
            for table in app.database.lines(tables) {
                let sql =
                    format!("SELECT count(*) FROM \"{table}\" t WHERE t::text ILIKE '%{word}%'");
                if app.count(&sql) > 0 {
                    found.push(table);
                }
            }
        }
        Backend::Sqlite => {
            let DatabaseUrl::Sqlite(file) = &app.database.url else {
                unreachable!()
            };
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            for file in walk(app.database.folder()) {
                let own = file.file_name().unwrap().to_string_lossy().into_owned();
                if own.starts_with(&name) && holds(&std::fs::read(&file).unwrap(), word) {
                    found.push(own);
                }
            }
        }
    }
    found
}

/// Terms of SQLite's index, where a word is not written out: what it shares with its neighbour is not.
fn indexed(app: &App, word: &str) -> i64 {
    if app.backend() == Backend::Postgres {
        return 0;
    }
    use diesel::connection::SimpleConnection;
    let mut conn = app.database.connect();
    let mut n = 0;
    for index in ["search_public", "search_internal"] {
        let make =
            format!("CREATE VIRTUAL TABLE temp.v_{index} USING fts5vocab(main, {index}, row)");
        conn.batch_execute(&make).unwrap();
        let sql = format!("SELECT term AS line FROM temp.v_{index} WHERE term = '{word}'");
        n += crate::app::lines(&mut conn, &sql).len() as i64;
    }
    n
}

struct Quiet;

impl Watch for Quiet {
    fn begin(&mut self, _: &str, _: Option<u64>) {}
    fn step(&mut self, _: u64) {}
}

fn backed_up(app: &App, name: &str) -> Vec<u8> {
    let file = app.database.folder().join(name);
    let (store, blobs) = (&app.site.store, &app.site.blobs);
    backup::write(store, blobs, &file, app.now(), &mut Quiet).unwrap();
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(std::fs::File::open(&file).unwrap())
        .read_to_end(&mut bytes)
        .unwrap();
    std::fs::remove_file(&file).unwrap();
    bytes
}

#[test]
fn whoever_is_erased_leaves_no_trace_but_their_records() {
    each_database(|app| {
        let scene = scene(&app);
        let Scene {
            desk,
            person,
            own,
            others,
            ..
        } = &scene;
        // The test would notice: every word stands somewhere.
        let before = backed_up(&app, "before.tar.gz");
        for word in WORDS {
            assert!(holds(&before, word), "{word} was never there");
        }
        assert!(
            indexed(&app, "titlemorbo") + indexed(&app, "notedrabble") > 0
                || app.backend() == Backend::Postgres
        );
        let numbers = "SELECT count(*) FROM records";
        let (records, entries) = (
            app.count(numbers),
            app.count("SELECT count(*) FROM entries"),
        );
        let chains = app
            .database
            .lines("SELECT name AS line FROM facts ORDER BY seq");
        leave_first(&app, desk, person);
        app.travel(time::Duration::hours(1));
        let admin = app.visit(&desk.administrator);
        let page = erase_all(&app, &admin, person);
        page.assert_says("Erased person 1");

        for word in WORDS {
            assert_eq!(tables_with(&app, word), Vec::<String>::new(), "{word}");
            assert_eq!(indexed(&app, word), 0, "{word} is in the index");
        }
        let after = backed_up(&app, "after.tar.gz");
        for word in WORDS {
            assert!(!holds(&after, word), "{word} is in the backup");
        }
        assert!(
            !app.site.blobs.exists(&scene.content),
            "the file is on the disk"
        );
        let (code, csv) = andon(&app, &["export", "records", "--format", "csv"]);
        assert_eq!(code, 0, "{csv}");
        let starts = [
            "/queue",
            "/queue.csv?view=all&show=all",
            "/settings/people?off=1",
            &app.path(own),
            &app.path(others),
        ];
        let pages = crawl(&app.visit(&desk.administrator), &starts, 400);
        for word in WORDS {
            assert!(!holds(csv.as_bytes(), word), "{word} is exported");
            for page in &pages {
                assert!(!holds(&page.body, word), "{word} is on {}", page.path);
            }
        }

        // What stays: every record with its number, every entry, every fact.
        assert_eq!(app.count(numbers), records);
        assert_eq!(app.count("SELECT count(*) FROM entries"), entries);
        let now = app.record(own.id);
        assert_eq!(
            (now.number, now.requester_id),
            (own.number, Some(person.id))
        );
        let facts = app
            .database
            .lines("SELECT name AS line FROM facts ORDER BY seq");
        assert_eq!(facts[..chains.len()], chains);
        assert!(facts.contains(&"person.erased".to_owned()));
        assert_eq!(verified(&app), Vec::<String>::new());
        admin.page(&app.path(own)).assert_says("Erased person 1");
        admin.page(&app.path(others)).assert_says("Erased person 1");
    });
}

/// What was not chosen stays, without the name.
#[test]
fn only_what_was_chosen_goes_besides_the_name() {
    each_database(|app| {
        let scene = scene(&app);
        leave_first(&app, &scene.desk, &scene.person);
        let admin = app.visit(&scene.desk.administrator);
        let page = admin.page(&path(&scene.person));
        page.assert_says("5550173377");
        let form = page
            .form("/erasure")
            .set("erase_replies", "on")
            .set("confirm", "Quillonia Zarbaxter");
        admin.send(&form).expect(303);
        app.work();
        let gone = [
            "quillonia",
            "zarbaxter",
            "oldnamewhizz",
            "mailvexlo",
            "staffkrumb",
            "replyfonsk",
            "contacthulme",
        ];
        for word in gone {
            assert_eq!(tables_with(&app, word), Vec::<String>::new(), "{word}");
        }
        for word in [
            "titlemorbo",
            "descgrivel",
            "notedrabble",
            "solvedjintar",
            "whylumbry",
            "tasknorvish",
            "filewombert",
        ] {
            assert_ne!(tables_with(&app, word), Vec::<String>::new(), "{word}");
        }
        assert!(app.site.blobs.exists(&scene.content));
        assert_eq!(verified(&app), Vec::<String>::new());
        let found = admin.page("/search?q=titlemorbo");
        found.assert_says(&scene.own.number().to_string());
    });
}

#[test]
fn a_file_that_somebody_else_gave_too_stays_on_the_disk() {
    each_database(|app| {
        let scene = scene(&app);
        let same = format!("insidefileyarrow {}", "x".repeat(100));
        crate::library::attach(
            &app,
            &scene.desk,
            &app.path(&scene.others),
            "public",
            "theirs.txt",
            same.as_bytes(),
        );
        leave_first(&app, &scene.desk, &scene.person);
        app.travel(time::Duration::hours(1));
        erase_all(&app, &app.visit(&scene.desk.administrator), &scene.person);
        assert!(app.site.blobs.exists(&scene.content));
    });
}

#[test]
fn nobody_is_erased_before_they_have_left_or_by_a_slip() {
    each_database(|app| {
        let scene = scene(&app);
        let (desk, person) = (&scene.desk, &scene.person);
        let admin = app.visit(&desk.administrator);
        let try_it = |confirm: &str| {
            let command = Erase {
                confirm: confirm.into(),
                choices: Choices::default(),
                ..Erase::default()
            };
            app.act(&desk.administrator, |w, v, ctx| {
                erase(w, v, ctx, person.id, &command)
            })
        };
        let why = |refused: Result<_, Error>| match refused {
            Err(Error::Refused(message)) => message.key,
            Err(Error::Invalid(invalid)) => invalid.0[0].1.key,
            other => panic!("{:?}", other.map(|_: andon::settings::actions::Erased| ())),
        };
        assert_eq!(why(try_it(&person.mail)), "erase-leave-first");
        let page = admin.page(&path(person));
        assert!(!page.has_form("/erasure"));
        // Somebody was disabled before there was handing on.
        let held = LogCall {
            assignee: Some(person),
            ..LogCall::incident("Still theirs")
        };
        app.log(&desk.agent, &held);
        app.write(|w| {
            use andon::schema::people;
            let now = app.now();
            diesel::update(people::table.find(person.id))
                .set(people::disabled_at.eq(now))
                .execute(&mut **w)?;
            Ok(())
        });
        assert_eq!(why(try_it(&person.mail)), "erase-holds-work");
        app.act(&desk.administrator, |w, v, ctx| {
            let command = Leave {
                seen: None,
                to: Some(GiveTo::Teams),
            };
            leave(w, v, ctx, Practices(practice_of), person.id, &command)
        })
        .unwrap();
        for slip in ["", "Quillonia", "yes"] {
            assert_eq!(why(try_it(slip)), "erase-confirm-wrong");
        }
        let again = admin
            .send(
                &admin
                    .page(&path(person))
                    .form("/erasure")
                    .set("confirm", "Quillonia"),
            )
            .expect(422);
        assert_eq!(again.form("/erasure").value("confirm"), Some("Quillonia"));
        try_it(" QUILLONIA ZARBAXTER ").unwrap();
        // It is done once, and nothing brings them back.
        assert_eq!(why(try_it("Erased person 1")), "person-is-erased");
        let enabled = app.act(&desk.administrator, |w, v, ctx| {
            andon::people::actions::set_person_enabled(w, By::Visitor(v), ctx, person.id, true)
        });
        assert!(matches!(enabled, Err(Error::Refused(_))));
        let other = app.act(&desk.manager, |w, v, _| Traces::of(w, v, desk.requester.id));
        assert!(matches!(other, Err(Error::Forbidden(_))));
    });
}

#[test]
fn the_last_administrator_cannot_be_erased() {
    each_database(|app| {
        let desk = app.desk();
        let command = Erase {
            confirm: desk.administrator.mail.clone(),
            ..Erase::default()
        };
        let refused = app.act(&desk.administrator, |w, v, ctx| {
            erase(w, v, ctx, desk.administrator.id, &command)
        });
        assert!(matches!(refused, Err(Error::Refused(_))));
    });
}

/// Somebody who is just saving a record does not put the erased title back.
#[test]
fn a_form_that_was_open_meanwhile_brings_nothing_back() {
    each_database(|app| {
        let scene = scene(&app);
        leave_first(&app, &scene.desk, &scene.person);
        let agent = app.visit(&scene.desk.agent);
        let open = agent.page(&format!("{}?edit=title", app.path(&scene.own)));
        erase_all(&app, &app.visit(&scene.desk.administrator), &scene.person);
        let form = open.form("/fields");
        let answer = agent.send(&form);
        assert_eq!(
            answer.status,
            409,
            "the title was changed meanwhile: {}",
            answer.text()
        );
        assert_eq!(app.record(scene.own.id).title, "[…]");
        assert_eq!(verified(&app), Vec::<String>::new());
    });
}

#[test]
fn the_command_tells_what_there_is_and_erases_when_told() {
    each_database(|app| {
        let scene = scene(&app);
        leave_first(&app, &scene.desk, &scene.person);
        let who = ["user", "erase", "mailvexlo@example.org"];
        let (code, said) = andon(&app, &who);
        assert_eq!(code, 0, "{said}");
        assert!(
            said.contains("descriptions of 1 records") && said.contains("1 notes, 1 resolutions"),
            "{said}"
        );
        let all = ["--records", "--replies", "--notes", "--files", "--confirm"];
        let wrong = [&who[..], &all, &["somebody"]].concat();
        assert_eq!(andon(&app, &wrong).0, 1);
        let right = [&who[..], &all, &["mailvexlo@example.org"]].concat();
        let (code, said) = andon(&app, &right);
        assert_eq!(code, 0, "{said}");
        assert!(said.contains("Erased person 1"), "{said}");
        let person = app.read(|r| find_person(r, scene.person.id));
        assert_eq!(
            (person.name.as_str(), person.mail.as_str()),
            ("Erased person 1", "")
        );
        for word in WORDS {
            assert_eq!(tables_with(&app, word), Vec::<String>::new(), "{word}");
        }
        assert_eq!(verified(&app), Vec::<String>::new());
    });
}
