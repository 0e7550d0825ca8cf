//! Restricted records: they exist for the people named and one team, and for nobody else anywhere.

use andon::follow::practice_of;
use andon::people::Person;
use andon::platform::db::{Id, Utc};
use andon::platform::kernel::error::{Error, Result};
use andon::records::actions::{
    self, AddTask, Assign, Contact, Edit, HandOff, HoldCommand, Recur, Resolve, Restrict, Say,
    Sentence,
};
use andon::records::{self, Channel, Kind, LinkType, Number, Record};
use andon::tasks::Holder;

use crate::access::{routes, sample};
use crate::app::{App, Client, Desk, Human, LogCall, Page, UrlText, crawl, each_database};
use crate::estate::estate;
use crate::library::{NONSENSE, attach, library};

/// A word that stands in restricted records only.
const SECRET: &str = "zebrawhistle";

pub fn restrict(app: &App, who: &Human, number: Number, people: &[Id<Person>]) -> Result<Record> {
    let command = Restrict {
        people: people.to_vec(),
        reason: "A matter of personnel".into(),
        ..Restrict::default()
    };
    app.act(who, |w, v, ctx| {
        actions::restrict(w, v, ctx, number, &command)
    })
}

/// A record full of the word, with everything on it, restricted to the agent.
fn secret(app: &App, desk: &Desk) -> Record {
    let title = format!("{SECRET} in the accounts");
    let call = LogCall {
        description: SECRET,
        assignee: Some(&desk.agent),
        team: Some(desk.desk),
        ..LogCall::incident(&title).from(&desk.requester)
    };
    let record = app.log(&desk.agent, &call);
    let number = record.number();
    let say = Say {
        anyway: true,
        body: format!("{SECRET} reply"),
        ..Say::default()
    };
    app.act(&desk.agent, |w, v, ctx| {
        actions::reply(w, v, ctx, number, &say)?;
        actions::note(w, v, ctx, number, &say)?;
        actions::watch(w, v, ctx, number, desk.watcher.id)
    })
    .unwrap();
    let name = format!("{SECRET}.txt");
    attach(app, desk, &app.path(&record), "public", &name, b"x");
    surround(app, desk, number);
    restrict(app, &desk.agent, number, &[desk.agent.id]).unwrap()
}

/// Everything that stands beside a record and leads to it: item, location, caller, an affected person,
/// a contact, tasks of somebody and of a team.
fn surround(app: &App, desk: &Desk, number: Number) {
    let estate = estate(app, desk);
    let edit = Edit {
        overwrite: true,
        item: Some("TILL-0114-06".into()),
        location: Some(Some(estate.location)),
        caller: Some(Some(desk.watcher.id)),
        ..Edit::default()
    };
    let contact = Contact {
        from: desk.other.id,
        channel: Channel::Phone,
        text: format!("{SECRET} contact"),
        chaser: Some(true),
        affected: true,
        reopen: false,
        files: Vec::new(),
    };
    let task = |who| AddTask {
        title: format!("{SECRET} task"),
        who: Some(who),
        ..AddTask::default()
    };
    app.act(&desk.agent, |w, v, ctx| {
        let practice = practice_of(number.kind);
        actions::edit(w, v, ctx, number, &edit)?;
        actions::contact(w, v, ctx, practice, number, &contact)?;
        actions::add_task(w, v, ctx, number, &task(Holder::Person(desk.colleague.id)))?;
        actions::add_task(w, v, ctx, number, &task(Holder::Team(desk.network)))
    })
    .unwrap();
}

/// What `andon verify` says of records.
fn differences(app: &App) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = |line: &str| lines.push(line.to_owned());
    andon::app::verify::run(&app.site.store, &[], &mut line).unwrap();
    // The cast of a story stands in the database without facts.
    let of_the_cast = ["person ", "team ", "service ", "category ", "setting "];
    lines.retain(|line| of_the_cast.iter().all(|what| !line.starts_with(what)));
    lines
}

pub fn verified(app: &App) {
    assert_eq!(differences(app), Vec::<String>::new());
}

/// Who was named, by which team, and that it is restricted, stand in the journal and are compared.
#[test]
fn whom_a_record_names_is_rebuilt_from_the_journal() {
    use andon::schema::{records, restriction_people, restrictions};
    use diesel::prelude::*;
    each_database(|app| {
        let desk = app.desk();
        let secret = secret(&app, &desk);
        verified(&app);
        app.write(|w| {
            diesel::update(restriction_people::table)
                .set(restriction_people::person_id.eq(desk.manager.id))
                .execute(&mut **w)?;
            Ok(())
        });
        let told = differences(&app);
        assert!(
            told.len() == 2 && told.iter().all(|l| l.contains("reader")),
            "{told:#?}"
        );
        app.write(|w| {
            diesel::update(restriction_people::table)
                .set(restriction_people::person_id.eq(desk.agent.id))
                .execute(&mut **w)?;
            diesel::update(restrictions::table)
                .set(restrictions::team_id.eq(desk.network))
                .execute(&mut **w)?;
            Ok(())
        });
        let told = differences(&app);
        assert!(
            told.len() == 1 && told[0].contains("restricted to"),
            "{told:#?}"
        );
        app.write(|w| {
            diesel::update(restrictions::table)
                .set(restrictions::team_id.eq(None::<Id<andon::people::Team>>))
                .execute(&mut **w)?;
            diesel::update(records::table.find(secret.id))
                .set(records::is_restricted.eq(false))
                .execute(&mut **w)?;
            Ok(())
        });
        let told = differences(&app);
        assert!(told.iter().any(|l| l.contains("restricted")), "{told:#?}");
        // Whoever holds the database lets themself in, and the history says so.
        app.write(|w| {
            diesel::update(records::table.find(secret.id))
                .set(records::is_restricted.eq(true))
                .execute(&mut **w)?;
            Ok(())
        });
        verified(&app);
        let ctx = andon::platform::kernel::ctx::Ctx::system(
            app.now(),
            andon::platform::kernel::ctx::Door::Command,
        );
        app.write(|w| {
            actions::let_in(
                w,
                &ctx,
                secret.number(),
                desk.administrator.id,
                "Nobody is left",
            )
        });
        let client = app.visit(&desk.administrator);
        let history = client.page(&format!("{}?tab=history", secret.number().path()));
        let text = history.text();
        assert!(
            text.contains("Nobody is left") && text.contains("on the command line"),
            "{text}"
        );
        verified(&app);
    });
}

/// Everything somebody can look at, with the restricted record in every field that names one.
fn everything(client: &Client, library: &crate::library::Library, secret: Number) -> Vec<Page> {
    let own = secret.path();
    let mut pages: Vec<Page> = (routes().iter())
        .filter(|r| r.method == "GET")
        .map(|r| {
            client.get(&sample(&r.pattern, |part, _| {
                library.part(&r.pattern, part)
            }))
        })
        .collect();
    pages.extend(crawl(
        client,
        &["/", "/queue", "/portal", &library.path],
        800,
    ));
    for view in records::views::View::ALL {
        for show in ["", "&show=all"] {
            pages.push(client.get(&format!("{}{show}", view.href())));
            pages.push(client.get(&format!("/queue.csv?view={view}{show}")));
        }
    }
    for q in ["accounts", "printer", NONSENSE] {
        for order in ["", "&order=best"] {
            pages.push(client.get(&format!("/search?q={q}{order}")));
        }
        pages.push(client.get(&format!("/calls/new/seen?title=the+{q}+in+accounts")));
        pages.push(client.get(&format!("/calls/new/people?q={q}")));
    }
    for name in ["rita", "omar", "wanda"] {
        pages.push(client.get(&format!("/calls/new/people?q={name}")));
        pages.push(client.get(&format!("{}/contacts?q={name}", library.path)));
        pages.push(client.get(&format!("/search?q={name}")));
    }
    pages.push(client.get("/queue?item=TILL-0114-06&show=all"));
    for path in [
        format!("{}?tab=history", library.path),
        format!("/calls/new?recurrence_of={secret}"),
        format!("/queue?jump={secret}"),
        format!("/search?q={secret}"),
        format!("/portal/{secret}"),
        own,
    ] {
        pages.push(client.get(&path));
    }
    pages
}

#[test]
fn nobody_who_is_not_named_meets_it_anywhere() {
    each_database(|app| {
        let desk = app.desk();
        let library = library(&app, &desk);
        let secret = secret(&app, &desk);
        // It was linked, and somebody waited for it, before it was restricted.
        app.act(&desk.agent, |w, v, ctx| {
            let own = library.record.number();
            actions::link(w, v, ctx, own, secret.number(), LinkType::CausedBy)
        })
        .unwrap();
        let number = secret.number().to_string();
        let agent = app.visit(&desk.agent);
        let page = agent.page(&secret.number().path()).text();
        for beside in [SECRET, "task", "contact", "TILL-0114-06", "Omar", "Wanda"] {
            assert!(page.contains(beside), "{beside}: {page}");
        }
        assert!(agent.page(&library.path).text().contains(&number));
        for person in [
            &desk.requester,
            &desk.watcher,
            &desk.other,
            &desk.approver,
            &desk.colleague,
            &desk.manager,
            &desk.administrator,
        ] {
            let client = app.visit(person);
            for page in everything(&client, &library, secret.number()) {
                let html = page.html().to_lowercase();
                assert!(!html.contains(SECRET), "{}: {}", person.name, page.path);
                let asked = page.path.contains(&number);
                assert!(
                    asked || !html.contains(&number.to_lowercase()),
                    "{} is told of {number} by {}: {}",
                    person.name,
                    page.path,
                    page.text()
                );
            }
        }
        verified(&app);
    });
}

/// A page without what differs between any two requests, and without the word asked for.
fn plain(page: &Page, word: &str) -> String {
    let html = page
        .html()
        .replace(page.header("x-request-id").unwrap_or("no id"), "ID");
    let html = html.replace(word, "WORD");
    let mut parts = Vec::new();
    for part in html.split('"') {
        let is_now = parts
            .last()
            .is_some_and(|p: &&str| p.ends_with("data-now="));
        parts.push(match part {
            // The second that the page was made in.
            _ if is_now => "NOW",
            _ if uuid::Uuid::parse_str(part).is_ok() => "UUID",
            _ => part,
        });
    }
    parts.concat()
}

#[test]
fn a_search_for_its_words_answers_like_one_for_nonsense() {
    each_database(|app| {
        let desk = app.desk();
        for _ in 0..30 {
            secret(&app, &desk);
        }
        for person in [&desk.manager, &desk.administrator, &desk.requester] {
            let client = app.visit(person);
            for path in [
                "/search?q=",
                "/search?order=best&q=",
                "/calls/new/seen?title=",
                "/queue?jump=",
            ] {
                let page = |word: &str| {
                    let page = client.get(&format!("{path}{word}"));
                    (page.status, plain(&page, word))
                };
                assert_eq!(page(SECRET), page(NONSENSE), "{path} {}", person.name);
            }
        }
        let found = app.visit(&desk.agent).page(&format!("/search?q={SECRET}"));
        assert!(found.text().contains("INC-30"), "{}", found.text());
    });
}

/// The counts beside the views: for those named it is one of them, for others it never was.
#[test]
fn a_restricted_record_counts_for_those_named_only() {
    each_database(|app| {
        let desk = app.desk();
        let plain = app.log(&desk.agent, &LogCall::incident("Plain"));
        let counts = |who: &Human| app.act(who, |w, v, _| records::counts(w, v)).unwrap();
        let before = counts(&desk.manager);
        let secret = secret(&app, &desk);
        assert_eq!(counts(&desk.manager), before);
        let named = counts(&desk.agent);
        assert_eq!((named.open, named.mine), (before.open + 1, 1));
        assert_eq!(
            app.count("SELECT count(*) FROM record_tallies WHERE n > 0"),
            1
        );
        // Its team, when the team is named.
        let command = Restrict {
            team: Some(desk.network),
            reason: "The network's".into(),
            ..Restrict::default()
        };
        app.act(&desk.agent, |w, v, ctx| {
            actions::restrict(w, v, ctx, secret.number(), &command)
        })
        .unwrap();
        assert_eq!(counts(&desk.agent), before);
        let colleague = counts(&desk.colleague);
        assert_eq!(colleague.open, before.open + 1);
        assert_eq!(colleague.teams, before.teams + 1);
        app.act(&desk.colleague, |w, v, ctx| {
            actions::lift_restriction(w, v, ctx, secret.number(), "It is over")
        })
        .unwrap();
        assert_eq!(counts(&desk.manager).open, before.open + 1);
        assert_eq!(app.record(plain.id).facts, plain.facts);
        verified(&app);
    });
}

/// Who loses what is shown before, and happens.
#[test]
fn restricting_takes_it_from_those_not_named_as_the_preview_said() {
    each_database(|app| {
        let desk = app.desk();
        let call = LogCall {
            assignee: Some(&desk.colleague),
            ..LogCall::incident("Payslips").from(&desk.requester)
        };
        let record = app.log(&desk.agent, &call);
        let number = record.number();
        app.act(&desk.agent, |w, v, ctx| {
            actions::watch(w, v, ctx, number, desk.watcher.id)
        })
        .unwrap();
        let client = app.visit(&desk.manager);
        let path = format!("{}/restriction", number.path());
        let form = client.page(&path).form("/restriction");
        // Looking for somebody keeps what was typed.
        let found = client.press(
            &form.clone().set("reason", "Pay").set("find", "apu"),
            "show_again",
            "find",
        );
        assert_eq!(found.status, 200);
        assert!(found.text().contains("Apu Voss") && found.text().contains("Pay"));
        let text = client.page(&path).text();
        for lost in ["Rita Reyes", "Wanda Watt", "Loses it"] {
            assert!(text.contains(lost), "{lost}: {text}");
        }
        // Without a reason it comes back; and somebody must be able to work on it.
        assert_eq!(client.send(&form).status, 422);
        let nobody = restrict(&app, &desk.manager, number, &[desk.requester.id]);
        assert!(matches!(nobody, Err(Error::Invalid(_))), "{nobody:?}");
        restrict(&app, &desk.manager, number, &[desk.manager.id]).unwrap();
        let after = app.record(record.id);
        assert!(after.is_restricted);
        assert_eq!(after.assignee_id, None);
        assert_eq!(after.requester_id, Some(desk.requester.id));
        assert_eq!(app.count("SELECT count(*) FROM watchers"), 0);
        for person in [&desk.requester, &desk.watcher, &desk.colleague] {
            let gone = app.visit(person);
            assert_eq!(gone.get(&number.path()).status, 404, "{}", person.name);
            assert_eq!(gone.get(&number.portal_path()).status, 404);
        }
        // A named requester reads what is public, and only that.
        let both = [desk.manager.id, desk.requester.id];
        restrict(&app, &desk.manager, number, &both).unwrap();
        assert_eq!(
            app.visit(&desk.requester).get(&number.portal_path()).status,
            200
        );
        // The journal tells all of it, to those named.
        let history = client
            .page(&format!("{}?tab=history", number.path()))
            .text();
        for told in ["Restricted", "A matter of personnel", "Person may see it"] {
            assert!(history.contains(told), "{told}: {history}");
        }
        verified(&app);
    });
}

/// Caller, affected people and who holds its tasks lose it like all others, as the preview said.
#[test]
fn callers_affected_people_and_holders_of_tasks_lose_it_too() {
    each_database(|app| {
        let desk = app.desk();
        let record = app.log(
            &desk.agent,
            &LogCall::incident("Payslips").from(&desk.requester),
        );
        let number = record.number();
        surround(&app, &desk, number);
        for person in [&desk.watcher, &desk.other] {
            let seen = app.visit(person).page(&number.portal_path());
            assert!(seen.text().contains("Payslips"), "{}", person.name);
        }
        let tasks = |who: &Human| app.act(who, |w, v, _| records::counts(w, v)).unwrap();
        assert_eq!(tasks(&desk.colleague).my_tasks, 1);
        let path = format!("{}/restriction", number.path());
        let text = app.visit(&desk.manager).page(&path).text();
        for told in [
            "Wanda Watt called for the requester",
            "One affected person no longer finds it",
            "2 open tasks are taken",
        ] {
            assert!(text.contains(told), "{told}: {text}");
        }
        restrict(&app, &desk.agent, number, &[desk.agent.id]).unwrap();
        for person in [&desk.watcher, &desk.other] {
            let client = app.visit(person);
            assert_eq!(client.get(&number.portal_path()).status, 404);
            assert!(!client.page("/portal").text().contains("Payslips"));
        }
        let held =
            "SELECT count(*) FROM tasks WHERE assignee_id IS NOT NULL OR team_id IS NOT NULL";
        assert_eq!(app.count(held), 0);
        // Nor can they be given one, or reply to what they cannot see.
        let task = |who| AddTask {
            title: "Look".into(),
            who: Some(who),
            ..AddTask::default()
        };
        for who in [
            Holder::Person(desk.colleague.id),
            Holder::Team(desk.network),
        ] {
            let given = app.act(&desk.agent, |w, v, ctx| {
                actions::add_task(w, v, ctx, number, &task(who))
            });
            assert!(matches!(given, Err(Error::Invalid(_))), "{given:?}");
        }
        // An affected person who is named sees it again.
        let both = [desk.agent.id, desk.other.id];
        restrict(&app, &desk.agent, number, &both).unwrap();
        let page = app.visit(&desk.other).page(&number.portal_path()).text();
        assert!(page.contains("Payslips"), "{page}");
        verified(&app);
    });
}

/// Whatever a task, a contact or a name says of it later is set apart too, also under another title.
#[test]
fn what_is_indexed_after_it_was_restricted_is_apart() {
    each_database(|app| {
        let desk = app.desk();
        let record = app.log(&desk.agent, &LogCall::incident("Payslips"));
        let number = record.number();
        restrict(&app, &desk.agent, number, &[desk.agent.id]).unwrap();
        let contact = Contact {
            from: desk.other.id,
            channel: Channel::Phone,
            text: format!("{SECRET} contact"),
            chaser: None,
            affected: true,
            reopen: false,
            files: Vec::new(),
        };
        let edit = Edit {
            overwrite: true,
            title: Some(format!("{SECRET} under another title")),
            caller: Some(Some(desk.watcher.id)),
            ..Edit::default()
        };
        let task = AddTask {
            title: format!("{SECRET} task"),
            ..AddTask::default()
        };
        app.act(&desk.agent, |w, v, ctx| {
            actions::contact(w, v, ctx, practice_of(Kind::Incident), number, &contact)?;
            actions::edit(w, v, ctx, number, &edit)?;
            actions::add_task(w, v, ctx, number, &task)
        })
        .unwrap();
        let among_others = "SELECT count(*) FROM search_texts WHERE NOT apart";
        assert_eq!(app.count(among_others), 0);
        // Somebody who still holds a task by what stood there before finds nothing either.
        app.write(|w| {
            use andon::schema::tasks;
            use diesel::prelude::*;
            diesel::update(tasks::table)
                .set(tasks::assignee_id.eq(desk.manager.id))
                .execute(&mut **w)?;
            Ok(())
        });
        let counts = app.act(&desk.manager, |w, v, _| records::counts(w, v));
        assert_eq!(counts.unwrap().my_tasks, 0);
        let client = app.visit(&desk.manager);
        for path in [
            "/queue?view=mine",
            "/queue",
            "/search?q=omar",
            "/search?q=wanda",
        ] {
            let html = client.get(path).html().to_lowercase();
            assert!(!html.contains(SECRET), "{path}");
        }
        let found = app.visit(&desk.agent).page(&format!("/search?q={SECRET}"));
        assert!(found.text().contains("INC-1"), "{}", found.text());
    });
}

/// A file goes further than the desk: it has no line of it, and says how many are not in it.
#[test]
fn what_leaves_by_the_command_line_leaves_it_out() {
    each_database(|app| {
        let desk = app.desk();
        app.log(&desk.agent, &LogCall::incident("Plain"));
        let secret = secret(&app, &desk);
        let run = |arguments: &[&str]| {
            let output = std::process::Command::new(env!("CARGO_BIN_EXE_andon"))
                .args(arguments)
                .args(["--database", &app.database.url.to_string_for_tests()])
                .output()
                .unwrap();
            assert!(output.status.success(), "{output:?}");
            let text = |bytes| String::from_utf8(bytes).unwrap();
            (text(output.stdout), text(output.stderr))
        };
        let (csv, said) = run(&["export", "records"]);
        assert_eq!(csv.lines().count(), 2, "{csv}");
        assert!(!csv.contains(SECRET) && csv.contains("Plain"), "{csv}");
        assert!(
            said.contains("1 restricted records are not in it"),
            "{said}"
        );
        let (list, _) = run(&["restricted", "list"]);
        assert!(list.starts_with(&secret.number().to_string()), "{list}");
        assert!(!list.contains(SECRET), "{list}");
    });
}

/// Each field that names another record, tried with one that does not exist for the person.
#[test]
fn every_field_that_names_a_record_knows_nothing_of_it() {
    each_database(|app| {
        let desk = app.desk();
        let own = app.log(&desk.manager, &LogCall::incident("Own")).number();
        let problem = app.log(&desk.agent, &LogCall::of(Kind::Problem, SECRET));
        restrict(&app, &desk.agent, problem.number(), &[desk.agent.id]).unwrap();
        let nothing: Number = "PRB-4711".parse().unwrap();
        let client = app.visit(&desk.manager);
        let key = || uuid::Uuid::new_v4().to_string();
        let path = own.path();
        let requester = desk.requester.id.to_string();
        type Field<'a> = (&'static str, Vec<(&'static str, &'a str)>, &'static str);
        let fields: [Field; 4] = [
            ("links", vec![("link_type", "related")], "link_to"),
            ("hold", vec![("hold_reason", "problem")], "for_record"),
            (
                "",
                vec![
                    ("title", "Again"),
                    ("matrix", "2-2"),
                    ("do", "save"),
                    ("channel", "monitoring"),
                ],
                "recurrence_of",
            ),
            (
                "",
                vec![
                    ("title", "Again"),
                    ("person", &requester),
                    ("channel", "phone"),
                ],
                "join",
            ),
        ];
        for (below, given, field) in fields {
            let answer = |number: Number| {
                let number = number.to_string();
                let key = key();
                let mut form = given.clone();
                form.extend([("form_key", key.as_str()), (field, number.as_str())]);
                let at = match below {
                    "" => "/calls".to_owned(),
                    below => format!("{path}/{below}"),
                };
                let page = client.post(&at, &form);
                let text = plain(&page, &number).replace(&key, "KEY");
                let text = text
                    .lines()
                    .filter(|l| !l.contains("form_key"))
                    .collect::<String>();
                (page.status, text)
            };
            let (hidden, none) = (answer(problem.number()), answer(nothing));
            assert_eq!(hidden, none, "{field}");
            assert_eq!(hidden.0, 422, "{field}");
        }
        assert_eq!(app.count("SELECT count(*) FROM links"), 0);
    });
}

/// What other records tell of it goes with it: links, history, what a hold waits for.
#[test]
fn links_and_history_of_others_do_not_tell_of_it() {
    each_database(|app| {
        let desk = app.desk();
        let own = app.log(&desk.agent, &LogCall::incident("Waits"));
        let problem = app.log(&desk.agent, &LogCall::of(Kind::Problem, SECRET));
        let command = HoldCommand {
            reason: "problem".into(),
            for_record: Some(problem.number()),
            ..HoldCommand::default()
        };
        let practice = practice_of(Kind::Incident);
        app.act(&desk.agent, |w, v, ctx| {
            actions::hold(w, v, ctx, practice, own.number(), &command)
        })
        .unwrap();
        let named = problem.number().to_string();
        let look = |who: &Human, query: &str| {
            let path = format!("{}{query}", own.number().path());
            app.visit(who).page(&path).text()
        };
        assert!(look(&desk.manager, "").contains(&named));
        restrict(&app, &desk.agent, problem.number(), &[desk.agent.id]).unwrap();
        for query in ["", "?tab=history"] {
            assert!(!look(&desk.manager, query).contains(&named), "{query}");
            assert!(look(&desk.agent, query).contains(&named), "{query}");
        }
        let path = format!("{}?tab=history", own.number().path());
        let doc = app.visit(&desk.manager).page(&path).doc();
        let history = doc.text_of(doc.by_id("history").unwrap());
        assert!(
            history.contains("Put on hold") && !history.contains("Linked"),
            "{history}"
        );
        // It still goes on when the problem is solved.
        let done = Resolve {
            code: "fixed".into(),
            text: "Done".into(),
        };
        app.act(&desk.agent, |w, v, ctx| {
            actions::resolve(
                w,
                v,
                ctx,
                practice_of(Kind::Problem),
                problem.number(),
                &done,
            )
        })
        .unwrap();
        assert_eq!(app.record(own.id).state, "new");
        verified(&app);
    });
}

/// Nobody is put on it who could not see it.
#[test]
fn only_those_named_are_assigned_watch_or_are_asked() {
    each_database(|app| {
        let desk = app.desk();
        let secret = secret(&app, &desk);
        let number = secret.number();
        let practice = practice_of(Kind::Incident);
        let assign = |command: Assign| {
            app.would(&desk.agent, |w, v, ctx| {
                actions::assign(w, v, ctx, practice, number, &command)
            })
        };
        let person = Assign {
            overwrite: true,
            assignee: Some(Some(desk.colleague.id)),
            ..Assign::default()
        };
        assert!(matches!(assign(person), Err(Error::Invalid(_))));
        let team = Assign {
            overwrite: true,
            team: Some(Some(desk.network)),
            ..Assign::default()
        };
        assert!(matches!(assign(team), Err(Error::Invalid(_))));
        let pass_on = HandOff {
            overwrite: true,
            team: Some(desk.network),
            sentence: Sentence {
                tried: "Looked".into(),
                wanted: "Look".into(),
            },
            ..HandOff::default()
        };
        let passed_on = app.would(&desk.agent, |w, v, ctx| {
            actions::hand_off(w, v, ctx, practice, number, &pass_on)
        });
        assert!(matches!(passed_on, Err(Error::Invalid(_))), "{passed_on:?}");
        let watch = app.would(&desk.agent, |w, v, ctx| {
            actions::watch(w, v, ctx, number, desk.colleague.id)
        });
        assert!(matches!(watch, Err(Error::Invalid(_))));
        let ask = HoldCommand {
            reason: "requester".into(),
            question: "Which account?".into(),
            ..HoldCommand::default()
        };
        let ask = app.would(&desk.agent, |w, v, ctx| {
            actions::hold(w, v, ctx, practice, number, &ask)
        });
        assert!(matches!(ask, Err(Error::Invalid(_))), "{ask:?}");
        // Nothing of a queue is taken that is not there.
        app.write(|w| {
            use andon::schema::records;
            use diesel::prelude::*;
            diesel::update(records::table.find(secret.id))
                .set(records::assignee_id.eq(None::<Id<Person>>))
                .execute(&mut **w)?;
            Ok(())
        });
        let next = app.would(&desk.manager, |w, v, ctx| {
            actions::take_next(w, v, ctx, practice_of)
        });
        assert!(matches!(next, Err(Error::Refused(_))), "{next:?}");
    });
}

/// What comes back of a restricted record is restricted like it.
#[test]
fn a_recurrence_exists_for_nobody_the_first_did_not() {
    each_database(|app| {
        let desk = app.desk();
        let secret = secret(&app, &desk);
        let number = secret.number();
        let practice = practice_of(Kind::Incident);
        restrict(
            &app,
            &desk.agent,
            number,
            &[desk.agent.id, desk.requester.id],
        )
        .unwrap();
        let done = Resolve {
            code: "fixed".into(),
            text: "Done".into(),
        };
        app.act(&desk.agent, |w, v, ctx| {
            actions::resolve(w, v, ctx, practice, number, &done)?;
            actions::close(w, v, ctx, practice, number)
        })
        .unwrap();
        let command = Recur {
            what: "Again".into(),
            ..Recur::default()
        };
        let again = app
            .act(&desk.requester, |w, v, ctx| {
                actions::recur(w, v, ctx, practice, number, &command)
            })
            .unwrap();
        assert!(app.record(again.id).is_restricted);
        let client = app.visit(&desk.manager);
        assert_eq!(client.get(&again.number().path()).status, 404);
        let page = client.get(&format!("/search?q={SECRET}"));
        assert!(!page.html().contains(&again.number().to_string()));
        verified(&app);
    });
}

/// A form somebody parked before waits for them no longer.
#[test]
fn parked_forms_of_those_not_named_are_forgotten() {
    each_database(|app| {
        let desk = app.desk();
        let record = app.log(&desk.agent, &LogCall::incident(SECRET));
        let path = record.number().path();
        for who in [&desk.colleague, &desk.agent] {
            let client = app.visit(who);
            let form = client.page(&path).form("/entries").set("body", SECRET);
            end_sessions(&app, who, app.now());
            client.send(&form).expect(303);
        }
        let parked = || app.count("SELECT count(*) FROM parked_forms");
        assert_eq!(parked(), 2);
        restrict(&app, &desk.agent, record.number(), &[desk.agent.id]).unwrap();
        assert_eq!(parked(), 1);
        assert!(
            !app.visit(&desk.colleague)
                .page("/parked")
                .html()
                .contains(SECRET)
        );
        assert!(
            app.visit(&desk.agent)
                .page("/parked")
                .html()
                .contains(SECRET)
        );
    });
}

/// Nor one that waits under a number the record had before.
#[test]
fn parked_forms_under_a_former_number_are_forgotten() {
    each_database(|app| {
        let desk = app.desk();
        let record = app.log(&desk.agent, &LogCall::incident(SECRET));
        // Ten more, whose numbers begin like the first's.
        for _ in 0..10 {
            app.log(&desk.agent, &LogCall::incident("Another"));
        }
        let client = app.visit(&desk.colleague);
        let other: Number = "INC-11".parse().unwrap();
        let numbers = [record.number(), other];
        let forms = numbers.map(|n| client.page(&n.path()).form("/entries").set("body", "Kept"));
        end_sessions(&app, &desk.colleague, app.now());
        for form in &forms {
            client.send(form).expect(303);
        }
        let practices = records::Practices(practice_of);
        let now = app.act(&desk.agent, |w, v, ctx| {
            actions::change_kind(w, v, ctx, practices, record.number(), "")
        });
        let now = now.unwrap().number();
        assert_eq!(now.kind, Kind::Request);
        restrict(&app, &desk.agent, now, &[desk.agent.id]).unwrap();
        let left = app.database.lines("SELECT path AS line FROM parked_forms");
        assert_eq!(left.len(), 1, "{left:?}");
        assert!(left[0].starts_with(&other.path()), "{left:?}");
    });
}

fn end_sessions(app: &App, who: &Human, now: Utc) {
    app.write(|w| andon::people::session::end(w, who.id, None, now).map(drop));
}
