//! How many statements a page takes, and that the number does not grow with the rows.

use andon::approvals::terms::Count;
use andon::records::actions::{self, Say};
use andon::tasks::Holder;

use crate::app::{App, Desk, LogCall, each_database_with};
use crate::{approvals, changes};

fn fill(app: &App, desk: &Desk, records: usize) {
    for n in 0..records {
        let people = [&desk.requester, &desk.other, &desk.watcher];
        let agents = [Some(&desk.agent), Some(&desk.colleague), None];
        let title = format!("The printer number {n}");
        let call = LogCall {
            assignee: agents[n % 3],
            team: Some(if n % 2 == 0 { desk.desk } else { desk.network }),
            ..LogCall::incident(&title).from(people[n % 3])
        };
        app.log(&desk.agent, &call);
    }
}

fn talk(app: &App, desk: &Desk, number: andon::records::Number, entries: usize) {
    for n in 0..entries {
        let who = if n % 2 == 0 {
            &desk.agent
        } else {
            &desk.colleague
        };
        let say = Say {
            anyway: true,
            body: format!("Entry {n}"),
            ..Say::default()
        };
        app.act(who, |w, v, ctx| match n % 3 {
            0 => actions::note(w, v, ctx, number, &say),
            _ => actions::reply(w, v, ctx, number, &say),
        })
        .unwrap();
        let task = actions::AddTask {
            title: format!("Step {n}"),
            who: Some(Holder::Person(desk.agent.id)),
            ..actions::AddTask::default()
        };
        app.act(who, |w, v, ctx| actions::add_task(w, v, ctx, number, &task))
            .unwrap();
    }
}

/// The page and the most statements it may take: session, person and teams among them,
/// and the count of the line.
const CEILINGS: [(&str, u32); 7] = [
    ("/queue?view=open", 11),
    ("/queue?view=mine", 11),
    // How many show each lamp, and the first of each that is lit.
    ("/queue?view=open&group=lamp", 17),
    // Two of them: which known errors are offered on it, which action items came of it.
    ("/incidents/INC-1", 23),
    ("/incidents/INC-1?tab=history", 23),
    // One of them: which restricted records name the reader.
    ("/search?q=printer", 14),
    // Two of them: what is promised, by which definitions.
    ("/calls/new", 23),
];

/// The same of reports, as those who manage read them.
const REPORTS: [(&str, u32); 4] = [
    ("/reports/sla?from=2026-01-01&to=2026-12-31", 13),
    ("/reports/breaches?from=2026-01-01&to=2026-12-31", 6),
    ("/reports/times?from=2026-01-01&to=2026-12-31", 25),
    ("/reports/work?from=2026-01-01&to=2026-12-31", 14),
];

#[test]
fn pages_take_no_more_statements_for_more_rows() {
    each_database_with(
        |serve| serve.diagnostics = true,
        |app| {
            let desk = app.desk();
            fill(&app, &desk, 10);
            let number = "INC-1".parse().unwrap();
            talk(&app, &desk, number, 5);
            let client = app.visit(&desk.agent);
            let manager = app.visit(&desk.manager);
            let taken = || -> Vec<u32> {
                let desk = CEILINGS
                    .iter()
                    .map(|(path, _)| app.statements(&client, path));
                let reports = REPORTS
                    .iter()
                    .map(|(path, _)| app.statements(&manager, path));
                desk.chain(reports).collect()
            };
            let few = taken();
            fill(&app, &desk, 50);
            talk(&app, &desk, number, 35);
            let many = taken();
            assert_eq!(few, many, "{CEILINGS:?} {REPORTS:?} on {:?}", app.backend());
            for ((path, most), found) in CEILINGS.iter().chain(&REPORTS).zip(&many) {
                assert!(
                    found <= most,
                    "{path} takes {found} statements, {most} are allowed"
                );
            }
        },
    );
}

/// Pages of changes, each of which collides with every other; as a manager reads them.
const CHANGES: [(&str, u32); 6] = [
    ("/changes/calendar?view=month", 40),
    ("/changes/calendar?view=week", 40),
    ("/changes/calendar?view=list", 40),
    ("/changes/report", 40),
    ("/changes/CHG-1", 60),
    ("/changes/CHG-1/approval", 60),
];

/// The same as an approver reads them.
const APPROVALS: [(&str, u32); 2] = [("/approvals", 20), ("/changes/CHG-1/approval", 50)];

#[test]
fn pages_of_changes_take_no_more_statements_for_more_of_them() {
    each_database_with(
        |serve| serve.diagnostics = true,
        |app| {
            let desk = app.desk();
            let board = approvals::stage("Board", &[&desk.approver], Count::Any);
            approvals::keep(&app, &desk, &approvals::policy(vec![board]));
            let more = |n: usize| {
                for n in 0..n {
                    let title = format!("Upgrade number {n}");
                    let number = changes::tomorrow(&app, &desk, &title).number();
                    let done = app.act(&desk.manager, |w, v, ctx| {
                        andon::changes::assess(w, v, ctx, number)?;
                        andon::changes::submit(w, v, ctx, number)
                    });
                    done.unwrap();
                }
            };
            more(3);
            let (manager, approver) = (app.visit(&desk.manager), app.visit(&desk.approver));
            let taken = || -> Vec<u32> {
                let managed = CHANGES
                    .iter()
                    .map(|(path, _)| app.statements(&manager, path));
                let asked = APPROVALS
                    .iter()
                    .map(|(path, _)| app.statements(&approver, path));
                managed.chain(asked).collect()
            };
            let few = taken();
            more(9);
            let many = taken();
            assert_eq!(
                few,
                many,
                "{CHANGES:?} {APPROVALS:?} on {:?}",
                app.backend()
            );
            for ((path, most), found) in CHANGES.iter().chain(&APPROVALS).zip(&many) {
                assert!(
                    found <= most,
                    "{path} takes {found} statements, {most} are allowed"
                );
            }
        },
    );
}

#[test]
fn nothing_of_this_is_told_without_diagnostics() {
    each_database_with(
        |_| {},
        |app| {
            let desk = app.desk();
            let page = app.visit(&desk.agent).page("/queue");
            assert_eq!(page.header("server-timing"), None);
        },
    );
}
