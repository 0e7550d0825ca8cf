//! Families of records: one parent, what flows down, and what never does.

mod duplicates;
mod flows;

use andon::follow::practice_of;
use andon::platform::kernel::error::{Error, Result};
use andon::records::actions::{self, HoldCommand, Resolve};
use andon::records::{self, Children, Flow, Kind, Number, Practices, Record};

use crate::app::{App, Desk, Human, LogCall, each_database, each_database_with};
use crate::life_cycle::record_in;

pub const PRACTICES: Practices = Practices(practice_of);

pub fn incident(app: &App, desk: &Desk, title: &str) -> Record {
    app.log(&desk.agent, &LogCall::incident(title).from(&desk.requester))
}

pub fn under(app: &App, who: &Human, child: &Record, parent: &Record) -> Result<Record> {
    let (child, parent) = (child.number(), parent.number());
    app.act(who, |w, v, ctx| {
        actions::set_parent(w, v, ctx, child, Some(parent))
    })
}

/// A parent and so many children.
pub fn family(app: &App, desk: &Desk, n: usize) -> (Record, Vec<Record>) {
    let parent = incident(app, desk, "Card readers decline everything");
    let children = (0..n).map(|n| {
        let child = incident(app, desk, &format!("Reader {n}"));
        under(app, &desk.agent, &child, &parent).unwrap()
    });
    let children = children.collect();
    (app.record(parent.id), children)
}

/// What the page of a move would show, named.
pub fn shown(app: &App, desk: &Desk, record: &Record, flow: Flow) -> Children {
    let record = app.record(record.id);
    let plan = app.act(&desk.agent, |w, v, _| {
        actions::family_plan(w, v, PRACTICES, &record, flow)
    });
    Children::With(PRACTICES, plan.unwrap().token())
}

pub fn fixed() -> Resolve {
    Resolve {
        code: "fixed".into(),
        text: "The acquirer renewed its certificate.".into(),
    }
}

pub fn resolve(app: &App, desk: &Desk, record: &Record, children: &Children) -> Result<Record> {
    let practice = practice_of(record.kind);
    app.act(&desk.agent, |w, v, ctx| {
        let number = record.number();
        let done = actions::resolve_family(w, v, ctx, practice, number, &fixed(), children);
        done.map(|(record, _)| record)
    })
}

pub fn refused<T: std::fmt::Debug>(outcome: Result<T>, key: &str) -> Vec<(&'static str, String)> {
    match outcome {
        Err(Error::Refused(message)) if message.key == key => message.args,
        Err(Error::Invalid(invalid)) if invalid.0[0].1.key == key => invalid.0[0].1.args.clone(),
        other => panic!("not refused for {key}: {other:?}"),
    }
}

pub fn verified(app: &App) {
    assert_eq!(found(app), Vec::<String>::new());
}

pub fn found(app: &App) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = |line: &str| lines.push(line.to_owned());
    andon::app::verify::run(&app.site.store, &[], &mut line).unwrap();
    // What a test is set up with has no facts.
    let set_up = ["person ", "team ", "service ", "category ", "setting "];
    lines.retain(|line| !set_up.iter().any(|what| line.starts_with(what)));
    lines
}

pub fn states(app: &App, records: &[Record]) -> Vec<String> {
    let states = records.iter().map(|r| app.record(r.id).state);
    states.collect()
}

#[test]
fn a_record_has_one_parent_and_both_say_so() {
    each_database(|app| {
        let desk = app.desk();
        let (parent, children) = family(&app, &desk, 2);
        assert_eq!((parent.children, parent.open_children), (2, 2));
        let agent = app.visit(&desk.agent);
        let page = agent.page("/incidents/INC-1");
        page.assert_says("Children");
        page.assert_says("INC-3");
        agent.page("/incidents/INC-2").assert_says("INC-1");
        // The list of them, and the export; one that ends stays in the family.
        resolve(&app, &desk, &children[0], &Children::Unasked).unwrap();
        let parent = app.record(parent.id);
        assert_eq!((parent.children, parent.open_children), (2, 1));
        let list = agent.page("/queue?view=open&parent=INC-1").text();
        assert!(
            list.contains("Reader 1") && !list.contains("Reader 0"),
            "{list}"
        );
        let list = agent.page("/queue?view=open&parent=inc1&show=all").text();
        assert!(
            list.contains("Reader 1") && list.contains("Reader 0"),
            "{list}"
        );
        let list = agent.page("/queue?view=open&parent=INC-99").text();
        assert!(
            list.contains("Children of") && !list.contains("Reader"),
            "{list}"
        );
        let csv = agent.page("/queue.csv?view=open&parent=INC-1").html();
        assert_eq!(csv.lines().count(), 2, "{csv}");
        let mut lines = csv.lines().map(|line| line.split(',').collect::<Vec<_>>());
        let (names, cells) = (lines.next().unwrap(), lines.next().unwrap());
        let at = names.iter().position(|name| *name == "parent").unwrap();
        assert_eq!((cells.len(), cells[at]), (names.len(), "INC-1"), "{csv}");
        let csv = agent.page("/queue.csv?view=open&parent=INC-99").html();
        assert_eq!(csv.lines().count(), 1, "{csv}");
        // Another parent takes the place of the one.
        let other = incident(&app, &desk, "Another trouble");
        under(&app, &desk.agent, &children[1], &other).unwrap();
        assert_eq!(app.record(parent.id).children, 1);
        assert_eq!(app.record(other.id).open_children, 1);
        let history = agent.page("/incidents/INC-1?tab=history").text();
        assert!(history.contains("Child removed"), "{history}");
        let history = agent.page("/incidents/INC-3?tab=history").text();
        assert!(
            history.contains("INC-4") && history.contains("Parent"),
            "{history}"
        );
        // And none.
        let form = agent
            .page("/incidents/INC-3")
            .form("/incidents/INC-3/family/removal");
        agent.send(&form).expect(303);
        assert_eq!(app.record(children[1].id).parent_id, None);
        assert_eq!(app.record(other.id).children, 0);
        // Twice changes nothing.
        let facts = app.count("SELECT count(*) FROM facts");
        app.act(&desk.agent, |w, v, ctx| {
            actions::set_parent(w, v, ctx, children[1].number(), None)
        })
        .unwrap();
        under(&app, &desk.agent, &children[0], &parent).unwrap();
        assert_eq!(app.count("SELECT count(*) FROM facts"), facts);
        verified(&app);
    });
}

#[test]
fn the_page_takes_parents_and_children_by_number() {
    each_database(|app| {
        let desk = app.desk();
        let (parent, child) = (
            incident(&app, &desk, "Outage"),
            incident(&app, &desk, "Till"),
        );
        let other = incident(&app, &desk, "Another till");
        let agent = app.visit(&desk.agent);
        let path = app.path(&parent);
        let form = agent.page(&path).form(&format!("{path}/family"));
        let add = |role: &str, number: &str| {
            let form = form.clone().set("family_role", role);
            agent.send(&form.set("family_number", number))
        };
        let wrong = add("parent", "INC-99").expect(422);
        wrong.assert_says("There is no such record");
        assert!(wrong.html().contains("value=\"INC-99\""), "typed is kept");
        add("parent", "").expect(422);
        add("cousin", "INC-2").expect(422);
        add("parent", "inc-2").expect(303);
        let form = agent
            .page(&app.path(&other))
            .form("/incidents/INC-3/family");
        let form = form.set("family_role", "child");
        agent.send(&form.set("family_number", "INC-1")).expect(303);
        assert_eq!(app.record(child.id).parent_id, Some(parent.id));
        assert_eq!(app.record(other.id).parent_id, Some(parent.id));
        // More than are shown at once have another page.
        for n in 0..20 {
            let more = incident(&app, &desk, &format!("More {n}"));
            under(&app, &desk.agent, &more, &parent).unwrap();
        }
        let page = agent.page(&path);
        assert!(
            page.html().contains("?children=INC-21#family"),
            "{}",
            page.html()
        );
        assert!(!page.text().contains("More 19"));
        agent
            .page(&format!("{path}?children=INC-21"))
            .assert_says("More 19");
        verified(&app);
    });
}

/// Who noted a number before the record's kind was changed still means that record.
#[test]
fn a_number_that_a_record_had_before_is_understood() {
    each_database(|app| {
        let desk = app.desk();
        let [parent, child, double] =
            ["Outage", "Till", "Tills"].map(|title| incident(&app, &desk, title));
        let former = parent.number();
        app.act(&desk.agent, |w, v, ctx| {
            actions::change_kind(w, v, ctx, PRACTICES, former, "")
        })
        .unwrap();
        let agent = app.visit(&desk.agent);
        let path = app.path(&child);
        let form = agent.page(&path).form(&format!("{path}/family"));
        let form = form.set("family_role", "child");
        agent
            .send(&form.set("family_number", &former.to_string()))
            .expect(303);
        assert_eq!(app.record(child.id).parent_id, Some(parent.id));
        let list = agent.page(&format!("/queue?view=open&parent={former}"));
        list.assert_says("Till");
        assert!(!list.text().contains("Tills"), "{}", list.text());
        let page = agent.page(&format!("{}/duplicate", app.path(&double)));
        let form = page.form("/duplicate");
        let done = agent
            .send(&form.set("original", &former.to_string()))
            .expect(303);
        assert_eq!(done.location(), "/requests/REQ-1");
        agent.follow(&done).assert_says("ended as a duplicate");
        verified(&app);
    });
}

#[test]
fn circles_are_impossible_and_named() {
    each_database(|app| {
        let desk = app.desk();
        let all: Vec<Record> = (0..12)
            .map(|n| incident(&app, &desk, &format!("Level {n}")))
            .collect();
        refused(under(&app, &desk.agent, &all[0], &all[0]), "family-itself");
        for pair in all[..11].windows(2) {
            under(&app, &desk.agent, &pair[1], &pair[0]).unwrap();
        }
        // A parent under its own child, and its child's child.
        let args = refused(under(&app, &desk.agent, &all[0], &all[1]), "family-circle");
        assert!(args.contains(&("way", "INC-2 → INC-1".into())), "{args:?}");
        let args = refused(under(&app, &desk.agent, &all[0], &all[3]), "family-circle");
        let way = "INC-4 → INC-3 → INC-2 → INC-1";
        assert!(args.contains(&("way", way.into())), "{args:?}");
        refused(
            under(&app, &desk.agent, &all[11], &all[10]),
            "family-too-deep",
        );
        // Nothing came of it.
        assert_eq!(app.record(all[0].id).parent_id, None);
        // The page says it, and keeps what was typed.
        let agent = app.visit(&desk.agent);
        let form = agent
            .page("/incidents/INC-1")
            .form("/incidents/INC-1/family");
        let form = form
            .set("family_role", "child")
            .set("family_number", "INC-3");
        let page = agent.send(&form).expect(409);
        page.assert_says("INC-1 cannot be under INC-3, which is under it: INC-3 → INC-2 → INC-1.");
        verified(&app);
    });
}

/// A family that grows upwards has the same bound: what nobody walks up to the end of could close a
/// circle.
#[test]
fn a_family_is_no_deeper_for_growing_upwards() {
    each_database(|app| {
        let desk = app.desk();
        let all: Vec<Record> = (0..12)
            .map(|n| incident(&app, &desk, &format!("Level {n}")))
            .collect();
        for pair in all[1..].windows(2).rev() {
            under(&app, &desk.agent, &pair[1], &pair[0]).unwrap();
        }
        refused(
            under(&app, &desk.agent, &all[1], &all[0]),
            "family-too-deep",
        );
        assert_eq!(app.record(all[1].id).parent_id, None);
        verified(&app);
    });
}

/// Two who each see no circle close none together, however long it would be.
#[test]
fn two_cannot_close_a_circle_together() {
    each_database(|app| {
        let desk = app.desk();
        for _ in 0..4 {
            let (a, b) = (incident(&app, &desk, "A"), incident(&app, &desk, "B"));
            let (below_a, below_b) = (incident(&app, &desk, "C"), incident(&app, &desk, "D"));
            under(&app, &desk.agent, &below_a, &a).unwrap();
            under(&app, &desk.agent, &below_b, &b).unwrap();
            let outcomes: Vec<Result<Record>> = std::thread::scope(|scope| {
                let one = scope.spawn(|| under(&app, &desk.agent, &a, &below_b));
                let other = scope.spawn(|| under(&app, &desk.colleague, &b, &below_a));
                [one, other].map(|t| t.join().unwrap()).into()
            });
            let (done, not): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
            assert_eq!(done.len(), 1);
            for outcome in not {
                refused(outcome, "family-circle");
            }
        }
        verified(&app);
    });
}

#[test]
fn a_parent_is_open_and_a_child_not_closed() {
    each_database(|app| {
        let desk = app.desk();
        let ended = record_in(&app, &desk, Kind::Incident, "resolved");
        let closed = record_in(&app, &desk, Kind::Incident, "closed");
        let open = incident(&app, &desk, "Open");
        let args = refused(
            under(&app, &desk.agent, &open, &ended),
            "family-parent-ended",
        );
        assert_eq!(args, [("number", ended.number().to_string())]);
        refused(under(&app, &desk.agent, &closed, &open), "record-closed");
        let unknown: Number = "PRB-9".parse().unwrap();
        let outcome = app.act(&desk.agent, |w, v, ctx| {
            actions::set_parent(w, v, ctx, open.number(), Some(unknown))
        });
        refused(outcome, "record-unknown");
        // Who only asked for records makes no families of them.
        let outcome = app.act(&desk.requester, |w, v, ctx| {
            actions::set_parent(w, v, ctx, open.number(), None)
        });
        assert!(matches!(outcome, Err(Error::Forbidden(_))), "{outcome:?}");
    });
}

#[test]
fn a_family_has_a_bound() {
    each_database(|app| {
        let desk = app.desk();
        let (parent, _) = family(&app, &desk, 1);
        // As if there were five hundred.
        app.database
            .lines("SELECT 'x' AS line FROM records WHERE 1 = 0");
        let full = format!(
            "UPDATE records SET open_children = 500 WHERE number = {}",
            parent.number
        );
        app.write(|w| {
            use diesel::RunQueryDsl;
            diesel::sql_query(&full).execute(&mut **w)?;
            Ok(())
        });
        let more = incident(&app, &desk, "One more");
        refused(under(&app, &desk.agent, &more, &parent), "family-too-many");
    });
}

#[test]
fn verify_finds_what_was_changed_behind_the_journal() {
    each_database(|app| {
        let desk = app.desk();
        family(&app, &desk, 2);
        for (change, says) in [
            (
                "UPDATE records SET children = 7 WHERE number = 1",
                "children: 2 stand under it, but it counts 7",
            ),
            (
                "UPDATE records SET open_children = 0 WHERE number = 1",
                "open children: 2 stand under it, but it counts 0",
            ),
            (
                "UPDATE records SET parent_id = NULL WHERE number = 2",
                "INC-2: parent",
            ),
            (
                "UPDATE records SET parent_id = (SELECT id FROM records r WHERE r.number = 2) WHERE number = 3",
                "child",
            ),
        ] {
            let lines = std::cell::RefCell::new(Vec::new());
            let undone: Result<()> = app.site.store.write_here(|w| {
                use diesel::RunQueryDsl;
                diesel::sql_query(change).execute(&mut **w)?;
                Ok(())
            });
            undone.unwrap();
            lines.borrow_mut().extend(found(&app));
            let lines = lines.into_inner();
            assert!(
                lines.iter().any(|line| line.contains(says)),
                "{change}: {lines:#?}"
            );
        }
    });
}

/// However many children there are, the pages take the same number of statements, and a record
/// without any takes none more than before.
#[test]
fn pages_of_a_family_take_no_more_statements_for_more_children() {
    each_database_with(
        |serve| serve.diagnostics = true,
        |app| {
            let desk = app.desk();
            let (parent, _) = family(&app, &desk, 3);
            let alone = incident(&app, &desk, "Alone");
            let agent = app.visit(&desk.agent);
            let statements = |path: &str| app.statements(&agent, path);
            let path = app.path(&parent);
            let paths = ["", "/resolution", "/hold"].map(|page| format!("{path}{page}"));
            let few: Vec<u32> = paths.iter().map(|path| statements(path)).collect();
            let plain = statements(&app.path(&alone));
            assert_eq!(few[0], plain + 1, "one statement for the children");
            for n in 0..30 {
                let child = incident(&app, &desk, &format!("More {n}"));
                under(&app, &desk.agent, &child, &parent).unwrap();
            }
            let many: Vec<u32> = paths.iter().map(|path| statements(path)).collect();
            assert_eq!(few, many);
            let three =
                ["/resolution", "/hold"].map(|p| statements(&format!("{}{p}", app.path(&alone))));
            // The children, what blocks them, and how many have ended.
            assert_eq!([few[1] - three[0], few[2] - three[1]], [3, 2]);
        },
    );
}

/// The end of a child is no matter of its parent's, and waits for nothing there.
#[test]
fn an_open_child_blocks_nothing() {
    each_database(|app| {
        let desk = app.desk();
        let (parent, children) = family(&app, &desk, 2);
        resolve(&app, &desk, &children[0], &Children::Unasked).unwrap();
        assert_eq!(app.record(parent.id).state, "new");
        resolve(&app, &desk, &parent, &Children::Alone).unwrap();
        assert_eq!(app.record(children[1].id).state, "new");
        let _ = (records::Kind::Incident, HoldCommand::default());
        verified(&app);
    });
}
