//! A problem or a change raised from a record: prefilled, linked in the same transaction.

use super::*;

fn links(app: &App) -> Vec<String> {
    app.database.lines(
        "SELECT a.kind || ' ' || l.link_type || ' ' || b.kind AS line FROM links l \
         JOIN records a ON a.id = l.from_id JOIN records b ON b.id = l.to_id ORDER BY l.id",
    )
}

#[test]
fn a_problem_and_a_change_are_raised_from_an_incident() {
    each_database(|app| {
        let desk = app.desk();
        let record = record_in(&app, &desk, Kind::Incident, "closed");
        let client = app.visit(&desk.agent);
        let page = client.page(&app.path(&record));
        for kind in ["problem", "change"] {
            let href = format!("/calls/new?kind={kind}&raised_from=INC-1");
            assert!(page.doc().links().contains(&href), "{kind}");
        }
        let page = client.page("/calls/new?kind=problem&raised_from=INC-1");
        page.assert_says("Raised from INC-1");
        let form = page.form("/calls");
        assert_eq!(form.value("title"), Some(record.title.as_str()));
        assert_eq!(form.value("kind"), Some("problem"));
        assert_eq!(form.value("person"), None);
        let saved = client.press(&form, "do", "save").expect(303);
        assert_eq!(saved.location(), "/problems/PRB-1");
        client.follow(&saved).assert_says("Cause of");
        let form = client
            .page("/calls/new?kind=change&raised_from=INC-1")
            .form("/calls");
        let saved = client.press(&form, "do", "save").expect(303);
        assert_eq!(saved.location(), "/changes/CHG-1");
        assert_eq!(
            links(&app),
            ["incident caused_by problem", "incident related change"]
        );
        // The incident is what it was.
        assert_eq!(app.record(record.id).state, "closed");
        verified(&app);
    });
}

#[test]
fn what_cannot_be_saved_leaves_neither_record_nor_link() {
    each_database(|app| {
        let desk = app.desk();
        record_in(&app, &desk, Kind::Incident, "in_progress");
        record_in(&app, &desk, Kind::Change, "draft");
        let client = app.visit(&desk.agent);
        let before = facts(&app);
        let form = client
            .page("/calls/new?kind=problem&raised_from=INC-1")
            .form("/calls");
        for (form, says) in [
            (form.clone().set("title", ""), "Fill this in"),
            (form.clone().set("raised_from", "INC-99"), "no such record"),
            (
                form.clone().set("raised_from", "nonsense"),
                "no such record",
            ),
            (
                form.clone().set("kind", "incident"),
                "not one of the choices",
            ),
            (
                form.clone()
                    .set("raised_from", "CHG-1")
                    .set("kind", "change"),
                "not one of the choices",
            ),
        ] {
            let back = client.press(&form, "do", "save").expect(422);
            back.assert_says(says);
            assert_eq!(
                back.form("/calls").value("raised_from"),
                form.value("raised_from")
            );
        }
        assert_eq!(facts(&app), before);
        assert_eq!(links(&app), Vec::<String>::new());
        // A problem is not something somebody calls about.
        let call = client
            .page("/calls/new")
            .form("/calls")
            .set("kind", "problem");
        let call = call.set("title", "Hm");
        client.press(&call, "do", "save").expect(422);
        let unknown = client.page("/calls/new?kind=problem&raised_from=INC-99");
        unknown.assert_says("There is no such record.");
    });
}

#[test]
fn the_kind_of_its_source_changes_while_a_problem_is_written() {
    each_database(|app| {
        let desk = app.desk();
        let record = record_in(&app, &desk, Kind::Incident, "in_progress");
        let client = app.visit(&desk.agent);
        let form = client
            .page("/calls/new?kind=problem&raised_from=INC-1")
            .form("/calls");
        change(&app, &desk.manager, record.number()).unwrap();
        client.press(&form, "do", "save").expect(303);
        assert_eq!(links(&app), ["request related problem"]);
        verified(&app);
    });
}
